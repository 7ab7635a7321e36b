"""Refuses queries that no engine answers."""

from __future__ import annotations

from search.port import FACETS, MAX_KM, MAX_RESULTS, SORTS, WHENS, Area, BadQuery, Near, Query


def validate(query: Query) -> None:
    """Raise BadQuery for a page beyond MAX_RESULTS, for an unknown facet, filter, sort or time, and for impossible places."""
    if query.page < 1 or query.per_page < 1 or query.page * query.per_page > MAX_RESULTS:
        raise BadQuery(f"results can be seen up to the {MAX_RESULTS}th")
    unknown = (set(query.facets) | set(query.filters)) - set(FACETS)
    if unknown:
        raise BadQuery(f"there is no filter {', '.join(sorted(unknown))}; there are {', '.join(FACETS)}")
    if query.sort not in SORTS:
        raise BadQuery(f"there is no order {query.sort!r}; there are {', '.join(SORTS)}")
    if query.when not in WHENS:
        raise BadQuery(f"there is no time {query.when!r}; there are {', '.join(WHENS)}")
    if query.sort == "distance" and query.near is None:
        raise BadQuery("results are sorted by distance only from a place: the query has no `near`")
    _validate_places(query.area, query.near)


def _validate_places(area: Area | None, near: Near | None) -> None:
    """Comparisons are written so that a number that is none (NaN) is refused too."""
    if area and not (-180 <= area.west < area.east <= 180 and -90 <= area.south < area.north <= 90):
        raise BadQuery("an area is west, south, east, north in degrees, with west < east and south < north")
    if near and not (-90 <= near.lat <= 90 and -180 <= near.lon <= 180):
        raise BadQuery("a place is a latitude from -90 to 90 and a longitude from -180 to 180 degrees")
    if near and not 0 < near.km <= MAX_KM:
        raise BadQuery(f"a distance is at most {MAX_KM} km")
