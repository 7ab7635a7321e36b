"""Holding: when a crawl looks so wrong that a person must see it before it changes anything."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.errors import N_
from platforma.catalogue.models import Crawl, CrawlPurpose, Record, RecordState, StagedRecord

MOST_VANISHED = 0.10
FEWEST_VANISHED = 2
MOST_GROWTH = 2
TRIED = N_("recipe version %(version)s was tried; look at what it would change, then take it or leave it")
OUTSIDE = N_("%(found)s were found, the recipe expects %(low)s to %(high)s; look whether the site or the recipe changed")
VANISHED = N_("%(gone)s of %(known)s known records vanished; look whether they are really gone from the site")
GREW = N_("%(found)s were found, more than twice the %(last)s of the last good crawl; look whether all are initiatives")
Reason = tuple[str, Mapping[str, str]]
"""A message id with what fills it."""


def why_hold(session: Session, crawl: Crawl) -> Reason | None:
    """Why a crawl must wait for a person; None when it may be ingested. A first crawl never waits, a trial always."""
    if crawl.purpose == CrawlPurpose.TRIAL:
        return TRIED, {"version": str(crawl.recipe_version)}
    if crawl.purpose == CrawlPurpose.MAPPING:
        return None
    seen = set(session.scalars(select(StagedRecord.remote_id).where(StagedRecord.crawl_id == crawl.id)))
    if expected := (crawl.platform.recipe.get("expect") or {}):
        return _outside(len(seen), expected.get("min") or 0, expected.get("max"))
    return _vanished(session, crawl, seen) or _grew(len(seen), crawl.platform.last_good_count)


def seen_records(session: Session, platform_id: str) -> set[str]:
    """Remote ids of the records that the platform publishes, as far as known."""
    query = select(Record.remote_id).where(Record.platform_id == platform_id, Record.state == RecordState.SEEN)
    return set(session.scalars(query))


def _outside(found: int, low: int, high: int | None) -> Reason | None:
    if low <= found <= (found if high is None else high):
        return None
    return OUTSIDE, {"found": str(found), "low": str(low), "high": "∞" if high is None else str(high)}


def _vanished(session: Session, crawl: Crawl, seen: set[str]) -> Reason | None:
    known = seen_records(session, crawl.platform_id)
    gone = len(known - seen) if crawl.is_complete else 0
    if not known or gone <= max(FEWEST_VANISHED, MOST_VANISHED * len(known)):
        return None
    return VANISHED, {"gone": str(gone), "known": str(len(known))}


def _grew(found: int, last: int | None) -> Reason | None:
    return (GREW, {"found": str(found), "last": str(last)}) if last and found > MOST_GROWTH * last else None
