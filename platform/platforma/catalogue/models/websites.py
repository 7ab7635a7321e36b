"""Websites that listings name, how looking at them went, and which listing names which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from platforma.catalogue.column_types import Instant, Json, UtcDateTime
from platforma.catalogue.enums import WebsiteState
from platforma.catalogue.models.base import Base


class Website(Base):
    """A website's address, and what looks at it found; `key` is the SHA-256 of the address, which may be long.

    `reason` and `values` are the message of what is wrong or doubted. `failures` counts the looks in a row that found nothing
    there, since `first_failed_at`, or no answer. `unchanged` counts the looks that found the same as the one before. `known`
    is what was seen when it was accepted last, `seen` what the last page said (see websites.doubts.Seen); {} before the first.
    `since` is the instant of the look since which its state is what it is; `settled_at` is when a curator said that this state
    needs nothing, None where nobody did since it changed.
    """

    __tablename__ = "websites"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    url: Mapped[str]
    state: Mapped[WebsiteState] = mapped_column(String(10), default=WebsiteState.WAITING, index=True)
    reason: Mapped[str | None]
    values: Mapped[Json] = mapped_column(default=dict)
    failures: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    first_failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    since: Mapped[datetime | None] = mapped_column(UtcDateTime())
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    due_at: Mapped[Instant] = mapped_column(UtcDateTime(), index=True)
    known: Mapped[Json] = mapped_column(default=dict)
    seen: Mapped[Json] = mapped_column(default=dict)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class ListingWebsite(Base):
    """Which website a listing names. Pages at services that everybody uses are not among them."""

    __tablename__ = "listing_websites"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), primary_key=True)
    website_key: Mapped[str] = mapped_column(ForeignKey("websites.key", ondelete="CASCADE"), index=True)
