"""Proof that the people of a platform run its site: by mail, by a code on the site, by a curator's word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select, update

from crawlers.websites.proving import FILE
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import ProofWay, Role
from platforma.catalogue.errors import BadState
from platforma.catalogue.models import Event, Platform, SiteProof
from platforma.catalogue.people import proofs
from platforma.services import Services
from platforma.worker.proof_looking import look_for_codes
from tests.crawlers.clocks import QuickClock
from tests.people.answering import answering
from tests.people.desk import Desk
from tests.people.members import ANNA, member, page_of

PARTNER = "anna@v.example"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def site(desk: Desk) -> Iterator[dict[str, str]]:
    """What the platform's site answers, by path; nothing at first."""
    with answering() as (url, answers):
        with desk.database.writing() as session:
            session.execute(update(Platform).where(Platform.id == "v").values(url=url))
        yield answers


def ask(desk: Desk) -> None:
    with desk.database.writing() as session:
        proofs.ask(session, subject="v", by=PARTNER)


def look(desk: Desk) -> int:
    settings = desk.services.settings.model_copy(update={"crawl_private_hosts": True})
    return look_for_codes(Services.open(settings, desk.database), clock=QuickClock())


def code(desk: Desk) -> str:
    with desk.database.reading() as session:
        return proofs.site_code(desk.services.secret_key, session.get_one(Platform, "v").public_id)


def proven(desk: Desk) -> list[ProofWay]:
    with desk.database.reading() as session:
        return [proof.way for proof in proofs.proofs_of(session, "v")]


def question(desk: Desk) -> proofs.SiteQuestion | None:
    with desk.database.reading() as session:
        return proofs.question_of(session, "v")


def events(desk: Desk) -> list[tuple[str, str]]:
    with desk.database.reading() as session:
        query = select(Event.action, Event.actor).where(Event.action.in_(("prove", "unprove"))).order_by(Event.id)
        return [(action, actor) for action, actor in session.execute(query)]


@pytest.mark.parametrize(
    ("email", "url", "holds"),
    [
        ("anna@sic.lv", "https://www.sic.lv/", True),
        ("anna@SIC.lv", "https://sic.lv", True),
        ("anna@sic.lv", "https://registrs.sic.lv/", True),
        ("anna@dārzs.lv", "https://xn--drzs-qsa.lv/", True),
        ("anna@registrs.sic.lv", "https://sic.lv/", False),
        ("anna@sic.lv", "https://sic.lv/partneri/", False),
        ("anna@other.lv", "https://sic.lv/", False),
        ("anna@sic.lv.evil.example", "https://sic.lv/", False),
        ("anna@evilsic.lv", "https://sic.lv/", False),
        ("anna@org.lv", "https://kopa.org.lv/", False),
        ("anna@wordpress.com", "https://kopa.wordpress.com/", False),
        ("anna@lv", "https://sic.lv/", False),
        ("anna", "https://sic.lv/", False),
    ],
)
def test_an_address_proves_only_the_whole_site_of_its_own_domain(email: str, url: str, holds: bool) -> None:
    assert proofs.is_of_domain(email, url) is holds


def test_a_code_in_the_file_is_found_once_somebody_asks(desk: Desk, site: dict[str, str]) -> None:
    site[FILE] = code(desk)
    assert look(desk) == 0 and proven(desk) == []
    ask(desk)
    assert look(desk) == 1
    assert (proven(desk), question(desk)) == ([ProofWay.FILE], None)
    ask(desk)
    assert (look(desk), look(desk)) == (1, 0)
    assert proven(desk) == [ProofWay.FILE]
    assert events(desk) == [("prove", PARTNER)]


def test_a_look_in_vain_says_why_and_is_asked_anew_a_minute_later(desk: Desk, site: dict[str, str]) -> None:
    site["/"] = "<title>Vietne</title>"
    ask(desk)
    look(desk)
    asked = question(desk)
    assert asked is not None and asked.looked_at is not None and "code" in str(asked.reason)
    with pytest.raises(BadState):
        ask(desk)
    site[FILE] = code(desk)
    with time_machine.travel(utc_now() + timedelta(minutes=2)):
        ask(desk)
        assert (question(desk) or asked).reason is None
        look(desk)
    assert proven(desk) == [ProofWay.FILE]


def test_the_code_of_another_platform_proves_nothing(desk: Desk, site: dict[str, str]) -> None:
    site[FILE] = proofs.site_code(desk.services.secret_key, "abcdefghij")
    ask(desk)
    look(desk)
    assert proven(desk) == []


def test_a_curator_vouches_and_takes_it_back(desk: Desk) -> None:
    curator, public = desk.signed_in(), desk.app.test_client()
    with desk.database.reading() as session:
        page = f"/lv/platforms/{session.get_one(Platform, 'v').public_id}/vietne"
    assert "pieteikuši tās uzturētāji" not in public.get(page).get_data(as_text=True)
    assert curator.post("/lv/desk/sources/v", data={"action": "vouch"}).status_code == 302
    assert curator.post("/lv/desk/sources/v", data={"action": "vouch"}).status_code == 302
    assert proven(desk) == [ProofWay.CURATOR]
    assert "pieteikuši tās uzturētāji" in public.get(page).get_data(as_text=True)
    assert "curator@sic.example" in curator.get("/lv/desk/sources/v").get_data(as_text=True)
    assert "curator@sic.example" not in public.get(page).get_data(as_text=True)
    assert curator.post("/lv/desk/sources/v", data={"action": "unprove"}).status_code == 302
    assert curator.post("/lv/desk/sources/v", data={"action": "unprove"}).status_code == 302
    assert proven(desk) == []
    assert events(desk) == [("prove", "curator@sic.example"), ("unprove", "curator@sic.example")]


def test_a_reader_sees_the_proof_and_no_button(desk: Desk) -> None:
    with desk.database.writing() as session:
        proofs.vouch(session, subject="v", actor="curator@sic.example")
    reader = desk.signed_in(Role.READER)
    assert 'value="unprove"' not in reader.get("/en/desk/sources/v").get_data(as_text=True)
    assert reader.post("/en/desk/sources/v", data={"action": "unprove"}).status_code == 403


def test_taking_back_leaves_nothing_standing(desk: Desk, site: dict[str, str]) -> None:
    site[FILE] = code(desk)
    ask(desk)
    look(desk)
    with desk.database.writing() as session:
        proofs.vouch(session, subject="v", actor="curator@sic.example")
        proofs.take_back(session, subject="v", actor="curator@sic.example")
    assert proven(desk) == []
    with desk.database.reading() as session:
        assert session.scalars(select(SiteProof)).all() == []


@pytest.mark.parametrize(("lang", "due", "missing", "shown"), [
    ("lv", "Tagad skatāmies vietni", "oda nav ne datnē", "ar datni vietnē"),
    ("en", "We look at the site now", "has the code", "by a file on the site"),
])  # fmt: skip
def test_a_partner_puts_the_code_on_the_site_and_has_it_looked_for(
    desk: Desk, site: dict[str, str], lang: str, due: str, missing: str, shown: str
) -> None:
    client, address = member(desk, ANNA), f"/{lang}/partner/{public_id(desk)}/proof"
    first = client.get(address)
    page = first.get_data(as_text=True)
    assert code(desk) in page and FILE in page and due not in page and first.mimetype == "text/html"
    site["/"] = "<title>Vietne</title>"
    assert client.post(address).status_code == 303
    waiting = client.get(address)
    assert due in waiting.get_data(as_text=True) and waiting.headers["Refresh"]
    look(desk)
    page = client.get(address).get_data(as_text=True)
    assert missing in page and due not in page
    assert client.post(address).status_code == 409
    site[FILE] = code(desk)
    with time_machine.travel(utc_now() + timedelta(minutes=2)):
        assert client.post(address).status_code == 303
        look(desk)
        answer = client.get(address)
    assert shown in answer.get_data(as_text=True) and "Refresh" not in answer.headers


def test_a_site_asked_for_again_while_it_waits_is_looked_at_once(desk: Desk, site: dict[str, str]) -> None:
    site["/"] = "<title>Vietne</title>"
    ask(desk)
    ask(desk)
    assert (look(desk), look(desk)) == (1, 0)


def public_id(desk: Desk) -> str:
    with desk.database.reading() as session:
        return session.get_one(Platform, "v").public_id


@pytest.mark.parametrize(("email", "shown"), [("berta@v.example", [ProofWay.MAIL]), ("berta@cits.example", [])])
def test_an_invited_address_of_the_domain_shows_it_once_its_link_was_opened(
    desk: Desk, email: str, shown: list[ProofWay]
) -> None:
    page = page_of(desk)
    assert member(desk, ANNA).post(f"{page}people", data={"email": email}).status_code == 303
    link = desk.link()
    assert proven(desk) == []
    assert desk.app.test_client().post(link).status_code == 303
    assert proven(desk) == shown
