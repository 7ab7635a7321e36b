"""Listings with the records and values that they are composed of, and what belongs to matching, removal and indexing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from platforma.catalogue.column_types import CreatedAt, Instant, JsonType, Key, OrderedJsonType, UtcDateTime
from platforma.catalogue.enums import InitiativeState, RecordState
from platforma.catalogue.models.base import Base
from platforma.catalogue.models.platforms import Platform
from platforma.catalogue.shapes import Composed, FieldValue, RecordPayload


class Record(Base):
    """What one platform says of one initiative, as last seen; `payload` is crawlers.record.Record as JSON.

    `source` is crawlers.record.RawRecord as JSON, which is normalised again when the recipe's mapping changes; None for
    imports without a recipe. `unmapped` lists [dimension, value of the source] for values without an id of the vocabulary.
    `material` is a hash of what matching saw of it when its keys were stored last; None before.
    """

    __tablename__ = "records"
    __table_args__ = (
        UniqueConstraint("platform_id", "remote_id"),
        Index(None, "platform_id", "initiative_id"),
        Index(None, "initiative_id", "platform_id"),
    )

    id: Mapped[Key]
    platform_id: Mapped[str] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"))
    remote_id: Mapped[str]
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"))
    state: Mapped[RecordState] = mapped_column(String(20), default=RecordState.SEEN)
    payload: Mapped[RecordPayload] = mapped_column(OrderedJsonType)
    source: Mapped[dict[str, object] | None] = mapped_column(JsonType)
    unmapped: Mapped[list[list[str]] | None] = mapped_column(JsonType)
    fingerprint: Mapped[str] = mapped_column(String(64))
    material: Mapped[str | None] = mapped_column(String(40), index=True)
    first_seen_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    platform: Mapped[Platform] = relationship()
    initiative: Mapped[Initiative] = relationship(back_populates="records")


class Initiative(Base):
    """A listing. `composed` is what visitors see; it is composed again whenever a record or a value of it changes.

    `version` grows with each change of the row, for optimistic locking. A merged listing leads to `merged_into`; `state_apart`
    is the state that it had before, and gets back when it is parted. `is_only_name`: it is that of a platform of which there is
    neither a text nor a source; it is no listing among others. `text_languages` and `open_until` are those of
    texts_told.py, kept beside `composed` so that queues are counted and sorted from an index.
    """

    __tablename__ = "initiatives"
    __table_args__ = (
        Index(None, "state", "is_only_name"),
        Index("ix_initiatives_text_languages", "state", "is_only_name", "text_languages", "open_until", "published_at"),
    )

    id: Mapped[Key]
    public_id: Mapped[str] = mapped_column(String(10), unique=True)
    state: Mapped[InitiativeState] = mapped_column(String(20), default=InitiativeState.NEW)
    is_only_name: Mapped[bool] = mapped_column(default=False, server_default=false())
    composed: Mapped[Composed] = mapped_column(OrderedJsonType)
    reason: Mapped[str | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("initiatives.id"), index=True)
    state_apart: Mapped[InitiativeState | None] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[CreatedAt] = mapped_column(index=True)
    changed_at: Mapped[CreatedAt] = mapped_column(index=True)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    text_languages: Mapped[str] = mapped_column(default="", server_default="")
    open_until: Mapped[str] = mapped_column(String(10), default="", server_default="")
    records: Mapped[list[Record]] = relationship(back_populates="initiative", order_by=Record.id)
    values: Mapped[list[Value]] = relationship(order_by="Value.id", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration


class Value(Base):
    """A person's value of one field of an initiative, which overrides the records until it is deleted; a list is one value.

    `layer` is one of layers.LAYERS. `seen` maps platforms' ids to what their records said when the value was set or kept last
    (see conflicts.py). `contested_at` is the instant since which a source says something new, None where none does;
    `is_kept_for_good`: nobody is asked of it any more.
    """

    __tablename__ = "values"
    __table_args__ = (UniqueConstraint("initiative_id", "field", "lang", "layer"),)

    id: Mapped[Key]
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(40))
    lang: Mapped[str] = mapped_column(String(35), default="")
    value: Mapped[FieldValue] = mapped_column(JsonType)
    layer: Mapped[str] = mapped_column(String(10))
    by: Mapped[str]
    at: Mapped[CreatedAt]
    seen: Mapped[dict[str, FieldValue]] = mapped_column(JsonType, default=dict)
    is_kept_for_good: Mapped[bool] = mapped_column(default=False, server_default=false())
    contested_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)


class Removal(Base):
    """One listing that was removed for good, and maybe let in again: who decided so, when and why; nothing of what it said.

    `public_id` is None for a removal of an older version whose listing could not be told.
    """

    __tablename__ = "removals"

    id: Mapped[Key]
    public_id: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[CreatedAt]
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    lifted_by: Mapped[str | None]
    lift_reason: Mapped[str | None]


class Suppression(Base):
    """A keyed hash by which a removed record is recognised; `kind` says what was hashed (see suppression.py).

    Two removals may have the same hash, so that lifting one leaves the other.
    """

    __tablename__ = "suppressions"
    __table_args__ = (UniqueConstraint("removal_id", "kind", "hash"),)

    id: Mapped[Key]
    removal_id: Mapped[int] = mapped_column(ForeignKey("removals.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    hash: Mapped[str] = mapped_column(String(64))


class Outbox(Base):
    """An initiative whose document in the index is out of date: it is to be replaced or deleted.

    `in_live_index`: the live index is up to date; the row is kept for a rebuild that is under way.
    """

    __tablename__ = "outbox"

    id: Mapped[Key]
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"))
    at: Mapped[CreatedAt]
    in_live_index: Mapped[bool] = mapped_column(default=False)
