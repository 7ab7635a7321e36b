"""Totals of the whole catalogue: for the start page, and for the first page of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from platforma.catalogue import notices
from platforma.catalogue.ingest import crawl_queries
from platforma.catalogue.listings import conflicts, duplicate_queue
from platforma.catalogue.listings.visibility import is_published, is_waiting
from platforma.catalogue.models import Crawl, CrawlState, Initiative, Outbox, Platform, PlatformState
from platforma.catalogue.states import PUBLIC_PLATFORMS
from platforma.catalogue.visitors import corrections


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers of what is public; `updated_at` is the end of the last good crawl, in UTC, None before the first."""

    initiatives: int
    platforms: int
    countries: int
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """How many of each kind wait for a curator. `duplicates_since` is when the oldest pair was met, in UTC, None without one."""

    proposed_platforms: int
    new_listings: int
    held_crawls: int
    mapping_needed: int
    unreadable_platforms: int
    maybe_removed: int
    messages: int
    removals: int
    conflicts: int
    duplicates: int
    duplicates_since: datetime | None


def totals(session: Session) -> Totals:
    """The totals for the start page."""
    initiatives = session.scalar(select(func.count()).where(is_published())) or 0
    platforms = session.scalar(select(func.count()).where(Platform.state.in_(PUBLIC_PLATFORMS))) or 0
    seats = session.scalars(select(Initiative.composed["fields"]["country"].as_string()).where(is_published()).distinct())
    countries = sum(seat is not None for seat in seats)
    return Totals(initiatives, platforms, countries, updated_at(session))


def updated_at(session: Session, platform_id: str | None = None) -> datetime | None:
    """The end of the last good crawl of one platform, or of any, in UTC; None before the first."""
    query = select(func.max(Crawl.ended_at)).where(Crawl.state == CrawlState.DONE)
    return session.scalar(query if platform_id is None else query.where(Crawl.platform_id == platform_id))


def last_unindexed_change(session: Session) -> int:
    """A number that grows with each change of a listing until the index has it; 0 while the index has all of them."""
    return session.scalar(select(func.max(Outbox.id)).where(Outbox.in_live_index.is_(False))) or 0


def new_listings_count(session: Session) -> int:
    """How many new listings wait for a decision."""
    return session.scalar(select(func.count()).where(is_waiting())) or 0


def desk_counts(session: Session) -> DeskCounts:
    """The counts for the desk's first page."""
    proposed = select(func.count()).where(Platform.state == PlatformState.PROPOSED)
    held = select(func.count()).where(crawl_queries.is_waiting())
    platforms, crawls = (session.scalar(query) or 0 for query in (proposed, held))
    listings = new_listings_count(session)
    mapping = notices.count_platforms_with(session, notices.SHAPE_TOPICS)
    unreadable = notices.count_platforms_with(session, notices.TROUBLE_TOPICS)
    maybe_removed = len(notices.open_notices(session, notices.REMOVAL_TOPICS))
    messages = corrections.open_counts(session)
    found_at = [pair.found_at for pair in duplicate_queue.waiting_pairs(session)]
    return DeskCounts(
        platforms,
        listings,
        crawls,
        mapping,
        unreadable,
        maybe_removed,
        messages.all,
        messages.removals,
        conflicts.waiting_count(session),
        len(found_at),
        min(found_at, default=None),
    )
