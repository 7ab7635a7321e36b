"""What people said of whether listings are still right, and the letters that ask organisations for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from platforma.catalogue.column_types import Instant, Key, UtcDateTime
from platforma.catalogue.models.base import Base


class Confirmation(Base):
    """What people said last of whether a listing is still right. All instants are None where nobody said so.

    `confirmed_at`: the organisation or a curator (`confirmed_by`) said that it is. `ended_at`: the organisation answered that it
    no longer exists. `gone_settled_at`: a curator said that it stays though no source lists it. `asked_at`: a
    curator had the organisation asked.
    """

    __tablename__ = "confirmations"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), primary_key=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    confirmed_by: Mapped[str | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    gone_settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class Letter(Base):
    """A letter that asked an organisation whether its listing is still right. `address` is a hash of the mail address.

    `answer` is correct, change or ended, None before it; the links of the letter are good until `expires_at`.
    """

    __tablename__ = "letters"

    id: Mapped[Key]
    public_id: Mapped[str] = mapped_column(String(10), unique=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(64), index=True)
    lang: Mapped[str] = mapped_column(String(10))
    sent_at: Mapped[Instant] = mapped_column(UtcDateTime(), index=True)
    expires_at: Mapped[Instant] = mapped_column(UtcDateTime())
    answer: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class LetterRefusal(Base):
    """An address that wants no letters any more, as a hash."""

    __tablename__ = "letter_refusals"

    address: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[Instant] = mapped_column(UtcDateTime())
