"""The audit: one event for every change, which nobody changes or deletes.

The rows refuse it (see models/events.py), and so does the database, by triggers. The one exception is `empty`, for the erasure of
what was removed at somebody's request.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, null, select, update
from sqlalchemy.orm import Session

from platforma.catalogue.models import Event


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One event of an object's history; `before` and `after` are empty where the event has none."""

    at: datetime
    actor: str
    action: str
    before: Mapping[str, object]
    after: Mapping[str, object]


def record_event(
    session: Session,
    *,
    actor: str,
    action: str,
    object_type: str,
    object_id: str,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Record who did what to which object; `before` and `after` are JSON objects of what was changed."""
    session.add(Event(actor=actor, action=action, object_type=object_type, object_id=object_id, before=before, after=after))


def empty(session: Session, object_ids: Collection[str]) -> None:
    """Erase what stood before and after in the events of these objects; who did what and when stays."""
    session.execute(update(Event).where(Event.object_id.in_(object_ids)).values(before=null(), after=null()))


def newest_id(session: Session) -> int:
    """The id of the newest event; 0 before the first."""
    return session.scalar(select(func.max(Event.id))) or 0


def is_noted_since(session: Session, event_id: int, *, action: str, object_type: str, object_id: str) -> bool:
    """Whether an event of this action and object is newer than the event with that id."""
    is_of_object = Event.action == action, Event.object_type == object_type, Event.object_id == object_id
    return session.scalar(select(Event.id).where(Event.id > event_id, *is_of_object).limit(1)) is not None


def history(session: Session, object_type: str, object_id: str) -> list[HistoryEntry]:
    """The events of an object, the newest first."""
    query = select(Event).where(Event.object_type == object_type, Event.object_id == object_id)
    events = session.scalars(query.order_by(Event.id.desc()))
    return [HistoryEntry(event.at, event.actor, event.action, event.before or {}, event.after or {}) for event in events]
