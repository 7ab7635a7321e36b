"""What discovery looks at: one site, read through a budget of requests, each address asked once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from crawlers.errors import FetchError
from crawlers.fetch import Page
from crawlers.markup import Html
from crawlers.messages import N_
from crawlers.recipe import Recipe
from crawlers.state import PageValidators
from crawlers.values.addresses import same_site

MAX_REQUESTS = 40
MAX_SECONDS = 60.0


class Fetcher(Protocol):
    """Whoever fetches for an adapter: the polite session in a crawl, the budget in discovery."""

    def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:
        """One page. Raises FetchError."""

    def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that the robots.txt of an address names."""


class BudgetSpent(FetchError):
    """Discovery has asked for as much as it may; what it has seen must do."""


@dataclass(slots=True)
class RequestBudget:
    """A session that asks each address once, and no more than MAX_REQUESTS of them within MAX_SECONDS.

    Addresses that failed are remembered with their error.
    """

    session: Fetcher
    requests: int = MAX_REQUESTS
    until: float = field(default_factory=lambda: time.monotonic() + MAX_SECONDS)
    _answers: dict[str, Page | FetchError] = field(default_factory=dict)

    def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:  # noqa: ARG002 - nothing is known yet
        """One page, from memory where it was asked for before. Raises FetchError, BudgetSpent among them."""
        if url not in self._answers:
            if self.requests <= 0 or time.monotonic() > self.until:
                raise BudgetSpent(url, N_("discovery looks no further than this"))
            self.requests -= 1
            self._answers[url] = self._asked(url, accept)
        answer = self._answers[url]
        if isinstance(answer, FetchError):
            raise answer
        return answer

    def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that the robots.txt of an address names."""
        return self.session.sitemaps(url)

    @contextmanager
    def at_most(self, requests: int) -> Iterator[None]:
        """Only so many of the requests left may be used within; the others are kept for later."""
        kept = max(0, self.requests - requests)
        self.requests -= kept
        try:
            yield
        finally:
            self.requests += kept

    def _asked(self, url: str, accept: str | None) -> Page | FetchError:
        try:
            return self.session.get(url, accept=accept)
        except FetchError as error:
            return error


class SiteProbe:
    """One site: its front page (or whatever page the address is), its links, and further pages as far as the budget goes.

    `recipe` is what is known before: the address, languages, patterns, limits. Raises FetchError when the address
    cannot be read.
    """

    def __init__(self, session: Fetcher, recipe: Recipe) -> None:
        self.budget = RequestBudget(session)
        self.recipe = recipe
        self.front = self.budget.get(recipe.url)

    @cached_property
    def html(self) -> Html:
        """The front page parsed; of a file, an empty page."""
        return Html(self.front.url, self.front.text() if is_html(self.front) else "")

    @cached_property
    def links(self) -> list[str]:
        """The front page's links into the site itself, in its order."""
        return [url for url in self.html.links if same_site(url, self.front.url)]

    def get(self, url: str) -> Page | None:
        """A page; None where it cannot be read or the budget is used up."""
        try:
            return self.budget.get(url)
        except FetchError:
            return None

    def pages(self, urls: Iterable[str]) -> Iterator[Html]:
        """Those of the pages that are HTML and can be read, parsed."""
        for url in urls:
            page = self.get(url)
            if page is not None and is_html(page):
                yield Html(page.url, page.text())


def is_html(page: Page) -> bool:
    """Whether an answer is a page for people, or says nothing of what it is."""
    return page.content_type in ("text/html", "application/xhtml+xml", "")
