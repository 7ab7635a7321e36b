"""How many places of a register are understood: `python -m bench.places FILE` on JSON lines of initiatives.

FILE holds country_raw, city, lat and lon, as registers write them. Counted are the spellings of countries that are found, the
towns found in their country and how many of these lie within 60 km of the row's point, and the points that lie in their country.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawlers.values.places import coordinates, distance_km
from crawlers.values.towns import find_town
from vocabulary import load

NEAR_KM = 60
WORDS = load()


@dataclass(frozen=True, slots=True)
class Row:
    """What a register says of one place; the codes of its countries are ours."""

    country: str
    codes: tuple[str, ...]
    city: str
    lat: str
    lon: str


def main() -> None:
    rows = [_row(json.loads(line)) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    spellings = {row.country: row.codes for row in rows if row.country}
    print(f"countries: {sum(map(bool, spellings.values()))} of {len(spellings)} spellings")
    print("towns:", towns([row for row in rows if row.codes and row.city and row.lat]))
    points = [row for row in rows if row.lat]
    inside = [
        row for row in points if coordinates(row.lat, row.lon, WORDS.country_box(next(iter(row.codes), None))).warning is None
    ]
    print(f"coordinates: {len(inside)} of {len(points)} are in their country")


def towns(rows: Sequence[Row]) -> str:
    """How many are found in their country, how many of these are near, and which are not."""
    pairs = [(row, town) for row in rows if (town := find_town(row.city, row.codes))]
    far = [row.city for row, town in pairs if distance_km(town.lat, town.lon, float(row.lat), float(row.lon)) > NEAR_KM]
    return f"{len(pairs)} of {len(rows)} found, {len(far)} of these far from the row's point ({', '.join(far) or 'none'})"


def _row(row: dict[str, Any]) -> Row:
    country, city, lat, lon = (str(row[name] or "") for name in ("country_raw", "city", "lat", "lon"))
    return Row(country, WORDS.find_countries(country), city, lat, lon)


if __name__ == "__main__":
    main()
