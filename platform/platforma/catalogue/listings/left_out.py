"""What crawls brought of things that were removed: it leaves their stage and their problems, and their reports tell how many."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from crawlers.record import Record as CrawledRecord
from platforma.catalogue.listings.suppression import SuppressionList, shared_addresses
from platforma.catalogue.models import Crawl, CrawlProblem, Platform, Record, StagedPage, StagedRecord
from vocabulary.messages import N_

LEFT_OUT = N_("This was removed from the directory on request, so it was left out; you need not do anything")


def lock_stages(session: Session) -> None:
    """Let nothing that is staged be ingested until the transaction ends; before any lock of groups or listings."""
    has_staged = Platform.id.in_(select(Crawl.platform_id).where(_has_staged()))
    session.execute(select(Platform.id).where(has_staged).order_by(Platform.id).with_for_update())


def clear_stages(session: Session, suppressed: SuppressionList) -> None:
    """Clear the stages of all crawls that nobody has ingested yet, those of other platforms among them."""
    for crawl in session.scalars(select(Crawl).where(_has_staged()).order_by(Crawl.id)):
        clear_stage(session, suppressed, crawl)


def clear_stage(session: Session, suppressed: SuppressionList, crawl: Crawl) -> None:
    """Delete what a crawl has staged of removed things, and add a problem for each.

    A record that is known stays staged: it is listed, and curators decide when it is ingested.
    """
    if not suppressed:
        return
    staged = list(session.scalars(select(StagedRecord).where(StagedRecord.crawl_id == crawl.id)))
    known = select(Record.remote_id, Record.payload).where(Record.platform_id == crawl.platform_id)
    payloads = {row.remote_id: row.payload for row in session.execute(known)}
    new = [(row, row.payload) for row in staged if row.payload is not None and row.remote_id not in payloads]
    shared = shared_addresses([*(row.payload for row in staged if row.payload is not None), *payloads.values()])
    fields: dict[str, str] = {}
    for row, payload in new:
        if field := suppressed.suppressed_by(crawl.platform_id, CrawledRecord.from_json(payload), shared):
            fields[row.remote_id] = field
            session.delete(row)
    forget_pages(session, crawl.id, fields)
    forget_problems(session, crawl.id, fields)
    session.add_all(
        CrawlProblem(crawl_id=crawl.id, severity="refused", reason=LEFT_OUT, values={}, field=field) for field in fields.values()
    )
    if fields:
        crawl.counts = crawl.counts | {"refused": crawl.counts.get("refused", 0) + len(fields)}


def forget_pages(session: Session, crawl_id: int, remote_ids: Collection[str]) -> None:
    """Let a crawl's pages with one of these records count as not read: each report names what was left out, and once a
    removal is lifted, the next crawl brings it in though its page did not change."""
    if not remote_ids:
        return
    ids = frozenset(remote_ids)
    for page in session.scalars(select(StagedPage).where(StagedPage.crawl_id == crawl_id)):
        if not ids.isdisjoint(page.remote_ids):
            session.delete(page)


def forget_problems(session: Session, crawl_id: int, remote_ids: Collection[str]) -> None:
    """Delete the problems that a crawl met with these records."""
    is_theirs = CrawlProblem.crawl_id == crawl_id, CrawlProblem.remote_id.in_(remote_ids)
    session.execute(delete(CrawlProblem).where(*is_theirs))
    session.flush()


def _has_staged() -> ColumnElement[bool]:
    return select(StagedRecord.crawl_id).where(StagedRecord.crawl_id == Crawl.id).exists()
