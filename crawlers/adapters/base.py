"""What every adapter offers: list what a platform publishes, and read one page of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from crawlers.errors import FetchError
from crawlers.fetch import Page
from crawlers.html import Html
from crawlers.raw import Raw
from crawlers.recipe import Recipe
from crawlers.record import Problem
from crawlers.site import BudgetSpent, Fetches, Site, is_html
from crawlers.state import Known
from crawlers.values.addresses import same_site

FRUITLESS = 40
WAITING_A_PAGE = 10
"""How many addresses are kept waiting for each page that may be asked for."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that the platform lists: its records at once, or the address of the page to read them from.

    `url` is also what the item is remembered by. `changed_at` is what the listing says of its last change, in whatever
    form: an item without records that says the same as the last time is taken for unchanged, and nothing is fetched.
    """

    url: str | None
    raws: tuple[Raw, ...] = ()
    changed_at: str | None = None


@dataclass(slots=True)
class Listing:
    """The work of gathering: what to fetch with, the recipe, what is known of an address, and what went wrong on the way."""

    session: Fetches
    recipe: Recipe
    known: Callable[[str], Known | None] = lambda _: None
    problems: list[Problem] = field(default_factory=list)
    is_whole: bool = True

    def page(self, url: str) -> Page | None:
        """A page of the listing; one that cannot be read is a problem, and the listing is no longer whole."""
        try:
            return self.session.get(url)
        except FetchError as error:
            self.fail(error)
            return None

    def fail(self, error: FetchError) -> None:
        """Tell that a part of the listing could not be read."""
        if not isinstance(error, BudgetSpent):
            self.problems.append(Problem("refused", error.reason, error.url, values=error.values))
        self.is_whole = False


@dataclass(frozen=True, slots=True)
class Adapter:
    """One way in which platforms publish.

    `is_complete`: whether its listing, read to the end, holds all that the platform has (else it is a window).
    `gather` lists compactly, `extract` is a pure function of a page's bytes, its day and the recipe. `look` gives the
    recipes by which this adapter may be able to read a site, the likeliest first; it may look at a few pages through the
    site, and extracts nothing. `missing` is a message: what a site lacks for this adapter, and what its owner could do.
    `depends_on_day`: a page that did not change may say something else today, and is always read.
    """

    is_complete: bool
    gather: Callable[[Listing], Iterator[Item]]
    extract: Callable[[Page, Recipe], Iterable[Raw]]
    look: Callable[[Site], Iterator[Recipe]]
    missing: str
    depends_on_day: bool = False


def walk(listing: Listing, starts: Iterable[str], read: Callable[[Html], Iterable[Raw]]) -> Iterator[Item]:
    """What is read from the pages of one site from these on, each page once.

    Pages alike those that gave something come first; of pages alike that give nothing only the first FRUITLESS are asked
    for, so that calendars and paginations without end do end.
    """
    waiting, seen = list(dict.fromkeys(starts)), set(starts)
    fruits: dict[str, int] = {}
    left = listing.recipe.limits.pages
    while waiting and left > 0:
        url = next((one for one in waiting if fruits.get(likeness(one), 0) > 0), waiting[0])
        waiting.remove(url)
        if fruits.get(likeness(url), 0) <= -FRUITLESS:
            continue
        left -= 1
        page = listing.page(url)
        if page is None or not is_html(page):
            continue
        parsed = Html(page.url, page.text())
        raws = tuple(read(parsed))
        yield Item(None, raws)
        so_far = fruits.get(likeness(url), 0)
        fruits[likeness(url)] = 1 if raws or so_far > 0 else so_far - 1
        further = [one for one in parsed.links if one not in seen and same_site(one, page.url)]
        further = further[: max(0, WAITING_A_PAGE * listing.recipe.limits.pages - len(seen))]
        seen.update(further)
        waiting += further


def likeness(url: str) -> str:
    """What addresses of pages alike have in common: the folder, the names of parameters, numbers left out."""
    parts = urlsplit(url)
    folder = re.sub(r"\d+", "0", parts.path.rstrip("/").rpartition("/")[0])
    return f"{folder}/?{','.join(sorted(name for name, _ in parse_qsl(parts.query)))}"
