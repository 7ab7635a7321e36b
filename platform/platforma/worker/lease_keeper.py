"""Watching over a running crawl from beside it: its lease is renewed, and whoever asks it to stop is heard in seconds."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError

from crawlers.clock import Clock
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.platforms import leases
from platforma.catalogue.platforms.schedule import is_open

log = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
RENEW_SECONDS = 15.0


class StopReason(StrEnum):
    """Why a crawl must end before its end."""

    ASKED = "asked"
    CLOSED = "closed"
    LEAVING = "leaving"
    LOST = "lost"


class LeaseKeeper(threading.Thread):
    """One crawl's watch. `ended` is set as soon as the crawl must stop; `why` says why, None while it may go on.

    `leaving` is set by the process when it is to end. `was_abandoned`: the process that crawled the platform before died over
    it. `hours` are those in which the platform may be crawled, with their time zone.
    """

    def __init__(
        self, database: Database, platform_id: str, holder: str, leaving: threading.Event, clock: Clock, *, was_left: bool
    ) -> None:
        super().__init__(name=f"watch-{platform_id}", daemon=True)
        self.platform_id, self.holder, self.was_left = platform_id, holder, was_left
        self.why: StopReason | None = None
        self.hours: tuple[str | None, str] = (None, "UTC")
        self.ended, self._over = threading.Event(), threading.Event()
        self._database, self._leaving, self._clock = database, leaving, clock
        self._renewed = clock.monotonic()

    def run(self) -> None:
        while self.why is None and not self._clock.wait(self._over, LOOK_SECONDS):
            try:
                self.why = self._look()
            except SQLAlchemyError as error:
                log.warning("the lease of %s could not be looked at: %s", self.platform_id, error)
                is_over = self._clock.monotonic() - self._renewed > leases.LEASE_DURATION.total_seconds()
                self.why = StopReason.LOST if is_over else None
        if self.why is not None:
            self.ended.set()

    def stop(self) -> None:
        """The crawl is done; nothing need be watched any more."""
        self._over.set()
        self.join()

    def _look(self) -> StopReason | None:
        if self._leaving.is_set():
            return StopReason.LEAVING
        with self._database.reading() as session:
            now = leases.lease_status(session, self.platform_id, self.holder)
        if not now.is_held:
            return StopReason.LOST
        if now.is_stop_asked or not now.is_crawlable:
            return StopReason.ASKED
        if not is_open(utc_now(), *self.hours):
            return StopReason.CLOSED
        return None if self._renew() else StopReason.LOST

    def _renew(self) -> bool:
        if self._clock.monotonic() - self._renewed < RENEW_SECONDS:
            return True
        with self._database.writing() as session:
            is_ours = leases.renew(session, self.holder, utc_now())
        self._renewed = self._clock.monotonic()
        return is_ours


@contextmanager
def hold_lease(
    database: Database, platform_id: str, hosts: Iterable[str], leaving: threading.Event, clock: Clock
) -> Iterator[LeaseKeeper]:
    """Hold the lease of a platform and its hosts for a crawl. Raises PlatformBusy.

    Should the process die, the lease runs out by itself.
    """
    with database.writing() as session:
        was_left = leases.was_abandoned(session, platform_id, utc_now())
        holder = leases.acquire(session, platform_id=platform_id, hosts=hosts, now=utc_now())
    watch = LeaseKeeper(database, platform_id, holder, leaving, clock, was_left=was_left)
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()
        with database.writing() as session:
            leases.release(session, holder)
