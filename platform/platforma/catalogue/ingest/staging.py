"""Staging: a crawl's memory in the catalogue, committed in small steps, so that a killed crawl can be resumed."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from crawlers.record import Problem, RawRecord, Record, content_hash
from crawlers.state import COSTS, EXTRACTOR_VERSION, CrawlResult, PageLinks, PageValidators
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
from vocabulary.characters import storable

MIN_FLUSH_ROWS = 25
"""So many staged rows are committed together."""
MAX_RESUME_AGE = timedelta(days=7)
"""An unfinished crawl that is older than this is discarded: what it read may be out of date. A large site that allows crawling
only at night needs several nights."""
REPORT_RETENTION = timedelta(days=365)
MAX_PROBLEMS = 10_000
"""The maximum number of problems stored of one crawl; further ones are only counted."""
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class _EarlierRun:
    """What a crawl did before it was interrupted; empty for a new crawl.

    `staged` has the remote ids by the address that they were read from, `problems` the number of problems by severity.
    """

    staged: Mapping[str, frozenset[str]]
    problems: Counter[str]


def start_crawl(
    database: Database,
    platform_id: str,
    on_progress: Progress | None = None,
    *,
    purpose: CrawlPurpose = CrawlPurpose.TURN,
    version: int | None = None,
) -> StoredCrawl:
    """Resume the platform's unfinished crawl of the same purpose, recipe and extractor, or start a new one.

    `version` is the recipe's version; None for the live recipe.
    """
    with database.writing() as session:
        platform = session.get_one(Platform, platform_id)
        version = version or platform.recipe_version
        crawl = _resume(session, platform_id, purpose, version) or _new_crawl(session, platform_id, purpose, version)
        earlier = _earlier_run(session, crawl.id)
        is_live = version == platform.recipe_version
        recipe = platform.recipe if is_live else recipes.version_of(session, platform_id, version).recipe
        return StoredCrawl(database, crawl, earlier, recipe.get("values") or {}, on_progress)


def drop_staged(session: Session, crawl_id: int) -> None:
    """Delete what a crawl staged: it was ingested, or is not wanted."""
    for table in (StagedRecord, StagedPage):
        session.execute(delete(table).where(table.crawl_id == crawl_id))


def _resume(session: Session, platform_id: str, purpose: CrawlPurpose, version: int) -> Crawl | None:
    """The crawl that can be resumed; None where there is none. Newer unfinished ones that cannot be resumed are discarded."""
    is_unfinished = Crawl.platform_id == platform_id, Crawl.purpose == purpose, Crawl.state == CrawlState.RUNNING
    for crawl in session.scalars(select(Crawl).where(*is_unfinished).order_by(Crawl.id.desc())):
        is_same = (crawl.recipe_version, crawl.extractor_version) == (version, EXTRACTOR_VERSION)
        if is_same and crawl.started_at > utc_now() - MAX_RESUME_AGE and purpose != CrawlPurpose.MAPPING:
            return crawl
        crawl.state, crawl.ended_at = CrawlState.DISCARDED, utc_now()
        drop_staged(session, crawl.id)
    return None


def _new_crawl(session: Session, platform_id: str, purpose: CrawlPurpose, version: int) -> Crawl:
    crawl = Crawl(platform_id=platform_id, recipe_version=version, purpose=purpose, counts={}, gone=[])
    crawl.extractor_version = EXTRACTOR_VERSION
    session.add(crawl)
    session.flush()
    return crawl


def _earlier_run(session: Session, crawl_id: int) -> _EarlierRun:
    """What the crawl did before. Problems of pages that it did not finish are deleted, since it will meet them again."""
    is_ours = StagedPage.crawl_id == crawl_id
    is_of_finished_page = CrawlProblem.url.in_(select(StagedPage.url).where(is_ours))
    is_met_again = or_(CrawlProblem.url.is_(None), ~is_of_finished_page)
    session.execute(delete(CrawlProblem).where(CrawlProblem.crawl_id == crawl_id, is_met_again))
    pages = session.execute(select(StagedPage.url, StagedPage.remote_ids).where(is_ours))
    staged = {url: frozenset(remote_ids) for url, remote_ids in pages}
    counted = select(CrawlProblem.severity, func.count()).where(CrawlProblem.crawl_id == crawl_id)
    problems = session.execute(counted.group_by(CrawlProblem.severity))
    return _EarlierRun(staged, Counter({row[0]: row[1] for row in problems}))


class StoredCrawl:
    """A crawl's memory in the database; see the protocol crawlers.state.CrawlState for its methods.

    `mapped_values` is the recipe's `values`: by dimension, what a value of the source stands for.
    """

    def __init__(
        self,
        database: Database,
        crawl: Crawl,
        earlier: _EarlierRun,
        mapped_values: Mapping[str, Mapping[str, str | None]],
        on_progress: Progress | None,
    ) -> None:
        self.crawl_id = crawl.id
        self._database, self._platform_id = database, crawl.platform_id
        self._versions = crawl.recipe_version, crawl.extractor_version
        self._on_progress = on_progress
        self._staged_before, self._problem_counts = earlier.staged, earlier.problems
        self._mapped_values = mapped_values
        self._records: dict[str, StagedRecord] = {}
        self._pages: dict[str, StagedPage] = {}
        self._problems: list[Problem] = []
        self._unmapped: defaultdict[str, list[list[str]]] = defaultdict(list)
        self._started_monotonic_seconds = time.monotonic()

    @property
    def recipe_version(self) -> int:
        """The version of the recipe by which is crawled."""
        return self._versions[0]

    def validators_of(self, url: str) -> PageValidators | None:
        with self._database.reading() as session:
            memory = session.get(PageMemory, (self._platform_id, url))
            if memory is None or (memory.recipe_version, memory.extractor_version) != self._versions:
                return None
            return PageValidators(memory.etag, memory.last_modified, memory.content_hash, memory.changed_at, _links(memory.leads))

    def record_ids_of(self, url: str) -> frozenset[str]:
        with self._database.reading() as session:
            memory = session.get(PageMemory, (self._platform_id, url))
            return frozenset(memory.remote_ids) if memory else frozenset()

    def staged(self, url: str) -> frozenset[str] | None:
        return self._staged_before.get(url)

    def staged_validators(self, url: str) -> PageValidators | None:
        if page := self._pages.get(url):
            return _validators(page.memory)
        with self._database.reading() as session:
            stored = session.get(StagedPage, (self.crawl_id, url))
            return _validators(stored.memory) if stored else None

    def stage(self, record: Record, url: str | None, raw: RawRecord | None = None) -> None:
        payload = record.to_json()
        self._records[record.remote_id] = StagedRecord(
            crawl_id=self.crawl_id,
            remote_id=record.remote_id,
            hash=content_hash(payload),
            payload=payload,
            url=url,
            source=raw.to_json() if raw else None,
        )

    def unchanged(self, remote_id: str, url: str) -> None:
        self._records[remote_id] = StagedRecord(crawl_id=self.crawl_id, remote_id=remote_id, url=url)

    def remember(self, url: str, validators: PageValidators | None, remote_ids: frozenset[str]) -> None:
        memory = storable(asdict(validators)) if validators else None
        self._pages[url] = StagedPage(crawl_id=self.crawl_id, url=url, memory=memory, remote_ids=sorted(remote_ids))

    def problem(self, problem: Problem) -> None:
        """Keep a problem, unless it is about a value that the recipe leaves out on purpose."""
        dimension = FIELD_DIMENSIONS.get(problem.field or "") if problem.severity == "warning" else None
        if dimension and problem.value in self._mapped_values.get(dimension, {}):
            return
        self._problem_counts[problem.severity] += 1
        if self._problem_counts.total() <= MAX_PROBLEMS:
            self._problems.append(problem)
        if dimension and problem.value and problem.remote_id:
            self._unmapped[problem.remote_id].append([dimension, storable(problem.value)])

    def counts(self, session: Session, result: CrawlResult) -> dict[str, int]:
        """The crawl's counts so far, by names of reports.COUNTS; its cost includes the time before it was interrupted."""
        before = session.get_one(Crawl, self.crawl_id).counts
        seconds = round(time.monotonic() - self._started_monotonic_seconds)
        cost = {"pages": result.pages_fetched, "bytes": result.bytes_fetched, "seconds": seconds, **result.cost}
        refused = max(result.refused, self._problem_counts["refused"])
        records = {"found": result.found, "refused": refused, "warnings": self._problem_counts["warning"]}
        sums = {name: before.get(name, 0) + cost.get(name, 0) for name in cost.keys() | (before.keys() & set(COSTS))}
        return records | sums | _peak("reader_megabytes", before, cost)

    def progress(self, done: int, of: int | None) -> None:
        self._flush_from(MIN_FLUSH_ROWS)
        if self._on_progress:
            self._on_progress(done, of)

    def flush(self) -> None:
        """Commit what is still in memory."""
        self._flush_from(1)

    def _flush_from(self, min_rows: int) -> None:
        """Commit what is in memory where it is at least so many rows."""
        if len(self._records) + len(self._pages) + len(self._problems) < min_rows:
            return
        with self._database.writing() as session:
            for remote_id, record in self._records.items():
                record.unmapped = self._unmapped.pop(remote_id, None)
            is_staged_again = StagedRecord.crawl_id == self.crawl_id, StagedRecord.remote_id.in_(self._records)
            session.execute(delete(StagedRecord).where(*is_staged_again))
            session.execute(delete(StagedPage).where(StagedPage.crawl_id == self.crawl_id, StagedPage.url.in_(self._pages)))
            session.add_all([*self._records.values(), *self._pages.values()])
            store_problems(session, self.crawl_id, self._problems)
        self._records, self._pages, self._problems = {}, {}, []


def _validators(memory: Mapping[str, Any] | None) -> PageValidators | None:
    """What a staged page remembers."""
    return PageValidators(**{**memory, "leads": _links(memory["leads"])}) if memory else None


def _links(leads: Mapping[str, Any] | None) -> PageLinks | None:
    return PageLinks(**leads) if leads else None


def prune_reports(session: Session, now: datetime) -> int:
    """Delete crawls that are older than REPORT_RETENTION, with their reports; return how many."""
    is_old = Crawl.started_at < now - REPORT_RETENTION, Crawl.state.not_in((CrawlState.RUNNING, CrawlState.HELD))
    return session.connection().execute(delete(Crawl).where(*is_old)).rowcount


def store_problems(session: Session, crawl_id: int, problems: Sequence[Problem]) -> None:
    """Store problems of a crawl."""
    session.add_all(CrawlProblem(crawl_id=crawl_id, **storable(asdict(problem))) for problem in problems)


def _peak(name: str, *counts: Mapping[str, int]) -> dict[str, int]:
    """The highest of the counts of this name; empty where none has it."""
    values = [count[name] for count in counts if name in count]
    return {name: max(values)} if values else {}
