"""What the staff's lists need: facts of each listing to search, filter and sort by, saved views, and bulk changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from platforma.catalogue.column_types import CreatedAt, Json, Key, UtcDateTime
from platforma.catalogue.enums import BulkState, ItemState
from platforma.catalogue.models.base import Base

SORT_KEY_CHARACTERS = 200
_SORT_KEY = String(SORT_KEY_CHARACTERS).with_variant(String(SORT_KEY_CHARACTERS, collation="C"), "postgresql")
"""Sorted by its bytes on both databases."""


class ListingFacts(Base):
    """Of any listing, also of joined and removed ones, what the staff's list looks for; derived (see facts.py).

    `words` are its folded names, numbers and public id. Lists are written `|a|b|`, empty ones as an empty text.
    """

    __tablename__ = "listing_facts"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(40), default="")
    sectors: Mapped[str] = mapped_column(Text, default="")
    themes: Mapped[str] = mapped_column(Text, default="")
    countries: Mapped[str] = mapped_column(Text, default="")
    languages: Mapped[str] = mapped_column(Text, default="")
    has_place: Mapped[bool] = mapped_column(default=False)


class ListingTitle(Base):
    """The key that sorts a listing by the title that a reader of an interface language sees."""

    __tablename__ = "listing_titles"
    __table_args__ = (Index(None, "lang", "sort_key", "initiative_id"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), primary_key=True)
    lang: Mapped[str] = mapped_column(String(10), primary_key=True)
    sort_key: Mapped[str] = mapped_column(_SORT_KEY)


class SavedView(Base):
    """A search of the staff's list with its filters, by name. `query` is the query of its address; shared ones all staff see."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("by", "name"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(254))
    is_shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]


class BulkChange(Base):
    """One change of many listings at once. `key` is that of the form, so that a form sent twice is carried out once.

    `value` is the id of a term, or the reason of a refusal. `undone_by` is who had it undone.
    """

    __tablename__ = "bulk_changes"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(40), unique=True)
    actor: Mapped[str] = mapped_column(String(254))
    action: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(Text)
    state: Mapped[BulkState] = mapped_column(String(10), default=BulkState.WAITING, index=True)
    created_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    undone_by: Mapped[str | None] = mapped_column(String(254))


class BulkItem(Base):
    """One listing of a bulk change. `before` is what stood (see bulk_steps.py), `event_id` the newest event when it was changed.

    `reason` and `values` are the message of what could not be done or undone.
    """

    __tablename__ = "bulk_items"
    __table_args__ = (Index(None, "bulk_id", "state", "initiative_id"),)

    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk_changes.id", ondelete="CASCADE"), primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[ItemState] = mapped_column(String(10), default=ItemState.WAITING)
    before: Mapped[Json | None]
    event_id: Mapped[int | None]
    reason: Mapped[str | None]
    values: Mapped[Json | None]
