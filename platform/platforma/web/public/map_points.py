"""The points of a map: one for each result, or their number in each cell of a grid where they are very many."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

from platforma.catalogue.listings import places
from platforma.i18n import fixed_url
from platforma.services import Services
from platforma.web.public.geography.planes import bounds
from platforma.web.public.rows import listing_address, vocabulary_label
from search.port import PositionCount, Query

MAX_POINTS = 3_000
"""More results than these come as the cells of a grid."""
CELLS_ACROSS = 40
DECIMALS = 4
"""Of degrees; a ten-thousandth is about 10 m."""


class Point(TypedDict):
    """A result on the map. `lang` is the BCP 47 tag of its title where that is not the reader's language, else None."""

    id: str
    lat: float
    lon: float
    title: str
    lang: str | None
    kind: str
    url: str


Cell = tuple[float, float, int]
"""Latitude, longitude and number of results."""


class MapPoints(TypedDict):
    """Either `points` or `cells`; the other is empty."""

    points: list[Point]
    cells: list[Cell]


def map_points(services: Services, query: Query) -> MapPoints:
    """The points of all results of a query that have coordinates. Raises SearchError."""
    (total,) = services.engine.totals([query])
    if total > MAX_POINTS:
        return {"points": [], "cells": _cells(query, services.engine.positions(query))}
    ids = list(services.engine.scan(query))
    start = fixed_url("directory.start")
    with services.database.reading() as session:
        points = [_point(place, query.lang, start) for place in places.places(session, ids, query.lang)]
    return {"points": points, "cells": []}


def _point(place: places.Place, lang: str, start: str) -> Point:
    return {
        "id": place.public_id,
        "lat": round(place.lat, DECIMALS),
        "lon": round(place.lon, DECIMALS),
        "title": place.title.text,
        "lang": place.title.lang if place.title.lang != lang else None,
        "kind": vocabulary_label("kind", place.kind, lang),
        "url": listing_address(start, place.public_id, place.slug),
    }


def _cells(query: Query, positions: Sequence[PositionCount]) -> list[Cell]:
    """The middle of the results in each cell of a grid over the query's area, or over all results, and their number."""
    if not positions:
        return []
    box = bounds([(one.lon, one.lat) for one in positions])
    width = query.area.east - query.area.west if query.area else box.right - box.left
    size = 2.0 ** math.ceil(math.log2(max(width, 0.01) / CELLS_ACROSS))
    return [(round(lat, DECIMALS), round(lon, DECIMALS), count) for lat, lon, count in grid(positions, size)]


def grid(positions: Iterable[PositionCount], size: float) -> Iterator[Cell]:
    """The mean latitude and longitude of the results in each cell, and their number. Cells are `size` degrees wide, half as high:
    that is about square by the Baltic Sea."""
    sums: defaultdict[tuple[int, int], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for lat, lon, results in positions:
        cell = sums[math.floor(lat / (size / 2)), math.floor(lon / size)]
        cell[0] += lat * results
        cell[1] += lon * results
        cell[2] += results
    return ((lat / count, lon / count, int(count)) for lat, lon, count in sums.values())
