"""Staged records become records and listings, in one short transaction; neither network nor analysis is needed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.crawl import EXTRACTOR_VERSION
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.ingest.differences import changed_fields, title_of
from platforma.catalogue.ingest.refusals import Refusals
from platforma.catalogue.listings.compose import recompose
from platforma.catalogue.listings.grace import come_back
from platforma.catalogue.listings.matching import match_new
from platforma.catalogue.listings.suppression import SuppressionList
from platforma.catalogue.listings.visibility import is_trusted
from platforma.catalogue.models import (
    Initiative,
    InitiativeState,
    Platform,
    Record,
    RecordState,
    StagedRecord,
)
from platforma.catalogue.shapes import RecordPayload
from platforma.secret_key import secret_key
from platforma.settings import Settings
from vocabulary import title_key

MAX_CHANGES = 200


@dataclass(frozen=True, slots=True)
class _Change:
    """One row of CrawlChange."""

    kind: str
    remote_id: str
    title: str
    fields: tuple[str, ...]


@dataclass(slots=True)
class IngestBatch:
    """One ingest: what is known before it, and what it does."""

    session: Session
    platform: Platform
    now: datetime
    refusals: Refusals
    records: dict[str, Record]
    recipe_version: int
    is_trusted: bool
    new: list[int] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("new", "changed", "unchanged", "gone", "refused"), 0))
    changes: list[_Change] = field(default_factory=list)

    def tell(self, kind: str, record: Record, fields: tuple[str, ...] = ()) -> None:
        """Keep a change for the report; of each kind the first MAX_CHANGES."""
        if self.counts[kind] <= MAX_CHANGES:
            self.changes.append(_Change(kind, record.remote_id, title_of(record.payload), fields))


def begin(
    session: Session,
    platform: Platform,
    settings: Settings,
    recipe_version: int,
    rows: Sequence[StagedRecord],
    *,
    is_import: bool = False,
) -> IngestBatch:
    """Lock the platform, so that two workers never ingest it at once, and read what is known."""
    session.refresh(platform, with_for_update=True)
    records = {r.remote_id: r for r in session.scalars(select(Record).where(Record.platform_id == platform.id))}
    payloads = [row.payload for row in rows if row.payload is not None] + [record.payload for record in records.values()]
    register = SuppressionList(session, secret_key(settings))
    refusals = Refusals(register, platform.id, payloads, names_ids=is_import)
    return IngestBatch(session, platform, utc_now(), refusals, records, recipe_version, is_trusted(session, platform))


def end(work: IngestBatch) -> None:
    """Match what is new, and compose all listings that were touched."""
    work.session.flush()
    work.refusals.remember(work.session, work.now)
    match_new(work.session, work.new, now=work.now)
    recompose(work.session, work.touched, work.now)


def take_all(work: IngestBatch, rows: Sequence[StagedRecord], vanished: Collection[str]) -> None:
    """Take staged rows in; those of `vanished`, by remote id, may hand their listings on to new ones."""
    heirs = _heirs(work, vanished)
    for row in rows:
        known = work.records.get(row.remote_id)
        if row.payload is None:
            if known is not None:  # else it was removed at somebody's request since the crawl began
                _still_there(work, known)
        elif work.refusals.keep_out(row.payload, known):
            work.counts["refused"] += 1
        elif known is not None:
            _update(work, known, row, row.payload)
        else:
            _insert(work, row, row.payload, heirs)


def fingerprint(content_hash: str | None, recipe_version: int) -> str:
    """Hex SHA-256 of all that a record's content depends on: what was read, and how."""
    return hashlib.sha256(f"{content_hash}:{recipe_version}:{EXTRACTOR_VERSION}".encode()).hexdigest()


def _still_there(work: IngestBatch, record: Record) -> None:
    if record.state != RecordState.SEEN:
        _return(work, record)
    record.last_seen_at = work.now
    work.counts["unchanged"] += 1


def _update(work: IngestBatch, record: Record, row: StagedRecord, payload: RecordPayload) -> None:
    """Take a known record's new content. Where nothing differs for people, it counts as unchanged."""
    mark = fingerprint(row.hash, work.recipe_version)
    record.source, record.unmapped = row.source or record.source, row.unmapped
    if mark == record.fingerprint:
        _still_there(work, record)
        return
    fields = changed_fields(record.payload, payload)
    _return(work, record)
    record.payload, record.fingerprint, record.last_seen_at = payload, mark, work.now
    if "title" in fields:
        work.refusals.flag(record)
    work.counts["changed" if fields else "unchanged"] += 1
    if fields:
        work.tell("changed", record, fields)


def _return(work: IngestBatch, record: Record) -> None:
    work.touched.add(record.initiative_id)
    come_back(work.session, work.platform, record)


def _insert(work: IngestBatch, row: StagedRecord, payload: RecordPayload, heirs: dict[str, Record]) -> None:
    keys = _same_thing_keys(payload)
    heir = next((heirs[key] for key in keys if key in heirs), None)
    initiative = heir.initiative if heir else _new_initiative(work)
    record = Record(platform_id=work.platform.id, remote_id=row.remote_id, initiative=initiative, payload=payload)
    record.fingerprint, record.source, record.unmapped = fingerprint(row.hash, work.recipe_version), row.source, row.unmapped
    record.first_seen_at, record.last_seen_at = heir.first_seen_at if heir else work.now, work.now
    work.session.add(record)
    work.session.flush()
    work.touched.add(initiative.id)
    work.refusals.flag(record)
    if not heir:
        work.new.append(initiative.id)
    work.counts["new"] += 1
    work.tell("new", record)


def _new_initiative(work: IngestBatch) -> Initiative:
    is_public = work.is_trusted
    state = InitiativeState.PUBLISHED if is_public else InitiativeState.NEW
    return Initiative(
        public_id=new_public_id(), state=state, composed={}, published_at=work.now if is_public else None, version=1
    )


def _heirs(work: IngestBatch, vanished: Collection[str]) -> dict[str, Record]:
    """What vanished in this same crawl, by what a renamed one would still share with it."""
    found: dict[str, Record] = {}
    for remote_id in vanished:
        for key in _same_thing_keys(work.records[remote_id].payload):
            found.setdefault(key, work.records[remote_id])
    return found


def _same_thing_keys(payload: RecordPayload) -> list[str]:
    titles = [f"title:{title_key(text)}" for text in payload["title"].values()]
    return [*titles, *([f"website:{payload['website']}"] if payload.get("website") else [])]
