"""Keeping the lease of a running crawl, in a thread beside it: renew it, and say within seconds when the crawl must stop."""

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
from platforma.catalogue.errors import DatabaseUnavailable
from platforma.catalogue.platforms import leases
from platforma.catalogue.platforms.schedule import is_open

log = logging.getLogger(__name__)
CHECK_SECONDS = 1.0
RENEW_SECONDS = 15.0


class StopReason(StrEnum):
    """Why a crawl must stop early."""

    ASKED = "asked"
    """At the desk, or by the platform's state."""
    OUTSIDE_HOURS = "outside hours"
    SHUTDOWN = "shutdown"
    """The process ends."""
    LEASE_LOST = "lease lost"


class LeaseKeeper(threading.Thread):
    """Renews the lease of one crawl, and sets `must_stop` with a `stop_reason` when the crawl must not go on.

    The process sets `shutdown` when it is to end. `was_abandoned`: the process that crawled the platform before died in
    the middle of it. `hosts` are leased with the platform. `hours` are those in which the platform may be crawled (None for
    all day), with their time zone.
    """

    def __init__(
        self,
        database: Database,
        platform_id: str,
        holder: str,
        shutdown: threading.Event,
        clock: Clock,
        *,
        hosts: frozenset[str],
        was_abandoned: bool,
    ) -> None:
        super().__init__(name=f"lease-{platform_id}", daemon=True)
        self.platform_id, self.holder, self.hosts, self.was_abandoned = platform_id, holder, hosts, was_abandoned
        self.stop_reason: StopReason | None = None
        self.hours: tuple[str | None, str] = (None, "UTC")
        self.must_stop, self._is_done = threading.Event(), threading.Event()
        self._database, self._shutdown, self._clock = database, shutdown, clock
        self._renewed_at = clock.monotonic()

    def run(self) -> None:
        """Check every CHECK_SECONDS; a database that cannot be asked costs the lease only once it has expired."""
        while self.stop_reason is None and not self._clock.wait(self._is_done, CHECK_SECONDS):
            try:
                self.stop_reason = self._check()
            except (SQLAlchemyError, DatabaseUnavailable) as error:
                log.warning("the lease of %s could not be looked at: %s", self.platform_id, error)
                has_expired = self._clock.monotonic() - self._renewed_at > leases.LEASE_DURATION.total_seconds()
                self.stop_reason = StopReason.LEASE_LOST if has_expired else None
        if self.stop_reason is not None:
            self.must_stop.set()

    def stop(self) -> None:
        """End the thread, since the crawl is done."""
        self._is_done.set()
        self.join()

    def _check(self) -> StopReason | None:
        """Why the crawl must stop; else None, with the lease renewed if it is time."""
        if self._shutdown.is_set():
            return StopReason.SHUTDOWN
        with self._database.reading() as session:
            status = leases.lease_status(session, self.platform_id, self.holder)
        if not status.is_held:
            return StopReason.LEASE_LOST
        if status.is_stop_asked or not status.is_crawlable:
            return StopReason.ASKED
        if not is_open(utc_now(), *self.hours):
            return StopReason.OUTSIDE_HOURS
        return None if self._renew() else StopReason.LEASE_LOST

    def _renew(self) -> bool:
        """Renew the lease every RENEW_SECONDS; return False if another worker has taken it."""
        if self._clock.monotonic() - self._renewed_at < RENEW_SECONDS:
            return True
        with self._database.writing() as session:
            is_ours = leases.renew(session, self.holder, utc_now())
        self._renewed_at = self._clock.monotonic()
        return is_ours


@contextmanager
def hold_lease(
    database: Database, platform_id: str, hosts: Iterable[str], shutdown: threading.Event, clock: Clock
) -> Iterator[LeaseKeeper]:
    """Hold the lease of a platform and its hosts during a crawl. Raises PlatformBusy.

    If the process dies, the lease expires by itself.
    """
    leased = frozenset(hosts)
    with database.writing() as session:
        was_abandoned = leases.was_abandoned(session, platform_id, utc_now())
        holder = leases.acquire(session, platform_id=platform_id, hosts=leased, now=utc_now())
    keeper = LeaseKeeper(database, platform_id, holder, shutdown, clock, hosts=leased, was_abandoned=was_abandoned)
    keeper.start()
    try:
        yield keeper
    finally:
        keeper.stop()
        with database.writing() as session:
            leases.release(session, holder)
