"""The shapes of countries, as tools/shapes.py wrote them, read once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from platforma.web.public.geography.planes import Ring
from platforma.web.public.geography.projection import Point

FOLDER = Path(__file__).parents[3] / "static" / "geo"


@dataclass(frozen=True, slots=True)
class RegionShapes:
    """The map of the region: its size, the path of each land by country code, and where each country's mark stands.

    All in kilometres of the plane (projection.BALTIC) from the upper left corner; `marks` are the countries of the region.
    """

    width: float
    height: float
    lands: Mapping[str, str]
    marks: Mapping[str, Point]


@cache
def region_shapes() -> RegionShapes:
    """The shapes of the start page's map."""
    content = json.loads((FOLDER / "region.json").read_text(encoding="utf-8"))
    marks = {code: (float(x), float(y)) for code, (x, y) in content["marks"].items()}
    width, height = map(float, content["size"])
    return RegionShapes(width, height, content["lands"], marks)


@cache
def outlines() -> Mapping[str, Sequence[Sequence[Ring]]]:
    """The polygons of each country by code, in degrees; the first ring of a polygon is its outline. Lands without one: ""."""
    features = json.loads((FOLDER / "countries.json").read_text(encoding="utf-8"))["features"]
    polygons: dict[str, list[Sequence[Ring]]] = {}
    for feature in features:
        polygons.setdefault(feature["id"], []).extend(feature["geometry"]["coordinates"])
    return polygons
