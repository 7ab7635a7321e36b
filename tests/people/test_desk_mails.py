"""The staff's mails about the desk: weekly, once, in their language, ended by one click; urgent ones to those who want them."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from platforma.catalogue.enums import CorrectionTopic, DeskMail
from platforma.catalogue.models import Correction, Mail, Notice, Platform, PlatformState, Role, User
from platforma.catalogue.people import accounts, desk_mails
from platforma.catalogue.visitors import corrections
from platforma.mail.correction_mails import tell_staff_of_removal
from platforma.worker.maintenance import run_maintenance
from tests.people.desk import Desk
from tests.people.inbox import Inbox, text_of
from tests.people.subscribing import MONDAY, START, WEEK, Subscribing, path_in

STAFF = {"dace@sic.example": ("lv", Role.CURATOR), "emma@sic.example": ("en", Role.ADMIN)}


@pytest.fixture
def office(tmp_path: Path, inbox: Inbox) -> Subscribing:
    """Two of the staff, one reading Latvian and one English, and a message that waits since Friday."""
    site = Subscribing(tmp_path, inbox)
    with site.database.writing() as session:
        for email, (lang, role) in STAFF.items():
            accounts.add_user(session, email=email, role=role, actor="t", lang=lang)
        accounts.add_user(session, email="reader@sic.example", role=Role.READER, actor="t")
        message = Correction(public_id="c1", topic=CorrectionTopic.QUESTION, field="", text="?", lang="lv", created_at=START)
        session.add(message)
    mailed(site, START)
    return site


def mailed(site: Subscribing, at: datetime) -> dict[str, EmailMessage]:
    """What a worker mails at an instant, by recipient."""
    with time_machine.travel(at, tick=False):
        run_maintenance(site.services)
        return {str(mail["To"]): mail for mail in site.delivered()}


def choose(site: Subscribing, email: str, choice: DeskMail) -> None:
    with site.database.writing() as session:
        user = session.scalars(select(User).where(User.email == email)).one()
        desk_mails.choose(session, user_id=user.id, choice=choice)


def test_each_of_the_staff_gets_one_mail_a_week_in_their_language(office: Subscribing) -> None:
    assert mailed(office, MONDAY - timedelta(hours=2)) == {}, "not before Monday's hour"
    first = mailed(office, MONDAY)
    assert first.keys() == STAFF.keys()
    assert mailed(office, MONDAY + timedelta(minutes=1)) == mailed(office, MONDAY + timedelta(days=3)) == {}, "never twice"
    latvian, english = (first[email] for email in STAFF)
    assert (latvian["Subject"], english["Subject"]) == (
        "Darba galds: lēmumu gaida 1", "Waiting for a decision at the desk: 1"
    )  # fmt: skip
    assert "Apmeklētāju ziņas: 1, senākais kopš 2026. gada 27. februāra" in text_of(latvian)
    assert "Messages from visitors: 1, the oldest since 27 February 2026" in text_of(english)
    assert path_in(latvian, "desk") == "/lv/desk/next?only=message"
    assert mailed(office, MONDAY + WEEK).keys() == STAFF.keys(), "next week again"


def test_where_nothing_waits_nobody_is_mailed_and_a_missed_week_is_one_mail(office: Subscribing) -> None:
    with office.database.writing() as session:
        session.query(Correction).delete()
    assert mailed(office, MONDAY) == {}
    with office.database.writing() as session:
        session.add(Correction(public_id="c2", topic=CorrectionTopic.QUESTION, field="", text="?", lang="lv", created_at=MONDAY))
    assert mailed(office, MONDAY + timedelta(days=2)) == {}
    assert mailed(office, MONDAY + 5 * WEEK).keys() == STAFF.keys()
    assert mailed(office, MONDAY + 5 * WEEK + timedelta(hours=1)) == {}


def test_a_mail_program_ends_the_mails_by_one_click(office: Subscribing) -> None:
    mail = mailed(office, MONDAY)["dace@sic.example"]
    address = str(mail["List-Unsubscribe"]).strip("<>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = path_in(mail, "desk-mails")
    assert address.endswith(path)
    assert office.client.get(path).status_code == 200, "a program that follows links ends nothing"
    assert office.client.post(path.replace("/end", "x/end"), data={"List-Unsubscribe": "One-Click"}).status_code == 410
    assert office.client.post(path, data={}).status_code == 400
    with office.database.reading() as session:
        assert len(desk_mails.told_at_once(session)) == 2
    for _ in range(2):
        answer = office.client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200 and "vairs nepienāks" in answer.get_data(as_text=True)
    assert mailed(office, MONDAY + WEEK).keys() == {"emma@sic.example"}
    with office.database.writing() as session:
        user = session.scalars(select(User).where(User.email == "dace@sic.example")).one()
        accounts.close_account(session, user_id=user.id, actor="t")
    assert office.client.get(path).status_code == 410, "of a closed account"


@pytest.mark.parametrize(
    ("choice", "weekly", "at_once"),
    [(DeskMail.NONE, False, False), (DeskMail.WEEKLY, True, False), (DeskMail.AT_ONCE, True, True)],
)
def test_a_choice_says_what_is_mailed(office: Subscribing, choice: DeskMail, weekly: bool, at_once: bool) -> None:
    choose(office, "emma@sic.example", DeskMail.NONE)
    choose(office, "dace@sic.example", choice)
    with office.database.writing() as session:
        request = corrections.CorrectionRequest("", "removal", "", "x", "a@b.example", "lv")
        message = corrections.enter(session, request)
        tell_staff_of_removal(office.services.settings, session, message)
        urgent = [mail.to for mail in session.scalars(select(Mail))]
        session.query(Mail).delete()
    assert urgent == (["dace@sic.example"] if at_once else [])
    assert mailed(office, MONDAY).keys() == ({"dace@sic.example"} if weekly else set())


def test_a_person_chooses_on_the_desks_first_page(office: Subscribing) -> None:
    client = office.signed_in()
    assert 'value="at_once" checked' in client.get("/lv/desk/").get_data(as_text=True)
    assert client.post("/lv/desk/mine", data={"desk_mail": "weekly"}).location == "/lv/desk/?saved=mail"
    page = client.get("/lv/desk/?saved=mail").get_data(as_text=True)
    assert 'value="weekly" checked' in page and "Saglabāts: Vēstules par darāmo" in page
    assert client.post("/lv/desk/mine", data={"desk_mail": "hourly"}).status_code == 400
    assert 'value="weekly" checked' in client.get("/lv/desk/").get_data(as_text=True)


def test_nobody_of_the_staff_is_mailed_of_a_failed_look_at_a_proposal(desk: Desk) -> None:
    with desk.database.writing() as session:
        session.query(Notice).delete()
    desk.mails()
    desk.crawl([], failure="the site does not answer", complete=False)
    assert "curator@sic.example" in {to for to, _, _ in desk.mails()}, "of a public platform's failure"
    with desk.database.writing() as session:
        session.query(Notice).delete()
        session.get_one(Platform, "v").state = PlatformState.PROPOSED
    desk.crawl([], failure="the site does not answer", complete=False)
    assert {to for to, _, _ in desk.mails()} == {"info@v.example"}
