"""The API: JSON, errors as RFC 9457 problem details, described by OpenAPI 3.1."""

from __future__ import annotations

from flask import Blueprint, g, request
from werkzeug.datastructures import MultiDict

from platforma.catalogue.listings import listing_queries
from platforma.catalogue.platforms import platform_queries
from platforma.web.context import absolute, services
from platforma.web.public.filter_boxes import Choice, choices
from platforma.web.public.filters import FILTERS, NAMES, NO_FILTER, query_of
from platforma.web.public.items import item
from platforma.web.public.parameters import BadRequest
from search.port import MAX_KM, SORTS, WHENS, Page, Query
from vocabulary import UNKNOWN
from vocabulary.languages import DEFAULT_LANGUAGE, LANGUAGES

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
MAX_PER_PAGE = 100
PARAMETERS = {
    "q": 'words, "phrases", -exclusion',
    "lang": f"the reader's language: {', '.join(LANGUAGES)}",
    **{
        definition.name: f"{definition.about}; may repeat (any of), a leading - excludes, {UNKNOWN} for none"
        for definition in FILTERS
    },
    "sort": f"one of {', '.join(SORTS)}",
    "exact": "1: only the words themselves, not what the vocabulary calls the same",
    "near": "the id of a place, a town's name, or latitude,longitude: listings around it",
    "km": f"how far around, 1 to {MAX_KM}; 25 where none is given",
    "area": "west,south,east,north in degrees: listings in this rectangle",
    "when": f"one of {', '.join(WHENS)}; current, where none is given, leaves out past events and closed calls",
    "past": "1: the same as when=all",
    "page": "from 1",
    "per_page": f"1 to {MAX_PER_PAGE}; page times per_page is at most 10000",
}


@blueprint.get("/initiatives")
def initiatives() -> dict[str, object]:
    """One page of results with facets."""
    args, lang = _checked(request.args)
    query = query_of(args, lang, per_page=_per_page(args.get("per_page", "20")))
    page = services().engine.search(query)
    with services().database.reading() as session:
        listings = listing_queries.listings(session, [hit.id for hit in page.hits])
        platforms = platform_queries.platform_titles(session)
    facets = {
        name: [
            {"value": choice.value, "label": choice.label, "count": choice.count}
            for choice in _choices(name, page, query, platforms)
        ]
        for name in NAMES
    }
    return {
        "total": page.total,
        "page": query.page,
        "per_page": query.per_page,
        "items": [item(listing, lang) for listing in listings],
        "facets": facets,
        "did_you_mean": page.did_you_mean,
        "also_called": list(page.also_called),
        "forgiven": page.relaxation,
    }


@blueprint.get("/openapi.json")
def openapi() -> dict[str, object]:
    """The description of the API (OpenAPI 3.1), made from the same definitions."""
    parameters = [
        {"name": name, "in": "query", "description": about, "schema": {"type": "string"}} for name, about in PARAMETERS.items()
    ]
    answers = {"200": {"description": "one page of results"}, "400": {"description": "problem details (RFC 9457)"}}
    operation = {"summary": "Search the directory", "parameters": parameters, "responses": answers}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Platforma platformām", "version": "1"},
        "servers": [{"url": absolute("")}],
        "paths": {"/api/v1/initiatives": {"get": operation}},
    }


def _checked(args: MultiDict[str, str]) -> tuple[MultiDict[str, str], str]:
    """The parameters and the reader's language. Raises BadRequest for an unknown parameter or id."""
    unknown = sorted(set(args) - set(PARAMETERS))
    if unknown:
        raise BadRequest(f"there is no parameter {', '.join(unknown)}; there are {', '.join(PARAMETERS)}")
    lang = args.get("lang", DEFAULT_LANGUAGE)
    if lang not in LANGUAGES:
        raise BadRequest(f"lang is one of {', '.join(LANGUAGES)}")
    g.lang = lang
    return args, lang


def _per_page(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= MAX_PER_PAGE:
        raise BadRequest(f"per_page is a whole number from 1 to {MAX_PER_PAGE}")
    return int(text)


def _choices(name: str, page: Page, query: Query, platforms: dict[str, str]) -> list[Choice]:
    """The values of a facet, by count, then label."""
    chosen = query.filters.get(name, NO_FILTER)
    values = choices(name, page.facets[name], chosen, query.lang, platforms)
    return sorted(values, key=lambda choice: (-choice.count, choice.label))
