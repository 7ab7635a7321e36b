"""Claims: who looks at which item of a queue, so that others leave it to them for a while. All may still decide on it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.listings import groups
from platforma.catalogue.models import Claim

CLAIM_DURATION = timedelta(minutes=15)
RENEWED_AFTER = timedelta(minutes=1)
"""A claim that was taken or renewed so lately is not written again."""
Item = tuple[str, str]
"""The kind of a queue, and the name of an item in it."""
OBJECTS = {"listing": "initiative", "platform": "platform", "crawl": "crawl", "message": "correction"}
"""Kinds of queues, with what the decisions of each are about."""
_QUEUES = {kind: queue for queue, kind in OBJECTS.items()} | {"pair": "pair"}


@dataclass(frozen=True, slots=True)
class TakenBy:
    """Who has an item, and until when, in UTC."""

    by: str
    until: datetime


def take(database: Database, item: Item | None, by: str) -> TakenBy | None:
    """Take an item, or renew one's claim, and leave all others; where another person has it, leave it to them and return who.

    None only leaves what one has. Nothing is written where nothing changes.
    """
    now = utc_now()
    with database.reading() as session:
        mine: set[Item | None] = {(row.kind, row.item) for row in session.scalars(select(Claim).where(Claim.by == by))}
        holder = _holder(session, item, now) if item is not None else None
    is_anothers = holder is not None and holder.by != by
    is_fresh = holder is not None and holder.until > now + CLAIM_DURATION - RENEWED_AFTER
    if (is_fresh or is_anothers or item is None) and mine <= {item}:
        return holder if is_anothers else None
    with database.writing() as session:
        session.execute(delete(Claim).where((Claim.by == by) | (Claim.until <= now)))
        if item is not None and session.get(Claim, item) is None:
            session.add(Claim(kind=item[0], item=item[1], by=by, until=now + CLAIM_DURATION))
    return holder if is_anothers else None


def release(session: Session, items: Collection[Item]) -> None:
    """Release items that were decided about, whoever had them."""
    for kind in {kind for kind, _name in items}:
        for names in groups.batched([name for of, name in items if of == kind]):
            session.execute(delete(Claim).where(Claim.kind == kind, Claim.item.in_(names)))


def settle(session: Session, subjects: Collection[tuple[str, str]], by: str) -> None:
    """Release what a decision is about, by kind and id, and whatever else its author has."""
    leave(session, by)
    release(session, [(_QUEUES[kind], id) for kind, id in subjects if kind in _QUEUES])


def leave(session: Session, by: str) -> None:
    """Release whatever a person has."""
    session.execute(delete(Claim).where(Claim.by == by))


def of_others(session: Session, by: str) -> dict[Item, TakenBy]:
    """The items that others have now."""
    query = select(Claim).where(Claim.by != by, Claim.until > utc_now())
    return {(row.kind, row.item): TakenBy(row.by, row.until) for row in session.scalars(query)}


def _holder(session: Session, item: Item, now: datetime) -> TakenBy | None:
    row = session.get(Claim, item)
    return TakenBy(row.by, row.until) if row is not None and row.until > now else None
