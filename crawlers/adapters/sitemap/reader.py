"""Reader of sitemaps (sitemaps.org): indexes, gzip, feeds and plain lists, found by robots.txt or at usual addresses."""

from __future__ import annotations

import re
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree

from crawlers.adapters.base import Gathering, Item, walk
from crawlers.errors import FetchError
from crawlers.fetch.charsets import codec_of_markup
from crawlers.markup import Html
from crawlers.record import RawRecord
from crawlers.texts.foreign import fit_references
from crawlers.values.addresses import absolute_address
from crawlers.values.labels import is_initiative_page

MAX_BYTES = 50 * 1024 * 1024
MAX_FILES = 200
MAX_PAGES = 200_000
MAX_ELEMENTS = 1_000_000
"""Of one file: sitemaps.org allows 50,000 addresses, each with a handful of elements around it."""
MAX_CHARACTERS = 8_000
USUAL_NAMES = ("sitemap.xml", "sitemap_index.xml", "sitemap-index.xml", "wp-sitemap.xml", "sitemap.xml.gz", "sitemap.txt")
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,31};)")
_HOLDERS = {"sitemap": "further", "url": "page", "item": "page", "entry": "page"}
"""Elements of sitemaps, RSS and Atom that hold the address of a further sitemap or of a page."""
_ADDRESSES, _DATES = ("loc", "link"), ("lastmod", "pubDate", "updated")


class SitemapEntry(NamedTuple):
    """A page in a sitemap: its address, its lastmod (None without one), and the address of the sitemap."""

    url: str
    changed_at: str | None
    sitemap_url: str


def site_entries(listing: Gathering, base: str) -> Iterator[SitemapEntry]:
    """The pages in the site's sitemaps, each once; at most MAX_FILES sitemaps and MAX_PAGES pages."""
    waiting = deque(_root_sitemaps(listing, base))
    files: set[str] = set()
    pages: set[str] = set()
    while waiting and len(files) < MAX_FILES:
        url = waiting.popleft()
        if url in files:
            continue
        files.add(url)
        page = listing.page(url)
        further, entries = read_sitemap(page.body) if page else ([], [])
        waiting += [address for address in _absolute_addresses(url, further) if address not in files][: MAX_FILES - len(waiting)]
        for address, (_, changed_at) in zip(_absolute_addresses(url, [a for a, _ in entries]), entries, strict=True):
            if address and address not in pages and len(pages) < MAX_PAGES:
                pages.add(address)
                yield SitemapEntry(address, changed_at, url)


def gather_pages(
    listing: Gathering,
    read: Callable[[Html], Iterable[RawRecord]],
    choose: Callable[[list[SitemapEntry]], list[SitemapEntry]] = list,
) -> Iterator[Item]:
    """The pages in the sitemaps that may be initiatives and that `choose` keeps, as many as the recipe allows.

    Without any, the pages of the site are reached by links, and `read` gives their records.
    """
    recipe = listing.recipe
    entries = site_entries(listing, recipe.url)
    if chosen := choose([entry for entry in entries if is_initiative_page(entry.url, recipe.include, recipe.exclude)]):
        listing.is_whole = listing.is_whole and len(chosen) <= recipe.limits.pages
        yield from (Item(entry.url, changed_at=entry.changed_at, is_own_page=True) for entry in chosen[: recipe.limits.pages])
    else:
        yield from walk(listing, recipe.addresses or (recipe.url,), read)


def read_sitemap(body: bytes) -> tuple[list[str], list[tuple[str, str | None]]]:
    """The addresses of further sitemaps, and address and lastmod of pages, in a file; both empty for other files.

    RSS and Atom feeds, and plain lists of addresses, are read too. Gzip is unpacked up to MAX_BYTES, bare ampersands are
    accepted, a file that declares entities is not read, and reading stops after MAX_ELEMENTS elements.
    """
    body = _unzipped(body)
    body = fit_references(body, codec_of_markup(body))
    if b"<" not in body[:500]:
        lines = body[:MAX_BYTES].decode("utf-8-sig", "replace").splitlines()
        return [], [(line.strip(), None) for line in lines if line.strip().startswith(("http://", "https://"))]
    if b"<!ENTITY" in body:
        return [], []
    target: Any = _SitemapTarget()
    parser = etree.XMLParser(target=target, recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    with suppress(etree.XMLSyntaxError, _TooManyElements):
        etree.fromstring(_BARE_AMPERSAND.sub(b"&amp;", body.lstrip()), parser)
    return list(target.further), list(target.pages)


class _TooManyElements(Exception):
    """The file has more than MAX_ELEMENTS elements."""


@dataclass(slots=True)
class _SitemapTarget:
    """A parser target (lxml) that collects addresses and dates directly below _HOLDERS, without building a tree.

    `further` and `pages` are the results, as read_sitemap returns them.
    """

    further: list[str] = field(default_factory=list)
    pages: list[tuple[str, str | None]] = field(default_factory=list)
    _path: list[str] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _address: str = ""
    _date: str = ""
    _elements: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins. Raises _TooManyElements."""
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise _TooManyElements
        name = tag.rpartition("}")[2]
        self._path.append(name)
        self._text = []
        if name in _HOLDERS:
            self._address = self._date = ""
        elif name == "link" and self._is_held() and attributes.get("rel", "alternate") == "alternate":
            self._address = self._address or attributes.get("href", "").strip()

    def data(self, text: str) -> None:
        """A piece of text in the current element."""
        if self._path and self._path[-1] in (*_ADDRESSES, *_DATES):
            self._text.append(text[:MAX_CHARACTERS])

    def end(self, tag: str) -> None:
        """An element ends: take its text, or what was collected since it began."""
        name = tag.rpartition("}")[2]
        if name in _HOLDERS and self._address:
            if _HOLDERS[name] == "further":
                self.further.append(self._address)
            else:
                self.pages.append((self._address, self._date or None))
            self._address = ""
        elif self._is_held():
            text = "".join(self._text).strip()
            if name in _ADDRESSES:
                self._address = self._address or text
            elif name in _DATES:
                self._date = self._date or text
        self._path.pop()
        self._text = []

    def close(self) -> None:
        """End of the file; required by the parser."""

    def _is_held(self) -> bool:
        return len(self._path) > 1 and self._path[-2] in _HOLDERS


def _unzipped(body: bytes) -> bytes:
    """The body unpacked if it is gzip, also where it was packed twice; b"" for broken gzip."""
    for _ in range(2):
        if body[:2] == b"\x1f\x8b":
            try:
                body = zlib.decompressobj(31).decompress(body, MAX_BYTES)
            except zlib.error:
                return b""
    return body


def _root_sitemaps(listing: Gathering, base: str) -> list[str]:
    """The sitemaps that robots.txt names, else the first that exists at a usual address."""
    if named := _absolute_addresses(base, listing.session.sitemaps(base)):
        return named
    for url in _absolute_addresses(base, [f"/{name}" for name in USUAL_NAMES]):
        try:
            further, entries = read_sitemap(listing.session.get(url).body)
        except FetchError:
            continue
        if further or entries:
            return [url]
    return []


def _absolute_addresses(base: str, addresses: list[str]) -> list[str]:
    """Addresses made absolute; "" for those that cannot be parsed."""
    return [absolute_address(base, address) for address in addresses]
