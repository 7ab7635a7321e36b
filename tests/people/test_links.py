"""Links: nobody who reads the database alone can use one, expired is expired, used is used, and what is old goes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, inspect, select, text

from platforma.catalogue.database import Database
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.models import LinkRequest, Mail, MailState, Role, Token, UserSession
from platforma.catalogue.people import accounts, tokens
from platforma.catalogue.platforms import platform_states
from platforma.mail import mail_queue
from platforma.mail.crawl_mails import tell_of_crawl
from platforma.mail.delivery import deliver_due
from platforma.worker.maintenance import run_maintenance
from tests.people.place import Place

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CURATOR = "anna@sic.example"


def account(place: Place, email: str = CURATOR, role: Role = Role.CURATOR) -> int:
    with place.database.writing() as session:
        return accounts.add_user(session, email=email, role=role, actor="test").id


def ask_sign_in(place: Place, email: str = CURATOR) -> None:
    assert place.app.test_client().post("/lv/sign-in", data={"email": email}).status_code == 200


def propose(place: Place, url: str = "https://partneris.example") -> None:
    data = {"url": url, "email": "info@partneris.example"}
    assert place.app.test_client().post("/lv/register", data=data).status_code == 200


def whole_database(database: Database) -> str:
    """Every column of every row of every table."""
    with database.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        rows = [tuple(row) for name in names for row in connection.execute(text(f'select * from "{name}"'))]
    return repr(rows)


@pytest.mark.parametrize("what", ["sign_in", "confirm_platform", "reports"])
def test_who_reads_the_database_alone_finds_no_link_that_works(place_on: Place, what: str) -> None:
    place = place_on
    if what == "sign_in":
        account(place)
        ask_sign_in(place)
    elif what == "confirm_platform":
        propose(place)
    else:
        with place.database.writing() as session:
            recipe = {"platform": "v", "title": "V", "url": "https://v.example/"}
            platform_states.propose_platform(
                session,
                platform_states.Proposal(url="https://v.example/", title="V", recipe=recipe, contact_email="i@v.example"),
                actor="t",
            )
        report = CrawlReport(1, "v", "failed", "turn", 1, {}, "it is down", {}, START, START)
        tell_of_crawl(place.services.settings, place.database, report, is_slowed=False)
    before = whole_database(place.database)
    link = place.link()
    secret = re.search(r"/([^/]+?)(?:/\d+)?$", link)[1].rpartition("-")[2]  # type: ignore[index]
    after = whole_database(place.database)
    assert len(secret) == 32
    assert place.app.test_client().get(link).status_code == (404 if what == "reports" else 200)
    assert mail_queue.PLACEHOLDER in before and secret not in before and secret not in after


def status_at(place: Place, link: str, moment: datetime, method: str = "POST") -> int:
    with time_machine.travel(moment, tick=False):
        return place.app.test_client().open(link, method=method).status_code


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("after", "works"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_a_sign_in_link_works_for_thirty_minutes(place: Place, method: str, after: timedelta, works: bool) -> None:
    with time_machine.travel(START, tick=False):
        account(place)
        ask_sign_in(place)
        link = place.link()
    good = 200 if method == "GET" else 302
    assert status_at(place, link, START + timedelta(minutes=30) + after, method) == (good if works else 410)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("after", "works"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_a_link_that_confirms_a_platform_works_for_three_days(place: Place, method: str, after: timedelta, works: bool) -> None:
    with time_machine.travel(START, tick=False):
        propose(place)
        link = place.link()
    assert status_at(place, link, START + timedelta(days=3) + after, method) == (200 if works else 410)


@pytest.mark.parametrize(("after", "works"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_a_session_lasts_fourteen_days(place: Place, after: timedelta, works: bool) -> None:
    with time_machine.travel(START, tick=False):
        client = place.signed_in()
    with time_machine.travel(START + timedelta(days=14) + after, tick=False), place.database.reading() as session:
        secret = client.get_cookie("platforma_session")
        assert secret is not None
        assert (accounts.session_account(session, secret.value) is not None) == works


def test_a_link_begins_to_grow_old_when_its_first_mail_goes(place: Place) -> None:
    with time_machine.travel(START, tick=False) as clock:
        account(place)
        ask_sign_in(place)
        clock.shift(timedelta(days=1))
        link = place.link()
        clock.shift(timedelta(minutes=15))
        ask_sign_in(place)
        assert place.link() == link, "it is the same link once more, no older and no younger"
    sent = START + timedelta(days=1)
    assert status_at(place, link, sent + timedelta(minutes=30) - SECOND, "GET") == 200
    assert status_at(place, link, sent + timedelta(minutes=30), "GET") == 410


@pytest.mark.parametrize(("left", "is_same"), [(-SECOND, False), (timedelta(0), False), (SECOND, True)])
def test_a_link_with_ten_minutes_left_is_followed_by_a_new_one(place: Place, left: timedelta, is_same: bool) -> None:
    with time_machine.travel(START, tick=False) as clock:
        account(place)
        ask_sign_in(place)
        link = place.link()
        clock.move_to(START + timedelta(minutes=20) - left)
        ask_sign_in(place)
        assert (place.link() == link) == is_same


def test_a_used_link_is_used_and_the_other_purpose_is_refused(place: Place) -> None:
    account(place)
    client = place.app.test_client()
    ask_sign_in(place)
    sign_in = place.link()
    propose(place)
    confirm = place.link()
    assert client.post(sign_in.replace("sign-in", "register")).status_code == 410
    assert client.post(confirm.replace("register", "sign-in")).status_code == 410
    assert [client.post(sign_in).status_code for _ in range(2)] == [302, 410]
    assert [client.post(confirm).status_code for _ in range(2)] == [200, 410]
    assert client.get(sign_in).status_code == 410
    ask_sign_in(place)
    assert place.link() != sign_in, "what was used is not sent once more"


def opens_desk(client: FlaskClient) -> int:
    return client.get("/lv/desk/").status_code


def test_a_role_that_is_taken_away_ends_at_once(place: Place) -> None:
    client = place.signed_in()
    assert opens_desk(client) == 200
    with place.database.writing() as session:
        accounts.add_user(session, email="curator@sic.example", role=Role.READER, actor="test")
    assert opens_desk(client) == 403


def test_closing_an_account_ends_sessions_and_links_until_it_is_opened_again(place: Place) -> None:
    client, id = place.signed_in(), account(place, "curator@sic.example")
    ask_sign_in(place, "curator@sic.example")
    link = place.link()
    with place.database.writing() as session:
        accounts.close_account(session, user_id=id, actor="test")
    assert (opens_desk(client), place.app.test_client().post(link).status_code) == (302, 410)
    ask_sign_in(place, "curator@sic.example")
    assert deliver_due(place.database, place.services.settings) == 0
    assert account(place, "curator@sic.example") == id
    assert (opens_desk(client), place.app.test_client().post(link).status_code) == (302, 410)
    ask_sign_in(place, "curator@sic.example")
    assert place.app.test_client().post(place.link()).status_code == 302


def counts(place: Place) -> dict[str, int]:
    with place.database.reading() as session:
        tables = (Mail, Token, UserSession, LinkRequest)
        return {one.__tablename__: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}


@pytest.mark.parametrize(("after", "is_kept"), [(-SECOND, True), (timedelta(0), True), (SECOND, False)])
@pytest.mark.parametrize("state", [MailState.SENT, MailState.FAILED, MailState.UNCERTAIN])
def test_mails_go_thirty_days_after_they_ended(place: Place, state: MailState, after: timedelta, is_kept: bool) -> None:
    with place.database.writing() as session:
        mail_queue.queue_mail(session, to=CURATOR, lang="lv", subject="S", body="B")
        session.flush()
        mail = session.get_one(Mail, 1)
        mail.state, mail.ended_at, mail.created_at = state, START, START - timedelta(days=3)
    assert maintained_at(place, START + timedelta(days=30) + after)["mails"] == is_kept


def test_a_mail_that_waits_is_never_forgotten(place: Place) -> None:
    with time_machine.travel(START, tick=False):
        propose(place)
    assert maintained_at(place, START + timedelta(days=300))["mails"] == 1


@pytest.mark.parametrize(("after", "is_kept"), [(-SECOND, True), (timedelta(0), True), (SECOND, False)])
@pytest.mark.parametrize("is_used", [True, False])
def test_tokens_go_thirty_days_after_they_were_used_or_ran_out(
    place: Place, is_used: bool, after: timedelta, is_kept: bool
) -> None:
    with time_machine.travel(START, tick=False), place.database.writing() as session:
        secret = tokens.issue_token(session, purpose=tokens.CONFIRM_PLATFORM, payload={})
        session.flush()
        if is_used:
            tokens.use_token(session, secret, tokens.CONFIRM_PLATFORM)
    ended = START if is_used else START + timedelta(days=3)
    assert maintained_at(place, ended + timedelta(days=30) + after)["tokens"] == is_kept


@pytest.mark.parametrize(("after", "is_kept"), [(-SECOND, True), (timedelta(0), True), (SECOND, False)])
def test_sessions_go_thirty_days_after_they_ran_out(place: Place, after: timedelta, is_kept: bool) -> None:
    with time_machine.travel(START, tick=False):
        place.signed_in()
    assert maintained_at(place, START + timedelta(days=44) + after)["sessions"] == is_kept


@pytest.mark.parametrize(("after", "is_kept"), [(-SECOND, True), (timedelta(0), True), (SECOND, False)])
def test_requests_for_links_go_after_a_day(place: Place, after: timedelta, is_kept: bool) -> None:
    with time_machine.travel(START, tick=False):
        propose(place)
    assert maintained_at(place, START + timedelta(days=1) + after)["link_requests"] == is_kept


def maintained_at(place: Place, moment: datetime) -> dict[str, int]:
    with time_machine.travel(moment, tick=False):
        run_maintenance(place.services)
    return counts(place)
