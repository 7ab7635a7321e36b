"""Towns by name, with their coordinates, from the table that `make setup` makes of GeoNames (CC BY 4.0).

Without that table no town is found.
"""

from __future__ import annotations

import math
import re
import sqlite3
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from crawlers.values.places import distance_km
from vocabulary import load, word_key

TABLE = Path(sys.prefix, "share", "geonames", "towns.sqlite")
SAME_TOWN_KM = 20.0
"""Two namesakes, or two places in one address, that are nearer than this are taken for one town and a part of it."""
MIN_CITY_INHABITANTS, MIN_TIMES_LARGER = 50_000, 20
"""Of several towns of one name, one with so many inhabitants, and so many times those of each other, is meant."""
MIN_INHABITANTS_WITHOUT_COUNTRY = 10_000
"""Where no country is known, smaller towns are not found: their names are also words, or villages elsewhere."""
MAX_CHARACTERS = 200
NEAR_KM = (10.0, 40.0)
"""How far the nearest town to a point may lie for its country to be that of the point; the first distance is tried first."""
TIMES_FARTHER, FARTHER_KM = 3.0, 10.0
"""Towns of other countries must lie so many times farther, and so many kilometres more."""
EDGES = frozenset({"RU", "TR", "GE", "AM", "AZ"})
"""Countries with neighbours whose towns the table lacks."""
KM_PER_DEGREE = 111.0
MIN_BEGINNING_CHARACTERS, LAST_CHARACTER = 4, "\U0010ffff"
USUAL_NAME = 20
NEARNESS: Mapping[str, int] = {"LV": 20, "EE": 5, "LT": 5}
"""How many times its inhabitants a town counts where somebody names it without a country: by its usual name, in a country."""
_COLUMNS = "name, country, lat, lon, division, slug"
_SEPARATOR = re.compile(r"\s+[-–—]\s+|[,;/|+&•·\n()\[\]]")
_POSTCODE = re.compile(r"(?<![\w])(?:[A-Z]{1,3}[- ]?)?\d[\d ]{2,6}(?![\w])")
_TOWN_WORD = re.compile(
    r"^(?:pilseta|city of|town of|miasto|gorod|г|м|g|linn) |(?: (?:pilseta|city|linn|miestas|m|kommun|kommune|stad))$"
)
LOCATIVES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "LV": {"a": ("s",), "i": ("s", "is"), "u": ("us",), "os": ("i",)},
    "LT": {"uje": ("us",), "yje": ("is", "ys"), "oje": ("a",), "eje": ("e",), "e": ("as",), "uose": ("ai",), "iuose": ("iai",)},
    "EE": {"s": ("",)},
}
"""By country: folded endings of the locative ("in Tukums"), each with the endings that the name itself may have."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town's local name, the ISO 3166-1 alpha-2 code of its country, and its centre in degrees (WGS 84).

    `id` is readable and unique, such as LV-riga; `division` GeoNames' code of its county or the like.
    """

    name: str
    country: str
    lat: float
    lon: float
    division: str
    id: str

    @property
    def regions(self) -> tuple[str, ...]:
        """The ids of the regions that hold it, the largest first."""
        return load().regions.of_town(self.country, self.division)


@dataclass(frozen=True, slots=True)
class _Row:
    """A town under one of its names; `is_main` where that is its usual name."""

    town: Town
    population: int
    is_main: bool


def find_town(text: str, countries: Collection[str] = ()) -> Town | None:
    """The one town that the text of a place or address names, in any language, also in the locative; None rather than a guess.

    `countries` are the alpha-2 codes of the countries to search. Without them, a name counts only where no other town in the
    world has it, or only far smaller ones. The text may also hold a country, a postal code, and parts that are no towns.
    """
    allowed = frozenset(countries)
    named = [town for part in _parts(text) if (town := _town_of_part(part, allowed))]
    return named[0] if named and all(_km(named[0], other) <= SAME_TOWN_KM for other in named) else None


def name_in(text: str, town: Town) -> str:
    """A town's name as the text writes it, such as Rīga for GeoNames' Riga; its local name where the text inflects it."""
    same = (part for part in _parts(text) if word_key(part) == word_key(town.name) and part[-1] == town.name[-1])
    return next(same, town.name)


@lru_cache(maxsize=1_000)
def town_meant(text: str) -> Town | None:
    """The town that a person who looks for listings means by a name in any language, or by an id: the largest of that name,
    those of Latvia, Estonia and Lithuania before others. None where no town has the name."""
    if town := town_of_id(text):
        return town
    key = word_key(text[:MAX_CHARACTERS])
    rows = [
        *_rows_named(key, ()),
        *(row for code in LOCATIVES for name in _base_forms(key, code) for row in _rows_named(name, {code})),
    ]
    return max(rows, key=_weight).town if rows else None


@lru_cache(maxsize=1_000)
def towns_begun(text: str) -> frozenset[str]:
    """The ids of the towns of which a name in any language begins with a text; none for a text that begins too many."""
    key, database = word_key(text[:MAX_CHARACTERS]), _database()
    if database is None or len(key) < MIN_BEGINNING_CHARACTERS:
        return frozenset()
    query = "SELECT slug FROM names JOIN towns ON id = town WHERE key >= ? AND key < ?"
    return frozenset(slug for (slug,) in database.execute(query, (key, key + LAST_CHARACTER)))


def _weight(row: _Row) -> int:
    """How likely a town is meant by a name that is not its alone."""
    return row.population * NEARNESS.get(row.town.country, 1) * (USUAL_NAME if row.is_main else 1)


@lru_cache(maxsize=10_000)
def town_of_id(id: str) -> Town | None:
    """The town with an id such as LV-riga; None where there is none."""
    rows = _select("WHERE slug = ?", id[:MAX_CHARACTERS])
    return rows[0] if rows else None


@lru_cache(maxsize=10_000)
def nearest_town(lat: float, lon: float, max_km: float) -> Town | None:
    """The town whose centre is nearest to a point in degrees; None where none is within so many kilometres."""
    degrees = max_km / KM_PER_DEGREE
    around = _select("WHERE lat BETWEEN ? AND ?", lat - degrees, lat + degrees)
    near = ((distance_km(lat, lon, town.lat, town.lon), town.id, town) for town in around if abs(town.lon - lon) <= degrees * 4)
    km, _, town = min(near, default=(math.inf, "", None))
    return town if km <= max_km else None


@lru_cache(maxsize=10_000)
def country_around(lat: float, lon: float) -> str | None:
    """The country of a point in degrees: that of the nearest town, where all others' towns are far beyond it; None near borders,
    at sea, and where the table lacks a neighbour's towns."""
    near = next(filter(None, (_around(lat, lon, km) for km in NEAR_KM)), [])
    if not near:
        return None
    km, country = near[0]
    others = _around(lat, lon, TIMES_FARTHER * km + FARTHER_KM)
    return country if country not in EDGES and all(other == country for _, other in others) else None


def has_town_near(lat: float, lon: float, countries: Collection[str]) -> bool:
    """Whether a town of one of these countries lies some NEAR_KM[0] from a point in degrees, so that it may be in the country."""
    database = _database()
    if database is None:
        return False
    south, north, west, east = _square(lat, lon, NEAR_KM[0])
    marks = ",".join("?" * len(countries))
    query = (
        "SELECT 1 FROM towns WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?"  # noqa: S608 - only marks are filled in
        f" AND country IN ({marks}) LIMIT 1"
    )
    return database.execute(query, (south, north, west, east, *countries)).fetchone() is not None


def _around(lat: float, lon: float, max_km: float) -> list[tuple[float, str]]:
    """Distance and country of the towns within so many kilometres of a point, the nearest first."""
    database = _database()
    if database is None:
        return []
    query = "SELECT lat, lon, country FROM towns WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?"
    rows = database.execute(query, _square(lat, lon, max_km))
    towns = ((distance_km(lat, lon, row[0], row[1]), row[2]) for row in rows)
    return sorted(town for town in towns if town[0] <= max_km)


def _square(lat: float, lon: float, km: float) -> tuple[float, float, float, float]:
    """South, north, west and east of the square around a circle of so many kilometres."""
    high, wide = km / KM_PER_DEGREE, km / KM_PER_DEGREE / max(0.05, math.cos(math.radians(lat)))
    return lat - high, lat + high, lon - wide, lon + wide


def has_namesakes(text: str) -> bool:
    """Whether towns far from each other have a name, in any language, that the text of a place holds."""
    rows = [row for part in _parts(text) for row in _rows_named(word_key(part), ())]
    return any(_km(rows[0].town, row.town) > SAME_TOWN_KM for row in rows)


def _parts(text: str) -> Iterator[str]:
    """The pieces of a text that may be a town's name: those without digits, a postal code left out."""
    for part in _SEPARATOR.split(text[:MAX_CHARACTERS]):
        plain = " ".join(_POSTCODE.sub(" ", part).split()).strip(" .")
        if plain and not any(c.isdigit() for c in plain):
            yield plain


@lru_cache(maxsize=10_000)
def _town_of_part(part: str, countries: frozenset[str]) -> Town | None:
    """The town that a part of a text names; None also for a country's name, although towns have such names too."""
    if load().find_country(part):
        return None
    key = word_key(part)
    for name in dict.fromkeys((key, _TOWN_WORD.sub("", key))):
        if rows := _rows_named(name, countries):
            return _intended(rows, is_anywhere=not countries)
    names = [(name, code) for code in countries & LOCATIVES.keys() for name in _base_forms(key, code)]
    inflected = [row for name, code in names for row in _rows_named(name, {code})]
    return _intended(sorted(inflected, key=lambda row: -row.population), is_anywhere=False)


def _base_forms(word: str, country: str) -> Iterator[str]:
    """The names of which a word may be the locative."""
    for ending, endings in LOCATIVES[country].items():
        if word.endswith(ending):
            yield from (word.removesuffix(ending) + own for own in endings)


def _intended(rows: Sequence[_Row], *, is_anywhere: bool) -> Town | None:
    """The town that is meant: the largest, where no other far away has the same name, or all others are far smaller.

    Where no country is known, the usual name of a town, however small, is not taken for what another language calls a city.
    """
    if not rows or (is_anywhere and rows[0].population < MIN_INHABITANTS_WITHOUT_COUNTRY):
        return None
    largest, others = rows[0], rows[1:]
    has_main_name = largest.is_main and not is_anywhere
    rivals = [row for row in others if row.is_main or not has_main_name]
    far = [row for row in rivals if _km(largest.town, row.town) > SAME_TOWN_KM]
    if is_anywhere and not largest.is_main and any(row.is_main for row in far):
        return None
    is_city = largest.population >= MIN_CITY_INHABITANTS
    is_far_larger = all(row.population * MIN_TIMES_LARGER <= largest.population for row in far)
    return largest.town if not far or (is_city and is_far_larger) else None


def _rows_named(key: str, countries: Collection[str]) -> list[_Row]:
    """The towns with a name, the largest first, in these countries; in all where `countries` is empty."""
    database = _database()
    if database is None or not key:
        return []
    query = (
        f"SELECT {_COLUMNS}, population, is_main FROM names JOIN towns ON id = town"  # noqa: S608 - columns are ours
        " WHERE key = ? ORDER BY population DESC, id"
    )
    rows = [_Row(Town(*row[:6]), row[6], bool(row[7])) for row in database.execute(query, (key,))]
    return [row for row in rows if not countries or row.town.country in countries]


def _select(condition: str, *values: object) -> list[Town]:
    """The towns that fulfil a condition; none where there is no table."""
    database = _database()
    if database is None:
        return []
    query = f"SELECT {_COLUMNS} FROM towns {condition}"  # noqa: S608 - conditions are ours
    return [Town(*row) for row in database.execute(query, values)]


@lru_cache(maxsize=1)
def _database() -> sqlite3.Connection | None:
    """The table, opened for reading only, so that all threads may share it; None where it does not exist."""
    if not TABLE.is_file():
        return None
    return sqlite3.connect(f"{TABLE.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def _km(town: Town, other: Town) -> float:
    return distance_km(town.lat, town.lon, other.lat, other.lon)
