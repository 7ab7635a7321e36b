"""A catalogue without rows, for what begins anew on one database, and without the guards of events."""

from __future__ import annotations

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from platforma.catalogue.models import Base, Initiative, Platform

GUARDS = ("events_are_not_changed", "events_are_not_deleted")


def empty(session: Session) -> None:
    """Delete all rows, also events, which nobody but a test may delete."""
    unguard_events(session)
    session.execute(update(Platform).values(initiative_id=None))
    session.execute(update(Initiative).values(merged_into_id=None))
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(table.delete())


def unguard_events(session: Session) -> None:
    """Take the guards of events away, so that a test may date or delete them."""
    on_table = "" if session.get_bind().dialect.name == "sqlite" else " ON events"
    for name in GUARDS:
        session.execute(text(f"DROP TRIGGER IF EXISTS {name}{on_table}"))
