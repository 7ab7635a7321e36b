"""Curators ask back, partners answer, curators decide: in whichever order, with the whole of it beside, and undone."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from platforma.catalogue.decisions import waiting
from platforma.catalogue.models import Mail, PartnerMessage, Platform
from tests.people.inbox import text_of
from tests.people.members import emails, member, page_of
from tests.people.proposing import propose, state
from tests.people.site_fixture import SiteFixture

CONTACT = "info@partneris.lv"


def ask(site: SiteFixture, text: str = "Kas veido vietni?") -> FlaskClient:
    """A curator asks the partner of a proposal."""
    curator = site.signed_in()
    data = {"decision": "ask", "text": text}
    assert curator.post("/lv/desk/next/platform/partneris", data=data).status_code == 302
    return curator


def proposal(site: SiteFixture) -> tuple[FlaskClient, str]:
    """A proposed platform: its contact's browser, and the path of their page."""
    propose(site, email=CONTACT)
    return member(site, CONTACT, "partneris"), page_of(site, "partneris")


def waits(site: SiteFixture) -> bool:
    """Whether the proposal waits for the curators."""
    with site.database.reading() as session:
        return waiting.counts(session, ["platform"])["platform"] == 1


def written(site: SiteFixture) -> list[tuple[str, str]]:
    with site.database.reading() as session:
        return [(row.kind, row.text) for row in session.scalars(select(PartnerMessage).order_by(PartnerMessage.id))]


def test_a_question_is_mailed_in_the_partners_language_and_waits_for_them(site: SiteFixture) -> None:
    propose(site, email=CONTACT)
    with site.database.writing() as session:
        session.get_one(Platform, "partneris").contact_lang = "en"
    ask(site)
    mail = site.last_mail()
    assert (mail["To"], mail["Subject"]) == (CONTACT, "A question about Partneris")
    assert "Kas veido vietni?" in text_of(mail) and page_of(site, "partneris") in text_of(mail)
    assert not waits(site) and emails(site, "partneris") == [CONTACT], "the contact can open the page that the mail names"


def test_the_answer_brings_it_back_to_the_desk_with_the_whole_conversation(site: SiteFixture) -> None:
    partner, page = proposal(site)
    curator = ask(site)
    assert "Kas veido vietni?" in partner.get(page).get_data(as_text=True)
    assert partner.post(f"{page}answer", data={"text": "Mēs, biedrība."}).status_code == 303
    assert waits(site)
    shown = curator.get("/lv/desk/next/platform/partneris").get_data(as_text=True)
    assert shown.index("Kas veido vietni?") < shown.index("Mēs, biedrība.")
    with site.database.reading() as session:
        told = session.scalars(select(Mail).where(Mail.to == "curator@sic.example")).all()
    assert any("Partneris" in mail.subject for mail in told)


def test_nobody_answers_what_was_not_asked(site: SiteFixture) -> None:
    partner, page = proposal(site)
    assert partner.post(f"{page}answer", data={"text": "x"}).status_code == 409
    ask(site)
    assert partner.post(f"{page}answer", data={"text": " "}).status_code == 400
    long = partner.post(f"{page}answer", data={"text": "ā" * 2001})
    assert long.status_code == 400 and "ā" * 2001 in long.get_data(as_text=True), "what was typed stays"
    assert partner.post(f"{page}answer", data={"text": "Jā"}).status_code == 303
    assert partner.post(f"{page}answer", data={"text": "Jā"}).status_code == 409
    assert written(site) == [("question", "Kas veido vietni?"), ("answer", "Jā")]


def test_a_question_needs_its_text(site: SiteFixture) -> None:
    propose(site, email=CONTACT)
    answer = site.signed_in().post("/lv/desk/next/platform/partneris", data={"decision": "ask", "text": " "})
    assert answer.status_code == 400 and waits(site) and written(site) == []


def undo(site: SiteFixture, curator: FlaskClient) -> int:
    return curator.post("/lv/desk/decisions/1/undo").status_code


def test_a_question_taken_back_is_neither_mailed_nor_shown(site: SiteFixture) -> None:
    partner, page = proposal(site)
    curator = ask(site)
    assert undo(site, curator) == 302
    assert waits(site) and written(site) == [] and "Kas veido" not in partner.get(page).get_data(as_text=True)
    with site.database.reading() as session:
        assert session.scalars(select(Mail).where(Mail.to == CONTACT)).all() == []


def test_a_question_that_was_answered_cannot_be_taken_back(site: SiteFixture) -> None:
    partner, page = proposal(site)
    curator = ask(site)
    partner.post(f"{page}answer", data={"text": "Mēs."})
    assert undo(site, curator) == 409
    assert waits(site) and len(written(site)) == 2


def test_a_refused_platform_comes_again_with_its_history(site: SiteFixture) -> None:
    partner, page = proposal(site)
    curator = site.signed_in()
    curator.post("/lv/desk/next/platform/partneris", data={"decision": "refuse", "text": "Nav iniciatīvu."})
    mail = text_of(site.last_mail())
    assert "Nav iniciatīvu." in mail and page in mail.replace("/lv/", "/en/")
    assert "Nav iniciatīvu." in partner.get(page).get_data(as_text=True)
    assert partner.post(f"{page}proposal", data={"text": "Tagad ir."}).status_code == 303
    assert state(site) == "proposed" and waits(site)
    assert written(site) == [("refusal", "Nav iniciatīvu."), ("answer", "Tagad ir.")]
    shown = curator.get("/lv/desk/platforms").get_data(as_text=True)
    assert "Nav iniciatīvu." in shown and "Tagad ir." in shown


def test_it_can_be_decided_on_while_the_partner_is_asked(site: SiteFixture) -> None:
    propose(site, email=CONTACT)
    curator = ask(site)
    assert "Jautājums uzdots" in curator.get("/lv/desk/platforms").get_data(as_text=True)
    assert curator.post("/lv/desk/platforms/partneris", data={"decision": "approve"}).status_code == 302
    with site.database.reading() as session:
        row = session.get_one(Platform, "partneris")
        assert (row.state, row.asked_at) == ("trusted", None)


def test_a_platform_without_a_contact_is_not_asked(site: SiteFixture) -> None:
    propose(site, email=None)
    shown = site.signed_in().get("/lv/desk/next/platform/partneris").get_data(as_text=True)
    assert 'value="ask"' not in shown and 'value="refuse"' in shown
