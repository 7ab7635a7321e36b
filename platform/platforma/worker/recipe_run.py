"""One run of a recipe under a lease: what the site gives is staged in the catalogue, and not yet ingested."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from crawlers.clock import CLOCK, Clock
from crawlers.crawl import crawl
from crawlers.fetch import PoliteSession
from crawlers.recipe import Recipe
from crawlers.state import OUR_FAULT, CrawlResult
from platforma.catalogue.ingest import staging
from platforma.catalogue.models import CrawlPurpose
from platforma.catalogue.platforms.leases import PlatformBusy
from platforma.services import Services
from platforma.settings import Settings
from platforma.worker.guest_hosts import GuestHosts
from platforma.worker.lease_keeper import LeaseKeeper, StopReason

log = logging.getLogger(__name__)
Progress = Callable[[int, int | None], None]
"""Called with the number of items done, and of all items where that is known."""


def polite_session(settings: Settings, clock: Clock = CLOCK) -> PoliteSession:
    """A session for fetching: with the contact address of the settings, and to private addresses only where they allow it."""
    return PoliteSession(contact=settings.contact_email or None, allow_private=settings.crawl_private_hosts, clock=clock)


@dataclass(frozen=True, slots=True)
class RecipeRun:
    """A recipe to run while `keeper` holds the lease of its platform; all pauses are by `clock`."""

    services: Services
    recipe: Recipe
    keeper: LeaseKeeper
    progress: Progress | None
    clock: Clock

    def run(self, purpose: CrawlPurpose, version: int | None = None) -> tuple[staging.StoredCrawl, CrawlResult]:
        """Crawl into the stage. `version` is the recipe's, None for the live one. Raises PlatformBusy if the lease was lost.

        A crash of the crawlers is logged, and becomes a failed crawl.
        """
        self.keeper.hours = self.recipe.limits.hours, self.services.settings.time_zone
        stored = staging.start_crawl(
            self.services.database, self.recipe.platform, on_progress=self.progress, purpose=purpose, version=version
        )
        with polite_session(self.services.settings, self.clock) as session:
            session.may_ask = GuestHosts(self.services.database, self.keeper, stored.crawl_id, self.clock).may_ask
            try:
                result = crawl(self.recipe, session, stored, stop=self.keeper.must_stop.is_set)
            except Exception:
                log.exception("crawling %s", self.recipe.platform)
                result = CrawlResult(complete=False, found=0, refused=0, failure=OUR_FAULT)
        if self.keeper.stop_reason == StopReason.LEASE_LOST:
            raise PlatformBusy(self.recipe.platform)
        return stored, result
