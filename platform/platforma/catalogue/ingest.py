"""Ingest: what was staged becomes records and listings in one short transaction; what vanished is handled.

No network and no analysis happen here. A crawl that looks wrong is held: its staged rows wait for a curator while the
last good data stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from crawlers import record as crawled
from crawlers.record import Problem
from crawlers.run import EXTRACTOR_VERSION
from crawlers.state import CrawlResult
from platforma.catalogue.compose import recompose
from platforma.catalogue.crawl_store import StoredCrawl, start_crawl, without_nul
from platforma.catalogue.database import Database
from platforma.catalogue.events import note
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.matching import match_new
from platforma.catalogue.models import (
    Crawl,
    CrawlState,
    Initiative,
    InitiativeState,
    Outbox,
    PageMemory,
    Platform,
    PlatformState,
    Record,
    RecordState,
    StagedRecord,
)
from platforma.catalogue.reports import CrawlDiff, CrawlReport, ImportReport
from platforma.catalogue.suppression import Register
from platforma.catalogue.types import utc_now
from platforma.secrets import secret_key
from platforma.settings import Settings
from vocabulary import fold

__all__ = [
    "StoredCrawl",
    "archive_overdue",
    "diff_crawl",
    "finish_crawl",
    "import_records",
    "ingest_crawl",
    "start_crawl",
]

GRACE = timedelta(days=7)
PUBLIC_STATES = (PlatformState.PROBATION, PlatformState.TRUSTED, PlatformState.PAUSED)
MOST_VANISHED = 0.10
FEWEST_VANISHED = 2
MOST_GROWTH = 2


@dataclass(slots=True)
class _Ingest:
    """One ingest: what is known before it, and what it does."""

    session: Session
    platform: Platform
    now: datetime
    suppressed: Register
    records: dict[str, Record]
    recipe_version: int
    new: list[int] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("new", "changed", "unchanged", "gone", "refused"), 0))


def finish_crawl(database: Database, stored: StoredCrawl, result: CrawlResult, *, settings: Settings) -> CrawlReport:
    """End a crawl: fail, hold or ingest it, and report. A failed one leaves the last good data as it was."""
    stored.flush()
    with database.writing() as session:
        crawl = session.get_one(Crawl, stored.crawl_id)
        crawl.is_complete, crawl.gone, crawl.failure = result.complete, list(result.gone), result.failure
        crawl.counts = {"found": result.found, "refused": result.refused}
        crawl.ended_at = utc_now()
        if result.is_interrupted:
            crawl.failure, crawl.ended_at = result.failure, None
        elif result.failure:
            crawl.state = CrawlState.FAILED
            session.execute(delete(StagedRecord).where(StagedRecord.crawl_id == crawl.id))
        elif reason := why_hold(session, crawl):
            crawl.state, crawl.failure = CrawlState.HELD, reason
        else:
            ingest_crawl(session, crawl, settings=settings)
        session.flush()
        return report(crawl)


def why_hold(session: Session, crawl: Crawl) -> str | None:
    """One sentence on why a crawl must wait for a person; None when it may be ingested. A first crawl never waits."""
    seen = set(session.scalars(select(StagedRecord.remote_id).where(StagedRecord.crawl_id == crawl.id)))
    known = _seen_records(session, crawl.platform_id)
    if expected := (crawl.platform.recipe.get("expect") or {}):
        low, high = expected.get("min") or 0, expected.get("max") or float("inf")
        return None if low <= len(seen) <= high else f"{len(seen)} found, the recipe expects {low} to {high}"
    vanished = len(known - seen) if crawl.is_complete else 0
    if known and vanished > max(FEWEST_VANISHED, MOST_VANISHED * len(known)):
        return f"{vanished} of {len(known)} known records vanished"
    last_good = crawl.platform.last_good_count
    if last_good and len(seen) > MOST_GROWTH * last_good:
        return f"{len(seen)} found, more than twice the {last_good} of the last good crawl"
    return None


def ingest_crawl(session: Session, crawl: Crawl, *, settings: Settings) -> None:
    """Take a crawl's staged rows in, whole or not at all. Ingesting the same again changes nothing."""
    work = _begin(session, crawl.platform, settings, crawl.recipe_version)
    staged = list(session.scalars(select(StagedRecord).where(StagedRecord.crawl_id == crawl.id).order_by(StagedRecord.remote_id)))
    seen = {row.remote_id for row in staged}
    known = {id for id, record in work.records.items() if record.state == RecordState.SEEN}
    lost_pages = {id for id in known if work.records[id].payload.get("url") in set(crawl.gone)}
    vanished = (known - seen if crawl.is_complete else set()) | (lost_pages - seen)
    _take_all(work, [(row.remote_id, row.hash, row.payload) for row in staged], vanished)
    _mark_gone(work, vanished)
    _remember_pages(session, crawl, staged)
    _end(work)
    crawl.platform.last_good_count = len(seen)
    crawl.counts = {"found": len(seen)} | work.counts | {"refused": crawl.counts.get("refused", 0) + work.counts["refused"]}
    crawl.state = CrawlState.DONE
    session.execute(delete(StagedRecord).where(StagedRecord.crawl_id == crawl.id))


def import_records(
    database: Database, platform_id: str, items: Iterable[crawled.Record | Problem], *, actor: str, settings: Settings
) -> ImportReport:
    """Load records under an approved platform, made when missing, in one transaction; never marks anything gone."""
    done = ImportReport()
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {}
    for item in items:
        if isinstance(item, Problem):
            done.problems.append(item)
            done.refused += item.severity == "refused"
        else:
            rows[item.remote_id] = (item.remote_id, item.content_hash(), without_nul(item.to_json()))
    if not rows:
        return done
    with database.writing() as session:
        work = _begin(session, _approved_platform(session, platform_id, actor), settings, recipe_version=1)
        _take_all(work, list(rows.values()), vanished=set())
        _end(work)
        note(session, actor=actor, action="import", object_type="platform", object_id=platform_id, after=work.counts)
    done.new, done.changed, done.unchanged = (work.counts[name] for name in ("new", "changed", "unchanged"))
    done.refused += work.counts["refused"]
    return done


def diff_crawl(database: Database, stored: StoredCrawl, result: CrawlResult) -> CrawlDiff:
    """What ingesting would do; the crawl is thrown away."""
    stored.flush()
    with database.writing() as session:
        crawl = session.get_one(Crawl, stored.crawl_id)
        staged = list(session.scalars(select(StagedRecord).where(StagedRecord.crawl_id == crawl.id)))
        known = {row.remote_id: row for row in session.scalars(select(Record).where(Record.platform_id == crawl.platform_id))}
        changes = {row.remote_id: _changed_fields(known[row.remote_id], row) for row in staged if row.remote_id in known}
        seen = {row.remote_id for row in staged}
        crawl.state = CrawlState.DISCARDED
        session.execute(delete(StagedRecord).where(StagedRecord.crawl_id == crawl.id))
        return CrawlDiff(
            new=tuple(sorted(seen - known.keys())),
            changed={id: fields for id, fields in sorted(changes.items()) if fields},
            unchanged=tuple(sorted(id for id, fields in changes.items() if not fields)),
            gone=tuple(sorted(_seen_records(session, crawl.platform_id) - seen)) if result.complete else (),
            failure=result.failure,
        )


def archive_overdue(session: Session, now: datetime) -> int:
    """Archive records that were gone for the whole grace, and listings that are left without any; how many records."""
    overdue = select(Record).where(Record.state == RecordState.GONE, Record.gone_at < now - GRACE)
    touched = set()
    for record in session.scalars(overdue):
        record.state = RecordState.ARCHIVED
        touched.add(record.initiative_id)
    for id in touched:
        states = set(session.scalars(select(Record.state).where(Record.initiative_id == id)))
        if states == {RecordState.ARCHIVED}:
            public = Initiative.state == InitiativeState.PUBLISHED
            session.execute(update(Initiative).where(Initiative.id == id, public).values(state=InitiativeState.ARCHIVED))
        session.add(Outbox(initiative_id=id))
    return len(touched)


def report(crawl: Crawl) -> CrawlReport:
    """The crawl as it is told to people, without its problems."""
    return CrawlReport(crawl.id, crawl.platform_id, crawl.state, crawl.counts, crawl.failure, crawl.started_at, crawl.ended_at)


def _begin(session: Session, platform: Platform, settings: Settings, recipe_version: int) -> _Ingest:
    """Lock the platform, so that two workers never ingest it at once, and read what is known."""
    session.refresh(platform, with_for_update=True)
    records = session.scalars(select(Record).where(Record.platform_id == platform.id))
    register = Register(session, secret_key(settings))
    return _Ingest(session, platform, utc_now(), register, {r.remote_id: r for r in records}, recipe_version)


def _end(work: _Ingest) -> None:
    work.session.flush()
    match_new(work.session, work.new, now=work.now)
    recompose(work.session, work.touched, work.now)


def _approved_platform(session: Session, platform_id: str, actor: str) -> Platform:
    platform = session.get(Platform, platform_id)
    if platform is None:
        recipe = {"platform": platform_id, "title": platform_id, "url": "", "adapter": "file"}
        platform = Platform(id=platform_id, public_id=new_public_id(), title=platform_id, url="", recipe=recipe)
        platform.state = PlatformState.TRUSTED
        session.add(platform)
        session.flush()
        note(session, actor=actor, action="approve", object_type="platform", object_id=platform_id)
    return platform


def _take_all(work: _Ingest, rows: Sequence[tuple[str, str | None, Mapping[str, Any] | None]], vanished: Collection[str]) -> None:
    heirs = _heirs(work, vanished)
    for remote_id, content_hash, payload in rows:
        if payload is None or content_hash is None:
            if remote_id in work.records:  # else it was removed at somebody's request since the crawl began
                _still_there(work, work.records[remote_id])
        elif work.suppressed.forbids(work.platform.id, crawled.Record.from_json(payload)):
            work.counts["refused"] += 1
        elif remote_id in work.records:
            _update(work, work.records[remote_id], content_hash, payload)
        else:
            _insert(work, remote_id, content_hash, payload, heirs)


def _fingerprint(work: _Ingest, content_hash: str) -> str:
    text = f"{content_hash}:{work.recipe_version}:{EXTRACTOR_VERSION}"
    return hashlib.sha256(text.encode()).hexdigest()


def _still_there(work: _Ingest, record: Record) -> None:
    if record.state != RecordState.SEEN:
        _return(work, record)
    record.last_seen_at = work.now
    work.counts["unchanged"] += 1


def _update(work: _Ingest, record: Record, content_hash: str, payload: Mapping[str, Any]) -> None:
    fingerprint = _fingerprint(work, content_hash)
    if fingerprint == record.fingerprint:
        _still_there(work, record)
        return
    _return(work, record)
    record.payload, record.fingerprint, record.last_seen_at = payload, fingerprint, work.now
    work.counts["changed"] += 1


def _return(work: _Ingest, record: Record) -> None:
    """What was gone is there again, and its listing with it."""
    work.touched.add(record.initiative_id)
    record.state, record.gone_at = RecordState.SEEN, None
    if record.initiative.state == InitiativeState.ARCHIVED:
        record.initiative.state = InitiativeState.PUBLISHED


def _insert(work: _Ingest, remote_id: str, content_hash: str, payload: Mapping[str, Any], heirs: dict[str, Record]) -> None:
    keys = _same_thing_keys(payload)
    heir = next((heirs[key] for key in keys if key in heirs), None)
    initiative = heir.initiative if heir else _new_initiative(work)
    record = Record(platform_id=work.platform.id, remote_id=remote_id, initiative=initiative, payload=payload)
    record.fingerprint = _fingerprint(work, content_hash)
    record.first_seen_at = record.last_seen_at = work.now
    work.session.add(record)
    work.session.flush()
    work.touched.add(initiative.id)
    if not heir:
        work.new.append(initiative.id)
    work.counts["new"] += 1


def _new_initiative(work: _Ingest) -> Initiative:
    is_public = work.platform.state in PUBLIC_STATES
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
        record.state, record.gone_at = RecordState.GONE, work.now
        work.touched.add(record.initiative_id)
        work.counts["gone"] += 1


def _remember_pages(session: Session, crawl: Crawl, staged: Sequence[StagedRecord]) -> None:
    """Only now that its records are in may a page count as read."""
    pages: dict[str, PageMemory] = {}
    versions = {"recipe_version": crawl.recipe_version, "extractor_version": crawl.extractor_version}
    for row in staged:
        if row.url and row.memory:
            page = PageMemory(platform_id=crawl.platform_id, url=row.url, remote_ids=[], **versions, **row.memory)
            pages.setdefault(row.url, page).remote_ids.append(row.remote_id)
    for page in pages.values():
        session.merge(page)


def _seen_records(session: Session, platform_id: str) -> set[str]:
    query = select(Record.remote_id).where(Record.platform_id == platform_id, Record.state == RecordState.SEEN)
    return set(session.scalars(query))


def _changed_fields(record: Record, row: StagedRecord) -> tuple[str, ...]:
    if row.payload is None:
        return ()
    ignored = {"fetched_at", "platform"}
    return tuple(sorted(k for k, v in row.payload.items() if k not in ignored and record.payload.get(k) != v))
