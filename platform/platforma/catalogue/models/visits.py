"""How often pages of listings were opened and left for other sites, in numbers alone: nothing of who did so."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from platforma.catalogue.models.base import Base


class Numbers:
    """Counts of a day (YYYY-MM-DD, in the site's time zone), or of the days of a month (YYYY-MM) that were added up.

    `openings` of the page, clicks on from there to the `websites` of organisations, and to the `sources` that list them.
    """

    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    openings: Mapped[int] = mapped_column(default=0)
    websites: Mapped[int] = mapped_column(default=0)
    sources: Mapped[int] = mapped_column(default=0)


class ListingVisits(Numbers, Base):
    """The counts of one listing."""

    __tablename__ = "listing_visits"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), primary_key=True, index=True)


class PlatformVisits(Numbers, Base):
    """The counts of all listings that a platform had when they were counted; a listing of several counts for each."""

    __tablename__ = "platform_visits"

    platform_id: Mapped[str] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"), primary_key=True, index=True)


class VisitWords(Base):
    """How often a search for these words led to a listing of a platform on a day."""

    __tablename__ = "visit_words"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    platform_id: Mapped[str] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"), primary_key=True, index=True)
    words: Mapped[str] = mapped_column(String(80), primary_key=True)
    times: Mapped[int]
