"""Erasure of a removed listing: its texts, pictures, records, values and history, and all that crawls have stored of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from platforma.catalogue import audit, notices
from platforma.catalogue.listings import facts, groups
from platforma.catalogue.models import (
    Addition,
    BulkItem,
    Confirmation,
    Correction,
    Crawl,
    CrawlChange,
    CrawlProblem,
    DecisionObject,
    DuplicateCandidate,
    Initiative,
    Judgement,
    Letter,
    Membership,
    Notice,
    PageMemory,
    Record,
    StagedPage,
    StagedRecord,
    Value,
)
from platforma.catalogue.pictures.wanted import forget_images
from platforma.catalogue.websites.wanted import forget_websites


def erase(session: Session, row: Initiative, records: Sequence[Record]) -> None:
    """Erase a listing and those that were merged into it; `records` are the records of all of them.

    The rows of the listings stay, empty, so that their addresses answer that something was removed.
    """
    for record in records:
        _erase_of_crawls(session, record)
        session.delete(record)
    listings = groups.members(session, [row.id])[row.id]
    for listing in listings:
        listing.composed, listing.text_languages, listing.open_until = {}, "", ""
    facts.forget(session, listings)
    ids, public_ids = [listing.id for listing in listings], [listing.public_id for listing in listings]
    session.execute(delete(Value).where(Value.initiative_id.in_(ids)))
    audit.empty(session, public_ids)
    session.execute(update(BulkItem).where(BulkItem.initiative_id.in_(ids)).values(before=None))
    is_decided = DecisionObject.kind == "initiative", DecisionObject.object_id.in_(public_ids)
    session.execute(update(DecisionObject).where(*is_decided).values(before={}, after={}))
    session.execute(delete(Notice).where(Notice.topic.in_(notices.REMOVAL_TOPICS), Notice.key.in_(public_ids)))
    session.execute(update(Addition).where(Addition.initiative_id.in_(ids), Addition.told_at.is_not(None)).values(email=None))
    session.execute(update(Correction).where(Correction.initiative_id.in_(ids)).values(text="", field=""))
    session.execute(delete(Membership).where(Membership.initiative_id.in_(ids)))
    session.execute(delete(Letter).where(Letter.initiative_id.in_(ids)))
    session.execute(delete(Confirmation).where(Confirmation.initiative_id.in_(ids)))
    for table in (Judgement, DuplicateCandidate):
        session.execute(delete(table).where(or_(table.left_id.in_(ids), table.right_id.in_(ids))))
    forget_images(session, ids)
    forget_websites(session, ids)


def _erase_of_crawls(session: Session, record: Record) -> None:
    """Erase what crawls of a record's platform store of it: staged rows, pages, problems, changes, gone addresses."""
    id, url = record.remote_id, record.payload.get("url")
    crawls = select(Crawl.id).where(Crawl.platform_id == record.platform_id)
    session.execute(delete(StagedRecord).where(StagedRecord.remote_id == id, StagedRecord.crawl_id.in_(crawls)))
    _erase_pages(session, StagedPage, StagedPage.crawl_id.in_(crawls), id, url)
    _erase_pages(session, PageMemory, PageMemory.platform_id == record.platform_id, id, url)
    is_of_record = or_(CrawlProblem.remote_id == id, CrawlProblem.url == url)
    session.execute(delete(CrawlProblem).where(is_of_record, CrawlProblem.crawl_id.in_(crawls)))
    session.execute(delete(CrawlChange).where(CrawlChange.remote_id == id, CrawlChange.crawl_id.in_(crawls)))
    for crawl in session.scalars(select(Crawl).where(Crawl.platform_id == record.platform_id)):
        if url in crawl.gone:
            crawl.gone = [address for address in crawl.gone if address != url]


def _erase_pages(
    session: Session, table: type[StagedPage | PageMemory], condition: ColumnElement[bool], id: str, url: str | None
) -> None:
    """Forget the record's own page and the pages that list it, so that the next crawl reads them again."""
    pages = session.execute(select(table.url, table.remote_ids).where(condition))
    urls = [page for page, remote_ids in pages if page == url or id in remote_ids]
    session.execute(delete(table).where(condition, table.url.in_(urls)))
