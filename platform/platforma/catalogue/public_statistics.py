"""Statistics of what is public that the search does not count: growth, places, languages of texts, and how the sources are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import String, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from platforma.catalogue.enums import WebsiteState
from platforma.catalogue.ingest import crawl_queries
from platforma.catalogue.listings.visibility import is_published
from platforma.catalogue.models import Crawl, CrawlState, Initiative, ListingFacts, ListingWebsite, Platform, Website
from platforma.catalogue.states import PUBLIC_PLATFORMS
from search.port import UNKNOWN

DIMENSIONS = {
    "kind": ListingFacts.kind, "theme": ListingFacts.themes, "sector": ListingFacts.sectors, "country": ListingFacts.countries,
}  # fmt: skip
"""What growth is counted by, with the column in which each listing's values stand."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is: when it was last read well (UTC, None where never), and of what was found then how much was refused.

    `is_failing`: the crawl after that failed, or is held.
    """

    platform_id: str
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


@dataclass(slots=True)
class Published:
    """The public listings by the month in which they became public (YYYY-MM, in UTC).

    `of` has the same for each value of a dimension, UNKNOWN for those without one: dimension to value to month to how many.
    A listing with several values counts for each of them.
    """

    total: int = 0
    with_place: int = 0
    by_month: Counter[str] = field(default_factory=Counter)
    of: dict[str, dict[str, Counter[str]]] = field(default_factory=lambda: {name: {} for name in DIMENSIONS})

    def add(self, month: str | None, facts: Mapping[str, str], has_place: bool, count: int) -> None:
        """Count listings of a month that say the same; `facts` are the columns of ListingFacts by dimension."""
        self.total += count
        self.with_place += count if has_place else 0
        if month is None:
            return
        self.by_month[month] += count
        for name, written in facts.items():
            for value in dict.fromkeys(written.strip("|").split("|")):
                self.of[name].setdefault(value or UNKNOWN, Counter())[month] += count


class _Month(FunctionElement[str]):
    """The month of an instant in UTC, as YYYY-MM."""

    type = String()
    inherit_cache = True


@compiles(_Month)
def _month(element: _Month, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite stores the instant as a text in UTC."""
    return f"substr({compiler.process(element.clauses, **options)}, 1, {len('2026-01')})"


@compiles(_Month, "postgresql")
def _month_of_time_zone(element: _Month, compiler: SQLCompiler, **options: Any) -> str:
    return f"to_char(timezone('UTC', {compiler.process(element.clauses, **options)}), 'YYYY-MM')"


def published(session: Session) -> Published:
    """What is public now, counted in one pass over the narrow facts of listings and an index."""
    month, facts = _Month(Initiative.published_at), list(DIMENSIONS.values())
    query = select(month, ListingFacts.has_place, func.count(), *facts)
    query = query.join_from(Initiative, ListingFacts, ListingFacts.initiative_id == Initiative.id)
    query = query.where(is_published())
    found = Published()
    for at, has_place, count, *written in session.execute(query.group_by(month, ListingFacts.has_place, *facts)):
        found.add(at, dict(zip(DIMENSIONS, written, strict=True)), has_place, count)
    return found


def with_alive_website(session: Session) -> int:
    """How many public listings have a website of their own that answered when it was looked at last."""
    query = select(func.count(Initiative.id.distinct())).join(ListingWebsite, ListingWebsite.initiative_id == Initiative.id)
    query = query.join(Website, Website.key == ListingWebsite.website_key)
    return session.scalar(query.where(is_published(), Website.state == WebsiteState.ALIVE)) or 0


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
    return Health(row.id, row.public_id, row.title, read_at, counts.get("found", 0), counts.get("refused", 0), is_failing)
