"""Erasure: a removed listing's texts, records, values and history, and all that crawls have kept of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from platforma.catalogue import notices
from platforma.catalogue.models import (
    Crawl,
    CrawlChange,
    CrawlProblem,
    Event,
    Initiative,
    Notice,
    PageMemory,
    Record,
    StagedPage,
    StagedRecord,
    Value,
)


def erase(session: Session, row: Initiative, records: Sequence[Record]) -> None:
    """Take away all that is known of a listing and of those that were merged into it; `records` are theirs.

    The rows of the listings stay, empty, so that their addresses still tell that something was removed.
    """
    merged = list(session.scalars(select(Initiative).where(Initiative.merged_into_id == row.id)))
    for record in records:
        _erase_of_crawls(session, record)
        session.delete(record)
    for one in (row, *merged):
        one.composed = {}
    ids, public_ids = ([getattr(one, name) for one in (row, *merged)] for name in ("id", "public_id"))
    session.execute(delete(Value).where(Value.initiative_id.in_(ids)))
    session.execute(update(Event).where(Event.object_id.in_(public_ids)).values(before=None, after=None))
    session.execute(delete(Notice).where(Notice.topic.in_(notices.REMOVAL_TOPICS), Notice.key.in_(public_ids)))


def _erase_of_crawls(session: Session, record: Record) -> None:
    """What crawls of a record's platform keep of it: staged rows, pages, problems, changes, gone addresses."""
    id, url = record.remote_id, record.payload.get("url")
    crawls = select(Crawl.id).where(Crawl.platform_id == record.platform_id)
    session.execute(delete(StagedRecord).where(StagedRecord.remote_id == id, StagedRecord.crawl_id.in_(crawls)))
    _erase_pages(session, StagedPage, StagedPage.crawl_id.in_(crawls), id, url)
    _erase_pages(session, PageMemory, PageMemory.platform_id == record.platform_id, id, url)
    told = or_(CrawlProblem.remote_id == id, CrawlProblem.url == url)
    session.execute(delete(CrawlProblem).where(told, CrawlProblem.crawl_id.in_(crawls)))
    session.execute(delete(CrawlChange).where(CrawlChange.remote_id == id, CrawlChange.crawl_id.in_(crawls)))
    for crawl in session.scalars(select(Crawl).where(Crawl.platform_id == record.platform_id)):
        if url in crawl.gone:
            crawl.gone = [address for address in crawl.gone if address != url]


def _erase_pages(session: Session, table: Any, is_meant: Any, id: str, url: str | None) -> None:
    """Forget the record's own page and those that list it, so that they are read anew."""
    pages = session.execute(select(table.url, table.remote_ids).where(is_meant))
    urls = [page for page, remote_ids in pages if page == url or id in remote_ids]
    session.execute(delete(table).where(is_meant, table.url.in_(urls)))
