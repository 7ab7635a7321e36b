"""The shapes of countries, as tools/shapes.py wrote them, read once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from platforma.web.public.geography.planes import Rectangle, Ring, bounds
from platforma.web.public.geography.projection import Point

FOLDER = Path(__file__).parents[3] / "static" / "geo"


@dataclass(frozen=True, slots=True)
class RegionShapes:
    """The map of the region: its size, the path of each land by country code, and where each country's mark stands.

    All in kilometres from the upper left corner, which is at `origin` on the plane (projection.BALTIC); `marks` are the
    countries of the region.
    """

    origin: Point
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
    return RegionShapes(tuple(content["origin"]), width, height, content["lands"], marks)


@dataclass(frozen=True, slots=True)
class Outline:
    """A polygon in degrees, its outline first, then its holes; `box` is around it, south at its top."""

    rings: Sequence[Ring]
    box: Rectangle


@cache
def outlines() -> Mapping[str, Sequence[Outline]]:
    """The polygons of each country by code; those of lands without one under an empty text."""
    features = json.loads((FOLDER / "countries.json").read_text(encoding="utf-8"))["features"]
    polygons: dict[str, list[Outline]] = {}
    for feature in features:
        outlines = [Outline(rings, bounds(rings[0])) for rings in feature["geometry"]["coordinates"]]
        polygons.setdefault(feature["id"], []).extend(outlines)
    return polygons
