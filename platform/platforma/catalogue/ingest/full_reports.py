"""Reports of crawls as the desk and partners read them: a page of problems, the changes, a held crawl's difference."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawlers.record import Problem
from platforma.catalogue.errors import NotFound
from platforma.catalogue.ingest.crawl_queries import problems_of, to_report
from platforma.catalogue.ingest.differences import difference
from platforma.catalogue.ingest.reports import CrawlReport, Difference, IngestedChange
from platforma.catalogue.listings.left_out import LEFT_OUT
from platforma.catalogue.models import Crawl, CrawlChange, CrawlProblem, CrawlState
from platforma.catalogue.platforms.crawled_platforms import CrawledPlatform, crawled_platform


@dataclass(frozen=True, slots=True)
class FullReport:
    """One crawl's report: its changes, and a page of its problems, of `problems_in_all`.

    `difference` is what ingesting a held crawl would do; None for any other crawl.
    """

    crawl: CrawlReport
    platform: CrawledPlatform
    problems: tuple[Problem, ...]
    problems_in_all: int
    changes: tuple[IngestedChange, ...]
    difference: Difference | None


def crawls_of(session: Session, platform_id: str, *, limit: int, offset: int = 0) -> tuple[list[CrawlReport], int]:
    """A page of a platform's crawls, the newest first, and the number of all its crawls."""
    is_ours = Crawl.platform_id == platform_id
    rows = session.scalars(select(Crawl).where(is_ours).order_by(Crawl.id.desc()).limit(limit).offset(offset))
    return [to_report(crawl) for crawl in rows], session.scalar(select(func.count()).select_from(Crawl).where(is_ours)) or 0


def full_report(
    session: Session, crawl_id: int, *, secret_key: bytes, limit: int, offset: int = 0, platform_id: str | None = None
) -> FullReport:
    """One crawl's report with a page of its problems. Raises NotFound, also when the crawl is not one of `platform_id`.

    `secret_key` is that of the hashes of removals.
    """
    crawl = _find_crawl(session, crawl_id, platform_id)
    in_all = session.scalar(select(func.count()).select_from(CrawlProblem).where(CrawlProblem.crawl_id == crawl_id)) or 0
    changes = select(CrawlChange).where(CrawlChange.crawl_id == crawl_id).order_by(CrawlChange.kind, CrawlChange.id)
    return FullReport(
        crawl=to_report(crawl),
        platform=crawled_platform(session, crawl.platform_id),
        problems=problems_of(session, crawl_id, limit, offset),
        problems_in_all=in_all,
        changes=tuple(IngestedChange(row.kind, row.remote_id, row.title, tuple(row.fields)) for row in session.scalars(changes)),
        difference=_held_difference(session, crawl, secret_key) if crawl.state == CrawlState.HELD else None,
    )


def all_problems(session: Session, crawl_id: int, platform_id: str | None = None) -> tuple[Problem, ...]:
    """All stored problems of a crawl. Raises NotFound, also when the crawl is not one of `platform_id`."""
    return problems_of(session, _find_crawl(session, crawl_id, platform_id).id)


def _held_difference(session: Session, crawl: Crawl, secret_key: bytes) -> Difference:
    """What ingesting a held crawl would do; what left its stage because of removals is told, too."""
    left_out = tuple(problem for problem in problems_of(session, crawl.id) if problem.reason == LEFT_OUT)
    found = difference(session, crawl, secret_key)
    return replace(found, kept_out=(*left_out, *found.kept_out))


def _find_crawl(session: Session, crawl_id: int, platform_id: str | None) -> Crawl:
    crawl = session.get(Crawl, crawl_id)
    if crawl is None or platform_id not in (None, crawl.platform_id):
        raise NotFound(str(crawl_id))
    return crawl
