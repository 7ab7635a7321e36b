"""Crawls: their reports, what they have staged, and what they remember of pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from platforma.catalogue.column_types import CreatedAt, JsonType, Key, OrderedJsonType, UtcDateTime
from platforma.catalogue.enums import CrawlPurpose, CrawlState
from platforma.catalogue.models.base import Base
from platforma.catalogue.models.platforms import Platform
from platforma.catalogue.shapes import RecordPayload


class Crawl(Base):
    """One crawl of one platform. `counts` is described in reports.py; `gone` lists addresses of pages that are gone.

    `hosts` are those that were asked besides the recipe's own ones, because a redirect or an alias led there.
    `failure` is a message id, `failure_values` fill its placeholders.
    """

    __tablename__ = "crawls"

    id: Mapped[Key]
    platform_id: Mapped[str] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"), index=True)
    state: Mapped[CrawlState] = mapped_column(String(20), default=CrawlState.RUNNING)
    recipe_version: Mapped[int]
    extractor_version: Mapped[int]
    is_complete: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[dict[str, int]] = mapped_column(JsonType)
    gone: Mapped[list[str]] = mapped_column(JsonType)
    hosts: Mapped[list[str]] = mapped_column(JsonType, default=list, server_default="[]")
    failure: Mapped[str | None]
    failure_values: Mapped[Mapping[str, str] | None] = mapped_column(JsonType)
    purpose: Mapped[CrawlPurpose] = mapped_column(String(10), default=CrawlPurpose.TURN, server_default=CrawlPurpose.TURN)
    started_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    platform: Mapped[Platform] = relationship()


class CrawlProblem(Base):
    """A problem of a crawl or an import (see crawlers.record.Problem)."""

    __tablename__ = "crawl_problems"

    id: Mapped[Key]
    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawls.id", ondelete="CASCADE"), index=True)
    severity: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str]
    values: Mapped[dict[str, str]] = mapped_column(JsonType)
    url: Mapped[str | None]
    remote_id: Mapped[str | None]
    field: Mapped[str | None]
    value: Mapped[str | None]


class CrawlChange(Base):
    """A changed record in a crawl's report; `kind` is new, changed or gone, `fields` are the names of the changed fields."""

    __tablename__ = "crawl_changes"

    id: Mapped[Key]
    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawls.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    remote_id: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    fields: Mapped[list[str]] = mapped_column(JsonType)


class StagedRecord(Base):
    """A record that a crawl has read and not yet ingested; `payload` is None where the source says that it is unchanged.

    `source` and `unmapped` are those of Record; `url` is the address that it was read from.
    """

    __tablename__ = "staged_records"

    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawls.id", ondelete="CASCADE"), primary_key=True)
    remote_id: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str | None] = mapped_column(String(64))
    payload: Mapped[RecordPayload | None] = mapped_column(OrderedJsonType)
    url: Mapped[str | None]
    source: Mapped[dict[str, object] | None] = mapped_column(JsonType)
    unmapped: Mapped[list[list[str]] | None] = mapped_column(JsonType)


class StagedPage(Base):
    """An address that a crawl has read completely, and the remote ids of the records that it gave.

    `memory` holds the fields of crawlers.state.PageValidators, which are stored in PageMemory when the records are ingested;
    None where those of the last crawl still hold.
    """

    __tablename__ = "staged_pages"

    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawls.id", ondelete="CASCADE"), primary_key=True)
    url: Mapped[str] = mapped_column(primary_key=True)
    memory: Mapped[dict[str, object] | None] = mapped_column(JsonType)
    remote_ids: Mapped[list[str]] = mapped_column(JsonType)


class PageMemory(Base):
    """The validators of an address from its last good fetch (crawlers.state.PageValidators), and what was read from it."""

    __tablename__ = "page_memory"

    platform_id: Mapped[str] = mapped_column(ForeignKey("platforms.id", ondelete="CASCADE"), primary_key=True)
    url: Mapped[str] = mapped_column(primary_key=True)
    recipe_version: Mapped[int]
    extractor_version: Mapped[int]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    content_hash: Mapped[str | None] = mapped_column(String(64))
    changed_at: Mapped[str | None]
    leads: Mapped[dict[str, Any] | None] = mapped_column(JsonType)
    remote_ids: Mapped[list[str]] = mapped_column(JsonType)
