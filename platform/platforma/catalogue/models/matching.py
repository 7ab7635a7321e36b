"""What matching stores: the keys of records, the pairs that wait, and what was judged of two listings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from platforma.catalogue.column_types import CreatedAt, JsonType, Key, UtcDateTime
from platforma.catalogue.enums import JudgementVerdict
from platforma.catalogue.models.base import Base
from platforma.catalogue.shapes import StoredReason


class Judgement(Base):
    """What a person or a rule said of two listings; `left` is the one that is part of the other, where it is one.

    `by` is a person's e-mail address or the name of a rule. `reasons` are those of the score (message id, values) where there
    is one. `asked_since` is since when people had been asked about the two, None where nobody was. `left_material` and
    `right_material` are hashes of what the listings' own records said at the time. `undone_at` and `undone_by` are set when it
    is taken back; of a pair one judgement at most stands.
    """

    __tablename__ = "judgements"
    __table_args__ = (Index(None, "left_id", "right_id"),)

    id: Mapped[Key]
    left_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"))
    right_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), index=True)
    verdict: Mapped[JudgementVerdict] = mapped_column(String(20))
    score: Mapped[float | None]
    reasons: Mapped[list[StoredReason]] = mapped_column(JsonType, default=list)
    left_material: Mapped[str] = mapped_column(String(40), default="")
    right_material: Mapped[str] = mapped_column(String(40), default="")
    asked_since: Mapped[datetime | None] = mapped_column(UtcDateTime())
    by: Mapped[str]
    at: Mapped[CreatedAt]
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    undone_by: Mapped[str | None]


class MatchKey(Base):
    """A blocking key of a record (see catalogue.matching.blocking): records that share one are compared."""

    __tablename__ = "match_keys"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id", ondelete="CASCADE"), primary_key=True, index=True)


class DuplicateCandidate(Base):
    """Two listings that look like the same, with the lower id left: they wait for a person, or for their states to agree.

    `verdict` is same where a rule would join them, if it might, else unsure. `found_at` is when they were first met.
    """

    __tablename__ = "duplicate_candidates"
    __table_args__ = (UniqueConstraint("left_id", "right_id"),)

    id: Mapped[Key]
    left_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"))
    right_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), index=True)
    verdict: Mapped[str] = mapped_column(String(20))
    score: Mapped[float] = mapped_column(index=True)
    reasons: Mapped[list[StoredReason]] = mapped_column(JsonType)
    found_at: Mapped[CreatedAt]
