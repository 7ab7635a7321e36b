"""Holding: when a crawl looks so wrong that a person must see it before it changes anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.errors import N_
from platforma.catalogue.models import Crawl, CrawlPurpose, Record, RecordState, StagedRecord

MAX_VANISHED_PERCENT = 10
MIN_VANISHED = 2
MAX_GROWTH = 2
TRIED = N_("recipe version %(version)s was tried; look at what it would change, then take it or leave it")
OUTSIDE = N_("%(found)s were found, the recipe expects %(low)s to %(high)s; look whether the site or the recipe changed")
VANISHED = N_("%(gone)s of %(known)s known records vanished; look whether they are really gone from the site")
GREW = N_("%(found)s were found, more than twice the %(last)s of the last good crawl; look whether all are initiatives")
HoldReason = tuple[str, Mapping[str, str]]
"""A message id with what fills it."""


@dataclass(frozen=True, slots=True)
class CrawlSizes:
    """A crawl in numbers: what it found, what was known before it and is gone now, and what the last good one found.

    `last_good` is None before the first good crawl.
    """

    found: int
    known: int = 0
    gone: int = 0
    last_good: int | None = None


def hold_reason(session: Session, crawl: Crawl) -> HoldReason | None:
    """Why a crawl must wait for a person; None when it may be ingested. A first crawl never waits, a trial always."""
    if crawl.purpose == CrawlPurpose.TRIAL:
        return TRIED, {"version": str(crawl.recipe_version)}
    if crawl.purpose == CrawlPurpose.MAPPING:
        return None
    return judge(_crawl_sizes(session, crawl), crawl.platform.recipe.get("expect") or {})


def judge(sizes: CrawlSizes, expected: Mapping[str, Any]) -> HoldReason | None:
    """Why a crawl of this size must wait; None when it may be ingested.

    `expected` may have the recipe's `min` and `max`. A minimum stands for what may vanish, a maximum for what may be added.
    """
    low, high = expected.get("min"), expected.get("max")
    vanished = _vanished(sizes) if low is None else None
    grew = _grew(sizes) if high is None else None
    return _outside(sizes.found, low or 0, high) or vanished or grew


def seen_records(session: Session, platform_id: str) -> set[str]:
    """Remote ids of the records that the platform publishes, as far as known."""
    query = select(Record.remote_id).where(Record.platform_id == platform_id, Record.state == RecordState.SEEN)
    return set(session.scalars(query))


def _crawl_sizes(session: Session, crawl: Crawl) -> CrawlSizes:
    """Only a crawl that read everything can tell what is gone."""
    found = set(session.scalars(select(StagedRecord.remote_id).where(StagedRecord.crawl_id == crawl.id)))
    known = seen_records(session, crawl.platform_id)
    gone = len(known - found) if crawl.is_complete else 0
    return CrawlSizes(len(found), len(known), gone, crawl.platform.last_good_count)


def _outside(found: int, low: int, high: int | None) -> HoldReason | None:
    if low <= found and (high is None or found <= high):
        return None
    return OUTSIDE, {"found": str(found), "low": str(low), "high": "∞" if high is None else str(high)}


def _vanished(sizes: CrawlSizes) -> HoldReason | None:
    if sizes.gone <= MIN_VANISHED or sizes.gone * 100 <= MAX_VANISHED_PERCENT * sizes.known:
        return None
    return VANISHED, {"gone": str(sizes.gone), "known": str(sizes.known)}


def _grew(sizes: CrawlSizes) -> HoldReason | None:
    if not sizes.last_good or sizes.found <= MAX_GROWTH * sizes.last_good:
        return None
    return GREW, {"found": str(sizes.found), "last": str(sizes.last_good)}
