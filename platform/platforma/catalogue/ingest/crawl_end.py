"""The end of a crawl: it fails, is held for a curator, or is ingested; records that the source lists no more are gone."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.state import COSTS, CrawlResult
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.ingest.batch import IngestBatch
from platforma.catalogue.ingest.crawl_queries import problems_of, to_report
from platforma.catalogue.ingest.differences import difference, vanishing
from platforma.catalogue.ingest.plausibility import hold_reason
from platforma.catalogue.ingest.renames import rename_records
from platforma.catalogue.ingest.reports import COUNTS, CrawlReport, DryRun
from platforma.catalogue.ingest.staging import StoredCrawl, drop_staged, store_problems
from platforma.catalogue.listings import left_out
from platforma.catalogue.listings.suppression import SuppressionList
from platforma.catalogue.models import (
    Crawl,
    CrawlChange,
    CrawlPurpose,
    CrawlState,
    PageMemory,
    StagedPage,
    StagedRecord,
)
from platforma.catalogue.states import WITHDRAWN_PLATFORMS, CrawlAction, crawl_after


def finish_crawl(database: Database, stored: StoredCrawl, result: CrawlResult, *, secret_key: bytes) -> CrawlReport:
    """End a crawl: fail, hold or ingest it, and return its report. A failed crawl leaves the last good data as it was.

    A crawl that somebody else ended meanwhile stays as it is; that of a platform that was refused or has left is discarded.
    """
    stored.flush()
    with database.writing() as session:
        crawl = session.get_one(Crawl, stored.crawl_id)
        session.refresh(crawl.platform, with_for_update=True)
        session.refresh(crawl, with_for_update=True)
        if crawl.state != CrawlState.RUNNING:
            return to_report(crawl)
        crawl.is_complete, crawl.gone = result.complete, list(result.gone)
        crawl.failure, crawl.failure_values = result.reason or result.failure, dict(result.values) if result.values else None
        crawl.counts = stored.counts(session, result)
        crawl.ended_at = None if result.is_interrupted else utc_now()
        if crawl.platform.state in WITHDRAWN_PLATFORMS:
            end_without_ingest(session, crawl, CrawlAction.DISCARD)
        elif result.failure and not result.is_interrupted:
            end_without_ingest(session, crawl, CrawlAction.FAIL)
        elif not result.is_interrupted:
            _hold_or_ingest(session, crawl, secret_key)
        session.flush()
        return to_report(crawl)


def end_without_ingest(session: Session, crawl: Crawl, action: CrawlAction) -> None:
    """End a crawl by an action that ingests nothing, and drop what it staged."""
    crawl.state, crawl.ended_at = crawl_after(crawl.state, action), crawl.ended_at or utc_now()
    drop_staged(session, crawl.id)


def ingest_crawl(session: Session, crawl: Crawl, *, secret_key: bytes) -> None:
    """Ingest a crawl's staged records, all or none. Ingesting the same again changes nothing."""
    rows = list(session.scalars(select(StagedRecord).where(StagedRecord.crawl_id == crawl.id).order_by(StagedRecord.remote_id)))
    batch = IngestBatch.open(session, crawl.platform, rows, secret_key=secret_key, crawl=crawl)
    vanished = vanishing(crawl, batch.records) - {row.remote_id for row in rows}
    batch.ingest(vanished)
    batch.mark_gone(vanished)
    batch.refusals.forget(session, crawl.id)
    _remember_pages(session, crawl)
    batch.finish()
    store_problems(session, crawl.id, batch.refusals.problems)
    session.add_all(CrawlChange(crawl_id=crawl.id, **asdict(change)) for change in batch.changes)
    crawl.counts = _final_counts(crawl, batch)
    if crawl.purpose != CrawlPurpose.MAPPING:
        crawl.platform.last_good_count = len(rows)
    crawl.state = crawl_after(crawl.state, CrawlAction.TAKE)
    drop_staged(session, crawl.id)


def diff_crawl(database: Database, stored: StoredCrawl, result: CrawlResult, *, secret_key: bytes) -> DryRun:
    """What ingesting a crawl would do; the crawl is discarded. Its problems end with those because of removals."""
    stored.flush()
    with database.writing() as session:
        crawl = session.get_one(Crawl, stored.crawl_id)
        crawl.is_complete, crawl.gone, crawl.failure = result.complete, list(result.gone), result.failure
        rename_records(session, crawl)
        changes = difference(session, crawl, secret_key)
        end_without_ingest(session, crawl, CrawlAction.DISCARD)
        return DryRun(changes, result.failure, (*problems_of(session, crawl.id), *changes.kept_out))


def _hold_or_ingest(session: Session, crawl: Crawl, secret_key: bytes) -> None:
    """Hold or ingest a crawl. Either way an earlier held crawl of the same purpose is out of date, and is discarded."""
    is_former = Crawl.platform_id == crawl.platform_id, Crawl.state == CrawlState.HELD, Crawl.purpose == crawl.purpose
    for former in session.scalars(select(Crawl).where(*is_former)):
        end_without_ingest(session, former, CrawlAction.DISCARD)
    rename_records(session, crawl)
    if reason := hold_reason(session, crawl):
        crawl.state, (crawl.failure, crawl.failure_values) = crawl_after(crawl.state, CrawlAction.HOLD), reason
        left_out.clear_stage(session, SuppressionList(session, secret_key), crawl)
    else:
        ingest_crawl(session, crawl, secret_key=secret_key)


def _final_counts(crawl: Crawl, batch: IngestBatch) -> dict[str, int]:
    """The counts of an ingested crawl. Problems because of removals count among its refusals and warnings."""
    counts = crawl.counts | batch.counts | {"found": len(batch.rows)}
    counts["refused"] = crawl.counts.get("refused", 0) + batch.counts["refused"]
    counts["warnings"] = crawl.counts.get("warnings", 0) + len(batch.refusals.problems) - batch.counts["refused"]
    return {name: counts[name] for name in (*COUNTS, *COSTS) if name in counts}


def _remember_pages(session: Session, crawl: Crawl) -> None:
    """Remember the pages that the crawl read; they count as read only now that their records are ingested."""
    versions = {"recipe_version": crawl.recipe_version, "extractor_version": crawl.extractor_version}
    for page in session.scalars(select(StagedPage).where(StagedPage.crawl_id == crawl.id)):
        if page.memory is not None:
            identity = {"platform_id": crawl.platform_id, "url": page.url, "remote_ids": page.remote_ids}
            session.merge(PageMemory(**identity, **versions, **page.memory))
