"""Platforms with their crawling: the last crawl, the next one, and the notices that need a curator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from platforma.catalogue import notices
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import NotFound
from platforma.catalogue.ingest import crawl_queries
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.models import Crawl, Platform, PlatformState
from platforma.catalogue.platforms import leases, recipes


@dataclass(frozen=True, slots=True)
class CrawledPlatform:
    """A platform with its crawling; instants are UTC. `notices` are the open ones; `failures` counts those in a row."""

    id: str
    public_id: str
    title: str
    url: str
    state: str
    rank: int
    recipe_version: int
    next_crawl_at: datetime | None
    failures: int
    is_crawled_now: bool
    is_stop_asked: bool
    last_crawl: CrawlReport | None
    notices: tuple[notices.OpenNotice, ...]
    reads_files: bool


def crawled_platforms(session: Session) -> list[CrawledPlatform]:
    """All platforms that have a site or were filled from a partner's table, in any state, by title."""
    is_shown = or_(Platform.url != "", Platform.id.in_(select(Crawl.platform_id)))
    query = select(Platform).where(is_shown).order_by(Platform.title, Platform.id)
    return _with_crawling(session, list(session.scalars(query)))


def crawled_platform(session: Session, platform_id: str) -> CrawledPlatform:
    """One platform in any state. Raises NotFound."""
    platform = session.get(Platform, platform_id)
    if platform is None:
        raise NotFound(platform_id)
    return _with_crawling(session, [platform])[0]


def is_collecting(session: Session, now: datetime) -> bool:
    """Whether an approved platform is crawled now, or is due for a crawl."""
    is_approved = Platform.state.in_((PlatformState.PROBATION, PlatformState.TRUSTED))
    rows = session.execute(select(Platform.id, Platform.next_crawl_at).where(is_approved))
    approved = {row.id: row.next_crawl_at for row in rows}
    is_due = any(at is not None and at <= now for at in approved.values())
    return is_due or not approved.keys().isdisjoint(leases.running_crawls(session, now))


def _with_crawling(session: Session, rows: list[Platform]) -> list[CrawledPlatform]:
    running = leases.running_crawls(session, utc_now())
    last_crawls = crawl_queries.last_crawls(session, [row.id for row in rows])
    topics = (*notices.SHAPE_TOPICS, *notices.TROUBLE_TOPICS, *notices.REMOVAL_TOPICS)
    open_notices = notices.open_notices(session, topics, rows[0].id if len(rows) == 1 else None)
    return [
        CrawledPlatform(
            id=row.id, public_id=row.public_id, title=row.title, url=row.url, state=row.state, rank=row.rank,
            recipe_version=row.recipe_version, next_crawl_at=row.next_crawl_at, failures=row.failures,
            is_crawled_now=row.id in running, is_stop_asked=running.get(row.id, False), last_crawl=last_crawls.get(row.id),
            notices=tuple(notice for notice in open_notices if notice.platform_id == row.id),
            reads_files=recipes.reads_files(row.recipe),
        )
        for row in rows
    ]  # fmt: skip
