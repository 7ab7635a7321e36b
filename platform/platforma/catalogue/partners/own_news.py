"""What is new of a platform since its partner was told: how it is read, and what curators refused and changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.ingest import crawl_queries
from platforma.catalogue.ingest.reports import CrawlReport, ProblemGroup, grouped
from platforma.catalogue.models import Notice, Platform
from platforma.catalogue.partners import own_listings
from platforma.catalogue.partners.own_listings import MAX_PROBLEMS, Changed, Refused

FAILS_FOR = timedelta(days=1)
"""A platform that could not be read is told of once this lasted for so long: for more than one night."""


@dataclass(frozen=True, slots=True)
class PlatformNews:
    """What is new of one platform. `crawl` is its last crawl, None before the first;
    `has_failed`: it could not be read for more than a night.

    `problems` are those that nobody was told of. `refused` and `changed` are the first of so many `*_in_all`.
    """

    platform: Platform
    crawl: CrawlReport | None
    has_failed: bool
    problems: Sequence[ProblemGroup]
    refused: Sequence[Refused]
    refused_in_all: int
    changed: Sequence[Changed]
    changed_in_all: int

    @property
    def is_any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.has_failed or self.problems or self.refused or self.changed)


def news_of(session: Session, platform: Platform, *, since: datetime, now: datetime, with_crawls: bool) -> PlatformNews:
    """What is new of a platform between two instants; of its crawls only where these are not told otherwise (`with_crawls`)."""
    crawl = crawl_queries.last_crawls(session, [platform.id]).get(platform.id)
    topics = _open_notices(session, platform.id) if with_crawls else ()
    has_failed = any(one.topic == "failed" and since < one.told_at + FAILS_FOR <= now for one in topics)
    keys = {one.key for one in topics if one.topic == "problem" and since < one.told_at <= now}
    refused, refused_in_all = own_listings.refused_since(session, platform.id, since)
    changed, changed_in_all = own_listings.changed_since(session, platform.id, since)
    return PlatformNews(
        platform, crawl, has_failed, _problems(session, crawl, keys), refused, refused_in_all, changed, changed_in_all
    )


def _open_notices(session: Session, platform_id: str) -> Sequence[Notice]:
    is_open = Notice.platform_id == platform_id, Notice.settled_at.is_(None), Notice.topic.in_(("failed", "problem"))
    return session.scalars(select(Notice).where(*is_open).order_by(Notice.id)).all()


def _problems(session: Session, crawl: CrawlReport | None, keys: Collection[str]) -> Sequence[ProblemGroup]:
    """The problems of a crawl with these keys, the most frequent refusals first."""
    if crawl is None or not keys:
        return ()
    groups = grouped(crawl_queries.problems_of(session, crawl.crawl_id, MAX_PROBLEMS))
    return [group for group in groups if group.key in keys]
