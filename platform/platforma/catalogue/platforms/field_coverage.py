"""The shape of a platform: which of our fields it fills, its own fields, and its values that stand for no id of ours.

When it changes from one good crawl to the next, somebody must look at the mapping.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

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
"""A field that more than this share of the records filled is missed when it falls below half of what it was."""
MAX_SAMPLES = 3
BATCH_SIZE = 500


@dataclass(slots=True)
class Occurrences:
    """One value or field of a source: in how many records, with the first samples."""

    count: int = 0
    records: list[RecordName] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def add(self, record: RecordName, value: str = "") -> None:
        """One record more that has it."""
        self.count += 1
        if len(self.records) < MAX_SAMPLES:
            self.records.append(record)
        if value and value not in self.values and len(self.values) < MAX_SAMPLES:
            self.values.append(value[:100])


@dataclass(slots=True)
class FieldCoverage:
    """What the records of a platform look like. `unmapped` is by (dimension, what the source wrote)."""

    records: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    unmapped: defaultdict[tuple[str, str], Occurrences] = field(default_factory=lambda: defaultdict(Occurrences))
    source_fields: defaultdict[str, Occurrences] = field(default_factory=lambda: defaultdict(Occurrences))

    def to_json(self) -> dict[str, Any]:
        """What is remembered of it: shares, and names without samples."""
        return {
            "shares": {name: round(self.filled[name] / self.records, 3) for name in WATCHED_FIELDS} if self.records else {},
            "unmapped": sorted([dimension, text] for dimension, text in self.unmapped),
            "source_fields": sorted(self.source_fields),
        }


def coverage_of(session: Session, platform_id: str) -> FieldCoverage:
    """The shape of the records that the platform publishes now."""
    recipe = session.get_one(Platform, platform_id).recipe
    mapped, values = set((recipe.get("fields") or {}).values()), recipe.get("values") or {}
    is_meant = Record.platform_id == platform_id, Record.state == RecordState.SEEN
    rows = select(Record.remote_id, Record.payload, Record.unmapped).where(*is_meant).order_by(Record.id)
    found = FieldCoverage()
    for remote_id, payload, unmapped in session.execute(rows.execution_options(yield_per=BATCH_SIZE)):
        record = record_name(remote_id, payload)
        found.records += 1
        found.filled.update(name for name in WATCHED_FIELDS if payload.get(name) not in (None, "", [], {}))
        for dimension, text in {(one, text) for one, text in unmapped or () if text not in values.get(one, {})}:
            found.unmapped[dimension, text].add(record)
        for name, value in source_facts(payload.get("raw") or {}).items():
            if name not in mapped and not field_of(name) and str(value).strip():
                found.source_fields[name].add(record, str(value).strip())
    return found


def source_facts(source: Mapping[str, Any]) -> dict[str, Any]:
    """The source's own fields by name: labelled facts, custom fields, or the columns of a row; no nested ones."""
    holders = [source[name] for name in ("facts", "acf", "meta") if isinstance(source.get(name), Mapping)]
    if not holders and all(value is None or isinstance(value, str | int | float) for value in source.values()):
        holders = [source]
    return {str(name): value for one in holders for name, value in one.items() if isinstance(value, str | int | float)}


def update_coverage(session: Session, platform_id: str) -> list[str]:
    """After a good crawl: compare with the shape of the last one and raise notices; the keys that are new."""
    platform, found = session.get_one(Platform, platform_id), coverage_of(session, platform_id)
    before, now = platform.shape, utc_now()
    after = found.to_json()
    new = {_key(*pair): {"dimension": pair[0], "text": pair[1]} for pair in _new(before, after, "unmapped")}
    told = notices.raise_notices(session, platform_id, "value", new, now=now)
    notices.resolve_notices(session, platform_id, ("value",), now=now, keep_open=[_key(*pair) for pair in after["unmapped"]])
    if before is not None:
        unseen = {name: {"name": name} for name in _new(before, after, "source_fields")}
        told += notices.raise_notices(session, platform_id, "field", unseen, now=now)
        told += notices.raise_notices(session, platform_id, "emptied", _emptied(before, after), now=now)
    platform.shape = after
    return told


def _new(before: Mapping[str, Any] | None, after: Mapping[str, Any], name: str) -> Iterable[Any]:
    known = (before or {}).get(name, [])
    return [one for one in after[name] if one not in known]


def _emptied(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Fields that were filled and hardly are any more, with both shares in percent."""
    return {
        name: {"field": name, "before": f"{share:.0%}", "after": f"{after['shares'].get(name, 0):.0%}"}
        for name, share in before.get("shares", {}).items()
        if share > MIN_FILLED_SHARE and after["shares"].get(name, 0) < share / 2
    }


def _key(dimension: str, text: str) -> str:
    return f"{dimension}:{text}"
