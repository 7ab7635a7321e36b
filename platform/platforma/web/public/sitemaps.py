"""The sitemap (sitemaps.org 0.9): an index, a part with the pages of the site, and parts with the listings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from flask import Blueprint, Response, abort, url_for

from platforma.catalogue.database import Database
from platforma.catalogue.listings import sitemap_queries
from platforma.catalogue.platforms import platform_queries
from platforma.web.context import absolute, services
from platforma.web.public.landings import LANDING, address_values, landings
from platforma.web.public.prose import TEXTS
from platforma.web.public.rows import listing_address
from platforma.web.public.take.pieces import packed
from search.port import EngineUnavailable, IndexNotReady
from vocabulary.languages import FALLBACK_LANGUAGE, LANGUAGES

blueprint = Blueprint("sitemaps", __name__)
NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
Translations = Mapping[str, str]
"""Absolute addresses of a page by language."""


@blueprint.get("/sitemap.xml")
def index() -> Response:
    with services().database.reading() as session:
        parts = sitemap_queries.parts(session)
    lines = [f"<sitemap><loc>{escape(absolute(url_for('sitemaps.pages')))}</loc></sitemap>"]
    for part in parts:
        address = absolute(url_for("sitemaps.listings", number=part.number))
        lines.append(f"<sitemap><loc>{escape(address)}</loc><lastmod>{part.changed_at.date().isoformat()}</lastmod></sitemap>")
    return _xml([f"{DECLARATION}<sitemapindex {NAMESPACES}>\n", *(f"{line}\n" for line in lines), "</sitemapindex>\n"])


@blueprint.get("/sitemaps/pages.xml")
def pages() -> Response:
    """All pages that are no listing's: the site's own, those of platforms, and landing pages."""
    start = _entries(_translations("directory.start"), x_default=absolute("/"))
    return _xml(_urlset([*start, *(entry for page in _pages() for entry in _entries(page))]))


@blueprint.get("/sitemaps/initiatives-<int(max=2147483647):number>.xml")
def listings(number: int) -> Response:
    """One part of the listings, sent as it is read."""
    with services().database.reading() as session:
        if number not in {part.number for part in sitemap_queries.parts(session)}:
            abort(404)
    return _xml(_urlset(_listing_entries(services().database, number, _translations("directory.start"))))


def _listing_entries(database: Database, number: int, starts: Translations) -> Iterator[str]:
    with database.reading() as session:
        for entry in sitemap_queries.entries(session, number):
            addresses = {lang: listing_address(start, entry.public_id, entry.slug) for lang, start in starts.items()}
            yield from _entries(addresses, entry.changed_at.date().isoformat())


def _pages() -> Iterator[Translations]:
    for endpoint in ("directory.browse", "directory.platforms", "statistics.page", "partner.register", "embed.configurator"):
        yield _translations(endpoint)
    for name in TEXTS:
        yield _translations("directory.text", name=name)
    with services().database.reading() as session:
        platforms = platform_queries.public_platforms(session, None)
    for card in platforms:
        yield _translations("directory.platform", public_id=card.public_id, slug=card.slug)
    try:
        for landing in landings():
            yield _translations(LANDING, **address_values(landing.chosen))
    except (EngineUnavailable, IndexNotReady):
        return  # without the engine nobody can tell which have enough


def _translations(endpoint: str, **values: Any) -> Translations:
    return {lang: absolute(url_for(endpoint, lang=lang, **values)) for lang in LANGUAGES}


def _entries(addresses: Translations, changed_on: str | None = None, *, x_default: str | None = None) -> Iterator[str]:
    """The entries of a page in each language, each with all its translations."""
    everywhere = {**addresses, "x-default": x_default or addresses[FALLBACK_LANGUAGE]}
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{lang}" href={quoteattr(address)}/>' for lang, address in everywhere.items()
    )
    changed = f"<lastmod>{changed_on}</lastmod>" if changed_on else ""
    for address in addresses.values():
        yield f"<url><loc>{escape(address)}</loc>{changed}{alternates}</url>\n"


def _urlset(entries: Iterable[str]) -> Iterator[str]:
    yield f"{DECLARATION}<urlset {NAMESPACES}>\n"
    yield from entries
    yield "</urlset>\n"


def _xml(pieces: Iterable[str]) -> Response:
    return Response(packed(pieces), mimetype="application/xml")
