"""Totals of the whole catalogue, for the start page; what waits at the desk is counted in desk/queues.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from platforma.catalogue.listings.visibility import is_asked, is_published
from platforma.catalogue.models import Crawl, CrawlState, Initiative, Outbox, Platform, PlatformState
from platforma.catalogue.states import PUBLIC_PLATFORMS


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers of what is public; `updated_at` is the end of the last good crawl, in UTC, None before the first."""

    initiatives: int
    platforms: int
    countries: int
    updated_at: datetime | None


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


def proposed_platforms(session: Session) -> int:
    """How many platforms are proposed and wait for a decision."""
    return session.scalar(select(func.count()).where(Platform.state == PlatformState.PROPOSED, Platform.asked_at.is_(None))) or 0


def new_listings_count(session: Session) -> int:
    """How many new listings a curator is asked of."""
    return session.scalar(select(func.count()).where(is_asked())) or 0
