"""Registering: what was found is shown before anything is sent, choices are kept, and nobody else sees or spends it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from crawlers.discovery.discover import NOTHING
from crawlers.record import Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.models import Membership, Platform, ReadingState, Role, SiteLook, SiteReading, User
from platforma.catalogue.people import accounts, rate_limits
from platforma.catalogue.people.rate_limits import RateLimit
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.visitors import readings, site_looks
from platforma.catalogue.visitors.readings import FoundProblem, FoundWord, ProposedDefault, Result
from platforma.mail.delivery import deliver_due
from platforma.worker.maintenance import run_maintenance
from tests.people.registering import EMAIL, ENTRY, START, URL, ask_for_link, count, found, main_of, page, post
from tests.people.site_fixture import SiteFixture

RECORDS = [
    Record("1", url="https://tikls.example/1", title={"lv": "Ceptuve", "en": "Bakery"}, kind="project", country="LV"),
    Record("2", title={"lv": "Darbnīca"}, sectors=("ngo",)),
]
RESULT = Result(
    title="Kopienu tīkls",
    recipe={"adapter": "wordpress", "types": ["projekts"]},
    records=RECORDS,
    expected=43,
    problems=[
        FoundProblem("This date is not understood, or could be two days; write it as 2026-05-31", {}, "end_date", 3, None, "drīz")
    ],
    proposed={"country": ProposedDefault("EE", "domain", ".ee")},
)


def test_an_address_is_all_that_is_asked_for_and_leads_to_a_page_that_waits(site: SiteFixture) -> None:
    form = main_of(site.app.test_client().get("/lv/register").get_data(as_text=True))
    assert re.findall(r'<input type="(?!hidden)\w+" id="(\w+)"', form) == ["url"]
    answer = site.app.test_client().post("/lv/register", data={"url": "tikls.example"})
    assert answer.status_code == 303
    waiting = site.app.test_client().get(answer.location)
    assert "Tūlīt sāksim lasīt" in waiting.get_data(as_text=True)
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in waiting.get_data(as_text=True)
    assert waiting.headers["Referrer-Policy"] == "no-referrer" and waiting.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("pages", "expected", "says"),
    [
        (0, None, ["We open your site"]),
        (1, None, ["We opened", "1 page so far"]),
        (9, 43, ["We opened", "about 43 entries", "We read the first"]),
    ],
)
def test_what_is_being_done_is_said_in_steps(site: SiteFixture, pages: int, expected: int | None, says: list[str]) -> None:
    secret = site.app.test_client().post("/en/register", data={"url": URL}).location.rpartition("/")[2]
    with site.database.writing() as session:
        turn = readings.begin_next(session, ())
        assert turn
        readings.note_progress(session, turn.id, pages=pages, expected=expected)
    steps = re.findall(r"<li class=\"\w+\">(.*)</li>", page(site, secret, "en"))
    assert len(steps) == len(says) and all(part in step for part, step in zip(says, steps, strict=True))


def test_who_comes_later_is_told_how_many_come_first(site: SiteFixture) -> None:
    secrets = [
        site.app.test_client().post("/en/register", data={"url": f"https://p{n}.example"}).location.rpartition("/")[2]
        for n in range(3)
    ]
    assert ["2 sites are read before" in page(site, secret, "en") for secret in secrets] == [False, False, True]


def test_what_was_found_is_shown_as_visitors_would_see_it_in_both_languages(site: SiteFixture) -> None:
    secret = found(site, URL, RESULT)
    lv, en = page(site, secret), page(site, secret, "en")
    assert ">Ceptuve</a>" in lv and ">Bakery</a>" in en and 'href="https://tikls.example/1"' in lv
    assert f'href="/en/register/looks/{secret}"' in lv, "the other language keeps the look"
    assert "<strong>Kopienu tīkls</strong>" in lv and 'value="Kopienu tīkls"' in lv
    assert "Aptuveni 43 ieraksti; redzami pirmie 2" in lv and "About 43 entries; the first 2 are shown" in en
    assert "Daži datumi nav skaidri (3 ieraksti). Piemēram: „drīz”." in lv
    assert "since the address ends in .ee" in en and 'value="EE" selected' in en


def test_a_choice_is_asked_for_only_where_an_entry_leaves_it_open(site: SiteFixture) -> None:
    whole = Record("1", title={"lv": "A"}, kind="project", country="LV", sectors=("ngo",))
    assert "<select" not in main_of(page(site, found(site, URL, Result(records=[whole]))))
    some = main_of(page(site, found(site, "https://b.example/", RESULT), "en"))
    assert re.findall(r'<select id="(\w+)"', some) == ["kind", "sector", "country"]
    assert some.count("For 1 of 2 entries") == 3


def test_a_name_has_no_characters_that_files_cannot_hold(site: SiteFixture) -> None:
    secret = found(site, URL, RESULT)
    assert post(site, secret, do="show", title="Mans\x01 tī\x0bkls\x85trīs\ufffe") == 303
    with site.database.reading() as session:
        assert site_looks.look(session, secret).choices.title == "Mans tīkls trīs"


def test_the_list_follows_each_choice_without_another_reading(site: SiteFixture) -> None:
    secret = found(site, URL, RESULT)
    assert "Igaunija</span>" in main_of(page(site, secret)), "what is proposed is shown at once"
    assert post(site, secret, do="show", kind="event", sector="public", country="FI", title="Mans tīkls") == 303
    text = main_of(page(site, secret))
    assert "Somija</span>" in text and "Igaunija</span>" not in text and "Latvija</span>" in text, "what an entry says stays"
    assert "pasākums</span>" in text and 'value="Mans tīkls"' in text
    assert post(site, secret, do="show") == 303
    assert "Somija</span>" not in main_of(page(site, secret)), "what is not chosen is not taken"
    assert count(site, SiteReading) == 1


def test_what_is_on_no_list_of_ours_is_not_chosen(site: SiteFixture) -> None:
    secret = found(site, URL, RESULT)
    post(site, secret, do="show", kind="nonsense", sector="LV", country="<script>", title="x" * 500)
    with site.database.reading() as session:
        choices = site_looks.look(session, secret).choices
    assert (choices.kind, choices.sector, choices.country, len(choices.title)) == ("", "", "", 120)
    assert post(site, secret, do="other") == 400


WORDS = [
    FoundWord("theme", "jaunatnes lietas", ["2"], ""),
    FoundWord("country", "Lavtija", ["1", "2"], "LV"),
    FoundWord("kind", "klubs", ["1", "2"], ""),
]


def test_words_of_the_source_are_given_a_meaning_of_ours_or_left(site: SiteFixture) -> None:
    secret = found(site, URL, replace(RESULT, proposed={}, words=WORDS))
    text = main_of(page(site, secret, "en"))
    assert "“jaunatnes lietas”, a theme" in text and "“klubs”, a kind" in text
    assert text.count('value="LV" selected') == 1, "what is surely misspelt is chosen already"
    said = {f"said-{number}": f"{word.dimension}:{word.text}" for number, word in enumerate(WORDS)}
    assert all(f'name="{name}" value="{about}"' in text for name, about in said.items())
    post(site, secret, do="show", **said, **{"word-0": "youth", "word-1": "EE", "word-2": "network", "word-9": "youth"})
    text = main_of(page(site, secret, "en"))
    assert "Estonia</span>" in text and "Latvia</span>" in text, "what an entry says stays"
    assert text.count("network</span>") == 1 and ">youth</a>" in text
    assert post(site, secret, do="send", email=EMAIL, **said, **{"word-0": "youth", "word-1": "nonsense", "word-2": ""}) == 200
    site.app.test_client().post(site.link())
    with site.database.reading() as session:
        assert session.get_one(Platform, "tikls-example").recipe["values"] == {"theme": {"jaunatnes lietas": "youth"}}


def confirmed(site: SiteFixture, email: str = EMAIL, **choices: str) -> Platform:
    secret = found(site, URL, RESULT)
    assert post(site, secret, do="send", email=email, **choices) == 200
    link = site.link()
    assert "Kopienu tīkls" in site.app.test_client().get(link).get_data(as_text=True) or choices.get("title")
    done = site.app.test_client().post(link).get_data(as_text=True)
    assert "Redaktors pārskata atrasto" in done and re.search(r"līdz 20\d\d\. gada \d+\. \w+", done)
    with site.database.reading() as session:
        return session.get_one(Platform, "tikls-example")


def test_the_platform_is_proposed_with_what_was_read_and_chosen(site_on: SiteFixture) -> None:
    platform = confirmed(site_on, title="Mans tīkls", kind="project", country="EE")
    assert (platform.state, platform.title, platform.url, platform.contact_email) == ("proposed", "Mans tīkls", URL, EMAIL)
    assert platform.recipe["adapter"] == "wordpress" and platform.recipe["types"] == ["projekts"]
    assert platform.recipe["defaults"] == {"kind": "project", "country": "EE"}
    assert platform.next_crawl_at is not None and platform.next_crawl_at <= utc_now(), "its first crawl follows"


def member(site: SiteFixture) -> tuple[str, Role] | None:
    with site.database.reading() as session:
        row = session.execute(select(User.email, User.role).join(Membership, Membership.user_id == User.id)).one_or_none()
        return (row[0], Role(row[1])) if row else None


def test_who_confirmed_becomes_a_member_and_a_partner(site: SiteFixture) -> None:
    confirmed(site)
    assert member(site) == (EMAIL, Role.PARTNER)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_never_lowered_by_registering(site: SiteFixture, role: Role) -> None:
    with site.database.writing() as session:
        accounts.add_user(session, email=EMAIL, role=role, actor="test")
    confirmed(site)
    assert member(site) == (EMAIL, role)


def test_a_closed_account_is_not_opened_by_registering(site: SiteFixture) -> None:
    with site.database.writing() as session:
        user = accounts.add_user(session, email=EMAIL, role=Role.CURATOR, actor="test")
        session.flush()
        accounts.close_account(session, user_id=user.id, actor="test")
    confirmed(site)
    assert member(site) is None
    with site.database.reading() as session:
        assert accounts.find_user(session, EMAIL) is None


def test_nobody_joins_a_platform_that_has_a_member(site: SiteFixture) -> None:
    confirmed(site)
    with site.database.writing() as session:
        platform_states.refuse_platform(session, platform_id="tikls-example", actor="test", reason="tukša")
    confirmed(site, email="stranger@else.example")
    assert member(site) == (EMAIL, Role.PARTNER)


def test_nothing_is_proposed_of_a_site_without_entries(site: SiteFixture) -> None:
    secret = site.app.test_client().post("/lv/register", data={"url": URL}).location.rpartition("/")[2]
    assert post(site, secret, do="send", email=EMAIL) == 303
    with site.database.writing() as session:
        readings.fail(session, 1, NOTHING, {}, utc_now(), "Biedrība „Saule”")
    assert post(site, secret, do="send", email=EMAIL) == 303
    assert deliver_due(site.database, site.services.settings) == 0


def test_a_site_that_cannot_be_read_leads_to_the_other_ways(site: SiteFixture) -> None:
    secret = site.app.test_client().post("/lv/register", data={"url": URL}).location.rpartition("/")[2]
    with site.database.writing() as session:
        readings.fail(session, 1, NOTHING, {}, utc_now(), "Biedrība „Saule”")
    text = main_of(page(site, secret))
    assert "neatradām sarakstu" in text and "<strong>Biedrība „Saule”</strong>" in text
    add = re.search(r'href="(/lv/add\?[^"]+)"', text)
    assert add and "/lv/register/table" in text
    form = site.app.test_client().get(add[1].replace("&amp;", "&")).get_data(as_text=True)
    assert 'value="Biedrība „Saule”"' in form and f'value="{URL}"' in form


@pytest.mark.parametrize(("kind", "is_single"), [(None, True), ("organisation", True), ("project", False)])
def test_the_site_of_one_organisation_leads_to_adding_it(site: SiteFixture, kind: str | None, is_single: bool) -> None:
    text = page(site, found(site, URL, Result(records=[Record("1", title={"lv": "Saule"}, kind=kind)])))
    assert ("par vienu organizāciju. Labāk" in text) == is_single


def test_a_platform_that_is_listed_has_its_page(site: SiteFixture) -> None:
    with site.database.writing() as session:
        platform_states.propose_platform(
            session, platform_states.Proposal(URL, "Tīkls", {"platform": "tikls-example", "url": URL}), actor="t"
        )
        platform_states.approve_platform(session, platform_id="tikls-example", actor="t")
        public_id = session.get_one(Platform, "tikls-example").public_id
    answer = site.app.test_client().post("/lv/register", data={"url": "http://www.tikls.example"})
    assert answer.status_code == 200 and f"/lv/platforms/{public_id}/" in answer.get_data(as_text=True)
    assert count(site, SiteReading) == 0


def test_a_refused_platform_may_come_again(site: SiteFixture) -> None:
    confirmed(site)
    assert "netika pieņemta" not in page(site, found(site, URL, RESULT))
    with site.database.writing() as session:
        platform_states.refuse_platform(session, platform_id="tikls-example", actor="test", reason="slepens iemesls")
    text = page(site, found(site, URL, RESULT))
    assert "netika pieņemta" in text and "slepens" not in text


def test_a_look_is_nobody_elses_and_ends(site: SiteFixture) -> None:
    with time_machine.travel(START, tick=False) as clock:
        secret = found(site, URL, RESULT)
        assert len(secret) >= 32
        with site.database.reading() as session:
            assert secret not in repr([vars(row) for row in session.scalars(select(SiteLook))])
        client = site.app.test_client()
        assert client.get(f"/lv/register/looks/{secret[:-1]}").status_code == 410
        assert client.get("/lv/register/looks/1").status_code == 410
        clock.shift(site_looks.LIFETIME - timedelta(seconds=1))
        assert client.get(f"/lv/register/looks/{secret}").status_code == 200
        clock.shift(timedelta(seconds=1))
        assert client.get(f"/lv/register/looks/{secret}").status_code == 410
        assert post(site, secret, do="send", email=EMAIL) == 410


def test_looks_and_readings_go_with_what_they_hold(site: SiteFixture) -> None:
    with time_machine.travel(START, tick=False) as clock:
        found(site, URL, RESULT)
        clock.shift(site_looks.LIFETIME + site_looks.FORGET_AFTER)
        run_maintenance(site.services)
        assert (count(site, SiteLook), count(site, SiteReading)) == (1, 1)
        clock.shift(timedelta(seconds=1))
        run_maintenance(site.services)
        assert (count(site, SiteLook), count(site, SiteReading)) == (0, 0)


def test_a_link_that_outlives_its_look_proposes_the_address(site: SiteFixture) -> None:
    ask_for_link(site, URL, EMAIL)
    with site.database.writing() as session:
        session.query(SiteLook).delete()
    assert site.app.test_client().post(site.link()).status_code == 200
    with site.database.reading() as session:
        assert session.get_one(Platform, "tikls-example").recipe["url"] == URL


def register(site: SiteFixture, url: str, sender: str = "198.51.100.7") -> tuple[int, str]:
    answer = site.app.test_client().post("/en/register", data={"url": url}, environ_base={"REMOTE_ADDR": sender})
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("other", "is_shared"),
    [("http://www.tikls.example", True), ("https://TIKLS.example/#saraksts", True), ("https://tikls.example/projekti", False)],
)
def test_the_same_address_is_read_once_for_all(site: SiteFixture, other: str, is_shared: bool) -> None:
    assert register(site, URL)[0] == register(site, other, "203.0.113.1")[0] == 303
    assert (count(site, SiteReading), count(site, SiteLook)) == (1 if is_shared else 2, 2)


@pytest.mark.parametrize(
    ("is_good", "shared_for"), [(True, readings.SHARED_FOR), (False, readings.TRIED_AGAIN_AFTER)], ids=["found", "failed"]
)
def test_a_reading_serves_for_its_time(site: SiteFixture, is_good: bool, shared_for: timedelta) -> None:
    with time_machine.travel(START, tick=False) as clock:
        register(site, URL)
        with site.database.writing() as session:
            readings.finish(session, 1, RESULT, START) if is_good else readings.fail(session, 1, NOTHING, {}, START)
        clock.shift(shared_for - timedelta(seconds=1))
        register(site, URL)
        assert count(site, SiteReading) == 1
        clock.shift(timedelta(seconds=1))
        register(site, URL)
        assert count(site, SiteReading) == 2


def test_who_asks_too_much_is_told_and_nothing_is_read(site: SiteFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rate_limits.RATE_LIMITS, rate_limits.LOOK, RateLimit(2, 3, 5))
    same = [register(site, f"https://a.example/{n}", f"10.0.0.{n}") for n in range(3)]
    assert [status for status, _ in same] == [303, 303, 429] and "This site was read many times" in same[2][1]
    many = [register(site, f"https://b{n}.example", "10.0.1.1") for n in range(4)]
    assert [status for status, _ in many] == [303, 303, 303, 429] and "for your network" in many[3][1]
    status, text = register(site, "https://c.example", "10.0.2.1")
    assert status == 429 and "Too many sites" in text
    assert count(site, SiteReading) == 5


def test_a_host_and_all_have_their_day(site: SiteFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "MAX_OF_HOST", 2)
    monkeypatch.setattr(readings, "MAX_IN_ALL", 3)
    with time_machine.travel(START, tick=False) as clock:
        assert [register(site, f"https://a.example/{n}")[0] for n in range(3)] == [303, 303, 429]
        assert register(site, "https://a.example/0")[0] == 303, "what is read already costs nobody anything"
        assert [register(site, f"https://b{n}.example")[0] for n in range(2)] == [303, 429]
        clock.shift(readings.COUNTED_FOR)
        assert register(site, "https://a.example/9")[0] == 303


def test_a_reading_whose_process_died_is_begun_once_more_then_it_has_failed(site_on: SiteFixture) -> None:
    site = site_on
    secret = site.app.test_client().post("/lv/register", data={"url": URL}).location.rpartition("/")[2]
    states = []
    for _ in range(2):
        with site.database.writing() as session:
            assert readings.begin_next(session, ()) is not None
        with site.database.writing() as session:
            readings.take_over_abandoned(session, utc_now())
        with site.database.reading() as session:
            states.append(site_looks.look(session, secret).state)
    assert states == [ReadingState.WAITING, ReadingState.FAILED]
    assert "Mūsu pusē radās kļūda" in page(site, secret)


def test_two_sites_of_one_host_are_read_one_after_the_other(site: SiteFixture) -> None:
    for url in ("https://a.example/1", "https://a.example/2", "https://b.example/"):
        register(site, url)
    with site.database.writing() as session:
        first = readings.begin_next(session, ())
        second = readings.begin_next(session, ("a.example",))
        third = readings.begin_next(session, ("a.example", "b.example"))
    assert first and second and (first.url, second.url, third) == ("https://a.example/1", "https://b.example/", None)


def test_what_is_stored_comes_back_as_it_was() -> None:
    data = RESULT.to_json()
    assert Result.from_json(data).to_json() == data
    assert Result.from_json({}).to_json() == Result().to_json()
    assert Result(records=[ENTRY]).to_json()["records"][0]["raw"] == {}
