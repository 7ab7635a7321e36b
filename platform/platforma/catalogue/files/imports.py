"""Imports: records, and lines of an export, into the catalogue in one transaction; no record is ever marked gone.

An import by a recipe stores what its records were made of, so that a changed mapping needs no new import.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from crawlers.importing.reading import MappedFields
from crawlers.recipe import Recipe
from crawlers.record import Problem, Record, content_hash
from platforma.catalogue.audit import record_event
from platforma.catalogue.database import Database
from platforma.catalogue.files.exchange import ExportLine
from platforma.catalogue.files.imported_platforms import new_platform
from platforma.catalogue.files.restoring import restore
from platforma.catalogue.ingest.batch import IngestBatch
from platforma.catalogue.ingest.reports import ImportReport
from platforma.catalogue.models import Platform, StagedRecord
from platforma.catalogue.platforms import coverage_counts, recipes
from platforma.catalogue.states import PlatformAction, platform_after
from vocabulary import FIELD_DIMENSIONS
from vocabulary.characters import storable

STUB_RECIPE_KEYS = frozenset({"platform", "title", "url", "adapter"})
"""The keys of the recipe that a platform has from an import without a recipe."""


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """The recipe by which a file was read, and by remote id what it made each record of."""

    recipe: Recipe
    mapped: dict[str, MappedFields] = field(default_factory=dict)


def import_records(
    database: Database,
    platform_id: str | None,
    items: Iterable[Record | ExportLine | Problem],
    *,
    actor: str,
    secret_key: bytes,
    mapping: ImportMapping | None = None,
) -> ImportReport:
    """Import records under an approved platform, made when missing, and lines of an export as the listings that they were.

    Without a `platform_id` each record names its own; a line of an export always does. A platform that lives of imports
    stores the `mapping` by which its records were read, so that a changed mapping needs no new import; where people changed
    its recipe, that recipe stays, and is applied to the new records.
    """
    report = ImportReport()
    records, lines = _sort(items, platform_id, report)
    if records or lines:
        with database.writing() as session:
            run = _Import(session, report, actor, secret_key, mapping)
            for id, of_platform in records.items():
                run.import_platform(id, of_platform)
            restore(session, lines, report, actor=actor, secret_key=secret_key)
    return report


@dataclass(frozen=True, slots=True)
class _Import:
    """One import of records; it adds to the report."""

    session: Session
    report: ImportReport
    actor: str
    secret_key: bytes
    mapping: ImportMapping | None

    def import_platform(self, platform_id: str, records: Mapping[str, Record]) -> None:
        """Ingest the records of one platform, by remote id."""
        platform = self._approved_platform(platform_id)
        is_adopted = self.mapping is not None and self._adopt_recipe(platform, self.mapping.recipe)
        mapped = self.mapping.mapped if self.mapping is not None and is_adopted else {}
        rows = [staged_row(record, mapped.get(id)) for id, record in records.items()]
        batch = IngestBatch.open(self.session, platform, rows, secret_key=self.secret_key)
        batch.ingest()
        batch.finish()
        coverage_counts.forget(self.session, platform_id)
        record_event(
            self.session, actor=self.actor, action="import", object_type="platform", object_id=platform_id, after=batch.counts
        )
        self.report.new += batch.counts["new"]
        self.report.changed += batch.counts["changed"]
        self.report.unchanged += batch.counts["unchanged"]
        for problem in batch.refusals.problems:
            self.report.add_problem(problem)

    def _approved_platform(self, platform_id: str) -> Platform:
        """The platform to import under, made when missing. Raises BadState for one that was refused or has left."""
        platform = self.session.get(Platform, platform_id)
        if platform is None:
            platform = new_platform(self.session, platform_id, None, self.actor)
        platform_after(platform.state, PlatformAction.IMPORT, platform.id)
        return platform

    def _adopt_recipe(self, platform: Platform, recipe: Recipe) -> bool:
        """Make the import's recipe the platform's own; return whether the platform's records can be mapped anew by it.

        They cannot where the platform is crawled, for its recipe reads its site. A recipe that people changed stays, and the
        new records are mapped anew by it.
        """
        if not recipes.reads_files(platform.recipe):
            return False
        imported = recipe.model_dump(mode="json", exclude_defaults=True) | {"platform": platform.id, "adapter": "file"}
        is_untouched = platform.recipe.keys() <= STUB_RECIPE_KEYS or platform.seed_hash == recipes.recipe_hash(platform.recipe)
        if is_untouched and platform.recipe != imported:
            recipes.replace_live(self.session, platform, imported, actor=self.actor)
        if is_untouched:
            platform.seed_hash = recipes.recipe_hash(platform.recipe)
            platform.title = recipe.title or platform.title
        else:
            platform.is_mapping_due = True
        self.session.flush()
        return True


def staged_row(record: Record, mapped: MappedFields | None) -> StagedRecord:
    """A record of an import as IngestBatch takes it, with what it was made of."""
    payload = record.to_json()
    row = StagedRecord(remote_id=record.remote_id, hash=content_hash(payload), payload=payload)
    if mapped is not None:
        warnings = [problem for problem in mapped.problems if problem.severity == "warning"]
        unmapped = [(FIELD_DIMENSIONS.get(problem.field or ""), problem.value) for problem in warnings]
        row.source = mapped.raw.to_json()
        row.unmapped = storable([[dimension, text] for dimension, text in unmapped if dimension and text]) or None
    return row


def _sort(
    items: Iterable[Record | ExportLine | Problem], platform_id: str | None, report: ImportReport
) -> tuple[dict[str, dict[str, Record]], list[ExportLine]]:
    """The records by platform and remote id, and the lines of an export; problems go to the report."""
    records: defaultdict[str, dict[str, Record]] = defaultdict(dict)
    lines: list[ExportLine] = []
    for item in items:
        if isinstance(item, Problem):
            report.add_problem(item)
        elif isinstance(item, ExportLine):
            lines.append(item)
        else:
            records[platform_id or item.platform or ""][item.remote_id] = item
    return records, lines
