"""What the directory brings a platform: openings and clicks on by day and month, the listings with most, and searched words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from platforma.catalogue.listings import groups, listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.models import Initiative, InitiativeState, ListingVisits, PlatformVisits, Record, VisitWords
from platforma.catalogue.partners.visit_rows import DAYS, MONTH_CHARACTERS, MONTHS, NUMBERS, first_day, month
from platforma.catalogue.terms.searches import MIN_DAYS, Asked

Table = type[ListingVisits] | type[PlatformVisits]
Column = ColumnElement[str] | InstrumentedAttribute[str]
MAX_LISTINGS, MAX_WORDS = 10, 20
"""So many listings and words are shown."""
MAX_LOOKED_AT = 200
"""Those of so many listings opened most that are public are among these."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How often pages were opened, and left for the websites of organisations and for the sources that list them."""

    openings: int = 0
    websites: int = 0
    sources: int = 0

    @property
    def clicks(self) -> int:
        """All clicks on to other sites."""
        return self.websites + self.sources


@dataclass(frozen=True, slots=True)
class ListingCounts:
    """A listing with its counts of the last DAYS days."""

    listing: Listing
    counts: Counts


@dataclass(frozen=True, slots=True)
class Visits:
    """The counts of a platform. `days` and `months` (YYYY-MM-DD, YYYY-MM) go from the oldest to today, also where they are 0."""

    in_days: Counts
    days: Sequence[tuple[str, Counts]]
    months: Sequence[tuple[str, Counts]]
    listings: Sequence[ListingCounts]
    words: Sequence[Asked]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted in all that is kept."""
        return not any(counts.openings or counts.clicks for _month, counts in self.months)


def visits(session: Session, platform_id: str, today: date) -> Visits:
    """All counts of a platform; `today` is the day in the site's time zone."""
    days, months = by_day(session, platform_id, today), by_month(session, platform_id, today)
    return Visits(
        in_last_days(session, platform_id, today), days, months,
        most_visited(session, platform_id, today), words(session, platform_id),
    )  # fmt: skip


def in_last_days(session: Session, platform_id: str, today: date) -> Counts:
    """The counts of the last DAYS days together."""
    query = select(*_sums(PlatformVisits)).where(PlatformVisits.platform_id == platform_id, _is_recent(PlatformVisits, today))
    return Counts(*(number or 0 for number in session.execute(query).one()))


def by_day(session: Session, platform_id: str, today: date) -> list[tuple[str, Counts]]:
    """The counts of each of the last DAYS days, the oldest first."""
    counted = _counts(session, platform_id, PlatformVisits.period, _is_recent(PlatformVisits, today))
    days = [(first_day(today) + timedelta(days=on)).isoformat() for on in range(DAYS)]
    return [(day, counted.get(day, Counts())) for day in days]


def by_month(session: Session, platform_id: str, today: date) -> list[tuple[str, Counts]]:
    """The counts of each of the last MONTHS months, the oldest first."""
    counted = _counts(session, platform_id, func.substr(PlatformVisits.period, 1, MONTH_CHARACTERS))
    months = [month(today, back) for back in reversed(range(MONTHS))]
    return [(name, counted.get(name, Counts())) for name in months]


def most_visited(session: Session, platform_id: str, today: date) -> list[ListingCounts]:
    """The public listings of a platform that were opened most in the last DAYS days, of equal ones those with most clicks on."""
    most = _most_opened(platform_id, today).subquery()
    member, sums = aliased(Initiative), [func.sum(most.c[name]) for name in NUMBERS]
    query = select(Initiative, *sums).join(member, groups.is_member_of(Initiative, member))
    query = query.join(most, most.c.initiative_id == member.id).where(Initiative.state == InitiativeState.PUBLISHED)
    best = sums[0].desc(), (sums[1] + sums[2]).desc(), Initiative.id
    rows = session.execute(query.group_by(Initiative.id).order_by(*best).limit(MAX_LISTINGS)).all()
    listings = listing_queries.to_listings(session, [row[0] for row in rows])
    return [ListingCounts(listing, Counts(*row[1:])) for listing, row in zip(listings, rows, strict=True)]


def _most_opened(platform_id: str, today: date) -> Select[int, *tuple[int, ...]]:
    """The MAX_LOOKED_AT listings opened most of those that a platform has a record of, or that stand for one of these, with
    their counts; each as it was counted."""
    own = select(Record.initiative_id).where(Record.platform_id == platform_id)
    is_own = exists().where(Record.initiative_id == Initiative.id, Record.platform_id == platform_id)
    heads = select(Initiative.merged_into_id).where(Initiative.merged_into_id.is_not(None), is_own)
    sums = _sums(ListingVisits)
    query = select(ListingVisits.initiative_id, *sums).where(_is_recent(ListingVisits, today))
    query = query.where(ListingVisits.initiative_id.in_(own.union_all(heads))).group_by(ListingVisits.initiative_id)
    best = sums[0].desc(), (sums[1] + sums[2]).desc(), ListingVisits.initiative_id
    return query.order_by(*best).limit(MAX_LOOKED_AT)


def words(session: Session, platform_id: str) -> list[Asked]:
    """The words by which a platform's listings were found on enough different days, the most frequent first."""
    days, times = func.count(), func.sum(VisitWords.times)
    query = select(VisitWords.words, days, times).where(VisitWords.platform_id == platform_id)
    query = query.group_by(VisitWords.words).having(days >= MIN_DAYS).order_by(times.desc(), VisitWords.words)
    return [Asked(*row) for row in session.execute(query.limit(MAX_WORDS))]


def _counts(session: Session, platform_id: str, period: Column, *conditions: ColumnElement[bool]) -> dict[str, Counts]:
    """The counts of a platform by period."""
    query = select(period, *_sums(PlatformVisits)).where(PlatformVisits.platform_id == platform_id, *conditions)
    return {name: Counts(*numbers) for name, *numbers in session.execute(query.group_by(period))}


def _sums(table: Table) -> list[ColumnElement[int]]:
    return [func.sum(getattr(table, name)).label(name) for name in NUMBERS]


def _is_recent(table: Table, today: date) -> ColumnElement[bool]:
    return table.period >= first_day(today).isoformat()
