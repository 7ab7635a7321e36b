"""Walking through a site: its pages are reached by links from the first ones, those of the kinds that give records first."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from crawlers.adapters.base import Gathering, Item, Reading
from crawlers.fetch import Page
from crawlers.fetch.indexing import NOT_TO_BE_LISTED, asks_not_to_be_listed
from crawlers.fetch.probe import is_html
from crawlers.markup import Html
from crawlers.record import Problem, RawRecord
from crawlers.state import PageLinks
from crawlers.values.addresses import same_site

MAX_EMPTY_PAGES = 40
"""The number of pages without a record after which `walk` fetches no more pages of the same address pattern."""
MAX_QUEUED_PER_PAGE = 10
"""The number of addresses that `walk` queues for each page that it may fetch."""


def walk(listing: Gathering, starts: Iterable[str], read: Callable[[Html], Iterable[RawRecord]]) -> Iterator[Item]:
    """Follow the links within a site from the start addresses, and yield each page as an item; each is fetched once.

    Pages whose address pattern has given records are fetched first. Of a pattern that gives none, only the first
    MAX_EMPTY_PAGES pages are fetched, so that endless calendars and paginations end. Patterns: see address_pattern.
    """
    max_pages = listing.recipe.limits.pages
    queue = _WalkQueue(starts, MAX_QUEUED_PER_PAGE * max_pages)
    for _ in range(max_pages):
        url = queue.pop()
        if url is None:
            break
        reading = listing.read(url, partial(_read_walked, listing, url, queue, read))
        if reading is None:
            continue
        item, links = reading
        yield item
        queue.note(url, has_records=bool(listing.ids_of(item)))
        queue.extend(links.further)
    listing.is_whole = listing.is_whole and queue.is_empty


class _WalkQueue:
    """The addresses that a walk has yet to fetch, up to `max_addresses` over its whole life, in their order by pattern.

    However many there are, the next one is found at once: a site may link any number of addresses of one pattern, or each of
    another one.
    """

    def __init__(self, starts: Iterable[str], max_addresses: int) -> None:
        self._queued: set[str] = set()
        self._max_addresses = max_addresses
        self._scores: dict[str, int] = {}  # by pattern: 1 where it has given records, else minus its number of empty pages
        self._good: deque[tuple[str, str]] = deque()  # pattern and address: of patterns that have given records
        self._others: deque[tuple[str, str]] = deque()
        self._others_by_pattern: defaultdict[str, list[str]] = defaultdict(list)
        self._fetched: set[str] = set()
        self._add(dict.fromkeys(starts))

    @property
    def is_empty(self) -> bool:
        return not any(url not in self._fetched for _, url in (*self._good, *self._others))

    def pop(self) -> str | None:
        """Remove and return the address to fetch next; None if there is none. Exhausted patterns are dropped."""
        for waiting in (self._good, self._others):
            while waiting:
                pattern, url = waiting.popleft()
                if url not in self._fetched and self._scores.get(pattern, 0) > -MAX_EMPTY_PAGES:
                    self._fetched.add(url)
                    return url
        return None

    def arrive(self, url: str) -> bool:
        """Note that a page was read at this address, to which another one may lead; False where it was read before."""
        is_new = url not in self._fetched
        self._fetched.add(url)
        return is_new

    def note(self, url: str, *, has_records: bool) -> None:
        """Note whether the page at an address has given records; those of its pattern that wait are then next."""
        pattern = address_pattern(url)
        score = self._scores.get(pattern, 0)
        self._scores[pattern] = 1 if has_records or score > 0 else score - 1
        if self._scores[pattern] > 0:
            self._good.extend((pattern, waiting) for waiting in self._others_by_pattern.pop(pattern, ()))

    def extend(self, urls: Iterable[str]) -> None:
        """Add the addresses that were never queued, as far as there is room."""
        new = [url for url in urls if url not in self._queued]
        self._add(new[: max(0, self._max_addresses - len(self._queued))])

    def _add(self, urls: Iterable[str]) -> None:
        for url in urls:
            self._queued.add(url)
            pattern = address_pattern(url)
            if self._scores.get(pattern, 0) > 0:
                self._good.append((pattern, url))
            else:
                self._others.append((pattern, url))
                self._others_by_pattern[pattern].append(url)


def _read_walked(
    listing: Gathering, url: str, queue: _WalkQueue, read: Callable[[Html], Iterable[RawRecord]], page: Page
) -> Reading:
    """Return the records of an HTML page, and its links within the site.

    Nothing for another media type, another's page, and one that was read before at the address to which this one leads.
    """
    if not is_html(page) or not listing.own.has(page.url) or (page.url != url and not queue.arrive(page.url)):
        return (), PageLinks()
    listing.session.back_at(url)
    html = Html(page.url, page.text())
    raws = tuple(read(html))
    if len(raws) == 1 and asks_not_to_be_listed(page):
        listing.problems.append(Problem("refused", NOT_TO_BE_LISTED, url))
        raws = ()
    if len(raws) == 1 and not raws[0].failure:
        listing.entries.keep(url, page)
    return raws, PageLinks(further=tuple(address for address in html.links if same_site(address, page.url)))


def address_pattern(url: str) -> str:
    """Return what addresses of pages of one kind share: the folder with numbers as 0, and the names of parameters."""
    parts = urlsplit(url)
    folder = re.sub(r"\d+", "0", parts.path.rstrip("/").rpartition("/")[0])
    return f"{folder}/?{','.join(sorted(name for name, _ in parse_qsl(parts.query)))}"
