"""The queue of what may be out of date: published listings, each for a cause, the surest first; nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.column_types import UtcDateTime, utc_now
from platforma.catalogue.enums import PlatformState, RecordState, WebsiteState
from platforma.catalogue.listings import groups
from platforma.catalogue.listings.grace import GRACE
from platforma.catalogue.listings.visibility import is_published_by_age
from platforma.catalogue.models import Confirmation, Initiative, ListingWebsite, Platform, Record, Value, Website
from platforma.catalogue.states import PUBLIC_PLATFORMS

SILENT_FOR = timedelta(days=30)
"""A website that has not answered for so long is asked about, though nothing says that it is dead."""
CONFIRMED_FOR = timedelta(days=730)
"""A listing that nobody confirmed, edited or published for so long is asked about."""

ANSWERED_WITHIN = timedelta(days=30)
"""How long an organisation that was asked has time to answer before its listing waits again."""


class Cause(StrEnum):
    """Why a listing may be out of date, the surest first."""

    ENDED = "ended"
    DEAD = "dead"
    PARKED = "parked"
    OTHER = "other"
    GONE = "gone"
    SILENT = "silent"
    UNCONFIRMED = "unconfirmed"


RANKS: Mapping[str, int] = {str(cause): rank for rank, cause in enumerate(Cause)}


@dataclass(frozen=True, slots=True)
class StaleItem:
    """A listing that waits, and why: since when that is so; of a website its address, what was seen (a message id that
    `values` fill), and when it was tried last."""

    public_id: str
    cause: Cause
    since: datetime
    website: str = ""
    reason: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    tried_at: datetime | None = None

    @property
    def name(self) -> str:
        """The name of the item in addresses."""
        return f"{self.public_id}-{self.cause}"


def waiting(session: Session) -> tuple[int, datetime | None]:
    """How many items wait, and since when the oldest does; None where none waits."""
    count, oldest = session.execute(count_and_oldest()).one()
    return count, oldest


def count_and_oldest() -> Select[int, Any]:
    """A statement of one row: how many items wait, and since when the oldest does; None where none waits."""
    items = _items(utc_now())
    return select(func.count(), func.min(items.c.since, type_=UtcDateTime()))


def items(session: Session, *, limit: int, offset: int = 0) -> list[StaleItem]:
    """The items that wait, the surest first, of these the oldest."""
    rows = _items(utc_now(), first=offset + limit)
    query = select(rows.c.id, rows.c.cause, rows.c.since).order_by(*_order(rows))
    return _details(session, [tuple(row) for row in session.execute(query.limit(limit).offset(offset))])


def item(session: Session, public_id: str, cause: str) -> StaleItem | None:
    """One item; None where it does not wait, or not any more."""
    rows = _items(utc_now())
    query = select(rows.c.id, rows.c.cause, rows.c.since).join(Initiative, Initiative.id == rows.c.id)
    found = session.execute(query.where(Initiative.public_id == public_id, rows.c.cause == cause)).one_or_none()
    return _details(session, [tuple(found)])[0] if found else None


def website_of(session: Session, initiative_id: int) -> Website | None:
    """The website that a listing names."""
    query = select(Website).join(ListingWebsite, ListingWebsite.website_key == Website.key)
    return session.scalar(query.where(ListingWebsite.initiative_id == initiative_id))


def _items(now: datetime, first: int | None = None) -> Subquery:
    """Id, cause and instant of all that waits; with `first`, at least of so many that come first. Of what was asked about
    lately, only the answer waits."""
    websites, others = _of_websites(now).subquery(), (_ended(), _gone(now), _unconfirmed(now))
    parts = [_cut(_unasked(websites, now), _order(websites), first)]
    for rows in (part.subquery() for part in others):
        parts.append(_cut(_unasked(rows, now), (rows.c.since, rows.c.id), first))
    return union_all(*parts).subquery()


def _unasked(rows: Subquery, now: datetime) -> Select[Any, Any, Any]:
    is_asked = select(Confirmation.initiative_id).where(
        Confirmation.initiative_id == rows.c.id, Confirmation.asked_at > now - ANSWERED_WITHIN
    )
    query = select(rows.c.id.label("id"), rows.c.cause.label("cause"), rows.c.since.label("since"))
    return query.where(or_(rows.c.cause == str(Cause.ENDED), ~is_asked.exists()))


def _cut(query: Select[Any, Any, Any], order: tuple[ColumnElement[Any], ...], first: int | None) -> Select[Any, Any, Any]:
    """The first of one sort. Each sort is cut on its own, so that a long one is not sorted as a whole."""
    if first is None:
        return query
    cut = query.order_by(*order).limit(first).subquery()
    return select(cut.c.id, cut.c.cause, cut.c.since)


def _order(rows: Subquery) -> tuple[ColumnElement[Any], ...]:
    return case(RANKS, value=rows.c.cause), rows.c.since, rows.c.id


def _of_websites(now: datetime) -> Select[Any, Any, Any]:
    in_doubt = Website.state.in_((WebsiteState.DEAD, WebsiteState.PARKED, WebsiteState.OTHER))
    is_silent_long = (Website.state == WebsiteState.SILENT) & (Website.first_failed_at <= now - SILENT_FOR)
    since = func.coalesce(Website.first_failed_at, Website.since, Website.due_at, type_=UtcDateTime())
    query = select(Initiative.id.label("id"), Website.state.label("cause"), since.label("since")).select_from(Website)
    query = query.join(ListingWebsite, ListingWebsite.website_key == Website.key)
    query = query.join(Initiative, Initiative.id == ListingWebsite.initiative_id)
    return query.where(or_(in_doubt, is_silent_long), Website.settled_at.is_(None), is_published_by_age())


def _ended() -> Select[Any, Any, Any]:
    query = select(Initiative.id.label("id"), literal(str(Cause.ENDED)).label("cause"), Confirmation.ended_at.label("since"))
    return query.join(Confirmation, Confirmation.initiative_id == Initiative.id).where(
        Confirmation.ended_at.is_not(None), is_published_by_age()
    )


def _gone(now: datetime) -> Select[Any, Any, Any]:
    """Listings whose last source does not list them any more, in the grace period: those of public platforms alone count.

    The states of platforms are asked for by what they are not: else SQLite would read all records of public ones.
    """
    head, hidden = groups.head_id(), [state for state in PlatformState if state not in PUBLIC_PLATFORMS]
    is_public = Platform.state.not_in(hidden)
    gone = (
        select(head.label("head"), func.max(Record.gone_at, type_=UtcDateTime()).label("since"))
        .join(Record, Record.initiative_id == Initiative.id)
        .join(Platform, Platform.id == Record.platform_id)
        .where(Record.gone_at > now - 2 * GRACE, Record.state == RecordState.GONE, is_public)
        .group_by(head)
        .subquery()
    )
    member = aliased(Initiative)
    listed = (
        select(Record.id)
        .join(member, member.id == Record.initiative_id)
        .join(Platform, Platform.id == Record.platform_id)
        .where(groups.is_member_of(Initiative, member))
        .where(Record.state == RecordState.SEEN, is_public)
    )
    is_settled = select(Confirmation.initiative_id).where(
        Confirmation.initiative_id == Initiative.id, Confirmation.gone_settled_at >= gone.c.since
    )
    query = select(Initiative.id.label("id"), literal(str(Cause.GONE)).label("cause"), gone.c.since.label("since")).join(
        gone, gone.c.head == Initiative.id
    )
    return query.where(is_published_by_age(), ~listed.exists(), ~is_settled.exists())


def _unconfirmed(now: datetime) -> Select[Any, Any, Any]:
    cutoff = now - CONFIRMED_FOR
    confirmed = select(Confirmation.initiative_id).where(
        Confirmation.initiative_id == Initiative.id, Confirmation.confirmed_at > cutoff
    )
    edited = select(Value.id).where(Value.initiative_id == Initiative.id, Value.at > cutoff)
    query = select(
        Initiative.id.label("id"), literal(str(Cause.UNCONFIRMED)).label("cause"), Initiative.published_at.label("since")
    )
    return query.where(Initiative.published_at <= cutoff, is_published_by_age(), ~confirmed.exists(), ~edited.exists())


def _details(session: Session, rows: list[tuple[int, str, datetime]]) -> list[StaleItem]:
    """The items of these rows, with what is known of their websites."""
    ids = [id for id, _, _ in rows]
    named = session.execute(select(Initiative.id, Initiative.public_id).where(Initiative.id.in_(ids)))
    public_ids = {row.id: row.public_id for row in named}
    query = select(ListingWebsite.initiative_id, Website).join(Website, Website.key == ListingWebsite.website_key)
    websites = {row[0]: row[1] for row in session.execute(query.where(ListingWebsite.initiative_id.in_(ids)))}
    return [_item(public_ids[id], Cause(cause), since, websites.get(id)) for id, cause, since in rows]


def _item(public_id: str, cause: Cause, since: datetime, website: Website | None) -> StaleItem:
    if website is None:
        return StaleItem(public_id, cause, since)
    return StaleItem(public_id, cause, since, website.url, website.reason, website.values, website.fetched_at)
