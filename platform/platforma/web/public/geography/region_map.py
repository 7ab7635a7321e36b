"""The map of the region with the number of listings of each country, as the template `components/region_map.html` draws it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from platforma.i18n import number
from platforma.web.public.filters import label_of
from platforma.web.public.geography.labels import Label, Mark, place_labels
from platforma.web.public.geography.planes import Rectangle
from platforma.web.public.geography.projection import Point
from platforma.web.public.geography.shapes import region_shapes
from search.port import FacetCount
from vocabulary import UNKNOWN

WIDTH = 360.0
"""The width of the map in its own units, which on a phone are about as large as a pixel."""
LETTER_SIZE = 14.5
"""The size of the letters for which there is room; the style sheet may draw them smaller."""
DIGIT_WIDTH, MARGIN = 3.4, 3.0
"""A mark has room for its digits: for half of each one's width, and for the margin around them."""
MIN_RADIUS, MAX_GROWTH = 8.5, 7.0


@dataclass(frozen=True, slots=True)
class CountryLink:
    """A country with listings: its name, their number, the address of their search. The last may stand for no known country."""

    name: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class CountryMark:
    """A country on the map, its round mark, and its name beside it; None where the name has no room."""

    country: CountryLink
    mark: Mark
    label: Label | None


@dataclass(frozen=True, slots=True)
class RegionMap:
    """The map: `lands` are (path, whether it is of the region), `scale` turns their units into those of the map.

    Each count of the facet is in `marks` or in `elsewhere`, so that both together have what the filter has.
    """

    width: int
    height: int
    scale: float
    lands: Sequence[tuple[str, bool]]
    marks: Sequence[CountryMark]
    elsewhere: Sequence[CountryLink]


def region_map(counts: Sequence[FacetCount], lang: str, address_of: Callable[[str], str]) -> RegionMap:
    """The map of the counts of the facet `country`; `address_of` gives the search of a country's code."""
    shapes = region_shapes()
    scale = WIDTH / shapes.width
    height = scale * shapes.height
    links = {facet.value: _link(facet, lang, address_of) for facet in counts if facet.count}
    here = [code for code in links if code in shapes.marks]
    most = max((links[code].count for code in here), default=1)
    marks = [_mark(links[code], shapes.marks[code], scale, most) for code in here]
    labels = place_labels(marks, Rectangle(0, 0, WIDTH, height), LETTER_SIZE)
    elsewhere = sorted((code for code in links if code not in shapes.marks), key=lambda code: code == UNKNOWN)
    return RegionMap(
        width=round(WIDTH),
        height=round(height),
        scale=round(scale, 4),
        lands=[(path, code in shapes.marks) for code, path in shapes.lands.items()],
        marks=[CountryMark(links[code], mark, label) for code, mark, label in zip(here, marks, labels, strict=True)],
        elsewhere=[links[code] for code in elsewhere],
    )


def _link(facet: FacetCount, lang: str, address_of: Callable[[str], str]) -> CountryLink:
    return CountryLink(label_of("country", facet.value, lang, {}), facet.count, address_of(facet.value))


def _mark(link: CountryLink, place: Point, scale: float, most: int) -> Mark:
    """A mark whose area grows with the count, and into which the digits fit."""
    room = MARGIN + DIGIT_WIDTH * len(number(link.count))
    radius = max(room, MIN_RADIUS + MAX_GROWTH * math.sqrt(link.count / most))
    return Mark(link.name, scale * place[0], scale * place[1], radius)
