"""The results of a search as a list, and suggestions for the search field."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template, request

from platforma.catalogue.listings import listing_queries
from platforma.catalogue.platforms import platform_queries
from platforma.catalogue.terms import failed_searches
from platforma.i18n import current_language
from platforma.web.context import is_curator, services
from platforma.web.public import suggestions
from platforma.web.public.blueprint import blueprint
from platforma.web.public.explanation import explanation
from platforma.web.public.filters import query_of
from platforma.web.public.results_page import Relaxation, pages, relaxation_links, result_rows, wider_queries
from platforma.web.public.search_frame import search_frame
from search.port import Page, Query

MAX_SUGGEST_CHARACTERS = 100


@blueprint.get("/search")
def search() -> str:
    query = query_of(request.args, current_language())
    page = services().engine.search(query)
    with services().database.reading() as session:
        listings = listing_queries.listings(session, [hit.id for hit in page.hits])
        platforms = platform_queries.platform_titles(session)
    return render_template(
        "pages/results.html",
        page=search_frame(query, page, platforms),
        listings=result_rows(query, page, listings),
        pages=pages(query, page.total),
        wider=wider_searches(query, page, platforms),
        explained=explanation(query, page, listings, platforms) if is_curator() else None,
    )


@blueprint.get("/suggest")
def suggest() -> dict[str, list[dict[str, str]]]:
    """Suggestions for what a reader types, as JSON for the search field's script."""
    text = request.args.get("q", "")[:MAX_SUGGEST_CHARACTERS]
    return {"items": suggestions.suggest(services(), text, current_language())}


def wider_searches(query: Query, page: Page, platforms: dict[str, str]) -> list[tuple[str, str, int]]:
    """Wider searches where this one found nothing; such words are remembered for curators."""
    if page.total:
        return []
    if query.text:
        failed_searches.record_failed_search(services().database, query.text, query.lang)
    return relaxation_links(_relaxations(query), query, platforms)


def _relaxations(query: Query) -> list[Relaxation]:
    """Wider queries that find something, the one that finds most first."""
    relaxations = []
    for left_out, wider in wider_queries(query):
        total = services().engine.search(replace(wider, facets=(), per_page=1)).total
        relaxations += [Relaxation(left_out, wider, total)] if total else []
    return sorted(relaxations, key=lambda relaxation: -relaxation.total)
