"""Visitors report mistakes and ask for removals; curators answer at the desk."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update

from platforma.catalogue.audit import record_event
from platforma.catalogue.database import Database
from platforma.catalogue.errors import Suppressed
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.models import Initiative, Role
from platforma.catalogue.people import rate_limits, tokens
from platforma.catalogue.people.rate_limits import RATE_LIMITS
from platforma.catalogue.platforms import platform_queries
from platforma.catalogue.visitors import corrections
from platforma.web.desk.sender import is_own_address
from platforma.worker.maintenance import run_maintenance
from tests.people.inbox import Inbox, text_of
from tests.people.site_fixture import public_id
from tests.people.subscribing import Subscribing, path_in, whole_database
from tests.web.site import RECORDS

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
ANNA = "anna@partneris.example"
WORDS = "Mēs esam <b>Siguldā</b>, nevis Cēsīs"


@pytest.fixture
def site(tmp_path: Path, inbox: Inbox) -> Subscribing:
    return Subscribing(tmp_path, inbox)


@pytest.fixture
def site_on(tmp_path: Path, inbox: Inbox, database_url: str) -> Subscribing:
    """The same on each kind of database."""
    return Subscribing(tmp_path, inbox, database_url=database_url)


def send(site: Subscribing, lang: str = "lv", status: int = 302, **data: str) -> str:
    """Send the form about the first listing; return where it leads, or the page."""
    answer = site.client.post(f"/{lang}/initiatives/{public_id(site)}/report", data=data)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return str(answer.location) if status == 302 else answer.get_data(as_text=True)


def ask_for_removal(site: Subscribing, lang: str = "lv") -> str:
    """Ask for a removal and confirm it; return the path of the message's page."""
    send(site, lang, 200, topic="removal", text=WORDS, email=ANNA)
    [mail] = site.delivered()
    assert WORDS not in text_of(mail), "nobody can have words of their own sent to others"
    link = path_in(mail, "report")
    assert [site.client.get(link).status_code for _ in range(2)] == [200, 200]
    with site.database.reading() as session:
        assert corrections.open_counts(session).removals == 0, "looking sends nothing"
    answer = site.client.post(link)
    assert answer.status_code == 302
    assert (site.client.post(link).status_code, site.client.get(link).status_code) == (410, 410)
    return str(answer.location)


def first_at_desk(curator: FlaskClient) -> str:
    """The path of the first message at the desk."""
    page = curator.get("/lv/desk/reports").get_data(as_text=True)
    found = re.search(r'href="(/lv/desk/reports/\d+)"', page)
    assert found, page
    return found[1]


@pytest.mark.parametrize(
    ("lang", "thanks", "done"), [("lv", "Redaktori ir saņēmuši", "izdarīja vajadzīgo"), ("en", "the editors have your message", "did what was needed")]
)  # fmt: skip
def test_a_mistake_without_an_address_is_at_the_desk_at_once(site_on: Subscribing, lang: str, thanks: str, done: str) -> None:
    site = site_on
    form = site.client.get(f"/{lang}/initiatives/{public_id(site)}/report?topic=mistake").get_data(as_text=True)
    assert "Saules maize" in form or "Sun Bread" in form
    own = send(site, lang, topic="mistake", field="place", text=WORDS)
    assert thanks in site.client.get(own).get_data(as_text=True)
    curator = site.signed_in()
    assert "Apmeklētāju ziņas" in curator.get("/lv/desk/").get_data(as_text=True)
    path = first_at_desk(curator)
    page = curator.get(path).get_data(as_text=True)
    assert "&lt;b&gt;Siguldā" in page and "<b>Siguldā" not in page and "Saules maize" in page and "Cēsis" in page
    assert curator.post(path, data={"decision": "done", "answer": "Izlabots <i>"}).status_code == 302
    after = site.client.get(own).get_data(as_text=True)
    assert done in after and "Izlabots &lt;i&gt;" in after
    assert curator.post(path, data={"decision": "refuse", "answer": "Nē"}).status_code == 409, "it was answered already"
    assert site.delivered() == []


@pytest.mark.parametrize(("lang", "subject", "answered"), [("lv", "Saņēmām Jūsu ziņu", "izdarīja vajadzīgo"), ("en", "We received your message", "did what was needed")])  # fmt: skip
def test_a_removal_is_confirmed_told_to_the_staff_and_stays(site: Subscribing, lang: str, subject: str, answered: str) -> None:
    curator = site.signed_in()
    send(site, topic="mistake", text="Cits")
    own = ask_for_removal(site, lang)
    receipt, told = site.delivered()
    assert subject in str(receipt["Subject"]) and path_in(receipt, "report") == own
    assert told["To"] == "curator@sic.example" and path_in(told, "desk") == first_at_desk(curator), "removals come first"
    id = public_id(site)
    assert curator.post(first_at_desk(curator), data={"decision": "remove"}).status_code == 400, "not without the tick"
    assert curator.post(first_at_desk(curator), data={"decision": "remove", "sure": "1", "answer": "Dzēsts"}).status_code == 302
    [mail] = site.delivered()
    assert answered in text_of(mail) and "Dzēsts" in text_of(mail) and path_in(mail, "report") == own
    import_records(site.database, "avots", RECORDS, actor="test", secret_key=site.services.secret_key)
    with site.database.reading() as session, pytest.raises(Suppressed):
        listing_queries.listing(session, id)
    assert site.client.get(f"/{lang}/initiatives/{id}/report").status_code == 410
    assert "Siguldā" not in whole_database(site.database), "what was written of it goes with it"
    assert "dzēsts" in curator.get(first_at_desk(curator)).get_data(as_text=True)


def test_a_refusal_needs_its_reason_and_mails_it(site: Subscribing) -> None:
    ask_for_removal(site, "en")
    site.delivered()
    curator = site.signed_in()
    path = first_at_desk(curator)
    refused = curator.post(path, data={"decision": "refuse", "answer": " "})
    assert refused.status_code == 400 and "Uzrakstiet iemeslu" in refused.get_data(as_text=True)
    assert curator.post(path, data={"decision": "refuse", "answer": "It is a public register."}).status_code == 302
    [mail] = site.delivered()
    assert mail["Content-Language"] == "en" and "decided against it" in text_of(mail) and "public register" in text_of(mail)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Izvēlieties, par ko"),
        ({"topic": "missing", "text": "x"}, "Izvēlieties, par ko"),
        ({"topic": "mistake", "text": "  "}, "Aprakstiet to"),
        ({"topic": "removal"}, "ierakstiet savu e-pasta"),
        ({"topic": "mistake", "text": "x", "email": "anna@"}, "e-pasta adresi, piemēram"),
        ({"topic": "mistake", "text": "x" * 4001}, "pārāk garš"),
        ({"topic": "mistake", "text": "x", "email": f"{'a' * 250}@x.example"}, "e-pasta adresi, piemēram"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_typed(site: Subscribing, data: dict[str, str], said: str) -> None:
    page = send(site, status=400, **data)
    assert 'role="alert"' in page and said in page and data.get("text", "").strip() in page and data.get("email", "") in page
    with site.database.reading() as session:
        assert corrections.open_counts(session).all == 0
    assert site.delivered() == []


def test_the_same_message_sent_twice_is_one(site: Subscribing) -> None:
    assert send(site, topic="outdated") == send(site, topic="outdated")
    assert send(site, topic="outdated") != send(site, topic="outdated", field="place")
    with site.database.reading() as session:
        assert corrections.open_counts(session).all == 2


def test_a_field_that_the_listing_lacks_is_left_out(site: Subscribing) -> None:
    send(site, topic="outdated", field="nonsense")
    with site.database.reading() as session:
        assert [message.field for message in corrections.open_messages(session, limit=9)] == [""]


def test_whoever_sends_too_many_is_told_so(site: Subscribing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RATE_LIMITS, rate_limits.UNSIGNED_REPORT, rate_limits.RateLimit(1, 9, None))
    monkeypatch.setitem(RATE_LIMITS, tokens.CONFIRM_REPORT, rate_limits.RateLimit(9, 1, None))
    send(site, topic="outdated")
    assert "Tikko jau nosūtītas" in send(site, status=429, topic="outdated", text="vēl")
    send(site, status=200, topic="outdated", email=ANNA)
    assert "No Jūsu tīkla" in send(site, status=429, topic="outdated", email="cits@partneris.example")


@pytest.mark.parametrize(("after", "status"), [(timedelta(seconds=-1), 200), (timedelta(0), 410)])
def test_the_link_works_for_three_days(site: Subscribing, after: timedelta, status: int) -> None:
    with time_machine.travel(NOW, tick=False):
        send(site, status=200, topic="removal", email=ANNA)
        link = path_in(site.delivered()[-1], "report")
    with time_machine.travel(NOW + timedelta(days=3) + after, tick=False):
        assert site.client.get(link).status_code == status


def test_a_request_that_nobody_confirms_is_deleted_a_week_after_its_link_ran_out(site_on: Subscribing) -> None:
    site = site_on
    with time_machine.travel(NOW, tick=False):
        send(site, status=200, topic="removal", text=WORDS, email=ANNA)
        site.delivered()
    for after, is_kept in ((timedelta(days=10), True), (timedelta(days=10, seconds=1), False)):
        with time_machine.travel(NOW + after, tick=False):
            run_maintenance(site.services)
        assert (ANNA in whole_database(site.database)) == is_kept


def test_address_and_words_are_erased_thirty_days_after_the_answer(site_on: Subscribing) -> None:
    site = site_on
    with time_machine.travel(NOW, tick=False):
        own = ask_for_removal(site)
        site.delivered()
        curator = site.signed_in()
        curator.post(first_at_desk(curator), data={"decision": "refuse", "answer": "Reģistrs"})
        site.delivered()
    for after, is_kept in ((timedelta(days=30), True), (timedelta(days=30, seconds=1), False)):
        with time_machine.travel(NOW + after, tick=False):
            run_maintenance(site.services)
            assert [one in whole_database(site.database) for one in (ANNA, "Siguldā", "Reģistrs")] == 3 * [is_kept]
            assert site.client.get(own).status_code == 200


def test_nobody_reads_the_message_of_another(site: Subscribing) -> None:
    one, other = send(site, topic="outdated"), send(site, topic="mistake", text="Cits")
    number, secret = one.split("/")[3].split("-")
    for wrong in (f"{number}-{'0' * 32}", f"{number}-", other.split("/")[3].split("-")[0] + f"-{secret}"):
        assert site.client.get(f"/lv/report/{wrong}/status").status_code == 410
    answer = site.client.get(one)
    assert (answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == ("no-referrer", "private, no-store")
    assert secret not in whole_database(site.database)


def test_what_joined_another_listing_is_reported_as_that_one(site: Subscribing) -> None:
    former, target = public_id(site, "2"), public_id(site)
    merge(site.database, former, target)
    assert "Saules maize" in site.client.get(f"/lv/initiatives/{former}/report").get_data(as_text=True)
    assert site.client.post(f"/lv/initiatives/{former}/report", data={"topic": "outdated"}).status_code == 302
    with site.database.reading() as session:
        assert corrections.open_messages(session, limit=9)[0].listing_id == target


def test_a_removal_is_carried_out_though_the_listing_joined_another_since(site: Subscribing) -> None:
    curator, former, target = site.signed_in(), public_id(site), public_id(site, "2")
    ask_for_removal(site)
    merge(site.database, former, target)
    assert curator.post(first_at_desk(curator), data={"decision": "remove", "sure": "1"}).status_code == 302
    site.end_of_undoing()
    for id in (former, target):
        assert site.client.get(f"/lv/initiatives/{id}/", follow_redirects=True).status_code == 410


@pytest.mark.parametrize(("lang", "title"), [("lv", "Rakstīt redaktoriem"), ("en", "Write to the editors")])
def test_visitors_write_about_the_directory_itself(site: Subscribing, lang: str, title: str) -> None:
    assert title in site.client.get(f"/{lang}/contact?topic=missing&text=maize").get_data(as_text=True)
    assert site.client.post(f"/{lang}/contact", data={"topic": "mistake", "text": "x"}).status_code == 400
    assert site.client.post(f"/{lang}/contact", data={"topic": "missing", "text": "Nav Liepājas <hr>"}).status_code == 302
    page = site.signed_in().get(first_at_desk(site.signed_in())).get_data(as_text=True)
    assert "Nav Liepājas &lt;hr&gt;" in page and 'value="remove"' not in page


def test_the_desk_with_nothing_to_do_says_so(site: Subscribing) -> None:
    assert "Viss ir paveikts" in site.signed_in().get("/lv/desk/reports").get_data(as_text=True)


def test_every_role_but_the_staff_stays_out(site: Subscribing) -> None:
    send(site, topic="outdated")
    path = first_at_desk(site.signed_in())
    for role in (Role.PARTNER, Role.READER):
        assert site.signed_in(role).post(path, data={"decision": "done"}).status_code == 403
    assert site.client.post(path, data={"decision": "done"}).status_code == 401


def merge(database: Database, former: str, target: str) -> None:
    with database.writing() as session:
        id = session.scalars(select(Initiative.id).where(Initiative.public_id == target)).one()
        session.execute(update(Initiative).where(Initiative.public_id == former).values(merged_into_id=id, state="merged"))


def test_a_wish_to_remove_a_platform_reaches_the_desk_with_the_platform(site_on: Subscribing) -> None:
    site = site_on
    with site.database.reading() as session:
        (card,) = platform_queries.public_platforms(session)
    curator = site.signed_in()
    page = site.client.get(f"/en/platforms/{card.public_id}/{card.slug}").get_data(as_text=True)
    form = f"/en/platforms/{card.public_id}/report"
    assert f'href="{form}?topic=removal"' in page and f'href="{form}"' in page
    asked = site.client.get(f"{form}?topic=removal").get_data(as_text=True)
    assert card.title in asked and "listed twice" not in asked, "there is one such platform"
    wrong = site.client.post(form, data={"topic": "duplicate", "text": WORDS})
    assert wrong.status_code == 400 and "Choose what you are writing about" in wrong.get_data(as_text=True)
    assert site.client.post(form, data={"topic": "removal", "text": WORDS, "email": ANNA}).status_code == 200
    [mail] = site.delivered()
    assert site.client.post(path_in(mail, "report")).status_code == 302
    receipt, told = site.delivered()
    assert receipt["To"] == ANNA and "platformu" in str(told["Subject"]) and "platformu" in text_of(told)
    desk = curator.get(first_at_desk(curator)).get_data(as_text=True)
    assert card.title in desk and f'href="/lv/desk/sources/{card.id}"' in desk and "apturēt" in desk
    assert card.title in curator.get("/lv/desk/reports").get_data(as_text=True)
    assert 'value="remove"' not in desk, "a platform is not removed as a listing is"
    assert curator.post(first_at_desk(curator), data={"decision": "done", "answer": "Noņemts"}).status_code == 302
    [mail] = site.delivered()
    assert mail["To"] == ANNA and "Noņemts" in text_of(mail)


def test_messages_without_an_address_are_limited_by_the_platform_too(site: Subscribing) -> None:
    with site.database.reading() as session:
        (card,) = platform_queries.public_platforms(session)
    limit = RATE_LIMITS[rate_limits.UNSIGNED_REPORT].recipient
    answers = [
        site.client.post(
            f"/lv/platforms/{card.public_id}/report",
            data={"topic": "mistake", "text": f"Kļūda {number}"},
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        ).status_code
        for number in range(limit + 1)
    ]
    assert answers == [302] * limit + [429]


def test_a_platform_that_is_not_public_has_no_form(site: Subscribing) -> None:
    assert site.client.get("/lv/platforms/aaaaaaaaaa/report").status_code == 404


@pytest.mark.parametrize(("lang", "by", "changed", "in_other"), [("lv", "līdz 2026. gada", "Mainīts pēc Jūsu ziņas: Vieta", "English: http"), ("en", "by", "Changed since your message: Place", "Latviešu: http")])  # fmt: skip
def test_the_receipt_says_by_when_and_the_answer_what_was_changed(
    site: Subscribing, lang: str, by: str, changed: str, in_other: str
) -> None:
    with time_machine.travel(NOW, tick=True):
        send(site, lang, 200, topic="mistake", field="place", text=WORDS, email=ANNA)
        [mail] = site.delivered()
        assert in_other in text_of(mail), "the link in the reader's other language stands in each mail"
        own = site.client.post(path_in(mail, "report")).location
        [receipt] = site.delivered()
        day = {"lv": "16. martam", "en": "16 March 2026"}[lang]
        assert by in text_of(receipt) and day in text_of(receipt) and in_other in text_of(receipt)
        assert day in site.client.get(own).get_data(as_text=True)
        curator = site.signed_in()
        with site.database.writing() as session:
            record_event(session, actor="rule", action="set", object_type="initiative", object_id=public_id(site), after={"phone": "1"})  # fmt: skip
            record_event(session, actor=ANNA, action="keep", object_type="initiative", object_id=public_id(site), after={"website": "x"})  # fmt: skip
            record_event(session, actor="c@sic.example", action="set", object_type="initiative", object_id=public_id(site), before={"place": "Cēsis"}, after={"place": "Sigulda"})  # fmt: skip
        assert curator.post(first_at_desk(curator), data={"decision": "done"}).status_code == 302
    page = site.client.get(own).get_data(as_text=True)
    assert changed in page and f"{changed}," not in page


def test_a_removal_is_promised_sooner_and_its_page_says_that_it_was_done(site: Subscribing) -> None:
    with time_machine.travel(NOW, tick=True):
        own = ask_for_removal(site)
        curator = site.signed_in()
        assert "9. martam" in site.client.get(own).get_data(as_text=True)
        assert curator.post(first_at_desk(curator), data={"decision": "remove", "sure": "1"}).status_code == 302
        site.end_of_undoing()
    assert "Iniciatīva ir dzēsta pavisam" in site.client.get(own).get_data(as_text=True)


@pytest.mark.parametrize(("email", "is_own"), [("info@maize.example", True), ("a@www.maize.example", True),  ("info@notmaize.example", False), ("maize.example@mail.example", False)])  # fmt: skip
def test_the_desk_says_whether_the_address_is_that_of_the_site(email: str, *, is_own: bool) -> None:
    listing = Listing("abcdefghij", "x", "published", 1, {}, {"website": "https://www.maize.example/par"}, (), None)
    assert is_own_address(email, listing, None) is is_own
