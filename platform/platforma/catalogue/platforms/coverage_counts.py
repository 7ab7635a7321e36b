"""Counted coverage: what is not mapped of a platform's records, counted once for all who look, since there may be 100,000.

It is counted at the end of a crawl, and in the background after an import. Samples are kept as ids of records, so that what was
erased is nowhere else, and read when they are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.listings import groups
from platforma.catalogue.models import CoverageCount, Platform, Record, RecordState
from platforma.catalogue.platforms.field_coverage import FieldCoverage, Occurrences, coverage_of, coverage_of_some
from platforma.catalogue.shapes import RecordPayload

Name = TypeVar("Name", str, tuple[str, str])
MAX_KEPT = 500
"""So many values, and fields, of a platform are kept, the most frequent."""
MAX_READ = 500
"""So many records are read for a page where none were counted."""


@dataclass(frozen=True, slots=True)
class Occurring:
    """In how many records a value or a field occurs, and the ids of some."""

    count: int
    record_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted of so many `records`: values by (dimension, text), fields by name, the most frequent first, then by name.

    `counted_at` is None where it was counted just now. `is_partial`: the platform has more records, which were not read.
    """

    records: int
    values: Mapping[tuple[str, str], Occurring]
    fields: Mapping[str, Occurring]
    counted_at: datetime | None = None
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """A record as it is now."""

    remote_id: str
    payload: RecordPayload
    unmapped: Collection[tuple[str, str]]


def count_anew(session: Session, platform_id: str) -> FieldCoverage:
    """Count a platform's records, and keep the counts. Nobody imports into it meanwhile: it is locked."""
    platform = session.get_one(Platform, platform_id)
    session.refresh(platform, with_for_update=True)
    now, coverage = utc_now(), coverage_of(session, platform_id)
    counts = _counts(coverage)
    values = [[*pair, found.count, found.record_ids] for pair, found in counts.values.items()]
    fields = [[name, found.count, found.record_ids] for name, found in counts.fields.items()]
    kept = CoverageCount(platform_id=platform_id, records=coverage.records, values=values, fields=fields, counted_at=now)
    session.merge(kept)
    return coverage


def forget(session: Session, platform_id: str) -> None:
    """Let a platform be counted anew in the background, since its records have changed."""
    session.execute(delete(CoverageCount).where(CoverageCount.platform_id == platform_id))


def count_next(session: Session) -> bool:
    """Count one platform that has records and no counts; return whether there was any."""
    has_record = select(Record.id).where(Record.platform_id == Platform.id, Record.state == RecordState.SEEN).exists()
    has_counts = select(CoverageCount.platform_id).where(CoverageCount.platform_id == Platform.id).exists()
    platform_id = session.scalar(select(Platform.id).where(has_record, ~has_counts).order_by(Platform.id).limit(1))
    if platform_id is not None:
        count_anew(session, platform_id)
    return platform_id is not None


def counts_of(session: Session, platform_id: str) -> Counts:
    """What was counted of a platform's records; where nothing was, of the first MAX_READ of them."""
    row = session.get(CoverageCount, platform_id)
    if row is not None:
        values = {(dimension, text): Occurring(count, tuple(ids)) for dimension, text, count, ids in row.values}
        fields = {name: Occurring(count, tuple(ids)) for name, count, ids in row.fields}
        return Counts(row.records, values, fields, counted_at=row.counted_at)
    coverage = coverage_of_some(session, platform_id, MAX_READ)
    return _counts(coverage, is_partial=coverage.records == MAX_READ and _has_more(session, platform_id))


def samples(session: Session, platform_id: str, record_ids: Collection[int]) -> dict[int, Sample]:
    """Those of the records that the platform still has, by id."""
    found: dict[int, Sample] = {}
    query = select(Record.id, Record.remote_id, Record.payload, Record.unmapped)
    for ids in groups.batched(sorted(record_ids)):
        is_wanted = Record.id.in_(ids), Record.platform_id == platform_id, Record.state == RecordState.SEEN
        for id, remote_id, payload, unmapped in session.execute(query.where(*is_wanted)):
            found[id] = Sample(remote_id, payload, [(dimension, text) for dimension, text in unmapped or ()])
    return found


def _has_more(session: Session, platform_id: str) -> bool:
    is_current = Record.platform_id == platform_id, Record.state == RecordState.SEEN
    query = select(Record.id).where(*is_current).order_by(Record.remote_id).offset(MAX_READ).limit(1)
    return session.scalar(query) is not None


def _counts(coverage: FieldCoverage, *, is_partial: bool = False) -> Counts:
    values, fields = _most_frequent(coverage.unmapped.items()), _most_frequent(coverage.source_fields.items())
    return Counts(coverage.records, values, fields, is_partial=is_partial)


def _most_frequent(found: Iterable[tuple[Name, Occurrences]]) -> dict[Name, Occurring]:
    by_frequency = sorted(found, key=lambda item: (-item[1].count, item[0]))
    return {name: Occurring(one.count, tuple(one.record_ids)) for name, one in by_frequency[:MAX_KEPT]}
