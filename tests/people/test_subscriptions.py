"""Saved searches over their pages: asked for, confirmed, changed and ended, and then nothing of the person is left."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text

from platforma.catalogue.people import rate_limits, subscriptions, tokens
from platforma.catalogue.people.rate_limits import RATE_LIMITS
from platforma.worker.maintenance import run_maintenance
from tests.people.inbox import Inbox, text_of
from tests.people.subscribing import ANNA, DAY, MONDAY, START, WEEK, Subscribing, event, path_in, whole_database

SECOND = timedelta(seconds=1)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def site(tmp_path: Path, inbox: Inbox) -> Subscribing:
    return Subscribing(tmp_path, inbox)


@pytest.fixture
def site_on(tmp_path: Path, inbox: Inbox, database_url: str) -> Subscribing:
    """The same on each kind of database."""
    return Subscribing(tmp_path, inbox, database_url=database_url)


def saved(site: Subscribing) -> list[str]:
    """The parameters of all saved searches."""
    with site.database.engine.connect() as connection:
        return list(connection.execute(text("select parameters from saved_searches order by id")).scalars())


@pytest.mark.parametrize(
    ("lang", "title", "ended"),
    [("lv", "Pasākumi Latvijā", "Vēstules vairs nesūtīsim"), ("en", "Events in Latvia", "The mails have ended")],
)
def test_one_click_in_a_mail_program_ends_everything(site_on: Subscribing, lang: str, title: str, ended: str) -> None:
    site = site_on
    offer = site.client.get(f"/{lang}/subscribe?kind=event&country=LV").get_data(as_text=True)
    assert title in offer
    own = site.subscribe("kind=event&country=LV", lang=lang)
    assert title in site.client.get(own).get_data(as_text=True)
    site.publish([event("n1")])
    [mail] = site.digests(MONDAY)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    header = re.fullmatch(r"<http://127\.0\.0\.1:8000(/.+)>", str(mail["List-Unsubscribe"]).replace("\n", ""))
    assert header and header[1] == path_in(mail, "subscriptions").removesuffix("/end") + "/end"
    site.app.config["WTF_CSRF_ENABLED"] = True
    assert site.client.post(header[1], data={"x": "y"}).status_code == 400
    answers = [site.client.post(header[1], data=ONE_CLICK) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200] and ended in answers[0].get_data(as_text=True)
    assert ANNA not in whole_database(site.database)
    site.publish([event("n2")], MONDAY + DAY)
    assert site.digests(MONDAY + WEEK) == []
    assert [site.client.get(path).status_code for path in (own, header[1])] == [410, 410]


def test_looking_at_a_link_changes_nothing(site: Subscribing) -> None:
    """Programs that look into mails follow every link."""
    with time_machine.travel(START, tick=False):
        site.ask("kind=event")
        link = path_in(site.delivered()[-1], "subscribe")
        assert [site.client.get(link).status_code for _ in range(2)] == [200, 200]
    assert saved(site) == []
    own = site.subscribe("kind=event")
    assert site.client.get(f"{own}/end").status_code == 200
    assert saved(site) == ["kind=event"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("after", "status"), [(-SECOND, 200), (timedelta(0), 410)])
def test_a_link_works_for_three_days_and_only_once(site: Subscribing, method: str, after: timedelta, status: int) -> None:
    with time_machine.travel(START, tick=False):
        site.ask("kind=event")
        link = path_in(site.delivered()[-1], "subscribe")
    with time_machine.travel(START + timedelta(days=3) + after, tick=False):
        assert site.client.open(link, method=method).status_code == status
        if method == "POST":
            assert site.client.post(link).status_code == 410
        assert site.client.post(f"{link[:-1]}x").status_code == 410


def test_the_same_search_twice_is_saved_once_however_it_is_written(site: Subscribing) -> None:
    for parameters in (
        "country=LV&country=EE&kind=event",
        "kind=event&country=EE&country=LV&page=2&sort=name",
        "kind=event&country=LV&country=EE",
    ):
        site.subscribe(parameters)
    site.subscribe("q=++maize+", lang="en")
    site.subscribe("q=maize", lang="en")
    assert saved(site) == ["country=EE&country=LV&kind=event", "q=maize"]


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_the_answer_never_says_who_has_digests(site: Subscribing, lang: str) -> None:
    site.subscribe("kind=event")
    known, unknown = site.ask("kind=event", lang=lang), site.ask("kind=event", lang=lang, email="b@partneris.example")
    assert known.replace(ANNA, "b@partneris.example") == unknown


def test_words_are_escaped_and_never_mailed_to_strangers(site: Subscribing) -> None:
    words = "%3Cb%3Epirkt%0D%0ABcc:+x@x.example+https://x.example"
    page = site.client.get(f"/lv/subscribe?q={words}").get_data(as_text=True)
    assert "&lt;b&gt;pirkt Bcc" in page and "<b>pirkt" not in page
    with time_machine.travel(START, tick=False):
        site.ask(f"q={words}")
        [mail] = site.delivered()
    assert "pirkt" not in text_of(mail) and "x.example" not in text_of(mail) and mail["Bcc"] is None


@pytest.mark.parametrize(
    ("data", "said"),
    [({"email": "x", "frequency": "weekly"}, "e-pasta adresi"), ({"email": ANNA, "frequency": "hourly"}, "cik bieži"), ({}, "e-pasta adresi"),
     ({"email": f"{'a' * 250}@x.example", "frequency": "daily"}, "e-pasta adresi")],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(site: Subscribing, data: dict[str, str], said: str) -> None:
    answer = site.client.post("/lv/subscribe?kind=event", data=data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400 and 'role="alert"' in page and said in page and "kind=event" in page
    assert site.delivered() == []


def test_who_asks_too_often_is_told_what_to_do(site: Subscribing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RATE_LIMITS, tokens.CONFIRM_SEARCH, rate_limits.RateLimit(2, 3, None))
    assert [site.ask() and 1 for _ in range(2)] == [1, 1]
    assert "Atveriet jaunāko" in site.ask(status=429)
    site.ask(email="b@partneris.example")
    assert "No Jūsu tīkla" in site.ask(email="c@partneris.example", status=429)
    assert len(site.delivered()) == 3


def test_a_subscriber_changes_and_ends_single_searches(site: Subscribing) -> None:
    site.subscribe("kind=event")
    own = site.subscribe("kind=project")
    assert site.client.post(own, data={"do": "frequency", "frequency": "hourly"}).status_code == 400
    with time_machine.travel(START, tick=False):
        assert site.client.post(own, data={"do": "frequency", "frequency": "daily"}).status_code == 302
    assert 'value="daily" checked' in site.client.get(own).get_data(as_text=True)
    site.publish([event("n1")], START + timedelta(minutes=5))
    assert len(site.digests(START + DAY)) == 1
    first, second = re.findall(r'name="search" value="(\d+)"', site.client.get(own).get_data(as_text=True))
    assert site.client.post(own, data={"do": "end", "search": "999999"}).status_code == 302
    assert site.client.post(own, data={"do": "end", "search": first}).status_code == 302
    assert saved(site) == ["kind=project"]
    assert site.client.post(own, data={"do": "end", "search": second}).status_code == 200
    assert ANNA not in whole_database(site.database)


def test_nobody_opens_the_searches_of_another(site: Subscribing) -> None:
    own, other = site.subscribe("kind=event"), site.subscribe("kind=event", email="b@partneris.example")
    ids = [re.findall(r'name="search" value="(\d+)"', site.client.get(path).get_data(as_text=True))[0] for path in (own, other)]
    public_id, secret = own.rpartition("/")[2].split("-")
    for wrong in (f"{public_id}-{'0' * 32}", f"{public_id}-", other.rpartition("/")[2].split("-")[0] + f"-{secret}", "x"):
        assert site.client.get(f"/lv/subscriptions/{wrong}").status_code == 410
        assert site.client.post(f"/lv/subscriptions/{wrong}", data={"do": "end_all"}).status_code == 410
        assert site.client.post(f"/lv/subscriptions/{wrong}/end", data=ONE_CLICK).status_code == 200
    assert site.client.post(own, data={"do": "end", "search": ids[1]}).status_code == 302
    assert len(saved(site)) == 2
    answer = site.client.get(own)
    assert (answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == ("no-referrer", "private, no-store")
    assert ANNA not in answer.get_data(as_text=True) and "a…@partneris.example" in answer.get_data(as_text=True)


def test_one_address_has_a_bounded_number_of_searches(site: Subscribing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "MAX_SEARCHES", 1)
    site.subscribe("kind=event")
    with time_machine.travel(START, tick=False):
        site.ask("kind=project")
        link = path_in(site.delivered()[-1], "subscribe")
        assert site.client.post(link).status_code == 409
        assert site.client.get(link).status_code == 200, "the link works once another search has ended"
    assert saved(site) == ["kind=event"]


def test_the_digest_and_its_links_come_in_the_language_of_the_last_confirmation(site: Subscribing) -> None:
    site.subscribe("kind=event", lang="lv")
    site.subscribe("kind=project", lang="en")
    site.publish([event("n1")])
    [mail] = site.digests(MONDAY)
    assert mail["Content-Language"] == "en" and "\nEvents\n" in text_of(mail)
    assert "/en/search?kind=event" in text_of(mail)


def test_who_reads_the_database_alone_finds_no_link_that_works(site: Subscribing) -> None:
    own = site.subscribe("kind=event")
    site.publish([event("n1")])
    site.digests(MONDAY)
    assert own.rpartition("-")[2] not in whole_database(site.database)


def test_what_nobody_confirmed_is_deleted_a_week_after_its_link_ran_out(site_on: Subscribing) -> None:
    site = site_on
    with time_machine.travel(START, tick=False):
        site.ask("kind=event")
        site.delivered()
    for after, is_kept in ((timedelta(days=10), True), (timedelta(days=10, seconds=1), False)):
        with time_machine.travel(START + after, tick=False):
            run_maintenance(site.services)
        assert (ANNA in whole_database(site.database)) == is_kept


def test_who_was_suspended_for_ninety_days_is_deleted(site_on: Subscribing) -> None:
    site = site_on
    site.subscribe("kind=event")
    with site.database.writing() as session:
        session.execute(text("update subscribers set suspended_at = :at"), {"at": START.replace(tzinfo=None)})
    for after, is_kept in ((timedelta(days=89), True), (timedelta(days=91), False)):
        with time_machine.travel(START + after, tick=False):
            run_maintenance(site.services)
        assert (ANNA in whole_database(site.database)) == is_kept
