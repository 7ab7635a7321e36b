"""The machine's clock jumps: a day or a year ahead and back, or an hour back. What was written meanwhile holds nothing up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import update

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.models import Mail, MailState, Platform, Role
from platforma.catalogue.people import rate_limits
from platforma.catalogue.people.rate_limits import ExceededLimit, LinkAttempt
from platforma.catalogue.people.tokens import SIGN_IN
from platforma.catalogue.platforms import leases
from platforma.mail.delivery import CLAIM_DURATION
from platforma.worker.due import due_platforms
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.people.inbox import Inbox
from tests.people.post import ANNA, AWAY, Post
from tests.people.site_fixture import SiteFixture

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
AHEAD = pytest.mark.parametrize("ahead", [HOUR, DAY], ids=["hour", "day"])


@pytest.fixture
def catalogue(database_url: str, tmp_path: Path) -> CatalogueFixture:
    return CatalogueFixture(database_url, tmp_path)


@pytest.fixture
def post(tmp_path: Path, database_url: str) -> Post:
    return Post(tmp_path, database_url)


@AHEAD
@pytest.mark.parametrize("was_tried", [False, True])
def test_a_mail_that_was_written_ahead_is_sent_once_the_clock_is_right(
    post: Post, inbox: Inbox, ahead: timedelta, was_tried: bool
) -> None:
    with time_machine.travel(utc_now() + ahead, tick=False):
        post.put()
        if was_tried:
            post.deliver(AWAY)
    with time_machine.travel(utc_now() + (2 * HOUR if was_tried and ahead == HOUR else timedelta())):
        assert (post.deliver(inbox.url), post.deliver(inbox.url)) == (1, 0)
    assert (inbox.recipients, post.states()) == ([ANNA], {ANNA: "sent"})


@AHEAD
@pytest.mark.parametrize("state", [MailState.WAITING, MailState.SENDING])
def test_a_mail_that_was_claimed_ahead_by_a_worker_that_died_is_no_longer_its(
    post: Post, inbox: Inbox, ahead: timedelta, state: MailState
) -> None:
    post.put()
    until = utc_now() + ahead + CLAIM_DURATION
    with post.database.writing() as session:
        session.execute(update(Mail).values(state=state, claimed_by="x", claimed_until=until))
    sent = post.deliver(inbox.url)
    assert (sent, post.states()) == ((1, {ANNA: "sent"}) if state == MailState.WAITING else (0, {ANNA: "uncertain"}))


@AHEAD
def test_a_lease_that_was_taken_ahead_is_free_once_the_clock_is_right(catalogue: CatalogueFixture, ahead: timedelta) -> None:
    now = utc_now()
    with catalogue.database.writing() as session:
        former = leases.acquire(session, platform_id="a", hosts={"x.lv"}, now=now + ahead)
    with catalogue.database.writing() as session:
        assert leases.running_crawls(session, now) == {}
        assert leases.is_free(session, "b", {"x.lv"}, now) and leases.was_abandoned(session, "a", now)
        leases.acquire(session, platform_id="a", hosts={"x.lv"}, now=now)
        assert not leases.renew(session, former, now), "who held it stops"


def test_clocks_that_differ_by_minutes_take_no_lease_away(catalogue: CatalogueFixture) -> None:
    now = utc_now()
    with catalogue.database.writing() as session:
        leases.acquire(session, platform_id="a", hosts={"x.lv"}, now=now + timedelta(minutes=10))
        with pytest.raises(leases.PlatformBusy):
            leases.acquire(session, platform_id="a", hosts={"x.lv"}, now=now)


@pytest.mark.parametrize(("ahead", "is_due"), [(-HOUR, True), (2 * DAY, False), (timedelta(days=31), False), (YEAR, True)])
def test_a_turn_that_was_planned_for_next_year_is_due(catalogue: CatalogueFixture, ahead: timedelta, is_due: bool) -> None:
    catalogue.propose()
    with catalogue.database.writing() as session:
        session.get_one(Platform, "p").next_crawl_at = utc_now() + ahead
    assert due_platforms(catalogue.database, "Europe/Riga") == ["p"] * is_due


@AHEAD
def test_links_that_were_asked_for_ahead_do_not_count_for_longer_than_others(
    catalogue: CatalogueFixture, ahead: timedelta
) -> None:
    def asked() -> ExceededLimit | None:
        with catalogue.database.writing() as session:
            return rate_limits.count_attempt(session, LinkAttempt(SIGN_IN, "192.0.2.1", ANNA, b"key"))

    with time_machine.travel(utc_now() + ahead, tick=False):
        assert [asked() for _ in range(6)] == [None] * 5 + [ExceededLimit.RECIPIENT]
    with time_machine.travel(utc_now() + timedelta(minutes=1)):
        assert asked() is None


def test_who_signed_in_stays_so_while_the_clock_jumps(site: SiteFixture) -> None:
    before = site.signed_in()
    with time_machine.travel(utc_now() + DAY):
        ahead = site.signed_in(Role.ADMIN)
        assert [client.get("/lv/desk/").status_code for client in (before, ahead)] == [200, 200]
    for moved in (timedelta(), -HOUR):
        with time_machine.travel(utc_now() + moved):
            assert [client.get("/lv/desk/").status_code for client in (before, ahead)] == [200, 200]
