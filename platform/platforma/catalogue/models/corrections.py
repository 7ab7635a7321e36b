"""What visitors send without an account: messages about listings, and listings that they add."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from platforma.catalogue.column_types import CreatedAt, Json, Key, UtcDateTime
from platforma.catalogue.enums import CorrectionState, CorrectionTopic
from platforma.catalogue.models.base import Base


class Correction(Base):
    """A visitor's message: a mistake in a listing or of a platform, or a wish to have it removed. It is about the directory where
    both `initiative_id` and `platform_id` are None.

    `public_id` is the number that the visitor is told. `field` is the field that is wrong, empty where none was named.
    `email` is confirmed, None where the visitor gave none. Address and texts are erased some time after `closed_at`.
    """

    __tablename__ = "corrections"

    id: Mapped[Key]
    public_id: Mapped[str] = mapped_column(String(10), unique=True)
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), index=True)
    platform_id: Mapped[str | None] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"), index=True)
    topic: Mapped[CorrectionTopic] = mapped_column(String(20))
    field: Mapped[str] = mapped_column(String(40))
    text: Mapped[str]
    email: Mapped[str | None] = mapped_column(String(254))
    lang: Mapped[str] = mapped_column(String(10))
    state: Mapped[CorrectionState] = mapped_column(String(10), default=CorrectionState.OPEN, index=True)
    answer: Mapped[str] = mapped_column(default="")
    created_at: Mapped[CreatedAt]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class Addition(Base):
    """Who added a listing by hand; `public_id` of the listing names it in the link by which they follow it.

    `told_at` is when the decision was mailed; the address is erased some time after.
    """

    __tablename__ = "additions"

    id: Mapped[Key]
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), unique=True)
    email: Mapped[str | None] = mapped_column(String(254))
    lang: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[CreatedAt]
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class HeldBack(Base):
    """What a visitor sent, and confirmed where they gave an address, that looks like advertising: it waits for a curator, and
    stands nowhere else.

    `kind` is addition or message, `payload` what was sent. `reason` is a message id. `mark` is the SHA-256 of its words, the same
    for the same words; `email` is empty where none was given.
    """

    __tablename__ = "held_back"

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(10))
    payload: Mapped[Json]
    reason: Mapped[str]
    mark: Mapped[str] = mapped_column(String(64), index=True)
    email: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[CreatedAt]
