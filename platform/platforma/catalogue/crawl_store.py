"""A crawl's memory in the catalogue: what it stages in small commits, so that a killed one goes on where it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from crawlers.record import Problem, Record
from crawlers.run import EXTRACTOR_VERSION
from crawlers.state import Known
from platforma.catalogue.database import Database
from platforma.catalogue.models import Crawl, CrawlProblem, CrawlState, PageMemory, Platform, StagedRecord
from platforma.catalogue.types import utc_now

BATCH = 25
RESUMABLE = timedelta(hours=36)
"""An unfinished crawl older than this is thrown away: what it read may be long out of date."""
Progress = Callable[[int, int | None], None]


def start_crawl(database: Database, platform_id: str, on_progress: Progress | None = None) -> StoredCrawl:
    """Go on with the platform's unfinished crawl of the same recipe and extractor, or begin a new one."""
    with database.writing() as session:
        platform = session.get_one(Platform, platform_id)
        unfinished = select(Crawl).where(Crawl.platform_id == platform_id, Crawl.state == CrawlState.RUNNING)
        for crawl in session.scalars(unfinished.order_by(Crawl.id.desc())):
            is_same = (crawl.recipe_version, crawl.extractor_version) == (platform.recipe_version, EXTRACTOR_VERSION)
            if is_same and crawl.started_at > utc_now() - RESUMABLE:
                break
            crawl.state = CrawlState.DISCARDED
            session.execute(delete(StagedRecord).where(StagedRecord.crawl_id == crawl.id))
        else:
            crawl = Crawl(platform_id=platform_id, recipe_version=platform.recipe_version, counts={}, gone=[])
            crawl.extractor_version = EXTRACTOR_VERSION
            session.add(crawl)
            session.flush()
        return StoredCrawl(database, crawl, _read_before(session, crawl.id), on_progress)


def _read_before(session: Session, crawl_id: int) -> Mapping[str, frozenset[str]]:
    """Address to remote ids of what an interrupted crawl staged; problems of other pages will be told anew."""
    is_ours = StagedRecord.crawl_id == crawl_id, StagedRecord.url.is_not(None)
    rows = select(StagedRecord.url, StagedRecord.remote_id).where(*is_ours)
    found = defaultdict(set)
    for url, remote_id in session.execute(rows):
        found[str(url)].add(remote_id)
    of_staged = CrawlProblem.url.in_(select(StagedRecord.url).where(*is_ours))
    session.execute(delete(CrawlProblem).where(CrawlProblem.crawl_id == crawl_id, or_(CrawlProblem.url.is_(None), ~of_staged)))
    return {url: frozenset(ids) for url, ids in found.items()}


class StoredCrawl:
    """crawlers.state.CrawlState over the database."""

    def __init__(
        self, database: Database, crawl: Crawl, read_before: Mapping[str, frozenset[str]], on_progress: Progress | None
    ) -> None:
        self.crawl_id = crawl.id
        self._read_before = read_before
        self._database, self._platform_id = database, crawl.platform_id
        self._versions = crawl.recipe_version, crawl.extractor_version
        self._on_progress = on_progress
        self._waiting: list[StagedRecord] = []
        self._problems: list[Problem] = []

    def known(self, url: str) -> Known | None:
        with self._database.reading() as session:
            memory = session.get(PageMemory, (self._platform_id, url))
            if memory is None or (memory.recipe_version, memory.extractor_version) != self._versions:
                return None
            return Known(memory.etag, memory.last_modified, memory.content_hash, memory.changed_at)

    def of_page(self, url: str) -> frozenset[str]:
        """Remote ids by the address they were read from, as PageMemory keeps them."""
        with self._database.reading() as session:
            memory = session.get(PageMemory, (self._platform_id, url))
            return frozenset(memory.remote_ids) if memory else frozenset()

    def staged(self, url: str) -> frozenset[str]:
        return self._read_before.get(url, frozenset())

    def stage(self, record: Record, url: str | None, known: Known | None) -> None:
        self._waiting.append(
            StagedRecord(
                crawl_id=self.crawl_id,
                remote_id=record.remote_id,
                hash=record.content_hash(),
                payload=without_nul(record.to_json()),
                url=url,
                memory=asdict(known) if known else None,
            )
        )

    def unchanged(self, remote_id: str, url: str) -> None:
        self._waiting.append(StagedRecord(crawl_id=self.crawl_id, remote_id=remote_id, url=url))

    def problem(self, problem: Problem) -> None:
        self._problems.append(problem)

    def progress(self, done: int, of: int | None) -> None:
        self._flush_when(BATCH)
        if self._on_progress:
            self._on_progress(done, of)

    def flush(self) -> None:
        """Commit what is still in memory."""
        self._flush_when(1)

    def _flush_when(self, enough: int) -> None:
        if len(self._waiting) + len(self._problems) < enough:
            return
        with self._database.writing() as session:
            for row in self._waiting:
                session.merge(row)
            keep_problems(session, self.crawl_id, self._problems)
        self._waiting, self._problems = [], []


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
