"""What crawls and imports tell when they end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crawlers.record import Problem


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """How a crawl ended. `counts`: found, new, changed, unchanged, gone, refused; instants are UTC."""

    crawl_id: int
    platform_id: str
    state: str
    counts: Mapping[str, int]
    failure: str | None
    started_at: datetime
    ended_at: datetime | None
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class ImportReport:
    """How an import ended; `problems` holds refusals and warnings in the file's order."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CrawlDiff:
    """What ingesting a crawl would do: remote ids; for changed ones the fields that differ."""

    new: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    unchanged: tuple[str, ...]
    gone: tuple[str, ...]
    failure: str | None
    problems: tuple[Problem, ...] = ()
