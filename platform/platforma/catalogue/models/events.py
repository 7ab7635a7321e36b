"""The audit: who changed what. Events are only added; the database itself refuses any change (see catalogue/audit.py)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Index, String, event
from sqlalchemy.orm import Mapped, mapped_column

from platforma.catalogue.column_types import CreatedAt, JsonType, Key
from platforma.catalogue.models.base import Base


class Event(Base):
    """One change: who did what to which object, what stood before and after."""

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "object_type", "object_id"),
        Index(None, "object_type", "id"),
        Index(None, "actor", "id"),
        Index(None, "action", "id"),
        Index(None, "at"),
    )

    id: Mapped[Key]
    at: Mapped[CreatedAt]
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(String(40))
    object_type: Mapped[str] = mapped_column(String(20))
    object_id: Mapped[str] = mapped_column(String(60))
    before: Mapped[Mapping[str, object] | None] = mapped_column(JsonType)
    after: Mapped[Mapping[str, object] | None] = mapped_column(JsonType)


@event.listens_for(Event, "before_update")
@event.listens_for(Event, "before_delete")
def refuse_change(_mapper: object, _connection: object, row: Event) -> None:
    """Raise TypeError where a session would change or delete an event; the database's own triggers refuse all other ways."""
    raise TypeError(f"event {row.id} cannot be changed: events are only added")
