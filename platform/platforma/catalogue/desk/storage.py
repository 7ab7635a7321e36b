"""What is stored and how it grew, and which crawls run: for operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.models import Crawl, CrawlState, Initiative, Platform, Record

MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class RunningCrawl:
    """A crawl that has not ended: its platform's id and title, and since when it runs (UTC)."""

    platform_id: str
    title: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Growth:
    """How many listings and source records there are, how many of each came within 30 days, and the bytes of the database."""

    listings: int
    new_listings: int
    records: int
    new_records: int
    database_bytes: int


def running_crawls(session: Session) -> Sequence[RunningCrawl]:
    """The crawls that run now, the longest running first."""
    query = select(Platform.id, Platform.title, Crawl.started_at).join(Crawl, Crawl.platform_id == Platform.id)
    rows = session.execute(query.where(Crawl.state == CrawlState.RUNNING).order_by(Crawl.started_at, Crawl.id))
    return [RunningCrawl(*row) for row in rows]


def growth(session: Session) -> Growth:
    """The sizes of now."""
    since = utc_now() - MONTH
    listings = session.execute(
        select(func.count(), func.count().filter(Initiative.created_at > since)).select_from(Initiative)
    ).one()
    records = session.execute(select(func.count(), func.count().filter(Record.first_seen_at > since)).select_from(Record)).one()
    return Growth(*listings, *records, _database_bytes(session))


def _database_bytes(session: Session) -> int:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    size = (
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        if is_sqlite
        else "SELECT pg_database_size(current_database())"
    )
    return int(session.execute(text(size)).scalar_one())
