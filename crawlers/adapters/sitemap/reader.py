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

from crawlers.adapters.base import Gathering, Item
from crawlers.adapters.walking import walk
from crawlers.errors import BadContent, BadStatus, FetchError, RobotsForbid
from crawlers.fetch.charsets import codec_of_markup
from crawlers.fetch.unpacking import Unpacker
from crawlers.markup import Html
from crawlers.record import RawRecord
from crawlers.texts.foreign import fit_references
from crawlers.values.addresses import absolute_address, same_site
from crawlers.values.labels import is_initiative_page
from vocabulary.messages import N_

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
_ROOTS = ("urlset", "sitemapindex", "rss", "feed", "RDF")
_NO_SITEMAP = N_("this should be a sitemap and is none; the site's owner can correct its address in robots.txt")
_CUT = N_("this sitemap ends in the middle; we try again later, the site's owner may have to repair it")
_ADDRESSES, _DATES = ("loc", "link"), ("lastmod", "pubDate", "updated")


class SitemapEntry(NamedTuple):
    """A page in a sitemap: its address, its lastmod (None without one), and the address of the sitemap."""

    url: str
    changed_at: str | None
    sitemap_url: str


def site_entries(listing: Gathering, base: str) -> Iterator[SitemapEntry]:
    """The site's own pages in its sitemaps, each once; at most MAX_FILES sitemaps and MAX_PAGES pages.

    Pages of another site are left out, unless its robots.txt names one of these sitemaps as its own (sitemaps.org).
    """
    files: set[str] = set()
    pages: set[str] = set()
    for url, sitemap in _sitemaps(listing, base, files):
        addresses = _absolute_addresses(url, [address for address, _ in sitemap.pages])
        for address, (_, changed_at) in zip(addresses, sitemap.pages, strict=True):
            is_new = bool(address) and address not in pages and len(pages) < MAX_PAGES
            if is_new and (listing.own.may_list(address, files) or listing.leave_to_others(address)):
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


@dataclass(slots=True)
class Sitemap:
    """What a file says: addresses of `further` sitemaps, and address and lastmod of `pages`.

    `is_sitemap` is False for other files. `is_whole` is False where the file ends in the middle, or is longer than is read.
    """

    further: list[str] = field(default_factory=list)
    pages: list[tuple[str, str | None]] = field(default_factory=list)
    is_sitemap: bool = True
    is_whole: bool = True


def read_sitemap(body: bytes) -> Sitemap:
    """Read a sitemap. RSS and Atom feeds, and plain lists of addresses, are read too.

    Gzip is unpacked up to MAX_BYTES, bare ampersands are accepted, a file that declares entities is not read, and reading
    stops after MAX_ELEMENTS elements.
    """
    body, is_whole = _unzipped(body)
    body = fit_references(body, codec_of_markup(body))
    if b"<" not in body[:500]:
        lines = body[:MAX_BYTES].decode("utf-8-sig", "replace").splitlines()
        pages = [(line.strip(), None) for line in lines if line.strip().startswith(("http://", "https://"))]
        return Sitemap(pages=list(pages), is_sitemap=bool(pages), is_whole=is_whole)
    if b"<!ENTITY" in body:
        return Sitemap(is_sitemap=False, is_whole=is_whole)
    target: Any = _SitemapTarget()
    parser = etree.XMLParser(target=target, recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    with suppress(etree.XMLSyntaxError, _TooManyElements):
        etree.fromstring(_BARE_AMPERSAND.sub(b"&amp;", body.lstrip()), parser)
    is_whole = is_whole and (target.has_ended or f"</{target.root}".encode() in body[-1000:])
    is_sitemap = bool(target.further or target.pages) or target.root.rpartition(":")[2] in _ROOTS
    return Sitemap(target.further, target.pages, is_sitemap, is_whole)


class _TooManyElements(Exception):
    """The file has more than MAX_ELEMENTS elements."""


@dataclass(slots=True)
class _SitemapTarget:
    """A parser target (lxml) that collects addresses and dates directly below _HOLDERS, without building a tree.

    `further` and `pages` are those of Sitemap. `root` is the name of the outermost element; `has_ended`: its end was seen.
    """

    further: list[str] = field(default_factory=list)
    pages: list[tuple[str, str | None]] = field(default_factory=list)
    _path: list[str] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _address: str = ""
    _date: str = ""
    _elements: int = 0
    root: str = ""
    has_ended: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins. Raises _TooManyElements."""
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise _TooManyElements
        name = tag.rpartition("}")[2]
        self.root = self.root or name
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
        self.has_ended = not self._path

    def close(self) -> None:
        """End of the file; required by the parser."""

    def _is_held(self) -> bool:
        return len(self._path) > 1 and self._path[-2] in _HOLDERS


def _unzipped(body: bytes) -> tuple[bytes, bool]:
    """The body unpacked if it is gzip, also where it was packed twice, and whether nothing of it is missing."""
    is_whole = True
    for _ in range(2):
        if body[:2] == b"\x1f\x8b":
            unpacker = Unpacker("gzip")
            try:
                body = b"".join(unpacker.unpack(body, MAX_BYTES))[:MAX_BYTES]
            except zlib.error:
                return b"", False
            is_whole = is_whole and unpacker.is_whole
    return body, is_whole


def _sitemaps(listing: Gathering, base: str, files: set[str]) -> Iterator[tuple[str, Sitemap]]:
    """The site's sitemaps by their addresses: those that robots.txt names, and where they list no page, the usual one.

    `files` gets the address of each file that is looked at.
    """
    has_pages = False
    for url, sitemap in _tree(listing, _absolute_addresses(base, listing.session.sitemaps(base)), files):
        has_pages = has_pages or bool(sitemap.pages)
        yield url, sitemap
    if not has_pages and (usual := _usual_sitemap(listing, base, files)):
        yield usual
        yield from _tree(listing, _further(listing, *usual), files)


def _tree(listing: Gathering, roots: list[str], files: set[str]) -> Iterator[tuple[str, Sitemap]]:
    """These sitemaps and all that they lead on to, on the site's own hosts or on that of the sitemap before."""
    waiting = deque(roots)
    while waiting and len(files) < MAX_FILES:
        url = waiting.popleft()
        if url in files:
            continue
        files.add(url)
        page = listing.page(url)
        sitemap = read_sitemap(page.body) if page else None
        if sitemap and _is_sound(listing, url, sitemap):
            yield url, sitemap
            waiting += [address for address in _further(listing, url, sitemap) if address not in files][
                : MAX_FILES - len(waiting)
            ]


def _further(listing: Gathering, url: str, sitemap: Sitemap) -> list[str]:
    addresses = _absolute_addresses(url, sitemap.further)
    return [address for address in addresses if same_site(address, url) or listing.own.has(address)]


def _is_sound(listing: Gathering, url: str, sitemap: Sitemap) -> bool:
    """Whether a file is a sitemap. One that is none, or that is not whole, is told as a problem, and the listing is not whole."""
    if not sitemap.is_sitemap or not sitemap.is_whole:
        listing.fail(BadContent(url, _NO_SITEMAP if sitemap.is_whole else _CUT))
    return sitemap.is_sitemap


def _usual_sitemap(listing: Gathering, base: str, files: set[str]) -> tuple[str, Sitemap] | None:
    """The first sitemap at a usual address. Where there is none because one could not be had, the listing is not whole."""
    failures: list[FetchError] = []
    for url in _absolute_addresses(base, [f"/{name}" for name in USUAL_NAMES]):
        if url in files:
            continue
        files.add(url)
        try:
            sitemap = read_sitemap(listing.session.get(url).body)
        except FetchError as error:
            failures += [] if _is_answer(error) else [error]
            continue
        if (sitemap.further or sitemap.pages) and _is_sound(listing, url, sitemap):
            return url, sitemap
    for failure in failures[:1]:
        listing.fail(failure)
    return None


def _is_answer(error: FetchError) -> bool:
    """Whether an error says for certain that there is nothing for us at the address."""
    return isinstance(error, RobotsForbid) or (isinstance(error, BadStatus) and error.values.get("status", "5")[0] == "4")


def _absolute_addresses(base: str, addresses: list[str]) -> list[str]:
    """Addresses made absolute; "" for those that cannot be parsed."""
    return [absolute_address(base, address) for address in addresses]
