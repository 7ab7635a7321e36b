"""Boxes of positions, in the units of the index."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from search.index.fields import UNITS_PER_DEGREE
from search.query.distance import box_around
from search.query.nodes import Circle


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in units of UNITS_PER_DEGREE, its sides included."""

    west: int
    south: int
    east: int
    north: int

    def parts(self) -> Iterator[Box]:
        """The box in four, or in two where it is a line; nothing of a single position."""
        lon, lat = (self.west + self.east) // 2, (self.south + self.north) // 2
        for west, east in ((self.west, lon), (lon + 1, self.east)):
            for south, north in ((self.south, lat), (lat + 1, self.north)):
                if west <= east and south <= north and (self.west, self.south) != (self.east, self.north):
                    yield Box(west, south, east, north)


WORLD = Box(-180 * UNITS_PER_DEGREE, -90 * UNITS_PER_DEGREE, 180 * UNITS_PER_DEGREE, 90 * UNITS_PER_DEGREE)


def box_of(circle: Circle) -> Box:
    """The smallest box that holds a circle."""
    west, south, east, north = (degrees * UNITS_PER_DEGREE for degrees in box_around(circle.lat, circle.lon, circle.km))
    return Box(math.floor(west), math.floor(south), math.ceil(east), math.ceil(north))
