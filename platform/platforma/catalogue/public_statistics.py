"""Statistics of what is public that the search does not count: growth, languages of texts, and how the sources are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from platforma.catalogue.ingest import crawl_queries
from platforma.catalogue.listings.visibility import is_published
from platforma.catalogue.models import Crawl, CrawlState, Initiative, Platform
from platforma.catalogue.states import PUBLIC_PLATFORMS

MONTH_CHARACTERS = len("2026-01")


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is: when it was last read well (UTC, None where never), and of what was found then how much was refused.

    `is_failing`: the crawl after that failed, or is held.
    """

    public_id: str
    title: str
    read_at: datetime | None
    found: int
    refused: int
    is_failing: bool

    @property
    def taken_share(self) -> float | None:
        """Which share of what was found was taken, from 0 to 1; None where nothing was found."""
        return (self.found - self.refused) / self.found if self.found else None


def published_by_month(session: Session) -> dict[str, int]:
    """How many of the public listings became public in each month (YYYY-MM, in UTC), by month; months without any are missing."""
    month = func.substr(cast(Initiative.published_at, String), 1, MONTH_CHARACTERS).label("month")
    query = select(month, func.count()).where(is_published(), Initiative.published_at.is_not(None))
    return {row[0]: row[1] for row in session.execute(query.group_by(month).order_by(month))}


def by_text_languages(session: Session) -> Mapping[str, int]:
    """How many public listings say what they are in which languages, by Initiative.text_languages."""
    query = select(Initiative.text_languages, func.count()).where(is_published()).group_by(Initiative.text_languages)
    return {row[0]: row[1] for row in session.execute(query)}


def sources(session: Session) -> Sequence[Health]:
    """The public platforms that have a site, by title."""
    is_source = Platform.state.in_(PUBLIC_PLATFORMS), Platform.url != ""
    rows = session.scalars(select(Platform).where(*is_source).order_by(Platform.title, Platform.id)).all()
    last = crawl_queries.last_crawls(session, [row.id for row in rows])
    newest_good = select(func.max(Crawl.id)).where(Crawl.state == CrawlState.DONE).group_by(Crawl.platform_id)
    good = {crawl.platform_id: crawl for crawl in session.scalars(select(Crawl).where(Crawl.id.in_(newest_good)))}
    failing = (CrawlState.FAILED, CrawlState.HELD)
    return [_health(row, good.get(row.id), row.id in last and last[row.id].state in failing) for row in rows]


def _health(row: Platform, crawl: Crawl | None, is_failing: bool) -> Health:
    counts = crawl.counts if crawl is not None else {}
    read_at = crawl.ended_at if crawl is not None else None
    return Health(row.public_id, row.title, read_at, counts.get("found", 0), counts.get("refused", 0), is_failing)
