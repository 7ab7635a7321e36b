"""Platforms, their recipes, the leases of their crawls, the notices about them, and what partners and curators write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from platforma.catalogue.column_types import CreatedAt, Instant, Json, JsonType, Key, ShortText, UtcDateTime
from platforma.catalogue.enums import MessageKind, PlatformState
from platforma.catalogue.models.base import Base


class Platform(Base):
    """A partner's site or register. `recipe` is the live recipe; `seed_hash` tells whether a person has changed it.

    `failures` counts the failed crawls in a row. `shape` is the field coverage of the last good crawl (see coverage_changes.py).
    `trial_version` is the recipe version that is to be tried next; `is_mapping_due`: stored records are to be mapped again.
    `asked_at` is since when a proposal waits for the partner's answer to a question, None where none does.
    """

    __tablename__ = "platforms"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True)
    title: Mapped[ShortText]
    url: Mapped[str]
    state: Mapped[PlatformState] = mapped_column(String(20), default=PlatformState.PROPOSED, index=True)
    recipe: Mapped[Json]
    recipe_version: Mapped[int] = mapped_column(default=1)
    seed_hash: Mapped[str | None] = mapped_column(String(64))
    rank: Mapped[int] = mapped_column(default=100)
    licence: Mapped[str | None]
    contact_email: Mapped[str | None]
    contact_lang: Mapped[str | None]
    reason: Mapped[str | None]
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    last_good_count: Mapped[int | None]
    next_crawl_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    shape: Mapped[Any | None] = mapped_column(JsonType)
    trial_version: Mapped[int | None]
    is_mapping_due: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[CreatedAt]
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiatives.id", ondelete="SET NULL"))


class CoverageCount(Base):
    """What was counted of a platform's records at an instant, for the page of its mapping; deleted when records were imported.

    `records` is how many there were. `values` has [dimension, text of the source, in how many records, ids of some] of values
    without an id of ours, `fields` has [name, in how many records, ids of some] of fields of the source; most frequent first.
    """

    __tablename__ = "coverage_counts"

    platform_id: Mapped[str] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"), primary_key=True)
    records: Mapped[int]
    values: Mapped[Json]
    fields: Mapped[Json]
    counted_at: Mapped[Instant]


class RecipeVersion(Base):
    """A saved version of a recipe. `state` is live, former, draft (to be tried or approved) or dropped."""

    __tablename__ = "recipe_versions"
    __table_args__ = (UniqueConstraint("platform_id", "version"),)

    id: Mapped[Key]
    platform_id: Mapped[str] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"))
    version: Mapped[int]
    recipe: Mapped[Json]
    state: Mapped[str] = mapped_column(String(10))
    by: Mapped[str]
    at: Mapped[CreatedAt]


class Lease(Base):
    """A lease: the right of one process to crawl until an instant; a key for the platform, and one for each host.

    `holder` names machine and process, and is random for each acquisition, so that a process that slept beyond the end of its
    lease cannot renew one that another process has taken since.
    """

    __tablename__ = "leases"

    key: Mapped[str] = mapped_column(primary_key=True)
    platform_id: Mapped[str] = mapped_column(String(60), index=True)
    holder: Mapped[str]
    until: Mapped[Instant]
    is_stop_asked: Mapped[bool] = mapped_column(default=False)


class Notice(Base):
    """Something about a platform that people were notified of once, and again only if it was settled in between.

    `topic` is failed, held, slowed, problem, value, field, emptied or removal; `key` tells notices of one topic apart.
    """

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("platform_id", "topic", "key"),)

    id: Mapped[Key]
    platform_id: Mapped[str] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"))
    topic: Mapped[str] = mapped_column(String(20))
    key: Mapped[str]
    values: Mapped[Json]
    told_at: Mapped[Instant]
    last_at: Mapped[Instant]
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class PartnerMessage(Base):
    """What a curator or a partner wrote to the other side about a platform; `by` is the address of their account."""

    __tablename__ = "partner_messages"

    id: Mapped[Key]
    platform_id: Mapped[str] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"), index=True)
    kind: Mapped[MessageKind] = mapped_column(String(10))
    by: Mapped[str]
    text: Mapped[str]
    at: Mapped[CreatedAt]
