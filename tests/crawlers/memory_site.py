"""Sites in memory: what a crawl, a discovery or one page gives, without a server."""

from __future__ import annotations

from datetime import date
from typing import Any

from crawlers.adapters import ADAPTERS
from crawlers.crawl_run import run_crawl
from crawlers.errors import BadStatus
from crawlers.fetch import Page, PoliteSession
from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import Problem, Record
from crawlers.state import CrawlResult, MemoryState, PageValidators

BASE = "https://partner.example/"
DAY = date(2026, 5, 1)
KINDS = {"<": "text/html", "{": "application/json", "[": "application/json", "B": "text/calendar"}
"""The media type of a page by its first character."""
Body = str | bytes


class MemorySite(PoliteSession):
    """A session whose pages are in memory, by their address below BASE; `headers` are those of all pages."""

    def __init__(self, pages: dict[str, Body], **headers: str) -> None:
        super().__init__(None, allow_private=False)
        self._bodies, self._headers = pages, headers

    def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:
        if (body := self._bodies.get(url.removeprefix(BASE))) is None:
            raise BadStatus(url, "gone", is_gone=True)
        return page(body, url.removeprefix(BASE), **self._headers)

    def sitemaps(self, url: str) -> list[str]:
        return []


def page(body: Body, path: str = "", **headers: str) -> Page:
    content = body.encode() if isinstance(body, str) else body
    kind = "text/xml" if content[:5] in (b"<?xml", b"<rss ") else KINDS.get(chr(content[0]) if content else "", "")
    return Page(BASE + path, 200, {"content-type": kind} | {name.replace("_", "-"): value for name, value in headers.items()}, content, DAY)  # fmt: skip


def recipe_of(adapter: str, **keys: Any) -> Recipe:
    return Recipe.model_validate({"platform": "p", "url": BASE, "adapter": adapter, **keys})


def crawled(recipe: Recipe, pages: dict[str, Body], **headers: str) -> tuple[CrawlResult, MemoryState]:
    state = MemoryState()
    return run_crawl(recipe, MemorySite(pages, **headers), state), state


def extracted(recipe: Recipe, body: Body, path: str = "", **headers: str) -> tuple[list[Record], list[Problem]]:
    """The records of one page as a crawl stages them, and what is told of the others."""
    normaliser = Normaliser(recipe)
    raws = ADAPTERS[recipe.adapter].extract(page(body, path, **headers), recipe)
    records = [record for raw in raws if (record := normaliser.record(raw))]
    return records, normaliser.take_problems()


def titles(records: list[Record]) -> set[str]:
    return {title for record in records for title in record.title.values()}
