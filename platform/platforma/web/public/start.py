"""The start page: search, numbers, ways to browse, what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, url_for

from platforma.catalogue import totals
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.platforms import platform_queries
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.catalogue.totals import Totals
from platforma.i18n import current_language, today
from platforma.web.context import services
from platforma.web.public.blueprint import blueprint
from platforma.web.public.filters import label_of
from platforma.web.public.overview import EmptyDirectory, empty_directory, listing_counts, search_for_everything
from platforma.web.public.rows import Row, row
from platforma.web.public.search_addresses import search_address
from search.port import FacetCount
from vocabulary import UNKNOWN, load

BROWSE = ("theme", "country", "kind")
MAX_NEWEST = 6


@dataclass(frozen=True, slots=True)
class StartPage:
    """The start page; browsing lists are of (label, count, address), examples of (question, address) in `examples_lang`.
    `nothing` is None where there is something."""

    totals: Totals
    browse: Mapping[str, Sequence[tuple[str, int, str]]]
    newest: Sequence[Row]
    platforms: Sequence[PlatformCard]
    examples: Sequence[tuple[str, str]]
    examples_lang: str
    nothing: EmptyDirectory | None


@blueprint.get("/")
def start() -> str:
    lang = current_language()
    page = search_for_everything()
    with services().database.reading() as session:
        newest = [row(listing, lang, today=today()) for listing in listing_queries.newest(session, MAX_NEWEST)]
        cards = platform_queries.public_platforms(session, listing_counts(page))
        updated_at = totals.updated_at(session)
    examples_lang, examples = load().example_searches(lang)
    browse = {name: _browse(name, page.facets[name], lang) for name in BROWSE}
    model = StartPage(
        totals=Totals(page.total, len(cards), len(browse["country"]), updated_at),
        browse=browse,
        newest=newest,
        platforms=cards,
        examples=[(words, url_for("directory.search", q=words)) for words in examples],
        examples_lang=examples_lang,
        nothing=None if page.total else empty_directory(),
    )
    return render_template("pages/start.html", page=model)


def _browse(name: str, counts: Sequence[FacetCount], lang: str) -> list[tuple[str, int, str]]:
    """Label, number of listings and search of each value of a filter."""
    known = [facet for facet in counts if facet.value != UNKNOWN]
    return [(label_of(name, facet.value, lang, {}), facet.count, search_address(name, facet.value)) for facet in known]
