"""Decisions at the desk that can be undone, who looks at which item now, and the texts that curators answer with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from platforma.catalogue.column_types import CreatedAt, Instant, Json, JsonType, Key, UtcDateTime
from platforma.catalogue.models.base import Base


class Decision(Base):
    """What a person decided at the desk of one object or of many. `kind` and `verb` are those of decisions.kinds.

    `due_at` is when what cannot be taken back happens (a mail goes out, staged records are taken in, a listing is erased), until
    when it can be undone; None where nothing of the kind follows. `done_at` is when the worker carried that out. `details` holds
    what undoing and carrying out need: ids of mails, of rules' judgements, versions of recipes. Judgements on pairs have a table
    of their own.
    """

    __tablename__ = "decisions"

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(20))
    verb: Mapped[str] = mapped_column(String(20))
    by: Mapped[str]
    at: Mapped[CreatedAt]
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    undone_by: Mapped[str | None]
    details: Mapped[Json]


class DecisionObject(Base):
    """A row that a decision is about (`is_subject`) or has changed along: its columns before and after, as JSON.

    `object_id` is the public id of a listing, the id of a platform, a crawl or a message as text.
    """

    __tablename__ = "decision_objects"
    __table_args__ = (Index(None, "kind", "object_id"),)

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    object_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    is_subject: Mapped[bool]
    before: Mapped[dict[str, object]] = mapped_column(JsonType)
    after: Mapped[dict[str, object]] = mapped_column(JsonType)


class Claim(Base):
    """An item of a queue that somebody looks at, by the kind of the queue and the item's name in it, until an instant."""

    __tablename__ = "claims"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    item: Mapped[str] = mapped_column(String(60), primary_key=True)
    by: Mapped[str] = mapped_column(String(254), index=True)
    until: Mapped[Instant]


class ReplyText(Base):
    """A curators' text that answers are begun with, in place of the shipped one of its key and language, or beside them."""

    __tablename__ = "reply_texts"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    lang: Mapped[str] = mapped_column(String(10), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str]
    is_removed: Mapped[bool] = mapped_column(default=False)
    by: Mapped[str]
    at: Mapped[CreatedAt]
