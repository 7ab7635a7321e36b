"""CrawlPool without anybody there: leases, stops, patience, several at once; on both databases, with real servers."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import func, select, update

from crawlers.clock import Clock
from platforma.catalogue import notices
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database, alembic_config
from platforma.catalogue.desk import queues
from platforma.catalogue.ingest.staging import prune_reports
from platforma.catalogue.models import Crawl, CrawlChange, CrawlProblem, Lease, Notice, Platform, PlatformState, StagedRecord
from platforma.catalogue.platforms import leases, platform_states
from platforma.catalogue.platforms.leases import PlatformBusy
from platforma.worker.crawl_job import crawl_platform
from platforma.worker.crawl_pool import CrawlPool
from platforma.worker.due import due_platforms
from platforma.worker.indexing import ensure_index
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
from tests.crawlers.clocks import QuickClock
from tests.crawlers.server import hostile, served
from tests.crawlers.unseen_sites import TITLES, labelled_pages_with_a_text_sitemap

GUARD_SECONDS = 60
"""How long a test waits at most for what it says will happen."""
PATHS = tuple(f"/project/{number}" for number in range(12))


@pytest.fixture
def catalogue(catalogue: CatalogueFixture) -> CatalogueFixture:
    """The catalogue, whose crawls may reach this machine."""
    catalogue.settings = catalogue.settings.model_copy(update={"crawl_private_hosts": True})
    return catalogue


def propose(catalogue: CatalogueFixture, platform_id: str, url: str, **recipe: object) -> None:
    """An approved platform that is due."""
    data = {"platform": platform_id, "title": platform_id, "url": url, "adapter": "sitemap", "limits": {"delay_seconds": 0}}
    with catalogue.database.writing() as session:
        platform_states.propose_platform(
            session, platform_states.Proposal(url=url, title=platform_id, recipe=data | recipe), actor="t"
        )
        platform_states.approve_platform(session, platform_id=platform_id, actor="t")


def platform(database: Database, platform_id: str = "p") -> Platform:
    with database.reading() as session:
        return session.get_one(Platform, platform_id)


def wait_until(is_so: Callable[[], bool], seconds: float = GUARD_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_one_process_holds_a_platform_and_its_hosts(catalogue: CatalogueFixture) -> None:
    now = utc_now()
    with catalogue.database.writing() as session:
        holder = leases.acquire(session, platform_id="a", hosts={"x.lv"}, now=now)
    for other, hosts in (("a", {"y.lv"}), ("b", {"x.lv", "z.lv"})):
        with pytest.raises(PlatformBusy), catalogue.database.writing() as session:
            leases.acquire(session, platform_id=other, hosts=hosts, now=now)
    with catalogue.database.writing() as session:
        assert leases.acquire(session, platform_id="c", hosts={"z.lv"}, now=now), "nothing of a refused lease is left"
        assert leases.renew(session, holder, now + timedelta(minutes=1))
    later = now + timedelta(minutes=1) + leases.LEASE_DURATION - timedelta(seconds=1)
    with pytest.raises(PlatformBusy), catalogue.database.writing() as session:
        leases.acquire(session, platform_id="b", hosts={"x.lv"}, now=later)
    with catalogue.database.writing() as session:
        assert leases.acquire(session, platform_id="b", hosts={"x.lv"}, now=later + timedelta(seconds=2)), (
            "that of a dead one ran out"
        )
        leases.acquire(session, platform_id="a", hosts=(), now=later + timedelta(seconds=2))
        assert not leases.renew(session, holder, later + timedelta(seconds=3)), "what another took since is not ours"


def test_a_lease_of_a_process_that_died_here_is_free_at_once(catalogue: CatalogueFixture) -> None:
    with catalogue.database.writing() as session:
        holder = leases.acquire(session, platform_id="a", hosts={"x.lv"}, now=utc_now())
        machine, pid, _ = holder.rsplit("/", 2)
        assert pid == str(os.getpid())
    ended = subprocess.Popen(["true"])
    ended.wait()
    for where, is_free in (("elsewhere", False), (machine, True)):
        with catalogue.database.writing() as session:
            session.execute(update(Lease).values(holder=f"{where}/{ended.pid}/x"))
        with catalogue.database.reading() as session:
            assert leases.is_free(session, "b", {"x.lv"}, utc_now()) is is_free
    with catalogue.database.writing() as session:
        assert leases.acquire(session, platform_id="b", hosts={"x.lv"}, now=utc_now())


def test_a_crawl_that_kills_process_after_process_becomes_a_failure(catalogue: CatalogueFixture) -> None:
    propose(catalogue, "p", "http://127.0.0.1:9/")
    states: list[object] = []
    for _ in range(3):
        with catalogue.database.writing() as session:
            session.add(Lease(key="platform:p", platform_id="p", holder="x", until=utc_now(), is_stop_asked=False))
            session.get_one(Platform, "p").failures = len(states)
        states.append(crawl_platform(catalogue.services, "p", clock=QuickClock()).reason)
    assert ["program" in str(reason) for reason in states] == [False, False, True]


def test_a_recipe_that_cannot_be_read_is_a_failed_crawl(catalogue: CatalogueFixture) -> None:
    propose(catalogue, "p", "https://p.example/", adapter="magic")
    report = crawl_platform(catalogue.services, "p")
    assert report.state == "failed" and "adapter" in str(report.failure)
    assert due_platforms(catalogue.database, "UTC") == []


def test_only_one_of_many_takers_gets_the_lease(catalogue: CatalogueFixture) -> None:
    got: list[str] = []
    start = threading.Barrier(8)

    def attempt(number: int) -> None:
        start.wait()
        try:
            with catalogue.database.writing() as session:
                leases.acquire(session, platform_id=f"p{number}", hosts={"x.lv", "y.lv"}, now=utc_now())
            got.append(f"p{number}")
        except PlatformBusy:
            return

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(got) == 1


def test_hosts_are_compared_without_www_and_usual_ports() -> None:
    addresses = ("https://www.Partneris.lv/a", "http://partneris.lv:80/", "https://partneris.lv:8443/", "nonsense")
    assert leases.hosts_of(addresses) == {"partneris.lv", "partneris.lv:8443"}


def test_two_platforms_of_one_host_wait_for_each_other_and_two_hosts_do_not(catalogue: CatalogueFixture) -> None:
    released = threading.Event()
    first, second = (hostile(listed=(f"/held/{n}", f"/project/{n}"), released=released) for n in (1, 2))
    with first as (base, requests), second as (other, other_requests):
        propose(catalogue, "a", f"{base}/")
        propose(catalogue, "b", f"{base}/lv/")
        propose(catalogue, "c", f"{other}/")
        services = catalogue.services
        ensure_index(services)
        crawls = CrawlPool(services)
        crawls.start_due()
        wait_until(lambda: "/held/1" in requests and "/held/2" in other_requests, 60)
        with catalogue.database.reading() as session:
            now = set(leases.running_crawls(session, utc_now()))
        assert now in ({"a", "c"}, {"b", "c"})
        released.set()
        wait_until(lambda: _done(catalogue) == ["a", "b", "c"] and not _running(catalogue), 60)
        crawls.stop(5)
    assert requests.count("/held/1") == 2, "the second of the host came after the first"
    services.engine.close()


def _done(catalogue: CatalogueFixture) -> list[str]:
    with catalogue.database.reading() as session:
        return sorted(session.scalars(select(Crawl.platform_id).where(Crawl.state == "done")))


def _running(catalogue: CatalogueFixture) -> bool:
    with catalogue.database.reading() as session:
        return bool(session.scalar(select(func.count()).select_from(Lease)))


@contextmanager
def crawling(
    catalogue: CatalogueFixture, clock: Clock | None = None
) -> Iterator[tuple[threading.Thread, threading.Event, list[PlatformBusy]]]:
    """A crawl of the platform `p` beside the test, with what makes its process leave, and what the crawl raised."""
    shutdown, raised = threading.Event(), []

    def run() -> None:
        try:
            crawl_platform(catalogue.services, "p", shutdown=shutdown, clock=clock or QuickClock())
        except PlatformBusy as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    yield thread, shutdown, raised
    thread.join(GUARD_SECONDS)
    assert not thread.is_alive()


@pytest.mark.parametrize("how", ["desk", "leaving", "paused"])
def test_a_running_crawl_stops_while_it_waits_for_a_page_and_keeps_what_it_read(catalogue: CatalogueFixture, how: str) -> None:
    released = threading.Event()
    with hostile(listed=(*PATHS[:10], "/held/x", *PATHS[10:]), released=released) as (base, requests):
        propose(catalogue, "p", f"{base}/")
        with crawling(catalogue) as (thread, shutdown, _):
            wait_until(lambda: "/held/x" in requests)
            if how == "desk":
                with catalogue.database.writing() as session:
                    assert leases.request_stop(session, "p", utc_now())
            elif how == "paused":
                with catalogue.database.writing() as session:
                    platform_states.pause_platform(session, platform_id="p", actor="t")
            else:
                shutdown.set()
            thread.join(GUARD_SECONDS)
        assert PATHS[10] not in requests, "it ended before the page came, which never did"
        with catalogue.database.writing() as session:
            assert session.scalar(select(func.count()).select_from(StagedRecord)) == 10
            crawl = session.scalars(select(Crawl)).one()
            assert (crawl.state, crawl.ended_at) == ("running", None)
            due = session.get_one(Platform, "p").next_crawl_at
            is_due_now = due is not None and due <= utc_now()
            assert is_due_now == (how == "leaving"), "only where the process ended does another go on at once"
            session.get_one(Platform, "p").state = PlatformState.TRUSTED
        released.set()
        report = crawl_platform(catalogue.services, "p", clock=QuickClock())
    assert (report.state, report.counts["new"]) == ("done", len(PATHS) + 1)
    assert [requests.count(path) for path in (*PATHS, "/held/x")] == [1] * len(PATHS) + [2], (
        "what was read is not asked for again"
    )


def test_a_stop_is_heard_during_a_long_wait(catalogue: CatalogueFixture) -> None:
    class Unhurried(QuickClock):
        """Looks around often, and sleeps as long as it is told."""

        def sleep(self, seconds: float) -> None:
            Clock.sleep(self, seconds)

    with hostile(listed=PATHS) as (base, requests):
        propose(catalogue, "p", f"{base}/", limits={"delay_seconds": 500})
        with crawling(catalogue, Unhurried()) as (thread, shutdown, _):
            wait_until(lambda: len(requests) >= 1)
            shutdown.set()
            thread.join(GUARD_SECONDS)
        assert PATHS[0] not in requests


def test_who_lost_the_lease_changes_nothing_more(catalogue: CatalogueFixture) -> None:
    with hostile(listed=(PATHS[0], "/held/x")) as (base, requests):
        propose(catalogue, "p", f"{base}/")
        with crawling(catalogue) as (thread, _, raised):
            wait_until(lambda: "/held/x" in requests)
            with catalogue.database.writing() as session:
                session.execute(update(Lease).values(holder="another"))
            thread.join(GUARD_SECONDS)
    assert len(raised) == 1
    with catalogue.database.reading() as session:
        assert set(session.scalars(select(Lease.holder))) == {"another"}, "the other's lease is left alone"
        assert session.scalars(select(Crawl.state)).one() == "running"


def test_a_platform_outside_its_hours_is_not_asked(catalogue: CatalogueFixture) -> None:
    hour = utc_now().hour
    propose(catalogue, "p", "https://p.example/", limits={"hours": f"{(hour + 2) % 24}-{(hour + 3) % 24}"})
    assert due_platforms(catalogue.database, "UTC") == []
    with catalogue.database.writing() as session:
        session.get_one(Platform, "p").recipe = {
            "platform": "p",
            "url": "https://p.example/",
            "limits": {"hours": f"{hour}-{(hour + 2) % 24}"},
        }
    assert due_platforms(catalogue.database, "UTC") == ["p"]


def test_a_site_that_fails_is_tried_again_told_once_and_slowed(catalogue: CatalogueFixture) -> None:
    propose(catalogue, "p", "http://127.0.0.1:9/")
    waits = []
    for _ in range(10):
        report = crawl_platform(catalogue.services, "p", clock=QuickClock())
        assert report.state == "failed"
        due = platform(catalogue.database).next_crawl_at
        assert due is not None
        waits.append(round((due - utc_now()) / timedelta(hours=1)))
    assert waits[:2] == [1, 4]
    assert all(23 <= hours <= 25 for hours in waits[2:8])
    assert all(hours > 160 for hours in waits[8:])
    with catalogue.database.reading() as session:
        assert sorted(session.scalars(select(Notice.topic))) == ["failed", "slowed"]
        assert queues.counted(session, queues.queue("unreadable"))[0] == 1
    with hostile(listed=PATHS[:1]) as (base, _):
        with catalogue.database.writing() as session:
            row = session.get_one(Platform, "p")
            row.recipe = row.recipe | {"url": f"{base}/"}
        assert crawl_platform(catalogue.services, "p").state == "done"
    with catalogue.database.reading() as session:
        assert session.get_one(Platform, "p").failures == 0
        assert notices.open_notices(session, notices.TROUBLE_TOPICS) == []


def test_a_weekly_platform_is_due_in_a_week(catalogue: CatalogueFixture) -> None:
    with hostile(listed=PATHS[:1]) as (base, _):
        propose(catalogue, "p", f"{base}/", interval="weekly")
        crawl_platform(catalogue.services, "p")
    due = platform(catalogue.database).next_crawl_at
    assert due is not None and timedelta(days=6) < due - utc_now() < timedelta(days=8)


def test_reports_are_kept_for_a_year(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    report = catalogue.crawl([record("1")])
    with catalogue.database.writing() as session:
        session.add(CrawlProblem(crawl_id=report.crawl_id, severity="warning", reason="x", values={}))
        session.flush()
        assert prune_reports(session, utc_now() + timedelta(days=364)) == 0
        assert prune_reports(session, utc_now() + timedelta(days=366)) == 1
        for table in (Crawl, CrawlProblem, CrawlChange):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    assert set(catalogue.shown()) == {"Nosaukums 1"}


def test_the_migration_keeps_what_is_there(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    catalogue.crawl([record("1"), record("2")])
    with catalogue.database.engine.connect() as connection:
        command.downgrade(alembic_config(connection), "0002")
        connection.commit()
        command.upgrade(alembic_config(connection), "head")
        connection.commit()
    assert set(catalogue.shown()) == {"Nosaukums 1", "Nosaukums 2"}
    with catalogue.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Crawl)) == 1


def test_what_discovery_found_is_kept_for_the_next_crawl(catalogue: CatalogueFixture) -> None:
    with served(labelled_pages_with_a_text_sitemap()) as url:
        propose(catalogue, "p", url, adapter="auto")
        assert crawl_platform(catalogue.services, "p").counts["new"] == len(TITLES)
        recipe = platform(catalogue.database).recipe
        assert (recipe["adapter"] != "auto", recipe["url"]) == (True, url)
        assert crawl_platform(catalogue.services, "p").counts["unchanged"] == len(TITLES)
