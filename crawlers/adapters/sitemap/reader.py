"""Sitemaps (sitemaps.org): found by robots.txt or by custom, indexes of indexes, gzip, feeds, plain lists of addresses."""

from __future__ import annotations

import re
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from crawlers.adapters.base import Gathering, Item, walk
from crawlers.errors import FetchError
from crawlers.markup import Html
from crawlers.record import RawRecord
from crawlers.values.labels import is_initiative_page

MAX_BYTES = 50 * 1024 * 1024
MAX_FILES = 200
MAX_PAGES = 200_000
MAX_ELEMENTS = 1_000_000
"""Of one file: sitemaps.org allows 50,000 addresses, each with a handful of elements around it."""
MAX_CHARACTERS = 8_000
USUAL_NAMES = ("sitemap.xml", "sitemap_index.xml", "sitemap-index.xml", "wp-sitemap.xml", "sitemap.xml.gz", "sitemap.txt")
Entry = tuple[str, str | None, str]
"""A page's address, its lastmod or None, and the sitemap file that lists it."""
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,31};)")
_HOLDERS = {"sitemap": "further", "url": "page", "item": "page", "entry": "page"}
_ADDRESSES, _DATES = ("loc", "link"), ("lastmod", "pubDate", "updated")


def site_entries(listing: Gathering, base: str) -> Iterator[Entry]:
    """Every page that the site's sitemaps list, each once; of an endless site the first 200 files and 200,000 pages."""
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
                yield address, changed_at, url


def gather_pages(
    listing: Gathering, read: Callable[[Html], Iterable[RawRecord]], choose: Callable[[list[Entry]], list[Entry]] = list
) -> Iterator[Item]:
    """The pages that may be initiatives: those that the sitemaps list, or what `choose` leaves of them; as many as the recipe
    allows. Without any, what can be `read` from the site's pages by walking it.
    """
    recipe = listing.recipe
    entries = site_entries(listing, recipe.url)
    if chosen := choose([entry for entry in entries if is_initiative_page(entry[0], recipe.include, recipe.exclude)]):
        listing.is_whole = listing.is_whole and len(chosen) <= recipe.limits.pages
        yield from (Item(url, changed_at=changed_at) for url, changed_at, _ in chosen[: recipe.limits.pages])
    else:
        yield from walk(listing, recipe.addresses or (recipe.url,), read)


def read_sitemap(body: bytes) -> tuple[list[str], list[tuple[str, str | None]]]:
    """Addresses of further sitemaps, and (address, lastmod) of pages; nothing where it is no sitemap.

    RSS and Atom feeds and lists of lines count too. Gzip is opened up to 50 MB, bare ampersands are forgiven, a file that
    declares entities is left alone; what comes after a million elements is not read.
    """
    body = _unzipped(body)
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
    """The file has more elements than any sitemap."""


@dataclass(slots=True)
class _SitemapTarget:
    """What the parser tells, without a tree: addresses and dates that stand right below their holders."""

    further: list[str] = field(default_factory=list)
    pages: list[tuple[str, str | None]] = field(default_factory=list)
    _path: list[str] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _address: str = ""
    _date: str = ""
    _elements: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
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
        if self._path and self._path[-1] in (*_ADDRESSES, *_DATES):
            self._text.append(text[:MAX_CHARACTERS])

    def end(self, tag: str) -> None:
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
        """Nothing is left to do."""

    def _is_held(self) -> bool:
        return len(self._path) > 1 and self._path[-2] in _HOLDERS


def _unzipped(body: bytes) -> bytes:
    """A gzipped body opened, also where the server packed it twice; broken gzip as far as it goes."""
    for _ in range(2):
        if body[:2] == b"\x1f\x8b":
            try:
                body = zlib.decompressobj(31).decompress(body, MAX_BYTES)
            except zlib.error:
                return b""
    return body


def _root_sitemaps(listing: Gathering, base: str) -> list[str]:
    """The sitemaps that robots.txt names, else the first usual one that is there."""
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
    """Addresses beside the one they stand at; empty for what is none."""
    return [_joined(base, address) for address in addresses]


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""
