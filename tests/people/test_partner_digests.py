"""The weekly mail of partners: one for all their platforms, only of what is new, by wish, ended by one click and taken back."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update

from crawlers.record import Problem
from platforma.catalogue.enums import PartnerMail
from platforma.catalogue.models import (
    Event,
    Initiative,
    InitiativeState,
    Membership,
    Notice,
    PartnerReader,
    Platform,
    PlatformState,
    Role,
    User,
)
from platforma.catalogue.people import accounts, partner_mails
from platforma.catalogue.platforms import platform_states
from platforma.mail.crawl_mails import tell_of_crawl
from platforma.mail.delivery import deliver_due
from platforma.mail.partner_digests import queue_partner_digests
from tests.people.desk import CONTACT, Desk, records
from tests.people.editing import Form
from tests.people.inbox import Inbox, text_of
from tests.people.members import ANNA, BERTA, account, member, page_of
from tests.people.pairs import id_of
from tests.people.subscribing import MONDAY, START, WEEK

NO_NAME = Problem("refused", "The item has no title; give it one at the source", "https://v.example/x", "x", "title")
DATE = Problem("warning", "This date is not understood, or could be two days; write it as 2026-05-31", field="start_date")


class Partners(Desk):
    """The desk's platform, whose contact has wished nothing, and its mails at given instants."""

    def __init__(self, folder: Path, inbox: Inbox) -> None:
        super().__init__(folder)
        self.inbox = inbox
        with self.database.writing() as session:
            session.delete(session.scalars(select(PartnerReader)).one())

    def night(self, at: datetime, found: int = 2, *problems: Problem, **result: Any) -> list[EmailMessage]:
        """Crawl at an instant; the mails that follow at once to partners."""
        with time_machine.travel(at, tick=False):
            self.crawl(records(found), *problems, **result)
            return self.to_partners()

    def monday(self, at: datetime = MONDAY) -> list[EmailMessage]:
        """The weekly mails of a Monday."""
        with time_machine.travel(at, tick=False):
            with self.database.writing() as session:
                queue_partner_digests(self.settings, session, at)
            return self.to_partners()

    def to_partners(self) -> list[EmailMessage]:
        before = len(self.inbox.mails)
        deliver_due(self.database, self.settings.model_copy(update={"mail_url": self.inbox.url}))
        return [mail for _to, mail in self.inbox.mails[before:] if not mail["To"].endswith("@sic.example")]

    def told(self, at: datetime = MONDAY) -> str:
        """The text of the only mail of a Monday."""
        (mail,) = self.monday(at)
        return text_of(mail)

    def second_platform(self, contact: str = CONTACT) -> None:
        recipe = {"platform": "w", "title": "Cita", "url": "https://w.example/", "adapter": "table"}
        proposal = platform_states.Proposal(
            url="https://w.example/", title="Cita", recipe=recipe, contact_email=contact, contact_lang="lv"
        )
        with self.database.writing() as session:
            platform_states.propose_platform(session, proposal, actor="t")


@pytest.fixture
def partners(tmp_path: Path, inbox: Inbox) -> Partners:
    site = Partners(tmp_path, inbox)
    assert site.monday(START - WEEK) == []
    return site


def wish(site: Desk, email: str = CONTACT) -> PartnerMail | None:
    with site.database.reading() as session:
        return partner_mails.wish_of(session, email)


def path_of(mail: EmailMessage) -> str:
    """The path in the header by which mail programs unsubscribe."""
    found = re.fullmatch(r"<http://127\.0\.0\.1:8000(/\S+)>", mail["List-Unsubscribe"])
    assert found and mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return found[1]


def test_new_problems_of_a_week_are_one_mail_on_monday_and_none_where_nothing_is_new(partners: Partners) -> None:
    assert partners.night(START, 2, NO_NAME) == []
    assert partners.night(START + timedelta(days=1), 2, NO_NAME, DATE) == []
    (mail,) = partners.monday()
    text = text_of(mail)
    assert (mail["To"], mail["Subject"]) == (CONTACT, "News of Vietne")
    assert "Some entries have no name" in text and "Some dates are not clear" in text and "at the source" not in text
    assert partners.night(MONDAY + timedelta(days=1), 2, NO_NAME, DATE) == []
    assert partners.monday(MONDAY + WEEK) == [], "it was told"
    assert partners.monday(MONDAY + WEEK) == [], "and a second worker finds nothing due"


def test_what_was_mended_before_monday_is_not_told(partners: Partners) -> None:
    partners.night(START, 2, NO_NAME)
    partners.night(START + timedelta(days=1), 2)
    assert partners.monday() == []


@pytest.mark.parametrize(("hours", "is_told"), [(23, False), (24, True)])
def test_a_failure_is_told_where_it_lasted_longer_than_a_night(partners: Partners, hours: int, is_told: bool) -> None:
    partners.night(START, 2)
    assert partners.night(MONDAY - timedelta(hours=hours), 0, failure="no answer; try later", complete=False) == []
    assert len(partners.monday()) == is_told
    later = partners.monday(MONDAY + WEEK)
    assert len(later) == (not is_told), "told once, now or a week later"


def test_a_platform_that_becomes_slow_is_told_at_once(partners: Partners) -> None:
    with time_machine.travel(START, tick=False):
        report = partners.crawl([], failure="no answer; try later", complete=False)
        assert partners.to_partners() == []
        tell_of_crawl(partners.settings, partners.database, report, is_slowed=True)
        (mail,) = partners.to_partners()
    assert mail["To"] == CONTACT and mail["Subject"].startswith("Failing for a week")
    assert path_of(mail)


def test_what_curators_refused_and_changed_is_told(partners: Partners) -> None:
    partners.night(START, 3)
    changed, refused = id_of(partners, "r00"), id_of(partners, "r01")
    with time_machine.travel(START + timedelta(days=1), tick=False):
        Form.open(partners.signed_in(), changed).type(place="Ogre").send()
        with partners.database.writing() as session:
            values = {"state": InitiativeState.REFUSED, "reason": "Nav par to", "changed_at": START + timedelta(days=1)}
            session.execute(update(Initiative).where(Initiative.public_id == refused).values(values))
    text = partners.told()
    assert re.search(r"refused these entries \(1\):\s+\* Ieraksts 1\s+Nav par to", text), text
    assert re.search(r"corrected something in these entries \(1\):\s+\* Ieraksts 0\n", text), text
    assert partners.monday(MONDAY + WEEK) == []


def test_who_is_the_contact_of_several_platforms_gets_one_mail_with_a_working_link_to_each_report(partners: Partners) -> None:
    partners.second_platform()
    partners.night(START, 2, NO_NAME)
    with partners.database.writing() as session:
        session.add(Notice(platform_id="w", topic="failed", key="", values={}, told_at=START, last_at=START))
        ids = {id: session.get_one(Platform, id).public_id for id in ("v", "w")}
    (mail,) = partners.monday()
    text = text_of(mail)
    assert "2" in mail["Subject"] and text.index("Cita") < text.index("Vietne")
    assert all(f"/partner/{id}/" in text for id in ids.values())
    links = re.findall(r"http://127\.0\.0\.1:8000(/\w\w/reports/\S+)", text)
    assert links and {partners.app.test_client().get(link).status_code for link in links} == {200}
    assert "~secret" not in text + mail["List-Unsubscribe"]


def test_a_member_who_wishes_nothing_gets_nothing_and_who_wishes_it_gets_it_in_their_language(partners: Partners) -> None:
    anna, _berta = member(partners, ANNA), member(partners, BERTA)
    with time_machine.travel(START, tick=False):
        assert anna.post(f"{page_of(partners)}mails", data={"wish": "weekly"}).status_code == 303
    partners.night(START + timedelta(hours=1), 2, NO_NAME)
    assert [mail["To"] for mail in partners.monday()] == [ANNA, CONTACT]


def test_who_wishes_it_at_once_gets_it_at_once_and_not_again_on_monday(partners: Partners) -> None:
    with time_machine.travel(START, tick=False):
        partners.wish(PartnerMail.AT_ONCE)
    (mail,) = partners.night(START + timedelta(hours=1), 2, NO_NAME)
    assert "needs your attention" in mail["Subject"]
    assert partners.monday() == []


@pytest.mark.parametrize("change", ["left", "removed", "closed"])
def test_who_does_not_answer_for_it_any_more_is_told_nothing(partners: Partners, change: str) -> None:
    anna = member(partners, ANNA)
    with time_machine.travel(START, tick=False):
        anna.post(f"{page_of(partners)}mails", data={"wish": "weekly"})
    partners.night(START + timedelta(hours=1), 2, NO_NAME)
    with partners.database.writing() as session:
        user = accounts.account_of(session, ANNA)
        assert user
        if change == "left":
            session.get_one(Platform, "v").state = PlatformState.LEFT
        elif change == "closed":
            accounts.close_account(session, user_id=user.id, actor="t")
        else:
            session.query(Membership).delete()
    assert ANNA not in [mail["To"] for mail in partners.monday()]


def test_one_click_ends_these_mails_only_and_a_button_takes_it_back(partners: Partners) -> None:
    partners.night(START, 2, NO_NAME)
    (mail,) = partners.monday()
    path, client = path_of(mail), partners.app.test_client()
    page = client.get(path)
    assert page.status_code == 200 and wish(partners) == PartnerMail.WEEKLY, "to look changes nothing"
    assert client.post(path, data={}).status_code == 400 and wish(partners) == PartnerMail.WEEKLY
    for _ in range(2):
        answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200 and wish(partners) == PartnerMail.NONE
    partners.night(MONDAY + timedelta(days=1), 2, NO_NAME, DATE)
    assert partners.monday(MONDAY + WEEK) == []
    assert client.post(path, data={"again": "weekly"}).status_code == 200 and wish(partners) == PartnerMail.WEEKLY
    with partners.database.reading() as session:
        assert session.scalars(select(Event.action).where(Event.object_type == "reader")).all().count("partner_mail") >= 2


def test_what_was_met_while_somebody_wished_nothing_is_not_told_later(partners: Partners) -> None:
    with time_machine.travel(START, tick=False):
        partners.wish(PartnerMail.NONE)
    partners.night(START + timedelta(hours=1), 2, NO_NAME)
    with time_machine.travel(START + timedelta(hours=2), tick=False):
        partners.wish(PartnerMail.WEEKLY)
    assert partners.monday() == []


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_the_page_of_a_platform_says_what_is_chosen_and_keeps_it(partners: Partners, lang: str) -> None:
    anna, page = member(partners, ANNA), page_of(partners, lang=lang)

    def chosen() -> str:
        found = re.search(r'<select id="wish".*?<option value="(\w+)" selected', partners.text(anna, page), re.S)
        assert found
        return found[1]

    assert chosen() == "none" and CONTACT in partners.text(anna, page)
    for one in PartnerMail:
        anna.post(f"{page}mails", data={"wish": one})
        assert chosen() == one
    assert anna.post(f"{page}mails", data={"wish": "daily"}).status_code == 400
    assert chosen() == PartnerMail.AT_ONCE


def test_a_stranger_chooses_nothing(partners: Partners) -> None:
    stranger: FlaskClient = account(partners, BERTA)
    assert stranger.post(f"{page_of(partners)}mails", data={"wish": "weekly"}).status_code == 404
    assert wish(partners, BERTA) is None


def test_the_first_week_of_a_contact_tells_nothing_of_before(tmp_path: Path, inbox: Inbox) -> None:
    site = Partners(tmp_path, inbox)
    site.night(START, 2, NO_NAME)
    with site.database.writing() as session:
        session.delete(session.scalars(select(PartnerReader)).one())
    assert site.monday(MONDAY) == [] and site.monday(MONDAY + WEEK) == []


def test_the_staff_ends_urgent_mails_by_one_click_and_the_weekly_one_goes_on(partners: Partners) -> None:
    before = len(partners.inbox.mails)
    with partners.database.writing() as session:
        accounts.add_user(session, email="dace@sic.example", role=Role.CURATOR, actor="t")
    partners.night(START, 0, failure="no answer; try later", complete=False)
    mail = next(mail for _to, mail in partners.inbox.mails[before:] if mail["To"] == "dace@sic.example")
    path, client = path_of(mail), partners.app.test_client()

    def choice() -> str:
        with partners.database.reading() as session:
            return str(session.scalar(select(User.desk_mail).where(User.email == "dace@sic.example")))

    assert client.get(path).status_code == 200 and choice() == "at_once"
    for _ in range(2):
        assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200 and choice() == "weekly"
    assert client.post(path, data={"again": "at_once"}).status_code == 200 and choice() == "at_once"
    assert client.post(path.replace("end-urgent", "end"), data={"List-Unsubscribe": "One-Click"}).status_code == 410
    assert choice() == "at_once", "the link is for these mails only"
