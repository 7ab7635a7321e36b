"""What the worker does, and its tick that picks up what is due.

What must happen is a row (a platform's `next_crawl_at`, an outbox row, a mail). Huey only wakes workers early, so a
task that is lost with a killed worker costs at most a minute.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from huey import crontab

from crawlers.errors import CrawlError
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.ingest.staging import prune_reports
from platforma.catalogue.listings.grace import archive_overdue
from platforma.catalogue.people import accounts, rate_limits, tokens
from platforma.locks import LockHeld, lock
from platforma.mail import mail_queue
from platforma.mail.delivery import deliver_due
from platforma.services import Services
from platforma.worker.crawl_job import PlatformBusy, do_what_is_due, due_platforms
from platforma.worker.indexing import ensure_index
from platforma.worker.task_queue import TASKS, ask_to_look, open_queue
from search.port import SearchError

log = logging.getLogger(__name__)
PRUNINGS = (
    archive_overdue,
    prune_reports,
    mail_queue.prune_mails,
    tokens.prune_tokens,
    accounts.prune_sessions,
    rate_limits.prune_attempts,
)
"""What is archived or forgotten when its time has come, each called with a session and the present instant."""
PATIENCE_SECONDS = 3.0
"""How long crawls have to stop when the worker ends; a request that takes longer is cut off."""


def run_maintenance(place: Services) -> None:
    """The short work: index what waits, archive what has long been gone, forget what has been kept long enough.

    One process does it at a time. Mails are a task of their own, so that a slow server holds up nothing else.
    """
    try:
        with lock(place.settings, "errands", wait=False):
            index_now(place)
            with place.database.writing() as session:
                for prune in PRUNINGS:
                    prune(session, utc_now())
    except LockHeld:
        log.debug("another worker runs the errands")


def run_mails(place: Services) -> None:
    """Send the mails that are due."""
    deliver_due(place.database, place.settings)


class CrawlPool:
    """The crawls of this process: so many platforms side by side as the settings say, each in a thread of its own."""

    def __init__(self, place: Services) -> None:
        self._place = place
        self._running: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()
        self._leaving = threading.Event()

    def start_due(self) -> None:
        """Begin what is due, free and not running here already, as far as there is room."""
        for platform_id in due_platforms(self._place.database, self._place.settings.time_zone):
            with self._lock:
                is_room = len(self._running) < self._place.settings.crawls_at_once and not self._leaving.is_set()
                if is_room and platform_id not in self._running:
                    self._running[platform_id] = threading.Thread(target=self._do, args=(platform_id,), daemon=True)
                    self._running[platform_id].start()

    def leave(self, patience_seconds: float) -> None:
        """Let every crawl stop where it is; the next worker goes on from there."""
        self._leaving.set()
        until = time.monotonic() + patience_seconds
        for thread in list(self._running.values()):
            thread.join(max(0.0, until - time.monotonic()))

    def _do(self, platform_id: str) -> None:
        is_done = False
        try:
            is_done = self._did(platform_id) and not self._leaving.is_set()
            if is_done:
                index_now(self._place)
        except Exception:
            log.exception("crawling %s", platform_id)
        finally:
            with self._lock:
                self._running.pop(platform_id, None)
        if is_done and not self._leaving.is_set():
            self.start_due()

    def _did(self, platform_id: str) -> bool:
        """Do what is due for a platform; False when somebody else has it or its host, or nothing could be done."""
        try:
            report = do_what_is_due(self._place.settings, self._place.database, platform_id, self._leaving)
        except PlatformBusy:
            return False
        except CrawlError as error:
            log.warning("%s was not crawled: %s", platform_id, error)
            return False
        if report is not None:
            log.info("crawled %s: %s %s", platform_id, report.state, report.counts)
        return report is not None


def index_now(place: Services) -> None:
    """Bring the index up to date; an engine that is down is logged, and its work waits in the outbox."""
    try:
        ensure_index(place.settings, place.database, place.engine)
    except SearchError as error:
        log.warning("the index waits: %s", error)
    except LockHeld:
        log.debug("another process rebuilds the index")


def run_worker(place: Services) -> None:
    """Work until SIGTERM or SIGINT; a crawl that is cut off is resumed by the next worker. Raises QueueUnavailable."""
    queue, crawls = open_queue(place.settings), CrawlPool(place)
    work: dict[str, Callable[[], object]] = {
        "errands": lambda: run_maintenance(place),
        "mails": lambda: run_mails(place),
        "crawls": crawls.start_due,
    }
    for name in TASKS:
        task = _once_at_a_time(work[name])
        queue.task(name=name)(task)
        queue.periodic_task(crontab(minute="*"), name=f"{name}_each_minute")(task)
    ask_to_look(place.settings)
    log.info("the worker works")
    queue.create_consumer(workers=len(TASKS), worker_type="thread", max_delay=1.0).run()
    crawls.leave(PATIENCE_SECONDS)


def _once_at_a_time(work: Callable[[], object]) -> Callable[[], None]:
    """The work as a task that leaves at once while this process still does it, so that one kind never fills the pool."""
    busy = threading.Lock()

    def task() -> None:
        if busy.acquire(blocking=False):
            try:
                work()
            finally:
                busy.release()

    return task
