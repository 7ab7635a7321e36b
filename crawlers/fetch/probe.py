"""Probing one site for discovery: a budget of requests, each address fetched once."""

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
from crawlers.recipe import Recipe
from crawlers.state import PageValidators
from crawlers.values.addresses import same_site
from vocabulary.messages import N_

MAX_REQUESTS = 48
MAX_SECONDS = 60.0


class Fetcher(Protocol):
    """What an adapter fetches with: the polite session in a crawl, a request budget in discovery."""

    def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:
        """Return a page. Raises FetchError."""

    def sitemaps(self, url: str) -> list[str]:
        """Return the addresses of the sitemaps that the site's robots.txt names."""

    def back_at(self, url: str) -> None:
        """Note that the page of this address is read from now on, though another one was fetched since."""


class BudgetSpent(FetchError):
    """Discovery has used up its requests or its time."""


@dataclass(slots=True)
class RequestBudget:
    """A session that fetches each address once, at most MAX_REQUESTS of them within MAX_SECONDS.

    `requests` is the number that may still be made, `until` the end in monotonic seconds. Errors are cached like pages.
    """

    session: Fetcher
    requests: int = MAX_REQUESTS
    until: float = field(default_factory=lambda: time.monotonic() + MAX_SECONDS)
    _responses: dict[str, Page | FetchError] = field(default_factory=dict)

    def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:  # noqa: ARG002 - the protocol's signature; discovery remembers nothing
        """Return a page, from the cache if it was fetched before. Raises FetchError, such as BudgetSpent."""
        if url not in self._responses:
            if self.requests <= 0 or time.monotonic() > self.until:
                raise BudgetSpent(url, N_("the automatic detection stops here"))
            self.requests -= 1
            self._responses[url] = self._fetch(url, accept)
            self._note_arrival(self._responses[url])
        response = self._responses[url]
        if isinstance(response, FetchError):
            raise response
        return response

    def has(self, url: str) -> bool:
        """Return whether the page of an address was read, so that it costs no request."""
        return isinstance(self._responses.get(url), Page)

    def sitemaps(self, url: str) -> list[str]:
        """Return the addresses of the sitemaps that the site's robots.txt names."""
        return self.session.sitemaps(url)

    def back_at(self, url: str) -> None:
        """Note that the page of this address is read from now on."""
        self.session.back_at(url)

    @contextmanager
    def at_most(self, requests: int) -> Iterator[None]:
        """Limit the requests that may be made within the context; the others are reserved for later."""
        reserved = max(0, self.requests - requests)
        self.requests -= reserved
        try:
            yield
        finally:
            self.requests += reserved

    def _note_arrival(self, response: Page | FetchError) -> None:
        """Keep a page that was redirected under the address where it is, too, so that it is not asked for again there."""
        if isinstance(response, Page):
            self._responses.setdefault(response.url, response)

    def _fetch(self, url: str, accept: str | None) -> Page | FetchError:
        try:
            return self.session.get(url, accept=accept)
        except FetchError as error:
            return error


class SiteProbe:
    """One site: the page at the recipe's address, its links, and further pages within the budget.

    `recipe` holds what is known beforehand: the address, languages, patterns, limits. Raises FetchError if the address
    cannot be read.
    """

    def __init__(self, session: Fetcher, recipe: Recipe) -> None:
        self.budget = RequestBudget(session)
        self.recipe = recipe
        self.front = self.budget.get(recipe.url)

    @cached_property
    def html(self) -> Html:
        """The front page, parsed; an empty page if the address is that of a file."""
        return Html(self.front.url, self.front.text() if is_html(self.front) else "")

    @cached_property
    def links(self) -> list[str]:
        """The front page's links within the site, in its order."""
        return [url for url in self.html.links if same_site(url, self.front.url)]

    def get(self, url: str) -> Page | None:
        """Return a page; None if it cannot be read or the budget is spent."""
        try:
            return self.budget.get(url)
        except FetchError:
            return None

    def pages(self, urls: Iterable[str]) -> Iterator[Html]:
        """Yield those of the pages that can be read and are HTML, parsed."""
        for url in urls:
            page = self.get(url)
            if page is not None and is_html(page):
                yield Html(page.url, page.text())


def is_html(page: Page) -> bool:
    """Return whether a page is HTML, by its media type; True if it has none."""
    return page.content_type in ("text/html", "application/xhtml+xml", "")
