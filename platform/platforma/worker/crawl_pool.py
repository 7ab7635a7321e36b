"""The crawls of one worker process, side by side."""

from __future__ import annotations

import logging
import threading
import time

from crawlers.errors import CrawlError
from platforma import logs
from platforma.catalogue.platforms.leases import PlatformBusy
from platforma.services import Services
from platforma.worker.crawl_job import run_due_jobs
from platforma.worker.due import due_platforms
from platforma.worker.maintenance import update_index

log = logging.getLogger(__name__)


class CrawlPool:
    """At most PLATFORMA_CRAWLS_AT_ONCE crawls of this process, each in a thread of its own."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._threads: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()
        self._shutdown = threading.Event()

    def start_due(self) -> None:
        """Start the platforms that are due, free and not running here, as long as there is room."""
        self._services.thesaurus.refresh()
        for platform_id in due_platforms(self._services.database, self._services.settings.time_zone):
            with self._lock:
                has_room = len(self._threads) < self._services.settings.crawls_at_once and not self._shutdown.is_set()
                if has_room and platform_id not in self._threads:
                    self._threads[platform_id] = threading.Thread(target=self._run, args=(platform_id,), daemon=True)
                    self._threads[platform_id].start()

    def stop(self, timeout_seconds: float) -> None:
        """Let every crawl stop where it is, and wait for it at most that long; the next worker resumes it."""
        self._shutdown.set()
        deadline = time.monotonic() + timeout_seconds
        for thread in list(self._threads.values()):
            thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self, platform_id: str) -> None:
        """Run what is due for a platform, index it, and start what has waited for the room or the host."""
        is_done = False
        try:
            with logs.told(platform=platform_id):
                is_done = self._run_due_jobs(platform_id) and not self._shutdown.is_set()
            if is_done:
                update_index(self._services)
        except Exception:
            log.exception("crawling %s", platform_id)
        finally:
            with self._lock:
                self._threads.pop(platform_id, None)
        if is_done and not self._shutdown.is_set():
            self.start_due()

    def _run_due_jobs(self, platform_id: str) -> bool:
        """Return False when another process has the platform or its host, or nothing could be done."""
        try:
            report = run_due_jobs(self._services, platform_id, self._shutdown)
        except PlatformBusy:
            return False
        except CrawlError as error:
            log.warning("%s was not crawled: %s", platform_id, error)
            return False
        if report is not None:
            log.info("crawled %s: %s %s", platform_id, report.state, report.counts)
        return report is not None
