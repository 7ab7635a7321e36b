"""Links: nobody who reads the database alone can use one, expired is expired, used is used, and what is old goes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, inspect, select, text

from platforma.catalogue.database import Database
from platforma.catalogue.enums import PartnerMail
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.models import LinkRequest, Mail, MailState, Role, Token, UserSession
from platforma.catalogue.people import accounts, partner_mails, tokens
from platforma.catalogue.platforms import platform_states
from platforma.mail import mail_queue
from platforma.mail.crawl_mails import tell_of_crawl
from platforma.mail.delivery import deliver_due
from platforma.worker.maintenance import run_maintenance
from tests.people.registering import ask_for_link
from tests.people.site_fixture import SiteFixture

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CURATOR = "anna@sic.example"


def account(site: SiteFixture, email: str = CURATOR, role: Role = Role.CURATOR) -> int:
    with site.database.writing() as session:
        return accounts.add_user(session, email=email, role=role, actor="test").id


def ask_sign_in(site: SiteFixture, email: str = CURATOR) -> None:
    assert site.app.test_client().post("/lv/sign-in", data={"email": email}).status_code == 200


def propose(site: SiteFixture, url: str = "https://partneris.example") -> None:
    assert ask_for_link(site, url, "info@partneris.example").status_code == 200


def whole_database(database: Database) -> str:
    """Every column of every row of every table."""
    with database.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        rows = [tuple(row) for name in names for row in connection.execute(text(f'select * from "{name}"'))]
    return repr(rows)


@pytest.mark.parametrize("what", ["sign_in", "confirm_platform", "reports"])
def test_who_reads_the_database_alone_finds_no_link_that_works(site_on: SiteFixture, what: str) -> None:
    site = site_on
    if what == "sign_in":
        account(site)
        ask_sign_in(site)
    elif what == "confirm_platform":
        propose(site)
    else:
        with site.database.writing() as session:
            recipe = {"platform": "v", "title": "V", "url": "https://v.example/"}
            platform_states.propose_platform(
                session,
                platform_states.Proposal(url="https://v.example/", title="V", recipe=recipe, contact_email="i@v.example"),
                actor="t",
            )
            at_once = PartnerMail.AT_ONCE
            partner_mails.choose(session, email="i@v.example", wish=at_once, now=START, zone="Europe/Riga")
        report = CrawlReport(1, "v", "failed", "turn", 1, {}, "it is down", {}, START, START)
        tell_of_crawl(site.services.settings, site.database, report, is_slowed=False)
    before = whole_database(site.database)
    link = site.link()
    secret = re.search(r"/([^/]+?)(?:/\d+)?$", link)[1].rpartition("-")[2]  # type: ignore[index]
    after = whole_database(site.database)
    assert len(secret) == 32
    assert site.app.test_client().get(link).status_code == (404 if what == "reports" else 200)
    assert mail_queue.PLACEHOLDER in before and secret not in before and secret not in after


def status_at(site: SiteFixture, link: str, moment: datetime, method: str = "POST") -> int:
    with time_machine.travel(moment, tick=False):
        return site.app.test_client().open(link, method=method).status_code


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("after", "works"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_a_sign_in_link_works_for_thirty_minutes(site: SiteFixture, method: str, after: timedelta, works: bool) -> None:
    with time_machine.travel(START, tick=False):
        account(site)
        ask_sign_in(site)
        link = site.link()
    good = 200 if method == "GET" else 302
    assert status_at(site, link, START + timedelta(minutes=30) + after, method) == (good if works else 410)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("after", "works"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_a_link_that_confirms_a_platform_works_for_three_days(
    site: SiteFixture, method: str, after: timedelta, works: bool
) -> None:
    with time_machine.travel(START, tick=False):
        propose(site)
        link = site.link()
    assert status_at(site, link, START + timedelta(days=3) + after, method) == (200 if works else 410)


@pytest.mark.parametrize(("after", "works"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_a_session_lasts_fourteen_days(site: SiteFixture, after: timedelta, works: bool) -> None:
    with time_machine.travel(START, tick=False):
        client = site.signed_in()
    with time_machine.travel(START + timedelta(days=14) + after, tick=False), site.database.reading() as session:
        secret = client.get_cookie("platforma_session")
        assert secret is not None
        assert (accounts.session_account(session, secret.value) is not None) == works


def test_a_link_begins_to_grow_old_when_its_first_mail_goes(site: SiteFixture) -> None:
    with time_machine.travel(START, tick=False) as clock:
        account(site)
        ask_sign_in(site)
        clock.shift(timedelta(days=1))
        link = site.link()
        clock.shift(timedelta(minutes=15))
        ask_sign_in(site)
        assert site.link() == link, "it is the same link once more, no older and no younger"
    sent = START + timedelta(days=1)
    assert status_at(site, link, sent + timedelta(minutes=30) - SECOND, "GET") == 200
    assert status_at(site, link, sent + timedelta(minutes=30), "GET") == 410


@pytest.mark.parametrize(("left", "is_same"), [(-SECOND, False), (timedelta(0), False), (SECOND, True)])
def test_a_link_with_ten_minutes_left_is_followed_by_a_new_one(site: SiteFixture, left: timedelta, is_same: bool) -> None:
    with time_machine.travel(START, tick=False) as clock:
        account(site)
        ask_sign_in(site)
        link = site.link()
        clock.move_to(START + timedelta(minutes=20) - left)
        ask_sign_in(site)
        assert (site.link() == link) == is_same


def test_a_used_link_is_used_and_the_other_purpose_is_refused(site: SiteFixture) -> None:
    account(site)
    client = site.app.test_client()
    ask_sign_in(site)
    sign_in = site.link()
    propose(site)
    confirm = site.link()
    assert client.post(sign_in.replace("sign-in", "register")).status_code == 410
    assert client.post(confirm.replace("register", "sign-in")).status_code == 410
    assert [client.post(sign_in).status_code for _ in range(2)] == [302, 410]
    assert [client.post(confirm).status_code for _ in range(2)] == [200, 410]
    assert client.get(sign_in).status_code == 410
    ask_sign_in(site)
    assert site.link() != sign_in, "what was used is not sent once more"


def opens_desk(client: FlaskClient) -> int:
    return client.get("/lv/desk/").status_code


def test_a_role_that_is_taken_away_ends_at_once(site: SiteFixture) -> None:
    client = site.signed_in()
    assert opens_desk(client) == 200
    with site.database.writing() as session:
        accounts.add_user(session, email="curator@sic.example", role=Role.PARTNER, actor="test")
    assert opens_desk(client) == 403


def test_closing_an_account_ends_sessions_and_links_until_it_is_opened_again(site: SiteFixture) -> None:
    client, id = site.signed_in(), account(site, "curator@sic.example")
    ask_sign_in(site, "curator@sic.example")
    link = site.link()
    with site.database.writing() as session:
        accounts.close_account(session, user_id=id, actor="test")
    assert (opens_desk(client), site.app.test_client().post(link).status_code) == (302, 410)
    ask_sign_in(site, "curator@sic.example")
    assert deliver_due(site.database, site.services.settings) == 0
    assert account(site, "curator@sic.example") == id
    assert (opens_desk(client), site.app.test_client().post(link).status_code) == (302, 410)
    ask_sign_in(site, "curator@sic.example")
    assert site.app.test_client().post(site.link()).status_code == 302


def counts(site: SiteFixture) -> dict[str, int]:
    with site.database.reading() as session:
        tables = (Mail, Token, UserSession, LinkRequest)
        return {one.__tablename__: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}


@pytest.mark.parametrize(("after", "is_kept"), [(-SECOND, True), (timedelta(0), True), (SECOND, False)])
@pytest.mark.parametrize("state", [MailState.SENT, MailState.FAILED, MailState.UNCERTAIN])
def test_mails_go_thirty_days_after_they_ended(site: SiteFixture, state: MailState, after: timedelta, is_kept: bool) -> None:
    with site.database.writing() as session:
        mail_queue.queue_mail(session, to=CURATOR, lang="lv", subject="S", body="B")
        session.flush()
        mail = session.get_one(Mail, 1)
        mail.state, mail.ended_at, mail.created_at = state, START, START - timedelta(days=3)
    assert maintained_at(site, START + timedelta(days=30) + after)["mails"] == is_kept


def test_a_mail_that_waits_is_never_forgotten(site: SiteFixture) -> None:
    with time_machine.travel(START, tick=False):
        propose(site)
    assert maintained_at(site, START + timedelta(days=300))["mails"] == 1


@pytest.mark.parametrize(("after", "is_kept"), [(-SECOND, True), (timedelta(0), True), (SECOND, False)])
@pytest.mark.parametrize("is_used", [True, False])
def test_tokens_go_thirty_days_after_they_were_used_or_ran_out(
    site: SiteFixture, is_used: bool, after: timedelta, is_kept: bool
) -> None:
    with time_machine.travel(START, tick=False), site.database.writing() as session:
        secret = tokens.issue_token(session, purpose=tokens.CONFIRM_PLATFORM, payload={})
        session.flush()
        if is_used:
            tokens.use_token(session, secret, tokens.CONFIRM_PLATFORM)
    ended = START if is_used else START + timedelta(days=3)
    assert maintained_at(site, ended + timedelta(days=30) + after)["tokens"] == is_kept


@pytest.mark.parametrize(("after", "is_kept"), [(-SECOND, True), (timedelta(0), True), (SECOND, False)])
def test_sessions_go_thirty_days_after_they_ran_out(site: SiteFixture, after: timedelta, is_kept: bool) -> None:
    with time_machine.travel(START, tick=False):
        site.signed_in()
    assert maintained_at(site, START + timedelta(days=44) + after)["sessions"] == is_kept


@pytest.mark.parametrize(("after", "is_kept"), [(-SECOND, True), (timedelta(0), True), (SECOND, False)])
def test_requests_for_links_go_after_a_day(site: SiteFixture, after: timedelta, is_kept: bool) -> None:
    with time_machine.travel(START, tick=False):
        propose(site)
    requests = maintained_at(site, START + timedelta(days=1) + after)["link_requests"]
    assert requests == (2 if is_kept else 0), "the look and the link"


def maintained_at(site: SiteFixture, moment: datetime) -> dict[str, int]:
    with time_machine.travel(moment, tick=False):
        run_maintenance(site.services)
    return counts(site)
