"""The audit: who changed what. Events are only added; the database itself refuses any change (see catalogue/audit.py)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from platforma.catalogue.column_types import CreatedAt, JsonType, Key
from platforma.catalogue.models.base import Base


class Event(Base):
    """One change: who did what to which object, what stood before and after."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "object_type", "object_id"), Index(None, "actor", "id"), Index(None, "action", "id"), Index(None, "at"))

    id: Mapped[Key]
    at: Mapped[CreatedAt]
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(String(40))
    object_type: Mapped[str] = mapped_column(String(20))
    object_id: Mapped[str] = mapped_column(String(60))
    before: Mapped[Mapping[str, object] | None] = mapped_column(JsonType)
    after: Mapped[Mapping[str, object] | None] = mapped_column(JsonType)
