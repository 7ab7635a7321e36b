"""Digests: what is new for a search is mailed once, in the reader's language, and nothing else is."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text

from crawlers.record import Record
from platforma.catalogue.database import Database
from platforma.catalogue.models import SavedSearch
from platforma.catalogue.people import subscriptions
from platforma.catalogue.people.subscriptions import MAX_BOUNCES
from platforma.mail.digests import DigestTurn
from platforma.mail.mail_queue import PLACEHOLDER, queue_mail, undelivered
from platforma.mail.search_news import MAX_SHOWN
from platforma.worker.digests import run_digests
from search.factory import open_engine
from search.port import EngineUnavailable
from tests.people.inbox import Inbox, text_of
from tests.people.subscribing import ANNA, DAY, MONDAY, START, WEEK, Subscribing, event, path_in, whole_database


@pytest.fixture
def site(tmp_path: Path, inbox: Inbox) -> Subscribing:
    return Subscribing(tmp_path, inbox)


@pytest.fixture
def site_on(tmp_path: Path, inbox: Inbox, database_url: str) -> Subscribing:
    """The same on each kind of database."""
    return Subscribing(tmp_path, inbox, database_url=database_url)


def call(id: str, end: str, title: str = "") -> Record:
    return Record(id, kind="funding", title={"lv": title or f"Konkurss {id}"}, end_date=end)


def titles(mails: Sequence[EmailMessage]) -> list[str]:
    """The titles of the listings in mails."""
    return [title for mail in mails for title in re.findall(r"^\* (.+)$", text_of(mail), re.MULTILINE)]


@pytest.mark.parametrize(
    ("lang", "subject", "words"),
    [
        ("lv", "Jaunumi Jūsu meklējumos: 1", ("Labdien,", "Pasākums · Latvija")),
        ("en", "New in your searches: 1", ("Good day,", "Event · Latvia")),
    ],
)
def test_what_is_published_is_mailed_once(site_on: Subscribing, lang: str, subject: str, words: tuple[str, ...]) -> None:
    site = site_on
    site.subscribe("kind=event", lang=lang)
    site.publish([event("n1", "Jaunais tirgus"), Record("n2", kind="project", title={"lv": "Cits"})])
    [mail] = site.digests(MONDAY)
    text = text_of(mail)
    assert (mail["To"], mail["Subject"], mail["Content-Language"]) == (ANNA, subject, lang)
    assert titles([mail]) == ["Jaunais tirgus"]
    assert all(word in text for word in words), text
    assert f"http://127.0.0.1:8000/{lang}/search?kind=event\n" in text
    listing = re.search(rf"http://127\.0\.0\.1:8000(/{lang}/initiatives/\S+)", text)
    assert listing and "Jaunais tirgus" in site.client.get(listing[1]).get_data(as_text=True)
    assert site.client.get(path_in(mail, "subscriptions")).status_code == 200
    assert [site.digests(at) for at in (MONDAY, MONDAY + timedelta(minutes=1), MONDAY + WEEK)] == [[], [], []]


def test_what_stood_before_and_what_only_changes_is_no_news(site: Subscribing) -> None:
    site.publish([event("n1", "Vecais")], START - DAY)
    site.subscribe("kind=event")
    site.publish([event("n1", "Vecais ar citu nosaukumu")])
    assert site.digests(MONDAY) == []


def test_what_changes_so_that_it_matches_now_is_news(site: Subscribing) -> None:
    site.publish([Record("n1", kind="project", title={"lv": "Tirgus"})], START - DAY)
    site.subscribe("kind=event")
    assert site.digests(MONDAY) == []
    site.publish([event("n1", "Tirgus")], MONDAY + DAY)
    assert titles(site.digests(MONDAY + WEEK)) == ["Tirgus"]
    site.publish([Record("n1", kind="project", title={"lv": "Tirgus"})], MONDAY + WEEK + DAY)
    assert site.digests(MONDAY + 2 * WEEK) == []
    site.publish([event("n1", "Tirgus")], MONDAY + 2 * WEEK + DAY)
    assert site.digests(MONDAY + 3 * WEEK) == [], "it was told already"


def test_a_source_that_says_the_same_again_sends_nothing(site: Subscribing) -> None:
    site.subscribe("kind=event")
    site.publish([event("n1")])
    assert len(site.digests(MONDAY)) == 1
    site.publish([event("n1")], MONDAY + DAY)
    assert site.digests(MONDAY + WEEK) == []


def test_what_is_published_before_the_first_look_is_news(site: Subscribing) -> None:
    with time_machine.travel(START, tick=False):
        site.ask("kind=event")
        site.client.post(path_in(site.delivered()[-1], "subscribe"))
    site.publish([event("n1", "Starplaikā")], START + timedelta(seconds=30))
    assert site.digests(START + timedelta(minutes=1)) == []
    assert titles(site.digests(MONDAY)) == ["Starplaikā"]


def test_after_an_outage_one_digest_tells_what_was_missed(site: Subscribing) -> None:
    site.subscribe("kind=event", frequency="daily")
    for day in range(1, 4):
        site.publish([event(f"n{day}")], START + day * DAY)
    assert sorted(titles(site.digests(START + 20 * DAY))) == ["Pasākums n1", "Pasākums n2", "Pasākums n3"]
    assert site.digests(START + 21 * DAY) == []


@pytest.mark.parametrize(("frequency", "at"), [("daily", START + DAY), ("weekly", MONDAY)])
def test_digests_come_in_the_morning_or_on_mondays(site: Subscribing, frequency: str, at: datetime) -> None:
    site.subscribe("kind=event", frequency=frequency)
    site.publish([event("n1")], START + timedelta(minutes=5))
    assert site.digests(at - timedelta(seconds=1)) == []
    assert len(site.digests(at)) == 1


def test_dates_that_come_near_are_told_once(site: Subscribing) -> None:
    """A call 14 days before its deadline, an event 7 days before it begins; what is further or over is not told."""
    day = MONDAY.date()
    ends = {n: (day + timedelta(days=n)).isoformat() for n in (-1, 0, 7, 8, 14, 15)}
    calls = [call(f"c{n}", end) for n, end in ends.items()]
    events = [event(f"e{n}", start_date=end) for n, end in ends.items()]
    site.publish([*calls, *events, call("c", "2026-03"), event("e")], START - DAY)
    site.subscribe()
    [mail] = site.digests(MONDAY)
    assert sorted(titles([mail])) == [*(f"Konkurss c{n}" for n in (0, 14, 7, 8)), "Pasākums e0", "Pasākums e7"]
    assert titles([mail])[-1] == "Konkurss c14", "the soonest stand first"
    assert mail["Subject"] == "Tuvojas termiņi Jūsu meklējumos: 6"
    assert "termiņš: 2026. gada 16. marts" in text_of(mail)
    assert sorted(titles(site.digests(MONDAY + WEEK))) == ["Konkurss c15", "Pasākums e14", "Pasākums e8"]
    assert sorted(titles(site.digests(MONDAY + 2 * WEEK))) == ["Pasākums e15"]


def test_a_deadline_that_was_moved_is_told_anew_and_one_that_is_new_only_as_new(site: Subscribing) -> None:
    site.subscribe("kind=funding")
    site.publish([call("c1", "2026-03-10", "Fonds")])
    [mail] = site.digests(MONDAY)
    assert titles([mail]) == ["Fonds"] and "Tuvojas termiņi" not in text_of(mail)
    assert site.digests(MONDAY + WEEK) == []
    site.publish([call("c1", "2026-03-20", "Fonds")], MONDAY + WEEK + DAY)
    [mail] = site.digests(MONDAY + 2 * WEEK)
    assert "Tuvojas termiņi: 1" in text_of(mail) and "2026. gada 20. marts" in text_of(mail)


def test_a_person_gets_one_mail_for_all_searches(site: Subscribing) -> None:
    site.subscribe("kind=event")
    site.subscribe("kind=project&country=EE", frequency="daily", email=ANNA.upper())
    site.publish([event("n1"), Record("n2", kind="project", title={"lv": "Labošana"}, country="EE", countries=("EE",))])
    [mail] = site.digests(MONDAY - DAY)
    assert sorted(titles([mail])) == ["Labošana", "Pasākums n1"]
    assert mail["To"] == ANNA and mail["Subject"].endswith(": 2")


def test_a_long_digest_names_twenty_and_counts_the_others(site: Subscribing) -> None:
    site.subscribe("kind=event")
    site.publish([event(f"n{number}", "Garš nosaukums " * 30) for number in range(MAX_SHOWN + 5)])
    [mail] = site.digests(MONDAY)
    assert len(titles([mail])) == MAX_SHOWN
    assert "Jauni: 25" in text_of(mail) and "Un vēl 5 " in text_of(mail)
    assert max(map(len, text_of(mail).splitlines())) < 300
    assert site.digests(MONDAY + WEEK) == [], "the others were told, too"


@pytest.mark.parametrize("parameters", ["", "kind=event", "q=pas%C4%81kums", "country=LV&kind=-project", "when=all"])
def test_a_digest_counts_what_the_search_page_counts(site: Subscribing, parameters: str) -> None:
    own = site.subscribe(parameters)
    assert own
    before = found(site, f"/lv/search?{parameters}")
    offered = site.client.get(f"/lv/subscribe?{parameters}").get_data(as_text=True)
    assert f"{before} rezultāt" in offered
    site.publish([event(f"n{number}", end_date="2026-12-31") for number in range(3)])
    [mail] = site.digests(MONDAY)
    assert f"Jauni: {found(site, f'/lv/search?{parameters}') - before}\n" in text_of(mail)


def found(site: Subscribing, path: str) -> int:
    with time_machine.travel(START + DAY, tick=False):
        page = site.client.get(path).get_data(as_text=True)
    return int(re.findall(r"(\d+) rezultāt", page)[0])


def test_what_listings_say_stays_in_its_line_and_takes_no_secret(site: Subscribing) -> None:
    site.subscribe("kind=event")
    site.publish([event("n1", f"Tirgus\r\nBcc: x@x.example\n\n* Viltus https://x.example/{PLACEHOLDER} <b>&")])
    [mail] = site.digests(MONDAY)
    secret = path_in(mail, "subscriptions").rpartition("-")[2]
    assert titles([mail]) == ["Tirgus Bcc: x@x.example * Viltus https://x.example/ <b>&"]
    assert mail["Bcc"] is None and f"x.example/{secret}" not in text_of(mail)


def test_a_worker_that_ends_before_the_hand_over_loses_and_doubles_nothing(site_on: Subscribing) -> None:
    site = site_on
    site.subscribe("kind=event")
    site.publish([event("n1")])
    with time_machine.travel(MONDAY, tick=False):
        turn = DigestTurn(site.services.settings, site.database, site.services.engine, MONDAY)
        with site.database.reading() as session:
            [id] = subscriptions.due_ids(session, MONDAY)
            seen = subscriptions.subscription(session, id)
        assert seen and turn.tell(id)
        with site.database.writing() as session:
            assert not subscriptions.take_turn(session, seen, MONDAY + WEEK), "another worker that read the same comes too late"
    assert titles(site.digests(MONDAY)) == ["Pasākums n1"]
    assert site.digests(MONDAY + DAY) == []


def test_a_failure_in_the_middle_writes_nothing(site: Subscribing, monkeypatch: pytest.MonkeyPatch) -> None:
    site.subscribe("kind=event")
    site.publish([event("n1")])
    with monkeypatch.context() as patch:
        patch.setattr("platforma.mail.digests.queue_mail", lambda *_arguments, **_more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            site.digests(MONDAY)
    assert titles(site.digests(MONDAY)) == ["Pasākums n1"]


def test_an_engine_that_is_down_leaves_digests_due(site: Subscribing, tmp_path: Path) -> None:
    site.subscribe("kind=event")
    site.publish([event("n1")])
    turn = DigestTurn(site.services.settings, site.database, open_engine("http://127.0.0.1:9/x", tmp_path), MONDAY)
    with site.database.reading() as session:
        [id] = subscriptions.due_ids(session, MONDAY)
    with pytest.raises(EngineUnavailable):
        turn.tell(id)
    assert titles(site.digests(MONDAY)) == ["Pasākums n1"]


def test_one_search_that_cannot_be_asked_keeps_nobody_from_the_others(site: Subscribing) -> None:
    site.subscribe("kind=event")
    site.subscribe("kind=project")
    with site.database.writing() as session:
        for row in session.query(SavedSearch).filter_by(parameters="kind=project"):
            row.question = {"filters": {"no such": {"any_of": ["x"]}}}
    site.publish([event("n1")])
    assert titles(site.digests(MONDAY)) == ["Pasākums n1"]


def test_who_cannot_be_reached_twice_gets_no_more_and_nobody_at_the_desk_is_asked(site: Subscribing) -> None:
    own = site.subscribe("kind=event")
    site.inbox.answers[ANNA] = "550 no such user"
    for number in range(MAX_BOUNCES):
        site.publish([event(f"n{number}")], MONDAY + number * WEEK - DAY)
        assert site.digests(MONDAY + number * WEEK) == []
    del site.inbox.answers[ANNA]
    later = MONDAY + MAX_BOUNCES * WEEK
    site.publish([event("vēl")], later - DAY)
    assert site.digests(later) == []
    with site.database.reading() as session:
        assert undelivered(session) == []
    page = site.client.get(own).get_data(as_text=True)
    assert "pārtraucām tās sūtīt" in page
    with time_machine.travel(later + DAY, tick=False):
        assert site.client.post(own, data={"do": "frequency", "frequency": "weekly"}).status_code == 302
    assert titles(site.digests(later + WEEK)) == ["Pasākums vēl"]


def test_one_failure_and_a_success_suspend_nobody(site: Subscribing) -> None:
    site.subscribe("kind=event")
    for week, answer in enumerate(("550 no", "", "550 no", "")):
        site.inbox.answers = {ANNA: answer} if answer else {}
        site.publish([event(f"n{week}")], MONDAY + week * WEEK - DAY)
        assert len(site.digests(MONDAY + week * WEEK)) == (0 if answer else 1)


def test_a_digest_that_is_being_queued_goes_with_its_subscriber(
    tmp_path: Path, inbox: Inbox, new_postgres: Callable[[str], str], migrated_postgres: str
) -> None:
    site = Subscribing(tmp_path, inbox, database_url=new_postgres(migrated_postgres))
    site.subscribe("kind=event")
    with site.database.reading() as session:
        [id] = subscriptions.due_ids(session, MONDAY)
        found = subscriptions.subscription(session, id)
    assert found is not None
    with site.database.writing() as session, ThreadPoolExecutor() as pool:
        assert subscriptions.take_turn(session, found, MONDAY + WEEK)
        queue_mail(session, to=ANNA, lang="lv", subject="Jaunumi", body="", secret_name=found.secret_name)
        session.flush()
        ending = pool.submit(end_all, site.database, found.public_id)
        wait_for_a_lock(site.database)
        session.commit()
        ending.result()
    assert ANNA not in whole_database(site.database)


def end_all(database: Database, public_id: str) -> None:
    with database.writing() as session:
        subscriptions.end_all(session, public_id)


def wait_for_a_lock(database: Database) -> None:
    """Return when another connection waits for a lock."""
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with database.engine.connect() as connection:
        while not connection.execute(text(waiting)).scalar():
            connection.rollback()
            time.sleep(0.02)


def test_the_worker_makes_digests_and_waits_for_an_engine(site: Subscribing) -> None:
    site.subscribe("kind=event")
    site.publish([event("n1")])
    with time_machine.travel(MONDAY, tick=False):
        run_digests(site.services)
        assert titles(site.delivered()) == ["Pasākums n1"]
