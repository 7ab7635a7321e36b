"""Visitors add a listing by hand, curators decide, and whoever added it is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from crawlers.record import Record
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings import judgements, listing_queries, removal
from platforma.catalogue.models import JudgementVerdict, Platform, PlatformState
from platforma.catalogue.people import rate_limits, tokens
from platforma.catalogue.people.rate_limits import RATE_LIMITS
from platforma.worker.maintenance import run_maintenance
from tests.people.inbox import Inbox, text_of
from tests.people.site_fixture import public_id
from tests.people.subscribing import Subscribing, path_in, whole_database

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
ANNA = "anna@partneris.example"
FORM = {
    "title": "Liepājas <b>darbnīca", "kind": "social_enterprise", "summary": "Labojam velosipēdus", "description": "Gara vēsture. " * 40,
    "country": "LV", "place": "Liepāja", "website": "darbnica.example", "email": ANNA, "consent": "1", "themes": "environment",
}  # fmt: skip


@pytest.fixture
def site(tmp_path: Path, inbox: Inbox) -> Subscribing:
    return Subscribing(tmp_path, inbox)


@pytest.fixture
def site_on(tmp_path: Path, inbox: Inbox, database_url: str) -> Subscribing:
    """The same on each kind of database."""
    return Subscribing(tmp_path, inbox, database_url=database_url)


def send(site: Subscribing, lang: str = "lv", status: int = 200, **changed: str) -> str:
    answer = site.client.post(f"/{lang}/add", data=FORM | changed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == status, page
    return page


def add(site: Subscribing, lang: str = "lv", **changed: str) -> str:
    """Add a listing and confirm it; return the path of the page that follows it."""
    send(site, lang, 200, **changed)
    [mail] = site.delivered()
    assert "Liepāj" not in text_of(mail), "nobody can have words of their own sent to others"
    link = path_in(mail, "add")
    assert "Liepājas &lt;b&gt;darbnīca" in site.client.get(link).get_data(as_text=True)
    answer = site.client.post(link)
    assert (answer.status_code, site.client.post(link).status_code) == (302, 410)
    return str(answer.location)


def waiting(site: Subscribing) -> str:
    """The public id of the first new listing at the desk."""
    page = site.signed_in().get("/lv/desk/listings").get_data(as_text=True)
    found = re.search(r"/lv/desk/initiatives/(\w+)", page)
    assert found, page
    return found[1]


@pytest.mark.parametrize(
    ("lang", "thanks", "subject"),
    [("lv", "Redaktori to izskatīs", "tagad ir katalogā"), ("en", "the editors will look at it", "is in the directory now")],
)
def test_what_is_added_is_public_once_a_curator_publishes_it(site_on: Subscribing, lang: str, thanks: str, subject: str) -> None:
    site = site_on
    own = add(site, lang)
    assert thanks in site.client.get(own).get_data(as_text=True)
    [receipt] = site.delivered()
    assert path_in(receipt, "add") == own
    id = waiting(site)
    assert site.client.get(f"/{lang}/initiatives/{id}/x").status_code == 404, "nothing is public before"
    assert site.client.get(f"/{lang}/search?q=velosip%C4%93dus").get_data(as_text=True).count("darbnīca") == 0
    assert site.signed_in().post(f"/lv/desk/initiatives/{id}/decision", data={"decision": "publish"}).status_code == 302
    site.end_of_undoing()
    run_maintenance(site.services)
    run_maintenance(site.services)
    [mail] = site.delivered()
    assert subject in str(mail["Subject"]) and mail["To"] == ANNA
    page = site.client.get(path_in(mail, "initiatives")).get_data(as_text=True)
    assert "Liepājas &lt;b&gt;darbnīca" in page and "https://darbnica.example" in page
    assert page.count("Gara vēsture.") >= 40, "the owner's text is shown whole"
    assert ANNA not in page and f"/{lang}/initiatives/{id}/" in site.client.get(own).get_data(as_text=True)


def test_a_refusal_is_mailed_with_its_reason(site: Subscribing) -> None:
    own = add(site, "en")
    site.delivered()
    site.signed_in().post(
        f"/lv/desk/initiatives/{waiting(site)}/decision", data={"decision": "refuse", "reason": "Not <i>social"}
    )
    run_maintenance(site.services)
    assert site.delivered() == [], "it can still be undone"
    run_maintenance(site.services)
    [mail] = site.delivered()
    assert "was not added" in str(mail["Subject"]) and "Not <i>social" in text_of(mail)
    assert "Not &lt;i&gt;social" in site.client.get(own).get_data(as_text=True)


def test_listings_that_may_be_the_same_are_shown_before_anything_is_sent(site: Subscribing) -> None:
    page = send(site, title="Saules maize")
    assert "Vai tā jau ir šeit?" in page and public_id(site) in page and FORM["summary"] in page
    assert site.delivered() == []
    send(site, title="Saules maize", another="1")
    assert len(site.delivered()) == 1


def test_what_is_joined_with_another_that_waits_is_told_of_with_that_one(site: Subscribing) -> None:
    with site.database.writing() as session:
        session.get_one(Platform, "avots").state = PlatformState.PROBATION
    record = Record("9", title={"lv": "Velosipēdu labotava"}, country="LV", countries=("LV",))
    import_records(site.database, "avots", [record], actor="test", secret_key=site.services.secret_key)
    add(site)
    site.delivered()
    with site.database.writing() as session:
        first, added = (one.public_id for one in listing_queries.new_listings(session, limit=9))
        judgements.judge(session, first, added, JudgementVerdict.SAME, judgements.Word("c@sic.example", NOW))
    run_maintenance(site.services)
    assert site.delivered() == [], "nobody has decided yet"
    site.signed_in().post(f"/lv/desk/initiatives/{first}/decision", data={"decision": "publish"})
    site.end_of_undoing()
    run_maintenance(site.services)
    assert len(site.delivered()) == 1


BAKERY: dict[str, Any] = {"title": "Saules maise", "website": "www.saules-maize.example", "place": "Cēsis"}
"""The site's bakery, misspelt: no search for these words finds it."""


def test_what_is_here_in_other_words_is_shown_before_it_is_added(site: Subscribing) -> None:
    known = public_id(site)
    page = send(site, **BAKERY)
    assert "Vai tā jau ir šeit?" in page and known in page
    assert "Vai tā jau ir šeit?" not in send(site, title="Rīta maize", website="rita-maize.example")


def test_a_curator_sees_at_once_what_an_addition_may_be_the_same_as(site: Subscribing) -> None:
    send(site, **BAKERY, another="1")
    [mail] = site.delivered()
    site.client.post(path_in(mail, "add"))
    page = site.signed_in().get("/lv/desk/listings").get_data(as_text=True)
    assert "Iespējams, tas pats, kas" in page and public_id(site) in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": " "}, "Ierakstiet nosaukumu"),
        ({"title": "x" * 201}, "Teksts ir pārāk garš"),
        ({"kind": "nonsense"}, "Izvēlieties no saraksta"),
        ({"kind": ""}, "Izvēlieties veidu"),
        ({"country": "XX"}, "Izvēlieties no saraksta"),
        ({"country": ""}, "Izvēlieties valsti"),
        ({"summary": ""}, "Vienā teikumā uzrakstiet"),
        ({"website": "javascript://x y"}, "https://"),
        ({"public_email": "x"}, "e-pasta adrese"),
        ({"start_date": "vakar"}, "2024-05-31"),
        ({"start_date": "2026-06-02", "end_date": "2026-06-01"}, "Beigas ir pirms"),
        ({"number": "123"}, "izvēlētās valsts reģistrā"),
        ({"legal_form": "nonsense"}, "Izvēlieties no saraksta"),
        ({"email": "anna"}, "e-pasta adresi"),
        ({"consent": ""}, "tekstus drīkst publicēt"),
    ],
)
def test_a_wrong_field_is_said_and_nothing_typed_is_lost(site: Subscribing, changed: dict[str, str], said: str) -> None:
    data = {name: value for name, value in (FORM | changed).items() if value}
    answer = site.client.post("/lv/add", data=data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400 and 'role="alert"' in page and said in page and FORM["description"].strip() in page
    assert site.delivered() == []


def test_what_was_removed_cannot_be_added_again(site: Subscribing) -> None:
    with site.database.writing() as session:
        removal.suppress(session, public_id=public_id(site), actor="t", reason="asked", key=site.services.secret_key)
    assert "dzēsts pēc lūguma" in send(site, status=409, title="Saules maize", website="saules-maize.example", another="1")
    assert site.delivered() == []


def test_an_end_in_the_month_of_the_start_is_no_end_before_it(site: Subscribing) -> None:
    send(site, kind="event", start_date="2026-05-02", end_date="2026-05")


def test_nobody_can_ask_without_limit_what_was_removed(site: Subscribing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RATE_LIMITS, tokens.CONFIRM_ADDITION, rate_limits.RateLimit(1, 9, None))
    with site.database.writing() as session:
        removal.suppress(session, public_id=public_id(site), actor="t", reason="asked", key=site.services.secret_key)
    removed = {"title": "Saules maize", "website": "saules-maize.example", "another": "1"}
    send(site, status=409, **removed)
    assert "dzēsts pēc lūguma" not in send(site, status=429, **removed)


def test_whoever_adds_too_many_is_told_so(site: Subscribing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RATE_LIMITS, tokens.CONFIRM_ADDITION, rate_limits.RateLimit(1, 9, None))
    send(site)
    assert "Tikko jau nosūtītas" in send(site, status=429)


def test_the_link_works_for_three_days(site: Subscribing) -> None:
    with time_machine.travel(NOW, tick=False):
        send(site)
        link = path_in(site.delivered()[-1], "add")
    for after, status in ((timedelta(seconds=-1), 200), (timedelta(0), 410)):
        with time_machine.travel(NOW + timedelta(days=3) + after, tick=False):
            assert site.client.get(link).status_code == status


def test_the_address_is_erased_thirty_days_after_the_decision(site: Subscribing) -> None:
    with time_machine.travel(NOW, tick=False):
        add(site)
        id = waiting(site)
        site.signed_in().post(f"/lv/desk/initiatives/{id}/decision", data={"decision": "publish"})
        site.end_of_undoing()
        run_maintenance(site.services)
        site.delivered()
    for after, is_kept in ((timedelta(days=30), True), (timedelta(days=30, seconds=1), False)):
        with time_machine.travel(NOW + after, tick=False):
            run_maintenance(site.services)
        assert (ANNA in whole_database(site.database)) == is_kept
