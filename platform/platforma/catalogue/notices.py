"""Notices: what people were told of a platform, so that they are told once, and again only after it was gone for a while."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from platforma.catalogue.models import Notice

REMIND_AFTER = timedelta(days=14)
"""What did not occur for so long, and a turn of the platform more, is told anew when it does."""
SHAPE_TOPICS = ("value", "field", "emptied")
"""A value that stands for no id of ours, a field of the source that was not there before, a field that ran dry."""
TROUBLE_TOPICS = ("failed", "slowed")
REMOVAL_TOPICS = ("removal",)
"""A listing that may be the same as something that was removed; the key is its public id."""


@dataclass(frozen=True, slots=True)
class OpenNotice:
    """A notice that needs somebody. `values` fill its text; which there are depends on the topic (see models.Notice)."""

    platform_id: str
    topic: str
    key: str
    values: Mapping[str, Any]


def raise_notices(
    session: Session, platform_id: str, topic: str, found: Mapping[str, Any], *, now: datetime, quiet: timedelta = REMIND_AFTER
) -> list[str]:
    """Remember that these occur now, by key with what is known of each; the keys that people must be told of, in order."""
    query = select(Notice).where(Notice.platform_id == platform_id, Notice.topic == topic)
    known = {row.key: row for row in session.scalars(query)}
    told = []
    for key, values in found.items():
        row = known.get(key)
        if row is None or row.last_at < now - quiet:
            told.append(key)
        if row is None:
            session.add(Notice(platform_id=platform_id, topic=topic, key=key, values=values, told_at=now, last_at=now))
        else:
            row.told_at = now if key in told else row.told_at
            row.values, row.last_at, row.settled_at = values, now, None
    return told


def resolve_notices(
    session: Session, platform_id: str, topics: Collection[str], *, now: datetime, keep_open: Collection[str] = ()
) -> None:
    """Mark the open notices of these topics as settled, except those whose key is in `keep_open`."""
    is_meant = Notice.platform_id == platform_id, Notice.topic.in_(topics), Notice.settled_at.is_(None)
    session.execute(update(Notice).where(*is_meant, Notice.key.not_in(keep_open)).values(settled_at=now))


def keys_of(session: Session, platform_id: str, topics: Collection[str]) -> set[str]:
    """The keys of all notices of these topics, also of those that were settled."""
    return set(session.scalars(select(Notice.key).where(Notice.platform_id == platform_id, Notice.topic.in_(topics))))


def open_notices(session: Session, topics: Collection[str], platform_id: str | None = None) -> list[OpenNotice]:
    """Notices that need somebody, by platform, then the oldest first."""
    query = select(Notice).where(Notice.topic.in_(topics), Notice.settled_at.is_(None))
    if platform_id is not None:
        query = query.where(Notice.platform_id == platform_id)
    rows = session.scalars(query.order_by(Notice.platform_id, Notice.id))
    return [OpenNotice(row.platform_id, row.topic, row.key, row.values) for row in rows]


def platforms_with(session: Session, topics: Collection[str]) -> int:
    """How many platforms have a notice of these topics that needs somebody."""
    query = select(func.count(Notice.platform_id.distinct())).where(Notice.topic.in_(topics), Notice.settled_at.is_(None))
    return session.scalar(query) or 0
