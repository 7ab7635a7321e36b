"""Imports: records and lines of an export into the catalogue in one transaction; nothing is ever marked gone.

Imports by a recipe keep what they were made of, so that a changed mapping needs no new import.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sqlalchemy.orm import Session

from crawlers.importing import MappedFields
from crawlers.recipe import Recipe
from crawlers.record import Problem, Record
from platforma.catalogue.audit import record_event
from platforma.catalogue.database import Database
from platforma.catalogue.files.exchange import Line
from platforma.catalogue.files.restoring import new_platform, restore
from platforma.catalogue.ingest import batch
from platforma.catalogue.ingest.reports import ImportReport
from platforma.catalogue.ingest.staging import without_nul
from platforma.catalogue.models import Platform, StagedRecord
from platforma.catalogue.platforms import recipes
from platforma.catalogue.states import PlatformAction, platform_after
from platforma.settings import Settings
from vocabulary import FIELD_DIMENSIONS

STUB = frozenset({"platform", "title", "url", "adapter"})
"""The keys of the recipe that a platform has from an import without one."""


def import_records(
    database: Database,
    platform_id: str | None,
    items: Iterable[Record | Line | Problem],
    *,
    actor: str,
    settings: Settings,
    recipe: Recipe | None = None,
    mapped: Mapping[str, MappedFields] = MappingProxyType({}),
) -> ImportReport:
    """Load records under an approved platform, made when missing, and lines of an export as they were there.

    Without a `platform_id` each record names its own; a line of an export always does. `recipe` is what made the records,
    and `mapped` what of, by remote id: a platform that lives of imports keeps both, so that a changed mapping needs no new
    import. What people changed of its recipe stands, and is applied to what came in.
    """
    done = ImportReport()
    records: defaultdict[str, dict[str, Record]] = defaultdict(dict)
    lines: list[Line] = []
    for item in items:
        if isinstance(item, Problem):
            done.tell(item)
        elif isinstance(item, Line):
            lines.append(item)
        else:
            records[platform_id or item.platform or ""][item.remote_id] = item
    if records or lines:
        with database.writing() as session:
            for id, found in records.items():
                _load(session, id, found, done, actor=actor, settings=settings, recipe=recipe, mapped=mapped)
            restore(session, lines, done, actor=actor, settings=settings)
    return done


def _load(
    session: Session,
    platform_id: str,
    found: Mapping[str, Record],
    done: ImportReport,
    *,
    actor: str,
    settings: Settings,
    recipe: Recipe | None,
    mapped: Mapping[str, MappedFields],
) -> None:
    """Load the records of one platform, by remote id."""
    platform = _approved_platform(session, platform_id, actor)
    is_kept = recipe is not None and keep_recipe(session, platform, recipe, actor=actor)
    rows = [staged(record, mapped.get(id) if is_kept else None) for id, record in found.items()]
    work = batch.begin(session, platform, settings, platform.recipe_version, rows, is_import=True)
    batch.take_all(work, rows, vanished=())
    batch.end(work)
    record_event(session, actor=actor, action="import", object_type="platform", object_id=platform_id, after=work.counts)
    done.new += work.counts["new"]
    done.changed += work.counts["changed"]
    done.unchanged += work.counts["unchanged"]
    for problem in work.refusals.problems:
        done.tell(problem)


def _approved_platform(session: Session, platform_id: str, actor: str) -> Platform:
    """The platform to import under, made when missing. Raises BadState for one that was refused or has left."""
    platform = session.get(Platform, platform_id)
    if platform is None:
        platform = new_platform(session, platform_id, None, actor)
    platform_after(platform.state, PlatformAction.IMPORT, platform.id)
    return platform


def keep_recipe(session: Session, platform: Platform, recipe: Recipe, *, actor: str) -> bool:
    """Make the recipe of an import the platform's own; whether the records of such imports can be mapped anew by it.

    They cannot where the platform is crawled: its recipe reads its site. A recipe that people changed stands, and what
    comes in is mapped anew by it.
    """
    if not recipes.reads_files(platform.recipe):
        return False
    ours = recipe.model_dump(mode="json", exclude_defaults=True) | {"platform": platform.id, "adapter": "file"}
    is_untouched = platform.recipe.keys() <= STUB or platform.seed_hash == recipes.recipe_hash(platform.recipe)
    if is_untouched and platform.recipe != ours:
        recipes.replace_live(session, platform, ours, actor=actor)
    if is_untouched:
        platform.seed_hash = recipes.recipe_hash(platform.recipe)
        platform.title = recipe.title or platform.title
    else:
        platform.is_mapping_due = True
    session.flush()
    return True


def staged(record: Record, mapped: MappedFields | None) -> StagedRecord:
    """A record of an import, as ingest takes it in, with what it was made of."""
    row = StagedRecord(remote_id=record.remote_id, hash=record.content_hash(), payload=without_nul(record.to_json()))
    if mapped is not None:
        told = [(FIELD_DIMENSIONS.get(one.field or ""), one.value) for one in mapped.problems if one.severity == "warning"]
        row.source = without_nul(mapped.raw.to_json())
        row.unmapped = without_nul([[dimension, text] for dimension, text in told if dimension and text]) or None
    return row
