"""A catalogue for tests: crawls and imports of records made inline."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crawlers.record import Problem, Record
from crawlers.state import CrawlResult, PageValidators
from platforma.catalogue.database import Database, prepare, upgrade
from platforma.catalogue.files import imports
from platforma.catalogue.ingest import crawl_end, staging
from platforma.catalogue.ingest.reports import CrawlReport, ImportReport
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.platforms import platform_states
from platforma.secret_key import secret_key
from platforma.services import Services
from platforma.settings import load_settings


def record(remote_id: str, title: str = "", **more: Any) -> Record:
    return Record(remote_id, title={"lv": title or f"Nosaukums {remote_id}"}, **more)


class CatalogueFixture:
    """Settings, database, and the steps that tests take."""

    def __init__(self, url: str, folder: Path) -> None:
        self.settings = load_settings(data_dir=folder, database_url=url)
        upgrade(self.settings)
        self.database: Database = prepare(self.settings)

    @property
    def services(self) -> Services:
        """The catalogue with an engine over its data folder, both as they are now."""
        return Services.open(self.settings, self.database)

    def propose(self, platform_id: str = "p", *, approve: bool = True) -> None:
        with self.database.writing() as session:
            recipe = {"platform": platform_id, "title": platform_id, "url": f"https://{platform_id}.example/"}
            platform_states.propose_platform(
                session, platform_states.Proposal(url=str(recipe["url"]), title=platform_id, recipe=recipe), actor="test"
            )
            if approve:
                platform_states.approve_platform(session, platform_id=platform_id, actor="test")

    def crawl(self, records: Iterable[Record], platform_id: str = "p", **result: Any) -> CrawlReport:
        """One crawl that found these records; by default complete and without a failure."""
        stored = staging.start_crawl(self.database, platform_id)
        for one in (listed := list(records)):
            stored.stage(one, one.url)
            if one.url:
                stored.remember(one.url, PageValidators(etag="x"), frozenset({one.remote_id}))
        outcome = {"complete": True, "found": len(listed), "refused": 0} | result
        return crawl_end.finish_crawl(self.database, stored, CrawlResult(**outcome), secret_key=secret_key(self.settings))

    def load(self, items: Iterable[Record | Problem], platform_id: str = "p") -> ImportReport:
        return imports.import_records(self.database, platform_id, items, actor="test", secret_key=secret_key(self.settings))

    def shown(self) -> dict[str, Listing]:
        """The public listings by their Latvian title, without those of platforms."""
        with self.database.reading() as session:
            found = listing_queries.newest(session, 1000)
        return {one.title("lv").text: one for one in found if one.get("kind") != "platform"}
