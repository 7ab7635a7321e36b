"""What every adapter offers: gathering the items that a platform lists, and extracting the records of one page."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeVar

from crawlers.adapters.kept_pages import KeptPages
from crawlers.adapters.own_site import OTHERS_PAGES, OwnSite
from crawlers.errors import BadContent, CrawlError, FetchError, SiteGivenUp, Stopped
from crawlers.fetch import Page
from crawlers.fetch.probe import BudgetSpent, Fetcher, SiteProbe, is_html
from crawlers.markup import Html
from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord
from crawlers.state import PageLinks, PageValidators
from crawlers.texts.missing_pages import NOTHING_THERE, says_nothing_is_there
from crawlers.values.addresses import host_of, same_site
from vocabulary.messages import N_

log = logging.getLogger(__name__)
Entry = TypeVar("Entry")
Thing = TypeVar("Thing")
UNREADABLE = N_("this page could not be read (%(error)s); tell us its address")
BROKEN_DATA = N_("the JSON-LD of this page is broken and was left out; check it with the validator of schema.org")
MAX_BROKEN_TOLD = 10
"""The number of pages without records of which it is told that their data are broken."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that the platform lists: its records, or the address of the page that holds them.

    `url` is also the key under which the item is remembered. `changed_at` is the date of the last change as the listing
    writes it. If it is the same as in the last crawl, the item has no records here, and the listing's dates differ from
    item to item, the item counts as unchanged and is not fetched. `validators` is set where the listing itself has read the
    page: `raws` are then all its records, maybe none. `is_unchanged`: the records are those of the last crawl. `is_own_page`:
    the page is that of one initiative, so it is gone where it redirects to what is none. `name` is what the listing calls it, ""
    where it does not.

    An adapter that cannot read an item by its address alone always gives `raws` or `is_unchanged`.
    """

    url: str | None
    raws: tuple[RawRecord, ...] = ()
    changed_at: str | None = None
    validators: PageValidators | None = None
    is_unchanged: bool = False
    is_own_page: bool = False
    name: str = ""

    @property
    def is_read(self) -> bool:
        """Whether the records are known without a fetch."""
        return bool(self.raws) or self.validators is not None


MAX_OTHERS_TOLD = 10
"""The number of other hosts that a report names."""
Reading = tuple[Iterable[RawRecord], PageLinks]
"""What was read of a page of a listing: its records and its links."""


@dataclass(slots=True)
class Gathering:
    """One pass over a platform's listing: the session and recipe to read it by, and the problems met so far.

    `validators_of` and `record_ids_of` are those of CrawlState. `is_whole`: no part of the listing was left out. `own` tells
    which addresses are the site's own. `entries` are pages of single entries that were read on the way.
    """

    session: Fetcher
    recipe: Recipe
    validators_of: Callable[[str], PageValidators | None] = lambda _: None
    record_ids_of: Callable[[str], frozenset[str]] = lambda _: frozenset()
    problems: list[Problem] = field(default_factory=list)
    is_whole: bool = True
    own: OwnSite = field(init=False)
    emptiness: Emptiness = field(init=False)
    entries: KeptPages = field(default_factory=KeptPages)
    _others: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.own = OwnSite(self.session, self.recipe)
        self.emptiness = Emptiness(self.recipe, self.record_ids_of)

    def page(self, url: str, validators: PageValidators | None = None) -> Page | None:
        """Return a page of the listing. One that cannot be fetched is recorded as a problem, and None returned."""
        try:
            page = self.session.get(url, validators) if validators else self.session.get(url)
        except FetchError as error:
            self.fail(error)
            return None
        if url in (self.recipe.url, *self.recipe.addresses):
            self.own.add(page.url)
        return page

    def read(self, url: str, read: Callable[[Page], Reading]) -> tuple[Item, PageLinks] | None:
        """Return a page of the listing as an item, with its links; None where it cannot be read.

        A page that did not change since the last crawl is not read again; its links are those that were remembered. A
        failure is recorded as a problem of this page and does not end the listing.
        """
        before = self.validators_of(url)
        before = before if before and before.leads is not None else None
        page = self.page(url, before)
        if page is None:
            return None
        if before and before.leads is not None and (page.is_not_modified or before.content_hash == page.validators.content_hash):
            return Item(url, validators=before, is_unchanged=True), before.leads
        reading = self._parsed(url, page, read)
        if reading is None:
            return None
        raws, links = reading
        if not raws and (problem := self.emptiness.problem_of(url, page)):
            self.problems.append(problem)
            if problem.severity == "refused":
                self.is_whole = False
                return None
        validators = page.validators
        remembered_links = links if validators.etag or validators.last_modified else None
        return Item(url, tuple(raws), validators=replace(validators, leads=remembered_links)), links

    def _parsed(self, url: str, page: Page, read: Callable[[Page], Reading]) -> Reading | None:
        """Return the records and links of a page; None, with a problem recorded, if reading it fails."""
        try:
            raws, links = read(page)
            return read_on(page, raws), links
        except (SiteGivenUp, Stopped, MemoryError):
            raise
        except FetchError as error:
            self.fail(error)
        except Exception as error:
            log.exception("reading %s", url)
            self.problems.append(unreadable(url, error))
            self.is_whole = False
        return None

    def leave_to_others(self, url: str) -> bool:
        """Return False; that pages of this address's host are left out is recorded as a problem, once for each host."""
        host = host_of(url)
        if host not in self._others and len(self._others) < MAX_OTHERS_TOLD:
            self._others.add(host)
            self.problems.append(Problem("refused", OTHERS_PAGES, url, values={"host": host}))
        return False

    def ids_of(self, item: Item) -> frozenset[str]:
        """Return the remote ids of an item's records; for an unchanged item those of the last crawl."""
        if item.is_unchanged:
            return self.record_ids_of(item.url or "")
        return frozenset(raw.remote_id for raw in item.raws if not raw.failure)

    def fail(self, error: FetchError) -> None:
        """Record that a part of the listing could not be read. A spent budget is no problem of the site."""
        if not isinstance(error, BudgetSpent):
            self.problems.append(refusal(error))
        self.is_whole = False


def tells_apart(dates: Iterable[str | None]) -> bool:
    """Return whether a listing has more than one date of change; items without a date do not count.

    If all items have the same date, it is that of a migration or of the listing itself and says nothing about an item.
    """
    return len({changed_at for changed_at in dates if changed_at}) > 1


def read_on(page: Page, raws: Iterable[RawRecord]) -> tuple[RawRecord, ...]:
    """Return the raw records of a page with the day on which it was read."""
    dated = tuple(raws)
    for raw in dated:
        raw.read_on = page.fetched_on.isoformat() if page.fetched_on else None
    return dated


def is_day_over(changed_at: str | None, read_on: date | None) -> bool:
    """Return whether an item cannot change again under the same `changed_at`; `read_on` is the day of the fetch in UTC.

    A date without a time, such as `2026-05-01`, can stand for another change until that day has ended in all time zones.
    """
    if not changed_at or not re.fullmatch(r"\d{4}-\d\d-\d\d", changed_at.strip()):
        return True
    return read_on is None or changed_at.strip() < (read_on - timedelta(days=1)).isoformat()


def read_each(entries: Iterable[Entry], read: Callable[[Entry], RawRecord | None], url: str | None) -> Iterator[RawRecord]:
    """Yield the raw record of each entry of a page that has one; for one that our own code fails to read, one with the failure.

    The first failure of a page is logged.
    """
    has_failed = False
    for entry in entries:
        try:
            if raw := read(entry):
                yield raw
        except (CrawlError, Stopped, MemoryError):
            raise
        except Exception as error:
            if not has_failed:
                log.exception("reading an entry of %s", url)
            has_failed = True
            yield RawRecord("", url, {}, failure=type(error).__name__)


def bounded(name: str, adapter: Adapter) -> Adapter:
    """Return the adapter with its surprises told: each becomes a BadContent, and a listing keeps what was gathered before."""
    return replace(
        adapter,
        gather=lambda listing: _bounded_listing(name, adapter, listing),
        extract=lambda page, recipe: _bounded(lambda: adapter.extract(page, recipe), name, page.url),
        look=lambda site: _bounded(lambda: adapter.look(site), name, site.recipe.url),
    )


def _bounded_listing(name: str, adapter: Adapter, listing: Gathering) -> Iterator[Item]:
    """Yield the items of a listing. A failure ends it; it is raised where nothing was gathered before, else recorded."""
    has_items = False
    try:
        for item in _bounded(lambda: adapter.gather(listing), name, listing.recipe.url):
            has_items = True
            yield item
    except FetchError as error:
        if not has_items:
            raise
        listing.fail(error)


def _bounded(things: Callable[[], Iterable[Thing]], name: str, url: str) -> Iterator[Thing]:
    """Yield the things. Raises BadContent where our own code fails."""
    try:
        yield from things()
    except (CrawlError, Stopped, MemoryError):
        raise
    except Exception as error:
        log.exception("adapter %s, reading %s", name, url)
        raise BadContent(url, UNREADABLE, values={"error": type(error).__name__}) from error


@dataclass(slots=True)
class Emptiness:
    """What is wrong with pages that gave no record. `record_ids_of` is that of CrawlState."""

    recipe: Recipe
    record_ids_of: Callable[[str], frozenset[str]]
    _told: int = 0

    def problem_of(self, url: str, page: Page) -> Problem | None:
        """Return the problem of a page without records; None where it may well have none.

        It is a refusal where the page had records before and may have lost them by mistake: its title says that nothing is
        there, though its server answered as if there were something, or its data are broken. Broken data of a page that never
        had any are a warning, for the first MAX_BROKEN_TOLD pages.
        """
        is_known = bool(self.record_ids_of(url))
        if not is_html(page) or not (is_known or self._may_warn(page)):
            return None
        html = Html(page.url, page.text())
        if is_known and says_nothing_is_there(html.title):
            return Problem("refused", NOTHING_THERE, url, field="title")
        if self.recipe.adapter != "structured" or not html.has_broken_json_ld:
            return None
        self._told += not is_known
        return Problem("refused" if is_known else "warning", BROKEN_DATA, url)

    def _may_warn(self, page: Page) -> bool:
        return self.recipe.adapter == "structured" and self._told < MAX_BROKEN_TOLD and b"ld+json" in page.body.lower()


def refusal(error: FetchError) -> Problem:
    """Return the problem of a page that could not be fetched or read."""
    return Problem("refused", error.reason, error.url, values=error.values)


def unreadable(url: str | None, error: Exception) -> Problem:
    """Return the problem of a page that our own code failed to read."""
    return Problem("refused", UNREADABLE, url, values={"error": type(error).__name__})


@dataclass(frozen=True, slots=True)
class Adapter:
    """One way in which platforms publish, such as feeds or sitemaps.

    `is_complete`: the listing, read to its end, holds everything that the platform has, not only the newest.
    `gather` yields the listed items. `extract` returns the records of a page; it depends on the page's bytes and day and on
    the recipe alone. `look` is for discovery: it yields recipes by which this adapter may be able to read a site, the
    likeliest first; it may fetch a few pages and extracts nothing. `missing` is a message id: what a site lacks for this
    adapter, and what its owner could do. `depends_on_day`: what an unchanged page means depends on today's date, so it is
    read in every crawl.
    """

    is_complete: bool
    gather: Callable[[Gathering], Iterator[Item]]
    extract: Callable[[Page, Recipe], Iterable[RawRecord]]
    look: Callable[[SiteProbe], Iterator[Recipe]]
    missing: str
    depends_on_day: bool = False


def follow(listing: Gathering, url: str, read: Callable[[Page], Reading]) -> Iterator[Item]:
    """Follow a paginated list from its first page, and yield each page as an item; each is fetched once.

    It ends where no further page is linked, or a page holds only records of earlier pages.
    """
    ids_so_far: set[str] = set()
    fetched: set[str] = set()
    next_url: str | None = url
    while next_url and next_url not in fetched:
        if len(fetched) >= listing.recipe.limits.pages:
            listing.is_whole = False
            return
        fetched.add(next_url)
        reading = listing.read(next_url, read)
        if reading is None:
            return
        item, links = reading
        ids = listing.ids_of(item)
        if ids and ids <= ids_so_far:
            return
        ids_so_far |= ids
        listing.is_whole = listing.is_whole and not links.is_window
        yield item
        next_url = next(iter(links.further), None) if listing.recipe.is_paged else None
        if next_url and not same_site(next_url, url) and not listing.own.has(next_url):
            listing.is_whole = listing.leave_to_others(next_url)
            return
