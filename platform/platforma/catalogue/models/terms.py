"""What curators say of the thesaurus, and searches without a hit, and how often what was searched for."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from platforma.catalogue.column_types import CreatedAt, Instant, JsonType, ShortText
from platforma.catalogue.models.base import Base


class FailedSearch(Base):
    """The words of a search without a hit, how often it was made, when first and when last."""

    __tablename__ = "misses"

    words: Mapped[str] = mapped_column(primary_key=True)
    lang: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int]
    first_at: Mapped[CreatedAt]
    last_at: Mapped[Instant]


class SearchDay(Base):
    """How often a question was searched for on a day (YYYY-MM-DD, in the site's time zone)."""

    __tablename__ = "searches"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    words: Mapped[str] = mapped_column(String(80), primary_key=True)
    times: Mapped[int]


class ConceptEdit(Base):
    """A curator's concept of the thesaurus, which replaces the shipped one of its id or adds one.

    `names` maps interface languages to lists of names. `version` grows with each change, for optimistic locking.
    """

    __tablename__ = "concept_edits"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    names: Mapped[dict[str, list[str]]] = mapped_column(JsonType)
    source: Mapped[ShortText]
    is_removed: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    at: Mapped[Instant]
