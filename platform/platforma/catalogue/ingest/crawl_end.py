"""The end of a crawl: it fails, is held for a curator, or is taken in; what vanished is handled."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.state import CrawlResult
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.ingest.batch import IngestBatch, begin, end, take_all
from platforma.catalogue.ingest.crawl_queries import problems_of, to_report
from platforma.catalogue.ingest.differences import difference, vanishing
from platforma.catalogue.ingest.plausibility import hold_reason
from platforma.catalogue.ingest.renames import rename_records
from platforma.catalogue.ingest.reports import COUNTS, CrawlReport, DryRun
from platforma.catalogue.ingest.staging import StoredCrawl, drop_staged, start_crawl, store_problems
from platforma.catalogue.listings.grace import archive_overdue, vanish
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
from platforma.settings import Settings

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
            _hold_or_ingest(session, crawl, settings)
        session.flush()
        return to_report(crawl)


def end_without_ingest(session: Session, crawl: Crawl, action: CrawlAction) -> None:
    """End a crawl without taking in what it read."""
    crawl.state, crawl.ended_at = crawl_after(crawl.state, action), crawl.ended_at or utc_now()
    drop_staged(session, crawl.id)


def _hold_or_ingest(session: Session, crawl: Crawl, settings: Settings) -> None:
    """Either way, what was held of an earlier crawl of this purpose is out of date."""
    former = Crawl.platform_id == crawl.platform_id, Crawl.state == CrawlState.HELD, Crawl.purpose == crawl.purpose
    for one in session.scalars(select(Crawl).where(*former)):
        end_without_ingest(session, one, CrawlAction.DISCARD)
    rename_records(session, crawl)
    if reason := hold_reason(session, crawl):
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
    store_problems(session, crawl.id, work.refusals.problems)
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
        rename_records(session, crawl)
        found = difference(session, crawl)
        end_without_ingest(session, crawl, CrawlAction.DISCARD)
        return DryRun(found, result.failure, problems_of(session, crawl.id))


def _counted(crawl: Crawl, work: IngestBatch, found: int) -> dict[str, int]:
    """The counts of a crawl that was taken in; what is told because of removals counts among its problems."""
    all_of_them = crawl.counts | work.counts | {"found": found}
    all_of_them["refused"] = crawl.counts.get("refused", 0) + work.counts["refused"]
    all_of_them["warnings"] = crawl.counts.get("warnings", 0) + len(work.refusals.problems) - work.counts["refused"]
    return {name: all_of_them[name] for name in COUNTS if name in all_of_them}


def _mark_gone(work: IngestBatch, vanished: Collection[str]) -> None:
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
