"""Tables that somebody sent, with what their check said; kept for days."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from platforma.catalogue.column_types import CreatedAt, Instant, Key, OrderedJsonType, UtcDateTime
from platforma.catalogue.models.base import Base


class PartnerTable(Base):
    """A table under a secret address, of which only the SHA-256 is stored; nothing of it is public.

    `platform_id` is the platform that it is to update, None where it proposes one. `columns` are the fields chosen by hand for
    columns by index ("" for none), `choices` what was chosen for all rows (see visitors.site_looks.Choices), None before, and
    `url` the address of the list's owner. `result` is what files.sent_tables.Checked holds. `taken_at`: it was imported then.
    """

    __tablename__ = "partner_tables"

    id: Mapped[Key]
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    platform_id: Mapped[str | None] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    columns: Mapped[Any] = mapped_column(OrderedJsonType, default=dict)
    choices: Mapped[Any | None] = mapped_column(OrderedJsonType)
    url: Mapped[str] = mapped_column(default="")
    result: Mapped[Any] = mapped_column(OrderedJsonType, default=dict)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Instant] = mapped_column(UtcDateTime(), index=True)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
