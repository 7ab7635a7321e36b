"""What every adapter offers: list what a platform publishes, and read one page of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from crawlers.errors import FetchError
from crawlers.fetch import Page, PoliteSession
from crawlers.html import Html
from crawlers.raw import Raw
from crawlers.recipe import Recipe
from crawlers.record import Problem


@dataclass(frozen=True, slots=True)
class Item:
    """Something that the platform lists: either its records at once, or the address of the page to read them from."""

    url: str | None
    raws: tuple[Raw, ...] = ()
    changed_at: str | None = None


@dataclass(slots=True)
class Listing:
    """The work of gathering: the session to fetch with, the recipe, and what went wrong on the way."""

    session: PoliteSession
    recipe: Recipe
    problems: list[Problem] = field(default_factory=list)
    is_whole: bool = True

    def page(self, url: str) -> Page | None:
        """A page of the listing; one that cannot be read is a problem, and the listing is no longer whole."""
        try:
            return self.session.get(url)
        except FetchError as error:
            self.problems.append(Problem("refused", error.reason, url, values=error.values))
            self.is_whole = False
            return None


@dataclass(frozen=True, slots=True)
class Adapter:
    """`is_complete`: whether its listing, read to the end, holds all that the platform has (else it is a window)."""

    is_complete: bool
    gather: Callable[[Listing], Iterator[Item]]
    extract: Callable[[Page, Recipe], Iterable[Raw]]


def walk(listing: Listing, starts: Iterable[str], most: int) -> Iterator[Html]:
    """Pages of one site from these on, breadth first, each once; initiative pages and next pages are followed."""
    waiting, seen = list(starts), set(starts)
    while waiting and len(seen) <= most:
        page = listing.page(waiting.pop(0))
        if page is None or not is_html(page):
            continue
        parsed = Html(page.url, page.text())
        yield parsed
        for url in parsed.links:
            if url not in seen and same_site(url, page.url) and len(seen) < most:
                seen.add(url)
                waiting.append(url)


def is_html(page: Page) -> bool:
    return page.content_type in ("text/html", "application/xhtml+xml", "")


def same_site(url: str, other: str) -> bool:
    """Whether two addresses are of one host and port; www does not matter."""
    return _site(url) == _site(other)


def _site(url: str) -> str:
    return url.split("/")[2].lower().removeprefix("www.") if url.count("/") >= 2 else ""
