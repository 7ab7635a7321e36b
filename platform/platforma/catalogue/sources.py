"""Reads for the desk and for partners: platforms as sources that are crawled, their crawls and the reports of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawlers.record import Problem
from platforma.catalogue import leases, notices, queries
from platforma.catalogue.crawl_store import problems_of, report
from platforma.catalogue.diffs import difference
from platforma.catalogue.errors import NotFound
from platforma.catalogue.models import Crawl, CrawlChange, CrawlProblem, CrawlState, Notice, Platform, PlatformState
from platforma.catalogue.reports import CrawlReport, Difference
from platforma.catalogue.types import utc_now


@dataclass(frozen=True, slots=True)
class Source:
    """A platform as the desk watches over it; instants are UTC. `notices` are those that need somebody."""

    id: str
    public_id: str
    title: str
    url: str
    state: str
    recipe_version: int
    next_crawl_at: datetime | None
    failures: int
    is_crawled_now: bool
    is_stop_asked: bool
    last_crawl: CrawlReport | None
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a crawl, as its report names it; `kind` is new, changed or gone."""

    kind: str
    remote_id: str
    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FullReport:
    """One crawl's report: a page of its problems of `problems_in_all`, its changes, and of a held one the difference."""

    crawl: CrawlReport
    platform: Source
    problems: tuple[Problem, ...]
    problems_in_all: int
    changes: tuple[Change, ...]
    difference: Difference | None


def sources(session: Session) -> list[Source]:
    """All platforms that have a site, in whichever state, by title."""
    query = select(Platform).where(Platform.url != "").order_by(Platform.title, Platform.id)
    return _sources(session, list(session.scalars(query)))


def source(session: Session, platform_id: str) -> Source:
    """One platform, in whichever state. Raises NotFound."""
    platform = session.get(Platform, platform_id)
    if platform is None:
        raise NotFound(platform_id)
    return _sources(session, [platform])[0]


def crawls_of(session: Session, platform_id: str, *, limit: int, offset: int = 0) -> tuple[list[CrawlReport], int]:
    """A page of a platform's crawls, the newest first, and how many there are in all."""
    is_ours = Crawl.platform_id == platform_id
    rows = session.scalars(select(Crawl).where(is_ours).order_by(Crawl.id.desc()).limit(limit).offset(offset))
    return [report(crawl) for crawl in rows], session.scalar(select(func.count()).select_from(Crawl).where(is_ours)) or 0


def full_report(session: Session, crawl_id: int, *, limit: int, offset: int = 0, platform_id: str | None = None) -> FullReport:
    """One crawl's report with a page of its problems. Raises NotFound, also when it is none of `platform_id`'s."""
    crawl = session.get(Crawl, crawl_id)
    if crawl is None or platform_id not in (None, crawl.platform_id):
        raise NotFound(str(crawl_id))
    in_all = session.scalar(select(func.count()).select_from(CrawlProblem).where(CrawlProblem.crawl_id == crawl_id)) or 0
    changes = select(CrawlChange).where(CrawlChange.crawl_id == crawl_id).order_by(CrawlChange.kind, CrawlChange.id)
    return FullReport(
        crawl=report(crawl),
        platform=source(session, crawl.platform_id),
        problems=problems_of(session, crawl_id, limit, offset),
        problems_in_all=in_all,
        changes=tuple(Change(one.kind, one.remote_id, one.title, tuple(one.fields)) for one in session.scalars(changes)),
        difference=difference(session, crawl) if crawl.state == CrawlState.HELD else None,
    )


def all_problems(session: Session, crawl_id: int) -> tuple[Problem, ...]:
    """All problems that are kept of a crawl."""
    return problems_of(session, crawl_id)


def is_collecting(session: Session, now: datetime) -> bool:
    """Whether an approved platform is crawled at this moment, or will be as soon as a worker has time."""
    is_approved = Platform.state.in_((PlatformState.PROBATION, PlatformState.TRUSTED))
    approved = {
        row.id: row.next_crawl_at for row in session.execute(select(Platform.id, Platform.next_crawl_at).where(is_approved))
    }
    is_due = any(at is not None and at <= now for at in approved.values())
    return is_due or not approved.keys().isdisjoint(leases.crawled_now(session, now))


def _sources(session: Session, rows: list[Platform]) -> list[Source]:
    now = leases.crawled_now(session, utc_now())
    last = queries.last_crawls(session, [row.id for row in rows])
    topics = (*notices.SHAPE_TOPICS, *notices.TROUBLE_TOPICS, *notices.REMOVAL_TOPICS)
    waiting = notices.open_notices(session, topics, rows[0].id if len(rows) == 1 else None)
    return [
        Source(
            id=row.id, public_id=row.public_id, title=row.title, url=row.url, state=row.state,
            recipe_version=row.recipe_version, next_crawl_at=row.next_crawl_at, failures=row.failures,
            is_crawled_now=row.id in now, is_stop_asked=now.get(row.id, False), last_crawl=last.get(row.id),
            notices=tuple(one for one in waiting if one.platform_id == row.id),
        )
        for row in rows
    ]  # fmt: skip
