"""A crawl's memory in the catalogue: what it stages in small commits, so that a killed one goes on where it was."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from crawlers.crawl import EXTRACTOR_VERSION
from crawlers.record import Problem, RawRecord, Record
from crawlers.state import CrawlResult, PageLinks, PageValidators
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.models import (
    Crawl,
    CrawlProblem,
    CrawlPurpose,
    CrawlState,
    PageMemory,
    Platform,
    StagedPage,
    StagedRecord,
)
from platforma.catalogue.platforms import recipes
from vocabulary import FIELD_DIMENSIONS

BATCH = 25
RESUMABLE = timedelta(days=7)
"""An unfinished crawl older than this is thrown away: what it read may be long out of date. A large site that may be
asked only at night needs several nights."""
REPORTS_KEPT = timedelta(days=365)
"""How long the reports of crawls are kept."""
MAX_PROBLEMS = 10_000
"""So many are kept of one crawl; beyond, they are only counted."""
Progress = Callable[[int, int | None], None]


def start_crawl(
    database: Database,
    platform_id: str,
    on_progress: Progress | None = None,
    *,
    purpose: CrawlPurpose = CrawlPurpose.TURN,
    version: int | None = None,
) -> StoredCrawl:
    """Go on with the platform's unfinished crawl of the same purpose, recipe and extractor, or begin a new one.

    `version` is that of the recipe; None for the live one.
    """
    with database.writing() as session:
        version = version or session.get_one(Platform, platform_id).recipe_version
        is_ours = Crawl.platform_id == platform_id, Crawl.purpose == purpose, Crawl.state == CrawlState.RUNNING
        for crawl in session.scalars(select(Crawl).where(*is_ours).order_by(Crawl.id.desc())):
            is_same = (crawl.recipe_version, crawl.extractor_version) == (version, EXTRACTOR_VERSION)
            if is_same and crawl.started_at > utc_now() - RESUMABLE and purpose != CrawlPurpose.MAPPING:
                break
            crawl.state, crawl.ended_at = CrawlState.DISCARDED, utc_now()
            drop_staged(session, crawl.id)
        else:
            crawl = Crawl(platform_id=platform_id, recipe_version=version, purpose=purpose, counts={}, gone=[])
            crawl.extractor_version = EXTRACTOR_VERSION
            session.add(crawl)
            session.flush()
        before = _read_before(session, crawl.id)
        platform = session.get_one(Platform, platform_id)
        is_live = version == platform.recipe_version
        recipe = platform.recipe if is_live else recipes.version_of(session, platform_id, version).recipe
        kept, mapped = _kept_problems(session, crawl.id), recipe.get("values") or {}
        return StoredCrawl(database, crawl, before, kept, mapped, on_progress)


def _read_before(session: Session, crawl_id: int) -> Mapping[str, frozenset[str]]:
    """Address to remote ids of what an interrupted crawl read; problems of other pages will be told anew."""
    is_ours = StagedPage.crawl_id == crawl_id
    of_read = CrawlProblem.url.in_(select(StagedPage.url).where(is_ours))
    session.execute(delete(CrawlProblem).where(CrawlProblem.crawl_id == crawl_id, or_(CrawlProblem.url.is_(None), ~of_read)))
    rows = session.execute(select(StagedPage.url, StagedPage.remote_ids).where(is_ours))
    return {url: frozenset(remote_ids) for url, remote_ids in rows}


def drop_staged(session: Session, crawl_id: int) -> None:
    """Throw away what a crawl has read and not ingested."""
    for table in (StagedRecord, StagedPage):
        session.execute(delete(table).where(table.crawl_id == crawl_id))


def _kept_problems(session: Session, crawl_id: int) -> Counter[str]:
    """How many problems of each severity an interrupted crawl has told for good."""
    counted = select(CrawlProblem.severity, func.count()).where(CrawlProblem.crawl_id == crawl_id)
    return Counter({row[0]: row[1] for row in session.execute(counted.group_by(CrawlProblem.severity))})


class StoredCrawl:
    """crawlers.state.CrawlState over the database."""

    def __init__(
        self,
        database: Database,
        crawl: Crawl,
        read_before: Mapping[str, frozenset[str]],
        kept: Counter[str],
        mapped: Mapping[str, Mapping[str, Any]],
        on_progress: Progress | None,
    ) -> None:
        self.crawl_id = crawl.id
        self._read_before = read_before
        self._database, self._platform_id = database, crawl.platform_id
        self._versions = crawl.recipe_version, crawl.extractor_version
        self._on_progress = on_progress
        self._waiting: list[StagedRecord] = []
        self._pages: list[StagedPage] = []
        self._problems: list[Problem] = []
        self._unmapped: defaultdict[str, list[list[str]]] = defaultdict(list)
        self._counted, self._mapped = kept, mapped
        self._began = time.monotonic()

    @property
    def recipe_version(self) -> int:
        """The version of the recipe that is crawled by."""
        return self._versions[0]

    def validators_of(self, url: str) -> PageValidators | None:
        with self._database.reading() as session:
            memory = session.get(PageMemory, (self._platform_id, url))
            if memory is None or (memory.recipe_version, memory.extractor_version) != self._versions:
                return None
            leads = PageLinks(**memory.leads) if memory.leads else None
            return PageValidators(memory.etag, memory.last_modified, memory.content_hash, memory.changed_at, leads)

    def record_ids_of(self, url: str) -> frozenset[str]:
        """Remote ids by the address they were read from, as PageMemory keeps them."""
        with self._database.reading() as session:
            memory = session.get(PageMemory, (self._platform_id, url))
            return frozenset(memory.remote_ids) if memory else frozenset()

    def staged(self, url: str) -> frozenset[str] | None:
        return self._read_before.get(url)

    def stage(self, record: Record, url: str | None, raw: RawRecord | None = None) -> None:
        self._waiting.append(
            StagedRecord(
                crawl_id=self.crawl_id,
                remote_id=record.remote_id,
                hash=record.content_hash(),
                payload=without_nul(record.to_json()),
                url=url,
                source=without_nul(raw.to_json()) if raw else None,
            )
        )

    def unchanged(self, remote_id: str, url: str) -> None:
        self._waiting.append(StagedRecord(crawl_id=self.crawl_id, remote_id=remote_id, url=url))

    def remember(self, url: str, validators: PageValidators | None, remote_ids: frozenset[str]) -> None:
        memory = without_nul(asdict(validators)) if validators else None
        self._pages.append(StagedPage(crawl_id=self.crawl_id, url=url, memory=memory, remote_ids=sorted(remote_ids)))

    def problem(self, problem: Problem) -> None:
        """Keep a problem, but for a value that the recipe leaves out on purpose."""
        dimension = FIELD_DIMENSIONS.get(problem.field or "") if problem.severity == "warning" else None
        if dimension and problem.value in self._mapped.get(dimension, {}):
            return
        self._counted[problem.severity] += 1
        if self._counted.total() <= MAX_PROBLEMS:
            self._problems.append(problem)
        if dimension and problem.value and problem.remote_id:
            self._unmapped[problem.remote_id].append([dimension, without_nul(problem.value)])

    def counts(self, session: Session, result: CrawlResult) -> dict[str, int]:
        """What the crawl counts so far, with the stretches before it was interrupted."""
        before = session.get_one(Crawl, self.crawl_id).counts
        seconds = round(time.monotonic() - self._began)
        spent = {"pages": result.pages_fetched, "bytes": result.bytes_fetched, "seconds": seconds}
        told = {"refused": max(result.refused, self._counted["refused"]), "warnings": self._counted["warning"]}
        return {"found": result.found} | told | {name: before.get(name, 0) + spent[name] for name in spent}

    def progress(self, done: int, of: int | None) -> None:
        self._flush_when(BATCH)
        if self._on_progress:
            self._on_progress(done, of)

    def flush(self) -> None:
        """Commit what is still in memory."""
        self._flush_when(1)

    def _flush_when(self, enough: int) -> None:
        if len(self._waiting) + len(self._pages) + len(self._problems) < enough:
            return
        with self._database.writing() as session:
            for row in self._waiting:
                row.unmapped = self._unmapped.pop(row.remote_id, None)
                session.merge(row)
            for page in self._pages:
                session.merge(page)
            keep_problems(session, self.crawl_id, self._problems)
        self._waiting, self._pages, self._problems = [], [], []


def prune_reports(session: Session, now: datetime) -> int:
    """Forget crawls that ended so long ago, with all that was told of them; how many."""
    is_old = Crawl.started_at < now - REPORTS_KEPT, Crawl.state.not_in((CrawlState.RUNNING, CrawlState.HELD))
    return session.connection().execute(delete(Crawl).where(*is_old)).rowcount


def keep_problems(session: Session, crawl_id: int, problems: Sequence[Problem]) -> None:
    """Store problems under a crawl."""
    session.add_all(CrawlProblem(crawl_id=crawl_id, **without_nul(asdict(problem))) for problem in problems)


def without_nul(value: Any) -> Any:
    """The JSON value with every NUL taken out of its texts: PostgreSQL stores none."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, Mapping):
        return {key: without_nul(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [without_nul(one) for one in value]
    return value
