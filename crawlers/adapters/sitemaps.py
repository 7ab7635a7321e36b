"""Sitemaps (sitemaps.org): found by robots.txt or by custom, indexes of indexes, gzip, plain lists of addresses."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree

from crawlers.adapters.base import Listing
from crawlers.errors import FetchError

MOST_BYTES = 50 * 1024 * 1024
MOST_FILES = 200
USUAL = ("sitemap.xml", "sitemap_index.xml", "wp-sitemap.xml")
Entry = tuple[str, str | None, str]
"""A page's address, its lastmod or None, and the sitemap file that lists it."""


def site_entries(listing: Listing, base: str) -> Iterator[Entry]:
    """Every page that the site's sitemaps list, each once."""
    waiting = _roots(listing, base)
    files: set[str] = set()
    pages: set[str] = set()
    while waiting and len(files) < MOST_FILES:
        url = waiting.pop(0)
        if url in files:
            continue
        files.add(url)
        page = listing.page(url)
        further, entries = read_sitemap(page.body) if page else ([], [])
        waiting += further
        for address, changed_at in entries:
            if address not in pages:
                pages.add(address)
                yield address, changed_at, url


def read_sitemap(body: bytes) -> tuple[list[str], list[tuple[str, str | None]]]:
    """Addresses of further sitemaps, and (address, lastmod) of pages; nothing where it is no sitemap.

    Gzip is opened up to 50 MB, entities are never resolved, bare ampersands are forgiven.
    """
    if body[:2] == b"\x1f\x8b":
        try:
            body = zlib.decompressobj(31).decompress(body, MOST_BYTES)
        except zlib.error:
            return [], []
    if b"<" not in body[:500]:
        lines = body.decode("utf-8-sig", "replace").splitlines()
        return [], [(line.strip(), None) for line in lines if line.startswith(("http://", "https://"))]
    body = re.sub(rb"&(?!#?\w{1,31};)", b"&amp;", body)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    root = etree.fromstring(body, parser)
    if root is None:
        return [], []
    found = [(e, _text(e, "loc")) for e in root.iter("{*}sitemap", "{*}url")]
    further = [url for e, url in found if url and etree.QName(e).localname == "sitemap"]
    return further, [(url, _text(e, "lastmod")) for e, url in found if url and etree.QName(e).localname == "url"]


def _roots(listing: Listing, base: str) -> list[str]:
    """The sitemaps that robots.txt names, else the first usual one that is there."""
    named = listing.session.sitemaps(base)
    if named:
        return named
    for name in USUAL:
        url = urljoin(base, f"/{name}")
        try:
            further, entries = read_sitemap(listing.session.get(url).body)
        except FetchError:
            continue
        if further or entries:
            return [url]
    return []


def _text(element: etree._Element, name: str) -> str | None:
    return (element.findtext(f"{{*}}{name}") or "").strip() or None
