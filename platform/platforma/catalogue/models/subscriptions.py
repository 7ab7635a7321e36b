"""People who get digests of saved searches by mail, without an account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from platforma.catalogue.column_types import CreatedAt, Instant, Json, Key, UtcDateTime
from platforma.catalogue.enums import DigestFrequency
from platforma.catalogue.models.base import Base


class Subscriber(Base):
    """Somebody who confirmed a saved search. The row, and with it the address, is deleted when the last search ends.

    `public_id` names the subscriber in signed links. The next digest is due at `next_digest_at`; none is made while
    `suspended_at` is set, because digests came back.
    """

    __tablename__ = "subscribers"

    id: Mapped[Key]
    public_id: Mapped[str] = mapped_column(String(10), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    lang: Mapped[str] = mapped_column(String(10))
    frequency: Mapped[DigestFrequency] = mapped_column(String(10))
    created_at: Mapped[CreatedAt]
    next_digest_at: Mapped[Instant] = mapped_column(index=True)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    searches: Mapped[list[SavedSearch]] = relationship(order_by="SavedSearch.id", cascade="all, delete-orphan")


class SavedSearch(Base):
    """One search of a subscriber: `parameters` is the query string of its address, `question` the same for the engine
    (see saved_queries.py), `key` the SHA-256 of the parameters, `titles` what it is called by interface language.

    `known` is the set of listings that were told or stood before (see listing_sets.py), None until the first look.
    `told_dates` maps public ids of events and calls to the date that was told as near.
    """

    __tablename__ = "saved_searches"
    __table_args__ = (UniqueConstraint("subscriber_id", "key"),)

    id: Mapped[Key]
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    parameters: Mapped[str]
    question: Mapped[Json]
    titles: Mapped[Json]
    created_at: Mapped[CreatedAt]
    known: Mapped[bytes | None] = mapped_column(LargeBinary)
    told_dates: Mapped[Json]
