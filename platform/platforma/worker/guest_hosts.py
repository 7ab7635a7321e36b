"""The hosts to which a running crawl is led by redirects and aliases: each is leased while it is asked, as its own ones are."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import timedelta

from crawlers.clock import Clock
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.models import Crawl, Platform
from platforma.catalogue.platforms import leases
from platforma.worker.due import is_host_spent
from platforma.worker.lease_keeper import LeaseKeeper

ASKED_AGAIN_SECONDS = 15.0
"""A host is leased for so much longer than a page takes, and one that is not free is looked at again after that time."""


@dataclass(slots=True)
class GuestHosts:
    """The hosts of one crawl that are not among `keeper.hosts`. Use it in the crawl's own thread; times are by `clock`."""

    database: Database
    keeper: LeaseKeeper
    crawl_id: int
    clock: Clock
    _held_until: dict[str, float] = field(default_factory=dict)
    _busy_until: dict[str, float] = field(default_factory=dict)

    def may_ask(self, host: str, seconds: float) -> bool:
        """Whether a page of a host, which takes at most so many seconds, may be asked for now; the host is then this crawl's."""
        now = self.clock.monotonic()
        if host in self.keeper.hosts or self._held_until.get(host, -math.inf) >= now + seconds:
            return True
        if self._busy_until.get(host, -math.inf) > now:
            return False
        is_free = self._take(host, seconds + ASKED_AGAIN_SECONDS)
        times, until = (self._held_until, now + seconds) if is_free else (self._busy_until, now)
        times[host] = until + ASKED_AGAIN_SECONDS
        return is_free

    def _take(self, host: str, seconds: float) -> bool:
        """Lease a host, and note that the crawl asks there; False where it is not free, or was for other proposals today."""
        with self.database.writing() as session:
            now, crawl = utc_now(), session.get_one(Crawl, self.crawl_id)
            platform = session.get_one(Platform, crawl.platform_id)
            if is_host_spent(session, platform, {host}, now):
                return False
            identity = {"platform_id": platform.id, "holder": self.keeper.holder, "host": host}
            if not leases.take_host(session, **identity, now=now, until=now + timedelta(seconds=seconds)):
                return False
            crawl.hosts = sorted({*crawl.hosts, host})
            return True
