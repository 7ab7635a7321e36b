"""First readings of sites that somebody may register, and the looks of people at them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from platforma.catalogue.column_types import CreatedAt, Instant, Key, OrderedJsonType, UtcDateTime
from platforma.catalogue.enums import ReadingState
from platforma.catalogue.models.base import Base


class SiteReading(Base):
    """What was read of a site once, for all who look at it within a day; nothing of it is public.

    `address` is the canonical form by which addresses are the same, `host` that by which they are counted. `tries` counts the
    processes that began. `pages` are those fetched so far, `expected` is how many entries the list seems to have, None before
    one was found. `result` is what visitors.readings.Result holds, {} before the end; `reason` and `values` are the message of
    why nothing was found.
    """

    __tablename__ = "site_readings"

    id: Mapped[Key]
    address: Mapped[str] = mapped_column(index=True)
    host: Mapped[str] = mapped_column(index=True)
    url: Mapped[str]
    state: Mapped[ReadingState] = mapped_column(String(10), default=ReadingState.WAITING, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    expected: Mapped[int | None]
    result: Mapped[Any] = mapped_column(OrderedJsonType, default=dict)
    reason: Mapped[str | None]
    values: Mapped[Any] = mapped_column(OrderedJsonType, default=dict)
    created_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class SiteLook(Base):
    """One person's look at a reading, under a secret address of which only the SHA-256 is stored.

    `choices` are what the person chose for the platform (see visitors.site_looks.Choices), None before they chose.
    """

    __tablename__ = "site_looks"

    id: Mapped[Key]
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("site_readings.id", ondelete="CASCADE"), index=True)
    url: Mapped[str]
    choices: Mapped[Any | None] = mapped_column(OrderedJsonType)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Instant] = mapped_column(UtcDateTime(), index=True)
    reading: Mapped[SiteReading] = relationship()
