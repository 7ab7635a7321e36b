"""Ingest: what was staged becomes records and listings in one short transaction; what vanished is handled.

No network and no analysis happen here. A crawl that looks wrong is held: its staged rows wait for a curator while the
last good data stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.run import EXTRACTOR_VERSION
from crawlers.state import CrawlResult
from platforma.catalogue.compose import recompose
from platforma.catalogue.crawl_store import StoredCrawl, drop_staged, keep_problems, problems_of, report, start_crawl
from platforma.catalogue.database import Database
from platforma.catalogue.diffs import changed_fields, difference, title_of, vanishing
from platforma.catalogue.grace import archive_overdue, come_back, vanish
from platforma.catalogue.holding import why_hold
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.matching import match_new
from platforma.catalogue.models import (
    Crawl,
    CrawlChange,
    CrawlPurpose,
    CrawlState,
    Initiative,
    InitiativeState,
    PageMemory,
    Platform,
    Record,
    RecordState,
    StagedPage,
    StagedRecord,
)
from platforma.catalogue.refusals import Refusals
from platforma.catalogue.renames import rename
from platforma.catalogue.reports import COUNTS, CrawlReport, DryRun
from platforma.catalogue.states import WITHDRAWN_PLATFORMS, CrawlAction, crawl_after
from platforma.catalogue.suppression import Register
from platforma.catalogue.types import utc_now
from platforma.catalogue.visibility import is_trusted
from platforma.secrets import secret_key
from platforma.settings import Settings
from vocabulary import fold

__all__ = [
    "StoredCrawl",
    "archive_overdue",
    "begin",
    "diff_crawl",
    "end",
    "finish_crawl",
    "ingest_crawl",
    "start_crawl",
    "take_all",
]

MOST_CHANGES = 200


@dataclass(frozen=True, slots=True)
class _Change:
    """One row of CrawlChange."""

    kind: str
    remote_id: str
    title: str
    fields: tuple[str, ...]


@dataclass(slots=True)
class _Ingest:
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
        """Keep a change for the report; of each kind the first MOST_CHANGES."""
        if self.counts[kind] <= MOST_CHANGES:
            self.changes.append(_Change(kind, record.remote_id, title_of(record.payload), fields))


def finish_crawl(database: Database, stored: StoredCrawl, result: CrawlResult, *, settings: Settings) -> CrawlReport:
    """End a crawl: fail, hold or ingest it, and report. A failed one leaves the last good data as it was.

    A crawl that somebody else ended meanwhile stays as it is; one whose platform was refused or has left is thrown away.
    """
    stored.flush()
    with database.writing() as session:
        crawl = session.get_one(Crawl, stored.crawl_id)
        session.refresh(crawl.platform, with_for_update=True)
        session.refresh(crawl, with_for_update=True)
        if crawl.state != CrawlState.RUNNING:
            return report(crawl)
        crawl.is_complete, crawl.gone = result.complete, list(result.gone)
        crawl.failure, crawl.failure_values = result.reason or result.failure, dict(result.values) if result.values else None
        crawl.counts = stored.counts(session, result)
        crawl.ended_at = None if result.is_interrupted else utc_now()
        if crawl.platform.state in WITHDRAWN_PLATFORMS:
            _end_without(session, crawl, CrawlAction.DISCARD)
        elif result.failure and not result.is_interrupted:
            _end_without(session, crawl, CrawlAction.FAIL)
        elif not result.is_interrupted:
            _hold_or_ingest(session, crawl, settings)
        session.flush()
        return report(crawl)


def _end_without(session: Session, crawl: Crawl, action: CrawlAction) -> None:
    """End a crawl without taking in what it read."""
    crawl.state, crawl.ended_at = crawl_after(crawl.state, action), crawl.ended_at or utc_now()
    drop_staged(session, crawl.id)


def _hold_or_ingest(session: Session, crawl: Crawl, settings: Settings) -> None:
    """Either way, what was held of an earlier crawl of this purpose is out of date."""
    former = Crawl.platform_id == crawl.platform_id, Crawl.state == CrawlState.HELD, Crawl.purpose == crawl.purpose
    for one in session.scalars(select(Crawl).where(*former)):
        _end_without(session, one, CrawlAction.DISCARD)
    rename(session, crawl)
    if reason := why_hold(session, crawl):
        crawl.state, (crawl.failure, crawl.failure_values) = crawl_after(crawl.state, CrawlAction.HOLD), reason
    else:
        ingest_crawl(session, crawl, settings=settings)


def ingest_crawl(session: Session, crawl: Crawl, *, settings: Settings) -> None:
    """Take a crawl's staged rows in, whole or not at all. Ingesting the same again changes nothing."""
    staged = list(session.scalars(select(StagedRecord).where(StagedRecord.crawl_id == crawl.id).order_by(StagedRecord.remote_id)))
    work = begin(session, crawl.platform, settings, crawl.recipe_version, staged)
    vanished = vanishing(crawl, work.records) - {row.remote_id for row in staged}
    take_all(work, staged, vanished)
    _mark_gone(work, vanished)
    work.refusals.forget(session, crawl.id)
    _remember_pages(session, crawl)
    end(work)
    keep_problems(session, crawl.id, work.refusals.problems)
    session.add_all(CrawlChange(crawl_id=crawl.id, **asdict(one)) for one in work.changes)
    crawl.counts = _counted(crawl, work, len(staged))
    if crawl.purpose != CrawlPurpose.MAPPING:
        crawl.platform.last_good_count = len(staged)
    crawl.state = crawl_after(crawl.state, CrawlAction.TAKE)
    drop_staged(session, crawl.id)


def diff_crawl(database: Database, stored: StoredCrawl, result: CrawlResult) -> DryRun:
    """What ingesting would do; the crawl is thrown away."""
    stored.flush()
    with database.writing() as session:
        crawl = session.get_one(Crawl, stored.crawl_id)
        crawl.is_complete, crawl.gone, crawl.failure = result.complete, list(result.gone), result.failure
        rename(session, crawl)
        found = difference(session, crawl)
        _end_without(session, crawl, CrawlAction.DISCARD)
        return DryRun(found, result.failure, problems_of(session, crawl.id))


def begin(
    session: Session,
    platform: Platform,
    settings: Settings,
    recipe_version: int,
    rows: Sequence[StagedRecord],
    *,
    is_import: bool = False,
) -> _Ingest:
    """Lock the platform, so that two workers never ingest it at once, and read what is known."""
    session.refresh(platform, with_for_update=True)
    records = {r.remote_id: r for r in session.scalars(select(Record).where(Record.platform_id == platform.id))}
    payloads = [row.payload for row in rows if row.payload is not None] + [record.payload for record in records.values()]
    register = Register(session, secret_key(settings))
    refusals = Refusals(register, platform.id, payloads, names_ids=is_import)
    return _Ingest(session, platform, utc_now(), refusals, records, recipe_version, is_trusted(session, platform))


def _counted(crawl: Crawl, work: _Ingest, found: int) -> dict[str, int]:
    """The counts of a crawl that was taken in; what is told because of removals counts among its problems."""
    all_of_them = crawl.counts | work.counts | {"found": found}
    all_of_them["refused"] = crawl.counts.get("refused", 0) + work.counts["refused"]
    all_of_them["warnings"] = crawl.counts.get("warnings", 0) + len(work.refusals.problems) - work.counts["refused"]
    return {name: all_of_them[name] for name in COUNTS if name in all_of_them}


def end(work: _Ingest) -> None:
    """Match what is new, and compose all listings that were touched."""
    work.session.flush()
    work.refusals.remember(work.session, work.now)
    match_new(work.session, work.new, now=work.now)
    recompose(work.session, work.touched, work.now)


def take_all(work: _Ingest, rows: Sequence[StagedRecord], vanished: Collection[str]) -> None:
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
            _update(work, known, row)
        else:
            _insert(work, row, heirs)


def fingerprint(content_hash: str | None, recipe_version: int) -> str:
    """Hex SHA-256 of all that a record's content depends on: what was read, and how."""
    return hashlib.sha256(f"{content_hash}:{recipe_version}:{EXTRACTOR_VERSION}".encode()).hexdigest()


def _still_there(work: _Ingest, record: Record) -> None:
    if record.state != RecordState.SEEN:
        _return(work, record)
    record.last_seen_at = work.now
    work.counts["unchanged"] += 1


def _update(work: _Ingest, record: Record, row: StagedRecord) -> None:
    """Take a known record's new content. Where nothing differs for people, it counts as unchanged."""
    mark, payload = fingerprint(row.hash, work.recipe_version), row.payload or {}
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


def _return(work: _Ingest, record: Record) -> None:
    work.touched.add(record.initiative_id)
    come_back(work.session, work.platform, record)


def _insert(work: _Ingest, row: StagedRecord, heirs: dict[str, Record]) -> None:
    keys = _same_thing_keys(row.payload or {})
    heir = next((heirs[key] for key in keys if key in heirs), None)
    initiative = heir.initiative if heir else _new_initiative(work)
    record = Record(platform_id=work.platform.id, remote_id=row.remote_id, initiative=initiative, payload=row.payload)
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


def _new_initiative(work: _Ingest) -> Initiative:
    is_public = work.is_trusted
    state = InitiativeState.PUBLISHED if is_public else InitiativeState.NEW
    return Initiative(
        public_id=new_public_id(), state=state, composed={}, published_at=work.now if is_public else None, version=1
    )


def _heirs(work: _Ingest, vanished: Collection[str]) -> dict[str, Record]:
    """What vanished in this same crawl, by what a renamed one would still share with it."""
    found: dict[str, Record] = {}
    for remote_id in vanished:
        for key in _same_thing_keys(work.records[remote_id].payload):
            found.setdefault(key, work.records[remote_id])
    return found


def _same_thing_keys(payload: Mapping[str, Any]) -> list[str]:
    titles = [f"title:{' '.join(fold(text).split())}" for text in payload["title"].values()]
    return [*titles, *([f"website:{payload['website']}"] if payload.get("website") else [])]


def _mark_gone(work: _Ingest, vanished: Collection[str]) -> None:
    for remote_id in vanished:
        record = work.records[remote_id]
        vanish(record, work.now)
        work.touched.add(record.initiative_id)
        work.counts["gone"] += 1
        work.tell("gone", record)


def _remember_pages(session: Session, crawl: Crawl) -> None:
    """Only now that its records are in may a page count as read."""
    versions = {"recipe_version": crawl.recipe_version, "extractor_version": crawl.extractor_version}
    for page in session.scalars(select(StagedPage).where(StagedPage.crawl_id == crawl.id)):
        if page.memory is not None:
            of_page = {"platform_id": crawl.platform_id, "url": page.url, "remote_ids": page.remote_ids}
            session.merge(PageMemory(**of_page, **versions, **page.memory))
