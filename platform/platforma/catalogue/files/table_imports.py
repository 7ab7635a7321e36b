"""Tables of partners into the catalogue: what would change, and the import of all rows in one transaction.

An import is a crawl that somebody brought: it stands in the same reports, with the same counts and changes. What curators set
stays, and new rows become public at once only where the platform is trusted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.importing.reading import MappedRecord
from crawlers.owner_tables.checking import TableCheck
from crawlers.state import EXTRACTOR_VERSION
from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, BadValue
from platforma.catalogue.files.imports import staged_row
from platforma.catalogue.ingest.crawl_end import ingest_crawl
from platforma.catalogue.ingest.differences import compared
from platforma.catalogue.ingest.reports import Difference
from platforma.catalogue.ingest.staging import MAX_PROBLEMS, store_problems
from platforma.catalogue.ingest.successors import successors
from platforma.catalogue.models import Crawl, Platform, Record, RecordState
from platforma.catalogue.platforms import coverage_counts, recipes
from platforma.catalogue.platforms.platform_states import lock_platform
from platforma.catalogue.shapes import RecordPayload
from platforma.catalogue.states import PlatformAction, platform_after
from vocabulary.messages import N_

READ_FROM_SITE = N_("This platform is read from its site, so no table can be uploaded; change the entries there.")
CHANGED_MEANWHILE = N_("The entries have changed since this page was opened; look at what would change now")
HAS_ERRORS = N_("The table has errors; correct them, and send it again")
UNANSWERED = N_("Say what shall become of the entries that are not in the table any more")


class GoneRows(StrEnum):
    """What becomes of entries that the table has no more: they stay as they are, or are taken out of the directory."""

    KEEP = "keep"
    TAKE_OUT = "out"


class DifferentNow(Exception):
    """The rows that would be gone are others than those that somebody was asked about."""


def check_may_import(session: Session, platform_id: str) -> None:
    """Raises BadState for a platform that is read from a site, was refused or has left."""
    platform = session.get_one(Platform, platform_id)
    if not recipes.reads_files(platform.recipe):
        raise BadState(READ_FROM_SITE)
    platform_after(platform.state, PlatformAction.IMPORT, platform.title)


def would_change(session: Session, platform_id: str, records: Sequence[MappedRecord], *, secret_key: bytes) -> Difference:
    """What importing these records would change, if those that are not among them were taken out; nothing is stored.

    What comes back counts as new.
    """
    known = _known(session, platform_id)
    sent = {mapped.record.remote_id: cast(RecordPayload, mapped.record.to_json()) for mapped in records}
    former_ids = _continued(known, sent)
    continued = {former_id: new_id for new_id, former_id in former_ids.items()}
    listed = {continued.get(id, id): row for id, row in known.items() if row.state == RecordState.SEEN}
    return compared(session, platform_id, sent.keys(), sent, listed, listed.keys() - sent.keys(), secret_key)


def digest(changes: Difference) -> str:
    """A text that is the same for the same gone rows, by which an answer names what was asked."""
    return hashlib.sha256("\n".join(sorted(one.remote_id for one in changes.gone)).encode()).hexdigest()[:16]


def import_again(
    session: Session,
    platform_id: str,
    check: TableCheck,
    *,
    fields: Mapping[str, str],
    actor: str,
    answer: str,
    asked: str,
    secret_key: bytes,
) -> dict[str, int]:
    """Import a checked table over what its platform has; return the counts of the import.

    `answer` says what becomes of gone rows (a value of GoneRows, "" where none was asked about), `asked` is the digest of those
    that were asked about; `fields` are what was chosen by hand for columns, which the recipe keeps. Raises BadState where the
    platform takes no table, BadValue without an answer, and DifferentNow.
    """
    check_may_import(session, platform_id)
    if check.errors or not check.records:
        raise BadState(HAS_ERRORS)
    changes = would_change(session, platform_id, check.records, secret_key=secret_key)
    if digest(changes) != asked:
        raise DifferentNow
    if changes.gone and answer not in list(GoneRows):
        raise BadValue("gone", UNANSWERED)
    platform = lock_platform(session, platform_id)
    merged = {**platform.recipe.get("fields", {}), **fields}
    if merged != platform.recipe.get("fields", {}):
        recipes.replace_live(session, platform, {**platform.recipe, "fields": merged}, actor=actor)
    return take_in(session, platform, check.records, actor=actor, takes_out=answer == GoneRows.TAKE_OUT, secret_key=secret_key)


def take_in(
    session: Session, platform: Platform, records: Sequence[MappedRecord], *, actor: str, takes_out: bool, secret_key: bytes
) -> dict[str, int]:
    """Import records under a platform; `takes_out`: all others of it are gone. Returns the counts of the import."""
    crawl = _staged(session, platform, records, is_complete=takes_out)
    ingest_crawl(session, crawl, secret_key=secret_key)
    crawl.ended_at = utc_now()
    coverage_counts.forget(session, platform.id)
    record_event(session, actor=actor, action="import", object_type="platform", object_id=platform.id, after=crawl.counts)
    return dict(crawl.counts)


def _staged(session: Session, platform: Platform, records: Sequence[MappedRecord], *, is_complete: bool) -> Crawl:
    """A crawl that has staged the records; known records go on under the ids that the table gives them now."""
    warnings = sum(len(mapped.fields.problems) for mapped in records)
    crawl = Crawl(platform_id=platform.id, recipe_version=platform.recipe_version, extractor_version=EXTRACTOR_VERSION, gone=[])
    crawl.is_complete, crawl.counts = is_complete, {"found": len(records), "warnings": warnings}
    session.add(crawl)
    session.flush()
    rows = [staged_row(mapped.record, mapped.fields) for mapped in records]
    for row in rows:
        row.crawl_id = crawl.id
    known = _known(session, platform.id)
    sent = {row.remote_id: row.payload for row in rows if row.payload is not None}
    for new_id, former_id in _continued(known, sent).items():
        known[former_id].remote_id = new_id
    session.add_all(rows)
    store_problems(session, crawl.id, [problem for mapped in records for problem in mapped.fields.problems][:MAX_PROBLEMS])
    session.flush()
    return crawl


def _known(session: Session, platform_id: str) -> dict[str, Record]:
    """The records of a platform by remote id."""
    return {row.remote_id: row for row in session.scalars(select(Record).where(Record.platform_id == platform_id))}


def _continued(known: Mapping[str, Record], sent: Mapping[str, RecordPayload]) -> dict[str, str]:
    """New remote id to that of the known record which goes on under it: of the same name, or alone with the same website."""
    vanished = {id: row.payload for id, row in known.items() if id not in sent and row.state == RecordState.SEEN}
    return successors(vanished, {id: payload for id, payload in sent.items() if id not in known})
