"""Notices of platforms: people are told of each matter once, and again only where it comes back after a while."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from platforma.catalogue.models import Notice

REMIND_AFTER = timedelta(days=14)
"""People are told again of a matter that did not occur for so long, and one turn of the platform more."""
SHAPE_TOPICS = ("value", "field", "emptied")
"""A value that stands for no id of ours, a new field of the source, a field that hardly any record fills any more."""
TROUBLE_TOPICS = ("failed", "slowed")
"""A crawl that failed, and a platform that is crawled less often because of that."""
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
    session: Session,
    platform_id: str,
    topic: str,
    matters: Mapping[str, Mapping[str, object]],
    *,
    now: datetime,
    quiet: timedelta = REMIND_AFTER,
) -> list[str]:
    """Open a notice of each matter that occurs now; return the keys of those that people must be told of, in order.

    `matters` has the values of each by its key. People are told of a matter that is new, or did not occur for `quiet`.
    """
    query = select(Notice).where(Notice.platform_id == platform_id, Notice.topic == topic)
    known = {notice.key: notice for notice in session.scalars(query)}
    keys = []
    for key, values in matters.items():
        notice = known.get(key)
        if notice is None or notice.last_at < now - quiet:
            keys.append(key)
        if notice is None:
            session.add(Notice(platform_id=platform_id, topic=topic, key=key, values=dict(values), told_at=now, last_at=now))
        else:
            notice.told_at = now if key in keys else notice.told_at
            notice.values, notice.last_at, notice.settled_at = dict(values), now, None
    return keys


def resolve_notices(
    session: Session, platform_id: str, topics: Collection[str], *, now: datetime, keep_open: Collection[str] = ()
) -> None:
    """Settle the open notices of these topics, except those whose key is in `keep_open`."""
    is_open = Notice.platform_id == platform_id, Notice.topic.in_(topics), Notice.settled_at.is_(None)
    session.execute(update(Notice).where(*is_open, Notice.key.not_in(keep_open)).values(settled_at=now))


def notice_keys(session: Session, platform_id: str, topics: Collection[str]) -> set[str]:
    """The keys of all notices of these topics, open and settled."""
    return set(session.scalars(select(Notice.key).where(Notice.platform_id == platform_id, Notice.topic.in_(topics))))


def open_notices(session: Session, topics: Collection[str], platform_id: str | None = None) -> list[OpenNotice]:
    """Open notices of these topics, by platform, then the oldest first; of one platform where it is given."""
    query = select(Notice).where(Notice.topic.in_(topics), Notice.settled_at.is_(None))
    if platform_id is not None:
        query = query.where(Notice.platform_id == platform_id)
    rows = session.scalars(query.order_by(Notice.platform_id, Notice.id))
    return [OpenNotice(row.platform_id, row.topic, row.key, row.values) for row in rows]
