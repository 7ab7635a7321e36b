"""What the worker does, and its tick that picks up what is due.

What must happen is a row (a platform's `next_crawl_at`, an outbox row, a mail). Huey only wakes workers early, so a
task that is lost with a killed worker costs at most a minute.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from huey import Huey, RedisHuey, SqliteHuey, crontab

from platforma.catalogue.database import Database
from platforma.catalogue.ingest import archive_overdue
from platforma.catalogue.mails import deliver_due
from platforma.catalogue.types import utc_now
from platforma.crawling import PlatformBusy, crawl_platform, due_platforms
from platforma.indexing import ensure_index
from platforma.locks import LockHeld, lock
from platforma.settings import Settings
from search.port import SearchEngine, SearchError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Workplace:
    """What every job needs."""

    settings: Settings
    database: Database
    engine: SearchEngine


def run_errands(place: Workplace) -> None:
    """The short work: index what waits, send mails, archive what has long been gone. One process does it at a time."""
    try:
        with lock(place.settings, "errands", wait=False):
            index_now(place)
            deliver_due(place.database, place.settings)
            with place.database.writing() as session:
                archive_overdue(session, utc_now())
    except LockHeld:
        log.debug("another worker runs the errands")


def crawl_due(place: Workplace) -> int:
    """Crawl every platform that is due and free, one after the other; returns how many were crawled."""
    crawled = 0
    for platform_id in due_platforms(place.database):
        try:
            report = crawl_platform(place.settings, place.database, platform_id)
        except PlatformBusy:
            continue
        log.info("crawled %s: %s %s", platform_id, report.state, report.counts)
        index_now(place)
        crawled += 1
    return crawled


def index_now(place: Workplace) -> None:
    """Bring the index up to date; an engine that is down is logged, and its work waits in the outbox."""
    try:
        ensure_index(place.settings, place.database, place.engine)
    except SearchError as error:
        log.warning("the index waits: %s", error)
    except LockHeld:
        log.debug("another process rebuilds the index")


def wake(settings: Settings) -> None:
    """Ask a worker to look now instead of within a minute; no worker need be there."""
    queue = open_queue(settings)
    for name in _TASKS:
        queue.task(name=name)(_only_in_a_worker)()


def run_worker(place: Workplace) -> None:
    """Work until SIGTERM or SIGINT; a crawl that is cut off is resumed by the next worker."""
    queue = open_queue(place.settings)
    for name, work in _TASKS.items():
        task = _once_at_a_time(work, place)
        queue.task(name=name)(task)
        queue.periodic_task(crontab(minute="*"), name=f"{name}_each_minute")(task)
    wake(place.settings)
    log.info("the worker works")
    queue.create_consumer(workers=len(_TASKS), worker_type="thread", max_delay=1.0).run()


def open_queue(settings: Settings) -> Huey:
    """Huey over SQLite or Redis, as PLATFORMA_QUEUE_URL says; results are not kept."""
    if settings.queue_url.startswith(("redis://", "rediss://")):
        return RedisHuey("platforma", url=settings.queue_url, results=False)
    path = Path(settings.queue_url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("platforma", filename=str(path), results=False)


_TASKS: dict[str, Callable[[Workplace], object]] = {"errands": run_errands, "crawls": crawl_due}


def _only_in_a_worker() -> None:
    raise AssertionError("tasks run in a worker")


def _once_at_a_time(work: Callable[[Workplace], object], place: Workplace) -> Callable[[], None]:
    """The work as a task that leaves at once while this process still does it, so that one kind never fills the pool."""
    busy = threading.Lock()

    def task() -> None:
        if busy.acquire(blocking=False):
            try:
                work(place)
            finally:
                busy.release()

    return task
