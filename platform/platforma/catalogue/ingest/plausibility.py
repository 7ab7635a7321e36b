"""Plausibility: when a crawl looks so wrong that it is held for a curator, before it changes anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.models import Crawl, CrawlPurpose, Record, RecordState, StagedRecord
from vocabulary.messages import N_

MAX_VANISHED_RECORDS = 2
MAX_VANISHED_PERCENT = 10
"""A crawl is held where more known records vanished than both of these allow."""
MAX_GROWTH_FACTOR = 2
"""A crawl is held where it found more records than so many times those of the last good crawl."""
TRIED = N_("recipe version %(version)s was tried; look at what it would change, then take it or leave it")
OUTSIDE = N_(
    "number of records found: %(found)s, expected by the recipe: %(low)s to %(high)s; check whether"
    " the site or the recipe has changed"
)
VANISHED = N_("known records no longer found: %(gone)s of %(known)s; check whether they are really gone from the site")
GREW = N_(
    "number of records found: %(found)s, more than twice as many as in the last good crawl"
    " (%(last)s); check whether all of them are initiatives"
)
HoldReason = tuple[str, Mapping[str, str]]
"""A message id, and the values of its placeholders."""


@dataclass(frozen=True, slots=True)
class CrawlSizes:
    """Numbers of records: found by the crawl, known before it, known and gone now, and found by the last good crawl.

    `last_good` is None before the first good crawl.
    """

    found: int
    known: int = 0
    gone: int = 0
    last_good: int | None = None


def hold_reason(session: Session, crawl: Crawl) -> HoldReason | None:
    """Why a crawl is held; None when it may be ingested. A trial of a recipe is always held, a new mapping never."""
    if crawl.purpose == CrawlPurpose.TRIAL:
        return TRIED, {"version": str(crawl.recipe_version)}
    if crawl.purpose == CrawlPurpose.MAPPING:
        return None
    return judge(_crawl_sizes(session, crawl), crawl.platform.recipe.get("expect") or {})


def judge(sizes: CrawlSizes, expected: Mapping[str, int | None]) -> HoldReason | None:
    """Why a crawl of these sizes is held; None when it may be ingested.

    `expected` is the recipe's `expect`. Where it has a `min`, this limits what may vanish, instead of MAX_VANISHED_PERCENT;
    where it has a `max`, this limits what may be added, instead of MAX_GROWTH_FACTOR.
    """
    low, high = expected.get("min"), expected.get("max")
    vanished = _too_many_vanished(sizes) if low is None else None
    grew = _grew_too_much(sizes) if high is None else None
    return _outside_expected(sizes.found, low or 0, high) or vanished or grew


def seen_records(session: Session, platform_id: str) -> set[str]:
    """Remote ids of the platform's records that are not gone."""
    query = select(Record.remote_id).where(Record.platform_id == platform_id, Record.state == RecordState.SEEN)
    return set(session.scalars(query))


def _crawl_sizes(session: Session, crawl: Crawl) -> CrawlSizes:
    """The sizes of a crawl. Only a complete crawl can tell what is gone."""
    found = set(session.scalars(select(StagedRecord.remote_id).where(StagedRecord.crawl_id == crawl.id)))
    known = seen_records(session, crawl.platform_id)
    gone = len(known - found) if crawl.is_complete else 0
    return CrawlSizes(len(found), len(known), gone, crawl.platform.last_good_count)


def _outside_expected(found: int, low: int, high: int | None) -> HoldReason | None:
    if low <= found and (high is None or found <= high):
        return None
    return OUTSIDE, {"found": str(found), "low": str(low), "high": "∞" if high is None else str(high)}


def _too_many_vanished(sizes: CrawlSizes) -> HoldReason | None:
    if sizes.gone <= MAX_VANISHED_RECORDS or sizes.gone * 100 <= MAX_VANISHED_PERCENT * sizes.known:
        return None
    return VANISHED, {"gone": str(sizes.gone), "known": str(sizes.known)}


def _grew_too_much(sizes: CrawlSizes) -> HoldReason | None:
    if not sizes.last_good or sizes.found <= MAX_GROWTH_FACTOR * sizes.last_good:
        return None
    return GREW, {"found": str(sizes.found), "last": str(sizes.last_good)}
