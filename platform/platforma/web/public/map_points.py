"""The points of a map: one for each result, or their number in each cell of a grid where they are very many."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypedDict

from platforma.catalogue.database import Database
from platforma.catalogue.listings import places
from platforma.i18n import fixed_url
from platforma.services import Services
from platforma.web.public.geography.planes import bounds
from platforma.web.public.rows import listing_address, vocabulary_label
from search.port import Query

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


class MapPoints(TypedDict):
    """Either `points`, or `cells` as latitude, longitude and number of results; the other is empty."""

    points: list[Point]
    cells: list[tuple[float, float, int]]


def map_points(services: Services, query: Query) -> MapPoints:
    """The points of all results of a query that have coordinates. Raises SearchError."""
    ids = list(services.engine.scan(query))
    if len(ids) > MAX_POINTS:
        return {"points": [], "cells": _cells(services, query, ids)}
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


def _cells(services: Services, query: Query, ids: Iterable[str]) -> list[tuple[float, float, int]]:
    """The middle of the results in each cell of a grid over the query's area, or over all results, and their number."""
    by_id = _coordinates(services.database, services.engine.stamp())
    points = [by_id[id] for id in ids if id in by_id]
    if not points:
        return []
    box = bounds([(lon, lat) for lat, lon in points])
    width = query.area.east - query.area.west if query.area else box.right - box.left
    size = 2.0 ** math.ceil(math.log2(max(width, 0.01) / CELLS_ACROSS))
    return [(round(lat, DECIMALS), round(lon, DECIMALS), count) for lat, lon, count in grid(points, size)]


def grid(points: Iterable[tuple[float, float]], size: float) -> Iterable[tuple[float, float, int]]:
    """The mean latitude and longitude of the points in each cell, and their number. Cells are `size` degrees wide, half as high:
    that is about square by the Baltic Sea."""
    sums: defaultdict[tuple[int, int], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for lat, lon in points:
        cell = sums[math.floor(lat / (size / 2)), math.floor(lon / size)]
        cell[0] += lat
        cell[1] += lon
        cell[2] += 1
    return ((lat / count, lon / count, int(count)) for lat, lon, count in sums.values())


@lru_cache(maxsize=1)
def _coordinates(database: Database, _stamp: str) -> Mapping[str, tuple[float, float]]:
    """Latitude and longitude of every listing, by public id; read again when the index has changed."""
    with database.reading() as session:
        return {public_id: (lat, lon) for public_id, lat, lon in places.coordinates(session)}
