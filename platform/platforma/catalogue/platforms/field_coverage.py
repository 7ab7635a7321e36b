"""Field coverage: which of our fields a platform fills, its source's own fields, and its values that stand for no id of ours.

When the coverage changes from one good crawl to the next, a curator must look at the mapping.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.values.labels import field_of
from platforma.catalogue import notices
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.ingest.differences import record_name
from platforma.catalogue.ingest.reports import RecordName
from platforma.catalogue.models import Platform, Record, RecordState

WATCHED_FIELDS = (
    "summary", "description", "country", "place", "address", "lat", "website", "email", "phone", "kind", "sectors",
    "themes", "tags", "legal_form", "image", "start_date", "end_date",
)  # fmt: skip
MIN_FILLED_SHARE = 0.5
"""A field that more than this share of the records filled counts as emptied when its share falls below half of what it was."""
MAX_SAMPLES = 3
BATCH_SIZE = 500


class StoredCoverage(TypedDict):
    """The coverage as Platform.shape has it: shares of records by field, (dimension, text) pairs, names of fields."""

    shares: dict[str, float]
    unmapped: list[list[str]]
    source_fields: list[str]


@dataclass(slots=True)
class Occurrences:
    """Where a value or a field of a source occurs: in how many records, with samples of records and values."""

    count: int = 0
    records: list[RecordName] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def add(self, record: RecordName, value: str = "") -> None:
        """Count a record, and keep it and its value as samples while there are fewer than MAX_SAMPLES."""
        self.count += 1
        if len(self.records) < MAX_SAMPLES:
            self.records.append(record)
        if value and value not in self.values and len(self.values) < MAX_SAMPLES:
            self.values.append(value[:100])


@dataclass(slots=True)
class FieldCoverage:
    """The coverage of so many `records`. `unmapped` is by (dimension, text of the source), `source_fields` by name."""

    records: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    unmapped: defaultdict[tuple[str, str], Occurrences] = field(default_factory=lambda: defaultdict(Occurrences))
    source_fields: defaultdict[str, Occurrences] = field(default_factory=lambda: defaultdict(Occurrences))

    def to_json(self) -> StoredCoverage:
        """What is stored of it: the share of records that fill each watched field, and names without samples."""
        return {
            "shares": {name: round(self.filled[name] / self.records, 3) for name in WATCHED_FIELDS} if self.records else {},
            "unmapped": sorted([dimension, text] for dimension, text in self.unmapped),
            "source_fields": sorted(self.source_fields),
        }


def coverage_of(session: Session, platform_id: str) -> FieldCoverage:
    """The coverage of the platform's records that are not gone."""
    recipe = session.get_one(Platform, platform_id).recipe
    mapped, values = set((recipe.get("fields") or {}).values()), recipe.get("values") or {}
    is_current = Record.platform_id == platform_id, Record.state == RecordState.SEEN
    rows = select(Record.remote_id, Record.payload, Record.unmapped).where(*is_current).order_by(Record.id)
    coverage = FieldCoverage()
    for remote_id, payload, unmapped in session.execute(rows.execution_options(yield_per=BATCH_SIZE)):
        record = record_name(remote_id, payload)
        coverage.records += 1
        coverage.filled.update(name for name in WATCHED_FIELDS if payload.get(name) not in (None, "", [], {}))
        for dimension, text in {(name, text) for name, text in unmapped or () if text not in values.get(name, {})}:
            coverage.unmapped[dimension, text].add(record)
        for name, value in source_facts(payload.get("raw") or {}).items():
            if name not in mapped and not field_of(name) and str(value).strip():
                coverage.source_fields[name].add(record, str(value).strip())
    return coverage


def source_facts(source: Mapping[str, Any]) -> dict[str, Any]:
    """The source's own fields with plain values, by name: labelled facts, custom fields, or the columns of a row."""
    holders = [source[name] for name in ("facts", "acf", "meta") if isinstance(source.get(name), Mapping)]
    if not holders and all(value is None or isinstance(value, str | int | float) for value in source.values()):
        holders = [source]
    return {str(name): value for holder in holders for name, value in holder.items() if isinstance(value, str | int | float)}


def update_coverage(session: Session, platform_id: str) -> list[str]:
    """After a good crawl, compare its coverage with that of the last one, raise notices of what changed, and store it.

    Return the keys of the notices that a curator must be told of.
    """
    platform, now = session.get_one(Platform, platform_id), utc_now()
    before: StoredCoverage | None = platform.shape
    after = coverage_of(session, platform_id).to_json()
    known_values = before.get("unmapped", []) if before else []
    new_values = [pair for pair in after["unmapped"] if pair not in known_values]
    values = {_value_key(*pair): {"dimension": pair[0], "text": pair[1]} for pair in new_values}
    keys = notices.raise_notices(session, platform_id, "value", values, now=now)
    still_unmapped = [_value_key(*pair) for pair in after["unmapped"]]
    notices.resolve_notices(session, platform_id, ("value",), now=now, keep_open=still_unmapped)
    if before is not None:
        known_fields = before.get("source_fields", [])
        fields = {name: {"name": name} for name in after["source_fields"] if name not in known_fields}
        keys += notices.raise_notices(session, platform_id, "field", fields, now=now)
        keys += notices.raise_notices(session, platform_id, "emptied", _emptied(before, after), now=now)
    platform.shape = after
    return keys


def _emptied(before: StoredCoverage, after: StoredCoverage) -> dict[str, dict[str, str]]:
    """Notices of fields that are emptied (see MIN_FILLED_SHARE), by field, with both shares in percent."""
    return {
        name: {"field": name, "before": f"{share:.0%}", "after": f"{after['shares'].get(name, 0):.0%}"}
        for name, share in before.get("shares", {}).items()
        if share > MIN_FILLED_SHARE and after["shares"].get(name, 0) < share / 2
    }


def _value_key(dimension: str, text: str) -> str:
    return f"{dimension}:{text}"
