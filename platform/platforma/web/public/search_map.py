"""The map of a search: the page, and its points for the page's script."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import nh3
from flask import Response, jsonify, render_template, request

from platforma.i18n import current_language
from platforma.web.context import is_personal, services
from platforma.web.packing import accepted_encoding, packed
from platforma.web.public.blueprint import blueprint
from platforma.web.public.filters import query_of
from platforma.web.public.found import found, wider_searches
from platforma.web.public.geography.region_map import RegionMap, region_map
from platforma.web.public.map_points import map_points
from platforma.web.public.results_page import pages, result_rows
from platforma.web.public.search_addresses import query_address
from platforma.web.public.search_frame import MAP, search_frame
from search.port import Area, Filter, Page, Query

WORLD = Area(-180, -90, 180, 90)
CACHE = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class SearchMap:
    """The map of a search.

    `region` is what is shown without a script. `points_url` is where a script finds the points; `without_place` of the
    results have none. `area` is the visible part that was searched, as its parameter says it, empty for none. `tiles` is the
    address of an operator's map tiles, empty for none, `attribution` what stands on the map for them.
    """

    region: RegionMap
    points_url: str
    without_place: int
    area: str
    tiles: str
    attribution: str


@blueprint.get("/map", endpoint="map")
def map_page() -> str:
    it = found()
    return render_template(
        "pages/map.html",
        page=search_frame(it.query, it.page, it.platforms, MAP),
        listings=result_rows(it.query, it.page, it.listings),
        pages=pages(it.query, it.page.total, MAP),
        wider=wider_searches(it),
        map=search_map(it.query, it.page),
    )


@blueprint.get("/map.json", endpoint="points")
def map_json() -> Response:
    """The points of all results as JSON, or how many are in each cell of a grid where they are very many."""
    query = replace(query_of(request.args, current_language()), page=1, facets=())
    encoding = None if is_personal() else accepted_encoding()
    if query.text:
        answer = jsonify(map_points(services(), query))
    else:
        answer = Response(_kept_points(query, encoding), mimetype="application/json")
        if encoding:
            answer.content_encoding = encoding
    answer.headers["Cache-Control"] = CACHE
    return answer


def _kept_points(query: Query, encoding: str | None) -> bytes:
    """The points of a search without words as JSON, packed and kept: everybody who opens the map asks for the same ones."""
    key = ("points", repr(query), request.script_root)
    points = services().until_change(key, lambda: jsonify(map_points(services(), query)).get_data(), is_large=True)
    return services().until_change((*key, encoding), lambda: packed(points, encoding), is_large=True) if encoding else points


def search_map(query: Query, page: Page) -> SearchMap:
    """The map of a search and its first page."""
    first = replace(query, page=1)
    area = query.area
    return SearchMap(
        region=region_map(page.facets.get("country", ()), query.lang, partial(_address_in, first)),
        points_url=query_address(first, "directory.points"),
        without_place=_without_place(first, page),
        area=f"{area.west},{area.south},{area.east},{area.north}" if area else "",
        tiles=services().settings.map_tiles,
        attribution=_clean(services().settings.map_attribution),
    )


def _without_place(query: Query, page: Page) -> int:
    """How many results the search has that are nowhere in the world."""
    if query.area or query.near or not page.total:
        return 0
    anywhere = replace(query, text=page.corrected_to or query.text, area=WORLD, relax=page.relaxation is not None)
    return max(0, page.total - sum(services().engine.totals([anywhere])))


def _clean(attribution: str) -> str:
    """HTML with nothing but the text and links of an operator."""
    return nh3.clean(attribution, tags={"a"}, attributes={"a": {"href"}})


def _address_in(query: Query, country: str) -> str:
    """The same search in one country."""
    return query_address(replace(query, filters={**query.filters, "country": Filter((country,))}), MAP)
