"""When a platform is crawled next, once a crawl of its turn has ended."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.models import CrawlState, Platform
from platforma.catalogue.platforms.leases import CRAWLABLE, CRAWLED_NIGHTLY
from platforma.catalogue.platforms.schedule import after_failure, is_slowed_now, next_opening, next_turn
from platforma.services import Services
from platforma.worker.due import hours_of
from platforma.worker.lease_keeper import StopReason

RNG = random.SystemRandom()
RESUME_AFTER = timedelta(hours=1)
"""How long a crawl that used up its time, or found a host busy, waits until it goes on; at most RESUME_SPREAD longer."""
RESUME_SPREAD = timedelta(minutes=5)
"""So that of two crawls that hold each other's hosts one comes first the next time."""
RESUMED_FOR = timedelta(days=1)
"""A crawl that began longer ago goes on only at the platform's next turn, so that an endless site costs one crawl a turn."""


def plan_next_crawl(services: Services, report: CrawlReport, began_at: datetime, stop_reason: StopReason | None) -> bool:
    """Write down when the platform's next turn is; return whether this failure is the one by which it becomes slow.

    `began_at` is when this process began the crawl, which may have resumed an older one; `stop_reason` says why it was
    stopped early, None if it was not.
    """
    state = CrawlState(report.state)
    with services.database.writing() as session:
        platform = session.get_one(Platform, report.platform_id)
        if state == CrawlState.FAILED:
            platform.failures += 1
        elif state != CrawlState.RUNNING:
            platform.failures = 0
        is_endless = state == CrawlState.RUNNING and stop_reason is None and utc_now() - report.started_at > RESUMED_FOR
        next_at = (
            _next_turn(platform, services.settings.time_zone, began_at)
            if is_endless
            else _next_crawl_at(platform, services.settings.time_zone, began_at, state, stop_reason)
        )
        platform.next_crawl_at = next_at if platform.state in CRAWLABLE else None
        return state == CrawlState.FAILED and is_slowed_now(platform.failures)


def _next_crawl_at(
    platform: Platform, zone: str, began_at: datetime, state: CrawlState, stop_reason: StopReason | None
) -> datetime | None:
    """The instant of the next turn. A proposed platform gets one only if its crawl failed or was interrupted."""
    now, hours = utc_now(), hours_of(platform)
    interval = str(platform.recipe.get("interval") or "daily")
    if state == CrawlState.RUNNING and stop_reason == StopReason.SHUTDOWN:
        return now
    if state == CrawlState.RUNNING and stop_reason != StopReason.ASKED:
        resumed_at = now + RESUME_AFTER + RNG.random() * RESUME_SPREAD
        return next_opening(now if stop_reason == StopReason.OUTSIDE_HOURS else resumed_at, hours, zone)
    if state == CrawlState.FAILED and (platform.state in CRAWLED_NIGHTLY or platform.failures <= 2):
        return after_failure(now, platform.failures, interval, hours, zone, RNG)
    return _next_turn(platform, zone, began_at)


def _next_turn(platform: Platform, zone: str, began_at: datetime) -> datetime | None:
    """The turn after the one that began then; None for a proposed platform, which somebody must look at first."""
    interval = str(platform.recipe.get("interval") or "daily")
    return next_turn(began_at, interval, hours_of(platform), zone, RNG) if platform.state in CRAWLED_NIGHTLY else None
