"""Field coverage: which of our fields a platform fills, its source's own fields, and its values that stand for no id of ours."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from crawlers.state import EXTRACTOR_VERSION
from crawlers.values.headings import natural_field
from crawlers.values.own_fields import own_fields
from crawlers.values.raw_fields import all_texts
from platforma.catalogue.models import Platform, Record, RecordState
from platforma.catalogue.shapes import RecordPayload

WATCHED_FIELDS = (
    "summary", "description", "country", "place", "address", "lat", "website", "email", "phone", "kind", "sectors",
    "themes", "tags", "legal_form", "image", "start_date", "end_date",
)  # fmt: skip
KINDS_WITHOUT_SECTOR = frozenset({"event", "funding"})
"""Kinds whose listings need no sector: it counts as filled."""
MAX_SAMPLES = 3
BATCH_SIZE = 500
MAX_VALUE_CHARACTERS = 100


class StoredCoverage(TypedDict):
    """The coverage as Platform.shape has it: shares of records by field, (dimension, text) pairs, names of fields.

    `extractor` is the version that read them; another one may keep more of a source.
    """

    shares: dict[str, float]
    unmapped: list[list[str]]
    source_fields: list[str]
    extractor: int


@dataclass(slots=True)
class Occurrences:
    """Where a value or a field of a source occurs: in how many records, and the ids of up to MAX_SAMPLES of these.

    Those of a field differ in its value; `values` are these, cut off.
    """

    count: int = 0
    record_ids: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def add(self, record_id: int) -> None:
        """Count a record."""
        self.count += 1
        if len(self.record_ids) < MAX_SAMPLES:
            self.record_ids.append(record_id)

    def add_value(self, record_id: int, value: str) -> None:
        """Count a record that has this value of a field."""
        self.count += 1
        if len(self.values) < MAX_SAMPLES and value not in self.values:
            self.values.append(value)
            self.record_ids.append(record_id)


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
            "extractor": EXTRACTOR_VERSION,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a source is asked about: the values and fields that its recipe does not map."""

    recipe: Mapping[str, Any]

    def is_value(self, dimension: str, text: str) -> bool:
        """Whether the recipe does not say what a value of the source stands for."""
        return text not in (self.recipe.get("values") or {}).get(dimension, {})

    def is_field(self, name: str) -> bool:
        """Whether neither the recipe nor its own name says what a field of the source fills."""
        return name not in (self.recipe.get("fields") or {}).values() and not self._is_chosen(name) and not natural_field(name)

    def _is_chosen(self, name: str) -> bool:
        return name in (self.recipe.get("choices") or {})


def coverage_of(session: Session, platform_id: str) -> FieldCoverage:
    """The coverage of the platform's records that are not gone."""
    return _coverage(session, platform_id, _current_records(platform_id).order_by(Record.id))


def coverage_of_some(session: Session, platform_id: str, number: int) -> FieldCoverage:
    """The coverage of so many of these records, the first by remote id: no others are read."""
    return _coverage(session, platform_id, _current_records(platform_id).order_by(Record.remote_id).limit(number))


def _current_records(platform_id: str) -> Select[int, RecordPayload, list[list[str]] | None]:
    is_current = Record.platform_id == platform_id, Record.state == RecordState.SEEN
    return select(Record.id, Record.payload, Record.unmapped).where(*is_current)


def settled_fields(payload: Mapping[str, Any]) -> Iterator[str]:
    """The watched fields that a record fills, and `sectors` where its kind has none."""
    for name in WATCHED_FIELDS:
        is_needless = name == "sectors" and payload.get("kind") in KINDS_WITHOUT_SECTOR
        if is_needless or payload.get(name) not in (None, "", [], {}):
            yield name


def _coverage(session: Session, platform_id: str, rows: Select[int, RecordPayload, list[list[str]] | None]) -> FieldCoverage:
    asked, coverage = Asked(session.get_one(Platform, platform_id).recipe), FieldCoverage()
    for id, payload, unmapped in session.execute(rows.execution_options(yield_per=BATCH_SIZE)):
        coverage.records += 1
        coverage.filled.update(settled_fields(payload))
        for dimension, text in {(name, text) for name, text in unmapped or () if asked.is_value(name, text)}:
            coverage.unmapped[dimension, text].add(id)
        for name, value in field_values(payload).items():
            if asked.is_field(name):
                coverage.source_fields[name].add_value(id, value)
    return coverage


def field_values(payload: RecordPayload) -> dict[str, str]:
    """The source's own fields that a record fills, by name, with their values; these are cut off."""
    texts = {name: ", ".join(all_texts(value)) for name, value in own_fields(payload.get("raw") or {}).items()}
    return {name: text[:MAX_VALUE_CHARACTERS] for name, text in texts.items() if text}
