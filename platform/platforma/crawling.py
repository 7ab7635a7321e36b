"""Crawling a platform of the catalogue: whose turn it is, under a lease, from the recipe to the ingested records."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from crawlers.fetch import PoliteSession
from crawlers.recipe import parse_recipe
from crawlers.run import crawl
from crawlers.state import CrawlResult
from platforma.catalogue import ingest, queries
from platforma.catalogue.database import Database
from platforma.catalogue.models import Platform, PlatformState
from platforma.catalogue.reports import CrawlDiff, CrawlReport
from platforma.catalogue.types import utc_now
from platforma.settings import Settings

LEASE = timedelta(minutes=10)
CRAWLED_NIGHTLY = (PlatformState.PROBATION, PlatformState.TRUSTED)
CRAWLABLE = (*CRAWLED_NIGHTLY, PlatformState.PROPOSED)
Progress = Callable[[int, int | None], None]


class PlatformBusy(Exception):
    """Another process crawls this platform now; the text is its id."""


def polite_session(settings: Settings) -> PoliteSession:
    """The guarded session by the settings."""
    return PoliteSession(contact=settings.contact_email or None, allow_private=settings.crawl_private_hosts)


def crawl_platform(settings: Settings, database: Database, platform_id: str, progress: Progress | None = None) -> CrawlReport:
    """Crawl one platform now and ingest what it gave. Raises PlatformBusy while another process does."""
    with _leased(database, platform_id):
        stored, result = _crawl(settings, database, platform_id, progress)
        return ingest.finish_crawl(database, stored, result, settings=settings)


def dry_run(settings: Settings, database: Database, platform_id: str, progress: Progress | None = None) -> CrawlDiff:
    """Crawl one platform and tell what would change; nothing does. Raises PlatformBusy."""
    with _leased(database, platform_id):
        stored, result = _crawl(settings, database, platform_id, progress)
        return ingest.diff_crawl(database, stored, result)


def _crawl(
    settings: Settings, database: Database, platform_id: str, progress: Progress | None
) -> tuple[ingest.StoredCrawl, CrawlResult]:
    with database.reading() as session:
        recipe = parse_recipe(queries.recipe_of(session, platform_id), platform_id)
    stored = ingest.start_crawl(database, platform_id, on_progress=progress)
    with polite_session(settings) as requests_session:
        return stored, crawl(recipe, requests_session, stored, stop=_should_stop(database, platform_id))


def due_platforms(database: Database) -> list[str]:
    """Ids of the platforms whose crawl is due and free, the longest due first."""
    now = utc_now()
    is_free = or_(Platform.leased_until.is_(None), Platform.leased_until < now)
    query = select(Platform.id).where(Platform.state.in_(CRAWLABLE), Platform.next_crawl_at <= now, is_free)
    with database.reading() as session:
        return list(session.scalars(query.order_by(Platform.next_crawl_at, Platform.id)))


def next_night(now: datetime) -> datetime:
    """A random minute within the hour that begins 24 hours from now, so that partners are not all asked at once."""
    return now + timedelta(days=1, minutes=random.randrange(60))  # noqa: S311 - no secret depends on it


@contextmanager
def _leased(database: Database, platform_id: str) -> Iterator[None]:
    """The right to crawl a platform; it runs out by itself LEASE after the last renewal, should the process die."""
    now = utc_now()
    is_free = or_(Platform.leased_until.is_(None), Platform.leased_until < now)
    with database.writing() as session:
        queries.recipe_of(session, platform_id)
        change = update(Platform).where(Platform.id == platform_id, is_free).values(leased_until=now + LEASE)
        if not session.connection().execute(change).rowcount:
            raise PlatformBusy(platform_id)
    try:
        yield
    finally:
        _release(database, platform_id)


def _release(database: Database, platform_id: str) -> None:
    """Give the lease back; the next crawl is due tomorrow, for a proposal never again."""
    with database.writing() as session:
        platform = session.get_one(Platform, platform_id)
        platform.leased_until = None
        platform.next_crawl_at = next_night(utc_now()) if platform.state in CRAWLED_NIGHTLY else None


def _should_stop(database: Database, platform_id: str) -> Callable[[], bool]:
    """Asked by the crawl between pages: renews the lease each minute, and stops when the platform was paused."""
    renewed = time.monotonic()

    def should_stop() -> bool:
        nonlocal renewed
        if time.monotonic() - renewed < 60:
            return False
        renewed = time.monotonic()
        with database.writing() as session:
            platform = session.get_one(Platform, platform_id)
            platform.leased_until = utc_now() + LEASE
            return platform.state not in CRAWLABLE

    return should_stop
