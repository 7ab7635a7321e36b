"""The staff is told of a new proposal, each in their language, and not of every failed look at one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.models import Mail, Role
from platforma.catalogue.people import accounts
from platforma.catalogue.platforms import platform_states
from platforma.mail.crawl_mails import tell_of_crawl
from tests.people.registering import ask_for_link
from tests.people.site_fixture import SiteFixture

STAFF = {"anna@sic.example": ("lv", Role.CURATOR), "berta@sic.example": ("en", Role.ADMIN)}


@pytest.fixture
def site(site: SiteFixture) -> SiteFixture:
    with site.database.writing() as session:
        for email, (lang, role) in STAFF.items():
            accounts.add_user(session, email=email, role=role, actor="test", lang=lang)
        accounts.add_user(session, email="lasa@sic.example", role=Role.READER, actor="test")
        closed = accounts.add_user(session, email="bijusi@sic.example", role=Role.CURATOR, actor="test")
        session.flush()
        accounts.close_account(session, user_id=closed.id, actor="test")
    return site


def propose(site: SiteFixture, url: str = "https://partneris.example") -> None:
    client = site.app.test_client()
    ask_for_link(site, url, "info@partneris.example", client=client)
    link = site.link()
    forget_mails(site)
    assert client.post(link).status_code == 200


def forget_mails(site: SiteFixture) -> None:
    with site.database.writing() as session:
        session.query(Mail).delete()


def queued(site: SiteFixture) -> dict[str, Mail]:
    with site.database.reading() as session:
        return {mail.to: mail for mail in session.scalars(select(Mail))}


def failed_look(site: SiteFixture, platform_id: str = "partneris-example", is_slowed: bool = False) -> dict[str, Mail]:
    """The mails after a crawl that failed."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    forget_mails(site)
    report = CrawlReport(1, platform_id, "failed", "turn", 1, {}, "the site is down", {}, now, now)
    tell_of_crawl(site.services.settings, site.database, report, is_slowed=is_slowed)
    return queued(site)


def test_the_staff_is_told_of_a_proposal_each_in_their_language(site: SiteFixture) -> None:
    propose(site)
    mails = queued(site)
    assert mails.keys() == STAFF.keys()
    for email, (lang, _role) in STAFF.items():
        mail = mails[email]
        assert mail.lang == lang
        assert f"http://127.0.0.1:8000/{lang}/desk/platforms" in mail.body
        assert "info@partneris.example" in mail.body and "https://partneris.example" in mail.body
    assert "gaida lēmumu" in mails["anna@sic.example"].subject
    assert "waits for a decision" in mails["berta@sic.example"].subject


def test_a_platform_that_is_there_already_is_told_of_no_more(site: SiteFixture) -> None:
    propose(site)
    propose(site, "https://www.partneris.example/cita-lapa")
    assert queued(site) == {}


def test_a_refused_platform_that_is_proposed_again_is_told_of_again(site: SiteFixture) -> None:
    propose(site)
    with site.database.writing() as session:
        platform_states.refuse_platform(session, platform_id="partneris-example", actor="test", reason="tukša")
    propose(site)
    assert queued(site).keys() == STAFF.keys()


def test_a_failed_look_at_a_proposal_is_told_to_the_partner_only_once_it_is_slow(site: SiteFixture) -> None:
    propose(site)
    assert failed_look(site).keys() == set(), "their weekly mail tells of it"
    mails = failed_look(site, is_slowed=True)
    assert mails.keys() == {"info@partneris.example"}
    assert "Agrāk nolasītais" not in mails["info@partneris.example"].body, "nothing was read before"


def test_a_failed_crawl_of_an_approved_platform_is_told_to_the_staff_at_once_and_to_its_partner_once_it_is_slow(
    site: SiteFixture,
) -> None:
    propose(site)
    with site.database.writing() as session:
        platform_states.approve_platform(session, platform_id="partneris-example", actor="test")
    assert failed_look(site).keys() == STAFF.keys()
    assert failed_look(site, is_slowed=True).keys() == {*STAFF, "info@partneris.example"}


def test_staff_is_written_to_in_the_language_in_which_they_last_signed_in(site: SiteFixture) -> None:
    site.app.test_client().post("/en/sign-in", data={"email": "anna@sic.example"})
    site.app.test_client().post(site.link())
    propose(site)
    assert queued(site)["anna@sic.example"].lang == "en"
