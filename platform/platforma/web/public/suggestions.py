"""Suggestions of the search field: terms of the vocabulary, another spelling, listings by name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from flask import url_for
from werkzeug.datastructures import MultiDict

from platforma.catalogue.listings import listing_queries
from platforma.i18n import gettext as _
from platforma.i18n import today
from platforma.services import Services
from platforma.web.public.filters import FILTERS, heading, query_of
from platforma.web.public.rows import row
from platforma.web.public.search_addresses import search_address
from vocabulary import fold, load

MAX_TERMS = 4
MAX_LISTINGS = 5
MIN_CHARACTERS = 2
DIMENSIONS = ("theme", "country", "kind", "sector")


def suggest(services: Services, text: str, lang: str) -> list[dict[str, str]]:
    """Items of `label`, `about` (what it is) and `url`, the surest first; none for fewer than MIN_CHARACTERS."""
    if len(text.strip()) < MIN_CHARACTERS:
        return []
    query = query_of(MultiDict({"q": text}), lang, per_page=MAX_LISTINGS)
    page = services.engine.search(replace(query, facets=()))
    with services.database.reading() as session:
        listings = listing_queries.listings(session, [hit.id for hit in page.hits])
    facets = services.engine.search(query_of(MultiDict(), lang, per_page=1)).facets
    terms = list(_terms(text, lang, {(name, facet.value) for name, counts in facets.items() for facet in counts}))
    items = [{"label": label, "about": about, "url": url} for label, about, url in terms[:MAX_TERMS]]
    if page.did_you_mean:
        url = url_for("directory.search", q=page.did_you_mean)
        items.append({"label": page.did_you_mean, "about": _("another spelling"), "url": url})
    for listing in listings:
        shown = row(listing, lang, today=today())
        items.append({"label": shown.title.text, "about": shown.facts, "url": shown.url})
    return items


def _terms(text: str, lang: str, used: Collection[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Label, heading and address of each term that some listing has (`used`) and of which a word begins with the text."""
    beginning = fold(text.strip())
    headings = {definition.name: heading(definition) for definition in FILTERS}
    for dimension in DIMENSIONS:
        for term in load().terms(dimension):
            label = term.label(lang)
            if (dimension, term.id) in used and f" {beginning}" in f" {fold(label)}":
                yield label, headings[dimension], search_address(dimension, term.id)
