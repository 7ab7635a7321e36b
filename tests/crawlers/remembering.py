"""A crawl's memory that tests can look into, and sites that count what is requested of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, request

from crawlers.crawl import crawl
from crawlers.fetch import PoliteSession
from crawlers.recipe import Recipe
from crawlers.record import RawRecord, Record
from crawlers.state import CrawlResult, MemoryState, PageValidators
from tests.crawlers.server import served

TEXT = "Kopā ar kaimiņiem atjaunojam vecu ēku un rīkojam tajā darbnīcas bērniem un senioriem visa gada garumā. " * 20


@dataclass
class Remembering(MemoryState):
    """A state that knows what an earlier one staged."""

    before: dict[str, PageValidators] = field(default_factory=dict)
    ids: dict[str, set[str]] = field(default_factory=dict)
    same: set[str] = field(default_factory=set)
    records: dict[str, Record] = field(default_factory=dict)
    problems: list[Any] = field(default_factory=list)

    def validators_of(self, url: str) -> PageValidators | None:
        return self.before.get(url)

    def record_ids_of(self, url: str) -> frozenset[str]:
        return frozenset(self.ids.get(url, ()))

    def stage(self, record: Record, url: str | None, raw: RawRecord | None = None) -> None:
        self.records[record.remote_id] = record

    def remember(self, url: str, validators: PageValidators | None, remote_ids: frozenset[str]) -> None:
        if validators:
            self.before[url] = validators
        self.ids[url] = set(remote_ids)

    def unchanged(self, remote_id: str, url: str) -> None:
        self.same.add(remote_id)


@contextmanager
def watched(app: Flask) -> Iterator[tuple[str, list[str]]]:
    """The site's address, and the paths that were requested."""
    requested: list[str] = []
    app.before_request(lambda: requested.append(request.full_path.rstrip("?")))
    with served(app) as url:
        yield url, requested


def crawled(recipe: Recipe, state: MemoryState) -> CrawlResult:
    with PoliteSession(None, True) as session:
        return crawl(recipe, session, state)
