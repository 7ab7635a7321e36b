"""What curators say of the thesaurus and of the closed lists, searches without a hit, and how often what was searched for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from platforma.catalogue.column_types import CreatedAt, Instant, JsonType, ShortText, UtcDateTime
from platforma.catalogue.models.base import Base
from platforma.catalogue.shapes import SplitRule
from vocabulary import Words


class FailedSearch(Base):
    """The words of a search without a hit, how often it was made, when first and when last; who dismissed it and when, None
    where nobody did."""

    __tablename__ = "misses"

    words: Mapped[str] = mapped_column(primary_key=True)
    lang: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int]
    first_at: Mapped[CreatedAt]
    last_at: Mapped[Instant]
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    dismissed_by: Mapped[str | None]


class SearchDay(Base):
    """How often a question was searched for on a day (YYYY-MM-DD, in the site's time zone)."""

    __tablename__ = "searches"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    words: Mapped[str] = mapped_column(String(80), primary_key=True)
    times: Mapped[int]


class ConceptEdit(Base):
    """A curator's concept of the thesaurus, which replaces the shipped one of its id or adds one.

    `names` maps interface languages to lists of names, and “broader” and “related” to ids of what it is a part of and what is
    near it; where these are missing, they are as shipped. `version` grows with each change, for optimistic locking.
    """

    __tablename__ = "concept_edits"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    names: Mapped[dict[str, list[str]]] = mapped_column(JsonType)
    source: Mapped[ShortText]
    is_removed: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    at: Mapped[Instant]


class TermEdit(Base):
    """What curators made of a term of kind, sector or theme, over the shipped one of its id, or a term that they added.

    `words` is None where they are as shipped. Listings of the term go to the first of the `splits` that holds for them; the
    others stay, or go to `replaced_by` where the term is not offered any more (None: they are without it). `version` grows
    with each change, for optimistic locking.
    """

    __tablename__ = "term_edits"

    dimension: Mapped[str] = mapped_column(String(10), primary_key=True)
    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    words: Mapped[Words | None] = mapped_column(JsonType)
    is_offered: Mapped[bool] = mapped_column(default=True)
    replaced_by: Mapped[str | None] = mapped_column(String(60))
    splits: Mapped[list[SplitRule]] = mapped_column(JsonType, default=list)
    version: Mapped[int] = mapped_column(default=1)
    at: Mapped[Instant]


class ListingTerm(Base):
    """A term that records or people give a listing, whatever stands in its place; written whenever the listing is composed."""

    __tablename__ = "listing_terms"

    dimension: Mapped[str] = mapped_column(String(10), primary_key=True)
    term_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), primary_key=True, index=True)


class ListingToCompose(Base):
    """A listing that waits to be composed anew, since a change of a term touches it."""

    __tablename__ = "listings_to_compose"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), primary_key=True)
