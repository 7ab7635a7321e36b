"""Suggestions of the search field: terms of the vocabulary, another spelling, listings by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from flask import url_for
from werkzeug.datastructures import MultiDict

from platforma.catalogue.listings import listing_queries
from platforma.i18n import gettext as _
from platforma.i18n import today
from platforma.services import Services
from platforma.web.context import services
from platforma.web.public.filters import FILTERS, heading, label_of, query_of
from platforma.web.public.overview import search_for_everything
from platforma.web.public.rows import row
from platforma.web.public.search_addresses import search_address
from search.port import FacetCount
from vocabulary import UNKNOWN, Vocabulary, fold, load
from vocabulary.languages import LANGUAGES

MAX_TERMS = 4
MAX_LISTINGS = 5
MIN_CHARACTERS = 2
DIMENSIONS = ("theme", "country", "kind", "sector", "place", "region")


def suggest(services: Services, text: str, lang: str) -> list[dict[str, str]]:
    """Items of `label`, `about` (what it is) and `url`, the surest first; none for fewer than MIN_CHARACTERS."""
    if len(text.strip()) < MIN_CHARACTERS:
        return []
    query = query_of(MultiDict({"q": text}), lang, per_page=MAX_LISTINGS)
    page = services.engine.search(replace(query, facets=(), by_meaning=False))
    with services.database.reading() as session:
        listings = listing_queries.listings(session, [hit.id for hit in page.hits])
    terms = islice(_terms(text, lang, search_for_everything().facets), MAX_TERMS)
    items = [{"label": label, "about": about, "url": url} for label, about, url in terms]
    if page.did_you_mean:
        url = url_for("directory.search", q=page.did_you_mean)
        items.append({"label": page.did_you_mean, "about": _("another spelling"), "url": url})
    for listing in listings:
        shown = row(listing, lang, today=today())
        items.append({"label": shown.title.text, "about": shown.facts, "url": shown.url})
    return items


def named(text: str, lang: str) -> list[tuple[str, FacetCount]]:
    """The values that have just the name that was searched for, each with its filter, and the number of listings in all."""
    name = fold(" ".join(text.split()))
    if not name:
        return []
    return services().until_change(("values by name", lang, today()), lambda: _values_by_name(lang)).get(name, [])


def _values_by_name(lang: str) -> dict[str, list[tuple[str, FacetCount]]]:
    """The values that listings have, each with its filter, by each of their names, folded."""
    facets, named = search_for_everything().facets, defaultdict[str, list[tuple[str, FacetCount]]](list)
    for dimension in DIMENSIONS:
        for facet in (facet for facet in facets.get(dimension, ()) if facet.value != UNKNOWN):
            _label, folded, others = _names(load(), dimension, facet.value, lang)
            for name in {folded, *others}:
                named[name].append((dimension, facet))
    return dict(named)


def _terms(text: str, lang: str, facets: Mapping[str, Sequence[FacetCount]]) -> Iterator[tuple[str, str, str]]:
    """Label, heading and address of each value that some listing has, the most frequent of a filter first, of whose label a
    word begins with the text, or another of whose names; of several with one label, such as a town and its region, the first."""
    beginning = fold(text.strip())
    headings = {definition.name: heading(definition) for definition in FILTERS}
    seen = {""}
    for dimension in DIMENSIONS:
        for value in (facet.value for facet in facets[dimension] if facet.value != UNKNOWN):
            label, folded, others = _names(load(), dimension, value, lang)
            if label not in seen and (f" {beginning}" in f" {folded}" or any(name.startswith(beginning) for name in others)):
                seen.add(label)
                yield label, headings[dimension], search_address(dimension, value)


@lru_cache(maxsize=2_000)
def _names(vocabulary: Vocabulary, dimension: str, id: str, lang: str) -> tuple[str, str, tuple[str, ...]]:
    """The label of a value, the same folded, and what else it is called, folded: in the plural or in another language."""
    label = label_of(dimension, id, lang, {})
    labels = [label_of(dimension, id, other, {}) for other in LANGUAGES]
    term = vocabulary.term(dimension, id)
    return label, fold(label), tuple(fold(name) for name in (*labels, *((*term.synonyms, *term.narrower) if term else ())))
