"""The small map of a listing: its place among its neighbours, as the template `components/mini_map.html` draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import hypot
from typing import NamedTuple

from platforma.web.public.geography.labels import Label, Mark, place_labels
from platforma.web.public.geography.planes import Rectangle, clipped, path
from platforma.web.public.geography.projection import BALTIC, Point, Projection
from platforma.web.public.geography.shapes import outlines, region_shapes

WIDTH, HEIGHT = 320, 220
"""The size of the map in its own units, about as large as a pixel."""
PARTS = 2
"""Paths are in parts of a unit."""
PLACE_KM, COUNTRY_KM = 1.6, 4.0
"""How many kilometres a unit is on the map of a place, and of a whole country."""
STEP_DEGREES = 0.5
"""Maps of near places show the same window, so that it is cut once and kept."""
MAX_WINDOWS = 300
REACH_LON, REACH_LAT = 9.0, 2.0
"""How far the window of a place reaches from its middle, in degrees, up to 70 degrees of latitude."""
FAR_KM = 4000.0
"""Farther from the Baltic Sea the shapes are too simple for a small map."""
LETTER_SIZE = 13.0
DOT_RADIUS = 6.0


@dataclass(frozen=True, slots=True)
class MiniMap:
    """The window around a place. `lands` are (path, whether it is the listing's country, or that is not known), in units that
    `scale` turns into those of the map. `dot` is None where only the country is known, `label` where the town has no name or
    the name no room. `place` says in words what is shown."""

    width: int
    height: int
    scale: float
    place: str
    lands: Sequence[tuple[str, bool]]
    dot: Mark | None
    label: Label | None


class Window(NamedTuple):
    """What a map shows: a middle in degrees, and how many kilometres a unit is."""

    lon: float
    lat: float
    km_per_unit: float

    def units(self, lon: float, lat: float) -> Point:
        """A place in degrees, in units of the map."""
        x, y = Projection(self.lon, self.lat).project(lon, lat)
        return x / self.km_per_unit + WIDTH / 2, y / self.km_per_unit + HEIGHT / 2

    @property
    def reach(self) -> Rectangle:
        """A rectangle in degrees that holds all of the window."""
        share = self.km_per_unit / PLACE_KM
        across, down = REACH_LON * share, REACH_LAT * share
        return Rectangle(self.lon - across, self.lat - down, self.lon + across, self.lat + down)


def mini_map(lat: float | None, lon: float | None, country: str | None, town: str, place: str) -> MiniMap | None:
    """The map of a place in degrees, or of a country (ISO 3166-1) where only that is known; None where neither is, or far away.

    `town` is written beside the dot; `place` is the whole place in the reader's language.
    """
    centre = _centre(lat, lon, country)
    if centre is None or not is_near(*centre):
        return None
    has_dot = lat is not None and lon is not None
    window = Window(snapped(centre[0]), snapped(centre[1]), PLACE_KM if has_dot else COUNTRY_KM)
    shown = [(path_data, country in (None, code)) for code, path_data in lands(window)]
    dot = Mark(town, *window.units(*centre), DOT_RADIUS) if has_dot else None
    label = place_labels([dot], Rectangle(0, 0, WIDTH, HEIGHT), LETTER_SIZE)[0] if dot and town else None
    return MiniMap(WIDTH, HEIGHT, 1 / PARTS, place, shown, dot, label)


def is_near(lon: float, lat: float) -> bool:
    """Whether a place is near enough to the Baltic Sea to be drawn."""
    try:
        return hypot(*BALTIC.project(lon, lat)) <= FAR_KM
    except ValueError:  # the antipode
        return False


def _centre(lat: float | None, lon: float | None, country: str | None) -> tuple[float, float] | None:
    """Longitude and latitude of what the map shows; of a country, of the region the mark, else the middle of its main land."""
    if lat is not None and lon is not None:
        return lon, lat
    shapes = region_shapes()
    if country is not None and country in shapes.marks:
        x, y = shapes.marks[country]
        return BALTIC.unproject(x + shapes.origin[0], y + shapes.origin[1])
    main_land = max(outlines().get(country or "-", ()), key=lambda polygon: len(polygon.rings[0]), default=None)
    if main_land is None:
        return None
    box = main_land.box
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def snapped(degrees: float) -> float:
    """The middle of a map that is about there."""
    return round(degrees / STEP_DEGREES) * STEP_DEGREES


@lru_cache(maxsize=MAX_WINDOWS)
def lands(window: Window) -> Sequence[tuple[str, str]]:
    """Code and path of each land of a window."""
    frame = Rectangle(0, 0, WIDTH, HEIGHT).grown(5)
    found = []
    for code, polygons in outlines().items():
        near = (ring for polygon in polygons if polygon.box.overlaps(window.reach) for ring in polygon.rings)
        cut = (clipped([window.units(*point) for point in ring], frame) for ring in near)
        data = path([(x * PARTS, y * PARTS) for x, y in ring] for ring in cut if ring)
        found += [(code, data)] if data else []
    return found
