"""Plausibility: when a crawl looks so wrong that it is held for a curator, before it changes anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.ingest.mass_changes import mass_changes
from platforma.catalogue.models import Crawl, CrawlPurpose, Record, RecordState, StagedRecord
from vocabulary.messages import N_

MAX_VANISHED_RECORDS = 2
MAX_VANISHED_PERCENT = 10
"""A crawl is held where more known records vanished than both of these allow."""
MAX_GROWTH_FACTOR = 2
"""A crawl is held where it found more records than so many times those of the last good crawl."""
MAX_CHANGED_RECORDS = 2
MAX_CHANGED_PERCENT = 50
"""A crawl is held where, of the known records that it found again, more than both of these allow have another title, or have
no value any more in one field. A source renames some in a night, and most only when its site is built anew or broken; on a
small platform two are soon most."""
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
RETITLED = N_(
    "known records with another title: %(changed)s of %(known)s; compare the titles, and if they are wrong, check where the"
    " site has them now and how the recipe reads them"
)
EMPTIED = N_(
    "known records in which a field is empty now: %(changed)s of %(known)s; look at which field it is, and whether the site"
    " still has it and the recipe still finds it"
)
HoldReason = tuple[str, Mapping[str, str]]
"""A message id, and the values of its placeholders."""


@dataclass(frozen=True, slots=True)
class CrawlSizes:
    """Numbers of records: found by the crawl, known before it, known and gone now, and found by the last good crawl.

    `last_good` is None before the first good crawl. Of the known records that were `found_again`, `retitled` have another
    title, and `emptied` have no value any more in the field that the most of them lost.
    """

    found: int
    known: int = 0
    gone: int = 0
    last_good: int | None = None
    found_again: int = 0
    retitled: int = 0
    emptied: int = 0


def hold_reason(session: Session, crawl: Crawl) -> HoldReason | None:
    """Why a crawl is held; None when it may be ingested.

    A trial of a recipe is always held, a new mapping never: of both, a curator knows what they change. Any other crawl is
    judged alike, also the first one by a new recipe, since nobody has seen what that brings unless it was tried.
    """
    if crawl.purpose == CrawlPurpose.TRIAL:
        return TRIED, {"version": str(crawl.recipe_version)}
    if crawl.purpose == CrawlPurpose.MAPPING:
        return None
    return judge(_crawl_sizes(session, crawl), crawl.platform.recipe.get("expect") or {})


def judge(sizes: CrawlSizes, expected: Mapping[str, int | None]) -> HoldReason | None:
    """Why a crawl of these sizes is held; None when it may be ingested.

    `expected` is the recipe's `expect`. Where it has a `min`, this limits what may vanish, instead of MAX_VANISHED_PERCENT;
    where it has a `max`, this limits what may be added, instead of MAX_GROWTH_FACTOR; where it has `changes`, these are used
    instead of MAX_CHANGED_PERCENT.
    """
    low, high = expected.get("min"), expected.get("max")
    vanished = _too_many_vanished(sizes) if low is None else None
    grew = _grew_too_much(sizes) if high is None else None
    changed = _too_many_changed(sizes, expected.get("changes"))
    return _outside_expected(sizes.found, low or 0, high) or vanished or grew or changed


def is_mass_change(changed: int, of: int, percent: int = MAX_CHANGED_PERCENT) -> bool:
    """Whether so many records of so many are more than may change alike without a person's look."""
    return changed > MAX_CHANGED_RECORDS and changed * 100 > percent * of


def seen_records(session: Session, platform_id: str) -> set[str]:
    """Remote ids of the platform's records that are not gone."""
    query = select(Record.remote_id).where(Record.platform_id == platform_id, Record.state == RecordState.SEEN)
    return set(session.scalars(query))


def _crawl_sizes(session: Session, crawl: Crawl) -> CrawlSizes:
    """The sizes of a crawl. Only a complete crawl can tell what is gone."""
    found = set(session.scalars(select(StagedRecord.remote_id).where(StagedRecord.crawl_id == crawl.id)))
    known = seen_records(session, crawl.platform_id)
    gone = len(known - found) if crawl.is_complete else 0
    changes = mass_changes(session, crawl)
    return CrawlSizes(
        found=len(found), known=len(known), gone=gone, last_good=crawl.platform.last_good_count,
        found_again=changes.found_again, retitled=changes.retitled, emptied=changes.most_emptied,
    )  # fmt: skip


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


def _too_many_changed(sizes: CrawlSizes, max_percent: int | None) -> HoldReason | None:
    """RETITLED or EMPTIED; `max_percent` is that of the recipe, None for MAX_CHANGED_PERCENT."""
    percent = MAX_CHANGED_PERCENT if max_percent is None else max_percent
    for changed, reason in ((sizes.retitled, RETITLED), (sizes.emptied, EMPTIED)):
        if is_mass_change(changed, sizes.found_again, percent):
            return reason, {"changed": str(changed), "known": str(sizes.found_again)}
    return None
