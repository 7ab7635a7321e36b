"""Removal of a listing for good, at the request of those it is about."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from crawlers import record as crawled
from platforma.catalogue import compose, suppression
from platforma.catalogue.edits import find_initiative, set_state
from platforma.catalogue.models import (
    Crawl,
    CrawlChange,
    CrawlProblem,
    Event,
    PageMemory,
    StagedPage,
    StagedRecord,
    Value,
)
from platforma.catalogue.states import InitiativeAction


def suppress(session: Session, *, public_id: str, actor: str, reason: str, key: bytes) -> None:
    """Remove a listing for good: its texts, records, values and history go, and no crawl brings it back."""
    row = find_initiative(session, public_id, InitiativeAction.SUPPRESS)
    records = compose.records_behind(session, [row.id])[row.id]
    pairs = [(record.platform_id, crawled.Record.from_json(record.payload)) for record in records]
    suppression.remember(session, key, pairs, reason=reason, by=actor)
    for record in records:
        staged = delete(StagedRecord).where(StagedRecord.remote_id == record.remote_id)
        page = delete(PageMemory).where(PageMemory.platform_id == record.platform_id, PageMemory.url == record.payload.get("url"))
        session.execute(page)
        crawls = select(Crawl.id).where(Crawl.platform_id == record.platform_id)
        session.execute(staged.where(StagedRecord.crawl_id.in_(crawls)))
        read = StagedPage.url == record.payload.get("url"), StagedPage.crawl_id.in_(crawls)
        session.execute(delete(StagedPage).where(*read))
        told = or_(CrawlProblem.remote_id == record.remote_id, CrawlProblem.url == record.payload.get("url"))
        session.execute(delete(CrawlProblem).where(told, CrawlProblem.crawl_id.in_(crawls)))
        changed = CrawlChange.remote_id == record.remote_id, CrawlChange.crawl_id.in_(crawls)
        session.execute(delete(CrawlChange).where(*changed))
        session.delete(record)
    session.execute(delete(Value).where(Value.initiative_id == row.id))
    session.execute(update(Event).where(Event.object_id == public_id).values(before=None, after=None))
    row.composed, row.reason = {}, reason
    set_state(session, row, InitiativeAction.SUPPRESS, actor, reason)
