"""Reads of crawls: functions over a session, each in a total order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from crawlers.record import Problem
from platforma.catalogue import pending
from platforma.catalogue.errors import NotFound
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.models import Crawl, CrawlProblem, CrawlState


def is_waiting() -> ColumnElement[bool]:
    """Condition on Crawl: it is held, and nobody decided what becomes of it."""
    return (Crawl.state == CrawlState.HELD) & ~pending.is_taken_in_soon()


def held_crawls(session: Session) -> list[CrawlReport]:
    """Crawls that wait for a decision, the oldest first, without their problems."""
    query = select(Crawl).where(is_waiting()).order_by(Crawl.id)
    return [to_report(crawl) for crawl in session.scalars(query)]


def crawl_report(session: Session, crawl_id: int) -> CrawlReport:
    """One crawl with all its problems. Raises NotFound."""
    crawl = session.get(Crawl, crawl_id)
    if crawl is None:
        raise NotFound(str(crawl_id))
    return replace(to_report(crawl), problems=problems_of(session, crawl_id))


def last_crawls(session: Session, platform_ids: Sequence[str]) -> dict[str, CrawlReport]:
    """The last crawl that ended of each platform, by platform id, without its problems."""
    is_ended = Crawl.platform_id.in_(platform_ids), Crawl.ended_at.is_not(None)
    newest_ids = select(func.max(Crawl.id)).where(*is_ended).group_by(Crawl.platform_id)
    crawls = session.scalars(select(Crawl).where(Crawl.id.in_(newest_ids)))
    return {crawl.platform_id: to_report(crawl) for crawl in crawls}


def problems_of(session: Session, crawl_id: int, limit: int | None = None, offset: int = 0) -> tuple[Problem, ...]:
    """A crawl's problems: refusals first, then in the order in which they were met."""
    query = select(CrawlProblem).where(CrawlProblem.crawl_id == crawl_id)
    rows = session.scalars(query.order_by(CrawlProblem.severity, CrawlProblem.id).limit(limit).offset(offset))
    return tuple(Problem(row.severity, row.reason, row.url, row.remote_id, row.field, row.value, row.values) for row in rows)


def to_report(crawl: Crawl) -> CrawlReport:
    """A crawl as its report, without its problems."""
    return CrawlReport(
        crawl_id=crawl.id, platform_id=crawl.platform_id, state=crawl.state, purpose=crawl.purpose,
        recipe_version=crawl.recipe_version, counts=crawl.counts, reason=crawl.failure, values=crawl.failure_values or {},
        started_at=crawl.started_at, ended_at=crawl.ended_at,
    )  # fmt: skip
