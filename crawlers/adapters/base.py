"""What every adapter offers: list what a platform publishes, and read one page of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

from crawlers.errors import FetchError, SiteGivenUp, Stopped
from crawlers.fetch import Page
from crawlers.fetch.probe import BudgetSpent, Fetcher, SiteProbe, is_html
from crawlers.markup import Html
from crawlers.messages import N_
from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord
from crawlers.state import PageLinks, PageValidators
from crawlers.values.addresses import same_site

log = logging.getLogger(__name__)
UNREADABLE = N_("this page could not be read (%(error)s); tell us its address")
MAX_EMPTY_PAGES = 40
WAITING_A_PAGE = 10
"""How many addresses are kept waiting for each page that may be asked for."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that the platform lists: its records at once, or the address of the page to read them from.

    `url` is also what the item is remembered by. `changed_at` is what the listing says of its last change, in whatever
    form: an item without records that says the same as the last time is taken for unchanged, and nothing is fetched, where
    the listing's dates tell its items apart. An adapter that cannot read an item by its address alone never lists one bare:
    it gives its records, or says `is_unchanged` itself. `known` is there where the listing read the page itself: its
    records are those listed, maybe none; with `is_unchanged` they are those of the last time.
    """

    url: str | None
    raws: tuple[RawRecord, ...] = ()
    changed_at: str | None = None
    known: PageValidators | None = None
    is_unchanged: bool = False

    @property
    def is_read(self) -> bool:
        """Whether nothing need be fetched for it any more."""
        return bool(self.raws) or self.known is not None


Reading = tuple[Iterable[RawRecord], PageLinks]
"""What a page of a listing says: its records, and where it leads."""


@dataclass(slots=True)
class Gathering:
    """The work of gathering: what to fetch with, the recipe, what is known of an address, and what went wrong on the way.

    `known` and `of_page` are those of CrawlState.
    """

    session: Fetcher
    recipe: Recipe
    known: Callable[[str], PageValidators | None] = lambda _: None
    record_ids_of: Callable[[str], frozenset[str]] = lambda _: frozenset()
    problems: list[Problem] = field(default_factory=list)
    is_whole: bool = True

    def page(self, url: str, known: PageValidators | None = None) -> Page | None:
        """A page of the listing; one that cannot be read is a problem, and the listing is no longer whole."""
        try:
            return self.session.get(url, known) if known else self.session.get(url)
        except FetchError as error:
            self.fail(error)
            return None

    def read(self, url: str, read: Callable[[Page], Reading]) -> tuple[Item, PageLinks] | None:
        """A page of the listing, asked for once, as an item, and where it leads; None where it cannot be read.

        One that did not change since it was remembered is not read again. What can go wrong is a problem of this page alone.
        """
        before = self.known(url)
        before = before if before and before.leads is not None else None
        page = self.page(url, before)
        if page is None:
            return None
        if before and before.leads is not None and (page.is_not_modified or before.content_hash == page.known.content_hash):
            return Item(url, known=before, is_unchanged=True), before.leads
        try:
            raws, leads = read(page)
            found = tuple(raws)
        except (SiteGivenUp, Stopped):
            raise
        except FetchError as error:
            self.fail(error)
            return None
        except Exception as error:
            log.exception("reading %s", url)
            self.problems.append(unreadable(url, error))
            self.is_whole = False
            return None
        known = page.known
        kept = leads if known.etag or known.last_modified else None
        return Item(url, found, known=replace(known, leads=kept)), leads

    def ids_of(self, item: Item) -> frozenset[str]:
        """Remote ids of what an item holds; of an unchanged one those of the last time."""
        return self.record_ids_of(item.url or "") if item.is_unchanged else frozenset(raw.remote_id for raw in item.raws)

    def fail(self, error: FetchError) -> None:
        """Tell that a part of the listing could not be read."""
        if not isinstance(error, BudgetSpent):
            self.problems.append(Problem("refused", error.reason, error.url, values=error.values))
        self.is_whole = False


def tells_apart(dates: Iterable[str | None]) -> bool:
    """Whether dates of change tell the items of a listing apart: one date for all is that of a migration or of the listing
    itself, and says nothing of any item. Items without a date do not count.
    """
    return len({one for one in dates if one}) > 1


def is_over(changed_at: str | None, read_on: date | None) -> bool:
    """Whether nothing can have changed any more by the date of change that stood beside what was read on a day in UTC.

    A mere day such as `2026-05-01` may yet hold another change until it has ended in all time zones.
    """
    if not changed_at or not re.fullmatch(r"\d{4}-\d\d-\d\d", changed_at.strip()):
        return True
    return read_on is None or changed_at.strip() < (read_on - timedelta(days=1)).isoformat()


def unreadable(url: str | None, error: Exception) -> Problem:
    """The problem of a page on which our own reading stumbled."""
    return Problem("refused", UNREADABLE, url, values={"error": type(error).__name__})


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
    gather: Callable[[Gathering], Iterator[Item]]
    extract: Callable[[Page, Recipe], Iterable[RawRecord]]
    look: Callable[[SiteProbe], Iterator[Recipe]]
    missing: str
    depends_on_day: bool = False


def walk(listing: Gathering, starts: Iterable[str], read: Callable[[Html], Iterable[RawRecord]]) -> Iterator[Item]:
    """What is read from the pages of one site from these on, each page once.

    Pages alike those that gave something come first; of pages alike that give nothing only the first MAX_EMPTY_PAGES are asked
    for, so that calendars and paginations without end do end.
    """
    waiting, seen = list(dict.fromkeys(starts)), set(starts)
    fruits: dict[str, int] = {}
    left = listing.recipe.limits.pages
    while waiting and left > 0:
        url = next((one for one in waiting if fruits.get(likeness(one), 0) > 0), waiting[0])
        waiting.remove(url)
        if fruits.get(likeness(url), 0) <= -MAX_EMPTY_PAGES:
            continue
        left -= 1
        found = listing.read(url, lambda page: _read_walked(page, read))
        if found is None:
            continue
        item, leads = found
        yield item
        so_far = fruits.get(likeness(url), 0)
        fruits[likeness(url)] = 1 if listing.ids_of(item) or so_far > 0 else so_far - 1
        further = [one for one in leads.further if one not in seen]
        further = further[: max(0, WAITING_A_PAGE * listing.recipe.limits.pages - len(seen))]
        seen.update(further)
        waiting += further
    listing.is_whole = listing.is_whole and not waiting


def _read_walked(page: Page, read: Callable[[Html], Iterable[RawRecord]]) -> Reading:
    """The records of a page for people, and its links into the site."""
    if not is_html(page):
        return (), PageLinks()
    parsed = Html(page.url, page.text())
    return read(parsed), PageLinks(further=tuple(one for one in parsed.links if same_site(one, page.url)))


def follow(listing: Gathering, url: str, read: Callable[[Page], Reading]) -> Iterator[Item]:
    """A list in pages from this one on, each page once, until none follows or one brings nothing new."""
    seen: set[str] = set()
    asked: set[str] = set()
    following: str | None = url
    while following and following not in asked:
        if len(asked) >= listing.recipe.limits.pages:
            listing.is_whole = False
            return
        asked.add(following)
        found = listing.read(following, read)
        if found is None:
            return
        item, leads = found
        ids = listing.ids_of(item)
        if ids and ids <= seen:
            return
        seen |= ids
        listing.is_whole = listing.is_whole and not leads.is_window
        yield item
        following = next(iter(leads.further), None) if listing.recipe.is_paged else None


def likeness(url: str) -> str:
    """What addresses of pages alike have in common: the folder, the names of parameters, numbers left out."""
    parts = urlsplit(url)
    folder = re.sub(r"\d+", "0", parts.path.rstrip("/").rpartition("/")[0])
    return f"{folder}/?{','.join(sorted(name for name, _ in parse_qsl(parts.query)))}"
