"""The audit: one event for every change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from platforma.catalogue.models import Event


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One event of an object's history; `before` and `after` are empty where there was, or is, nothing."""

    at: datetime
    actor: str
    action: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def record_event(
    session: Session,
    *,
    actor: str,
    action: str,
    object_type: str,
    object_id: str,
    before: Any = None,
    after: Any = None,
) -> None:
    """Write down who did what; `before` and `after` are JSON values."""
    session.add(Event(actor=actor, action=action, object_type=object_type, object_id=object_id, before=before, after=after))


def newest_id(session: Session) -> int:
    """The id of the newest event; 0 before the first."""
    return session.scalar(select(func.max(Event.id))) or 0


def is_noted_since(session: Session, event_id: int, *, action: str, object_type: str, object_id: str) -> bool:
    """Whether this was done to the object after the event with that id."""
    is_meant = Event.action == action, Event.object_type == object_type, Event.object_id == object_id
    return session.scalar(select(Event.id).where(Event.id > event_id, *is_meant).limit(1)) is not None


def history(session: Session, object_type: str, object_id: str) -> list[HistoryEntry]:
    """What was done to an object, the newest first."""
    query = select(Event).where(Event.object_type == object_type, Event.object_id == object_id)
    events = session.scalars(query.order_by(Event.id.desc()))
    return [HistoryEntry(event.at, event.actor, event.action, event.before or {}, event.after or {}) for event in events]
