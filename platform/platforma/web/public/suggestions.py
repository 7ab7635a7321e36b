"""Suggestions of the search field: what is being typed, finished as terms, listings, concepts and frequent searches.

Where nothing goes on so, something is misspelled: then another spelling is offered, with the listings that it finds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from flask import url_for
from werkzeug.datastructures import MultiDict

from crawlers.values.towns import towns_begun
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.organisation_names import bare_name
from platforma.i18n import gettext as _
from platforma.i18n import ngettext, today
from platforma.services import Services
from platforma.web.context import services
from platforma.web.public.filters import FILTERS, heading, label_of, query_of
from platforma.web.public.overview import search_for_everything
from platforma.web.public.rows import row
from platforma.web.public.search_addresses import search_address
from search.port import FacetCount, Query
from search.query.begun_names import BegunName, BegunNames, Fit, concept_names
from vocabulary import UNKNOWN, Vocabulary, fold, load
from vocabulary.languages import LANGUAGES

MAX_TERMS, MAX_LISTINGS, MAX_CONCEPTS, MAX_SEARCHES, MAX_ITEMS = 4, 5, 3, 2, 10
MAX_COUNTED = 6
"""So many concepts and searches are looked for, to tell those that find something."""
MIN_CHARACTERS, MAX_KEPT_LETTERS = 2, 2
MIN_FOUND_BY_SEARCH = 3
"""A frequent search is offered only where so many listings have all its words: it says nothing that these do not say."""
DIMENSIONS = ("theme", "country", "kind", "sector", "place", "region")
TermId = tuple[str, str]
"""The filter and the id of a value of the vocabulary, or of a place."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may be meant: `about` says in the reader's language what it is, `url` is where it leads."""

    fit: Fit
    label: str
    about: str
    url: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The values that listings have, by the beginnings of their names, each with its label and number of listings."""

    names: BegunNames[TermId]
    labels: dict[TermId, tuple[str, int]]


def suggest(services: Services, text: str, lang: str) -> list[dict[str, str]]:
    """Items of `label`, `about` (what it is) and `url`, the surest first; none for fewer than MIN_CHARACTERS."""
    typed = BegunName.of(text)
    if sum(map(len, typed.words)) < MIN_CHARACTERS:
        return []
    found = _finished(services, typed, lang) or list(_spelled_otherwise(services, text, typed, lang))
    return [{"label": one.label, "about": one.about, "url": one.url} for one in found[:MAX_ITEMS]]


def named(text: str, lang: str) -> list[tuple[str, FacetCount]]:
    """The values that have just the name that was searched for, each with its filter, and the number of listings in all."""
    name = fold(" ".join(text.split()))
    if not name:
        return []
    return services().until_change(("values by name", lang, today()), lambda: _values_by_name(lang)).get(name, [])


def _values_by_name(lang: str) -> dict[str, list[tuple[str, FacetCount]]]:
    """The values that listings have, each with its filter, by each of their names, folded."""
    named = defaultdict[str, list[tuple[str, FacetCount]]](list)
    for dimension, facet in _values():
        for name in {fold(name) for name, _fit in _names(load(), dimension, facet.value, lang)}:
            named[name].append((dimension, facet))
    return dict(named)


def _values() -> Iterator[tuple[str, FacetCount]]:
    """The values that listings have, with their filters."""
    facets = search_for_everything().facets
    return ((name, facet) for name in DIMENSIONS for facet in facets.get(name, ()) if facet.value != UNKNOWN)


@lru_cache(maxsize=2_000)
def _names(vocabulary: Vocabulary, dimension: str, id: str, lang: str) -> tuple[tuple[str, Fit], ...]:
    """What a value is called: its label, its other names, in the plural or in another language, and the names of its parts."""
    term = vocabulary.term(dimension, id)
    others = (*(label_of(dimension, id, other, {}) for other in LANGUAGES), *(term.synonyms if term else ()))
    parts = term.narrower if term else ()
    named = ((label_of(dimension, id, lang, {}), Fit.LABEL), *((name, Fit.OTHER_NAME) for name in others))
    return (*named, *((name, Fit.PART) for name in parts))


def _finished(services: Services, typed: BegunName, lang: str) -> list[Suggestion]:
    """What goes on as it was typed: what fits best first, and of what fits alike one of each sort by turns."""
    listings = list(_listings(services, typed, lang))
    terms = list(_terms(services, typed, lang))
    concepts = list(_concepts(services, typed, lang, without={one.label for one in terms}))
    shown = {fold(one.label) for one in (*terms, *concepts, *listings)}
    searches = list(_searches(services, typed, lang, without=shown))
    return _by_turns(terms[:MAX_TERMS], listings, concepts[:MAX_CONCEPTS], searches[:MAX_SEARCHES])


def _by_turns(*sorts: Sequence[Suggestion]) -> list[Suggestion]:
    """The suggestions of several sorts, each with its best first: by fit; of those that fit alike, first one of each sort."""
    ranked = [
        (fit, turn, number, one)
        for number, suggestions in enumerate(sorts)
        for fit, alike in groupby(suggestions, key=lambda one: one.fit)
        for turn, one in enumerate(alike)
    ]
    return [one for _fit, _turn, _number, one in sorted(ranked, key=lambda ranks: ranks[:3])]


def _terms(services: Services, typed: BegunName, lang: str) -> Iterator[Suggestion]:
    """The values that some listing has; of those that fit alike the most frequent first, but regions, which hold towns, last."""
    terms = services.until_change(("names of values", lang, today()), lambda: _all_terms(lang), is_large=True)
    headings = {definition.name: heading(definition) for definition in FILTERS}
    towns = (("place", id) for id in towns_begun(typed.text))
    found = {term_id: Fit.OTHER_NAME for term_id in towns if term_id in terms.labels} | terms.names.find(typed)
    for term_id in sorted(found, key=lambda id: (found[id], id[0] == "region", -terms.labels[id][1], id)):
        label, count = terms.labels[term_id]
        about = f"{headings[term_id[0]]} · {ngettext('%(num)s listing', '%(num)s listings', count)}"
        yield Suggestion(found[term_id], label, about, search_address(*term_id))


def _all_terms(lang: str) -> Terms:
    """The values that listings have; of several with one label, such as a town and its region, the first."""
    labels: dict[str, tuple[TermId, int]] = {}
    for dimension, facet in _values():
        labels.setdefault(label_of(dimension, facet.value, lang, {}), ((dimension, facet.value), facet.count))
    ids = [term_id for term_id, _count in labels.values()]
    names = BegunNames((id, name, fit) for id in ids for name, fit in _names(load(), *id, lang))
    return Terms(names, {term_id: (label, count) for label, (term_id, count) in labels.items()})


def _concepts(services: Services, typed: BegunName, lang: str, without: set[str]) -> Iterator[Suggestion]:
    """The concepts of the thesaurus for which a search finds something; of those that fit alike the one that finds most first."""
    found = concept_names(lang).find(typed)
    fits: dict[int, tuple[Fit, str]] = {}
    for (number, label), fit in sorted(found.items(), key=lambda pair: pair[1]):
        if label not in without:
            fits.setdefault(number, (fit, label))
    likely = sorted(fits.values(), key=lambda pair: (pair[0], len(pair[1]), pair[1]))[:MAX_COUNTED]
    counts = totals(services, [label for _fit, label in likely], lang, expand=True)
    for fit, label in sorted(likely, key=lambda pair: (pair[0], -counts[pair[1]])):
        if counts[label]:
            yield Suggestion(fit, label, _("concept"), _search_for(label))


def _searches(services: Services, typed: BegunName, lang: str, without: set[str]) -> Iterator[Suggestion]:
    """The searches that many made and that found something, but for what is suggested already."""
    fits = _search_names(services.searches.often_asked(today())).find(typed)
    likely = sorted((text for text in fits if fold(text) not in without), key=lambda text: fits[text])[:MAX_COUNTED]
    counts = totals(services, likely, lang, expand=False)
    for text in likely:
        if counts[text] >= MIN_FOUND_BY_SEARCH:
            yield Suggestion(fits[text], text, _("often searched for"), _search_for(text))


@lru_cache(maxsize=1)
def _search_names(texts: tuple[str, ...]) -> BegunNames[str]:
    """Searches by their beginnings, those of words alone: what is excluded need not be in any listing. Of those that differ by
    diacritics alone the most frequent, which stands first."""
    plain = [text for text in texts if text == BegunName.of(text).written]
    by_folded = {fold(text): text for text in reversed(plain)}
    return BegunNames((text, text, Fit.LABEL) for text in by_folded.values())


def totals(services: Services, texts: Sequence[str], lang: str, *, expand: bool) -> dict[str, int]:
    """How many listings have all the words of each text, with `expand` by other names too; kept until the index changes."""
    known = services.until_change(("results of suggestions", lang, today(), expand), dict[str, int], is_large=True)
    new = [text for text in texts if text not in known]
    queries = [replace(_query(text, lang), relax=False, expand=expand) for text in new]
    known.update(zip(new, services.engine.totals(queries) if queries else (), strict=True))
    return {text: known[text] for text in texts}


def _listings(services: Services, typed: BegunName, lang: str) -> Iterator[Suggestion]:
    """The listings whose names go on so, those that begin so first.

    What few letters begin is much, and costs much to look for, so it is kept until the index changes.
    """
    is_short = len(typed.text) <= MAX_KEPT_LETTERS and typed.text.isascii()
    ids = _begun_by_few_letters(services, typed.text, lang) if is_short else _begun(services, typed.written, lang)
    suggestions = [_of_listing(listing, typed, lang) for listing in _shown(services, ids)]
    return iter(sorted(suggestions, key=lambda one: one.fit))


def _begun_by_few_letters(services: Services, text: str, lang: str) -> list[str]:
    kept = services.until_change(("few letters", lang, today()), dict[str, list[str]], is_large=True)
    if text not in kept:
        kept[text] = _begun(services, text, lang)
    return kept[text]


def _begun(services: Services, text: str, lang: str) -> list[str]:
    """The public ids of the listings whose names go on so."""
    page = services.engine.search(replace(_query(text, lang), relax=False, is_being_typed=True))
    return [hit.id for hit in page.hits]


def _spelled_otherwise(services: Services, text: str, typed: BegunName, lang: str) -> Iterator[Suggestion]:
    """Another spelling, and the listings that have all the words, or words like them."""
    page = services.engine.search(_query(text, lang))
    ids = [hit.id for hit in page.hits[: page.complete if page.relaxation == "some" else MAX_LISTINGS]]
    if page.did_you_mean:
        yield Suggestion(Fit.PART, page.did_you_mean, _("another spelling"), _search_for(page.did_you_mean))
    yield from (_of_listing(listing, typed, lang) for listing in _shown(services, ids))


def _query(text: str, lang: str) -> Query:
    return replace(query_of(MultiDict({"q": text}), lang, per_page=MAX_LISTINGS), facets=(), by_meaning=False)


def _search_for(text: str) -> str:
    return url_for("directory.search", q=text)


def _shown(services: Services, ids: Sequence[str]) -> Sequence[Listing]:
    with services.database.reading() as session:
        return listing_queries.listings(session, ids)


def _of_listing(listing: Listing, typed: BegunName, lang: str) -> Suggestion:
    """A listing by its name in the reader's language, with its kind and the other facts of its row."""
    shown = row(listing, lang, today=today())
    title = shown.title.text
    fits = list(_fits(typed, [title, bare_name(title)], Fit.LABEL))
    fits += _fits(typed, listing.texts.get("title", {}).values(), Fit.OTHER_NAME)
    about = shown.facts if shown.kind else " · ".join(filter(None, (_("listing"), shown.facts)))
    return Suggestion(min(fits, default=Fit.WORDS_OF_OTHER_NAME), title, about, shown.url)


def _fits(typed: BegunName, names: Iterable[str], best: Fit) -> Iterator[Fit]:
    return (fit for name in names if (fit := typed.fit(BegunName.of(name), best)) is not None)
