"""Narrowing: the conditions of a query beside its words and facets, as nodes that score nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

from search.index.fields import NEVER_ENDS, UNITS_PER_DEGREE
from search.port import CALL, EVENT, Area, Query, When
from search.query.nodes import Circle, Condition, ExactTerm, Range


def narrowing(query: Query) -> tuple[Condition, ...]:
    """What every result matches: the days, the area and the circle that the query asks for."""
    of_days = _days(query.when, query.today) if query.today else ()
    of_area = _area(query.area) if query.area else ()
    of_circle = (Circle(query.near.lat, query.near.lon, query.near.km),) if query.near else ()
    return (*of_days, *of_area, *of_circle)


def _days(when: When, today: date) -> Iterator[Condition]:
    """See search.port.When."""
    first, last = 0, NEVER_ENDS
    if when == "past":
        last = today.toordinal() - 1
    elif when != "all":
        first = today.toordinal()
    if when == "upcoming":
        last = NEVER_ENDS - 1
    kind = {"upcoming": EVENT, "open": CALL}.get(when)
    if kind:
        yield ExactTerm("kind", kind, 0.0)
    if when != "all":
        yield Range("ends", first, last, 0.0)


def _area(area: Area) -> Iterator[Condition]:
    """The positions within a rectangle, to the precision of the index."""
    yield _between("lat", area.south, area.north)
    yield _between("lon", area.west, area.east)


def _between(field: str, low: float, high: float) -> Range:
    return Range(field, math.ceil(low * UNITS_PER_DEGREE), math.floor(high * UNITS_PER_DEGREE), 0.0)
