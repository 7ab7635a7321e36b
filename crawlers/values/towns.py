"""Towns by name: where they lie, from the table that set-up makes of GeoNames' (CC BY 4.0); without it no town is known."""

from __future__ import annotations

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
"""So near, two namesakes are a town and its part, and two places of one address a town and its quarter."""
CITY, GREATER = 50_000, 20
"""Who writes the mere name means the town with so many inhabitants, and so many times those of its namesakes."""
SURE = 10_000
"""Without a country only towns with so many inhabitants are known: the names of smaller ones are words or villages elsewhere."""
MAX_CHARACTERS = 200
_BETWEEN = re.compile(r"\s+[-–—]\s+|[,;/|+&•·\n()\[\]]")
_POSTCODE = re.compile(r"(?<![\w])(?:[A-Z]{1,3}[- ]?)?\d[\d ]{2,6}(?![\w])")
_BEFORE = re.compile(
    r"^(?:pilseta|city of|town of|miasto|gorod|г|м|g|linn) |(?: (?:pilseta|city|linn|miestas|m|kommun|kommune|stad))$"
)
LOCATIVES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "LV": {"a": ("s",), "i": ("s", "is"), "u": ("us",), "os": ("i",)},
    "LT": {"uje": ("us",), "yje": ("is", "ys"), "oje": ("a",), "eje": ("e",), "e": ("as",), "uose": ("ai",), "iuose": ("iai",)},
    "EE": {"s": ("",)},
}
"""By country: folded endings of "in Tukums" that folding alone does not make the name, and the name's own."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town by its own name, with the degrees (WGS 84) of its centre and the alpha-2 code of its country."""

    name: str
    country: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class _Row:
    town: Town
    population: int
    is_main: bool


def find_town(text: str, countries: Collection[str] = ()) -> Town | None:
    """The one town that the text of a place or address names, in any language, also as "in Tukums"; None rather than a guess.

    `countries` are those in which it lies; without them a name counts only where no other town of the world bears it, or
    only far smaller ones. The text may hold a country, a postal code or parts that are no towns, too.
    """
    allowed = frozenset(countries)
    named = [town for part in _parts(text) if (town := _town(part, allowed))]
    return named[0] if named and all(_km(named[0], other) <= SAME_TOWN_KM for other in named) else None


def _parts(text: str) -> Iterator[str]:
    """The pieces of a text that could be a town's name: those without numbers but for a postal code."""
    for part in _BETWEEN.split(text[:MAX_CHARACTERS]):
        plain = " ".join(_POSTCODE.sub(" ", part).split()).strip(" .")
        if plain and not any(c.isdigit() for c in plain):
            yield plain


@lru_cache(maxsize=10_000)
def _town(part: str, countries: frozenset[str]) -> Town | None:
    """The town that a part of a text names; None also for a country's name, though a town may bear it."""
    if load().find_country(part):
        return None
    key = word_key(part)
    for name in dict.fromkeys((key, _BEFORE.sub("", key))):
        if rows := _named(name, countries):
            return _meant(rows, is_anywhere=not countries)
    inflected = [row for code in countries & LOCATIVES.keys() for name in _bases(key, code) for row in _named(name, {code})]
    return _meant(sorted(inflected, key=lambda row: -row.population), is_anywhere=False)


def _bases(word: str, country: str) -> Iterator[str]:
    """What the name could be of which a word is the locative."""
    for ending, endings in LOCATIVES[country].items():
        if word.endswith(ending):
            yield from (word.removesuffix(ending) + own for own in endings)


def _meant(rows: Sequence[_Row], *, is_anywhere: bool) -> Town | None:
    """The town that people mean: the greatest, where no other has just that name or all others are far smaller."""
    if not rows or (is_anywhere and rows[0].population < SURE):
        return None
    greatest, others = rows[0], rows[1:]
    is_named_so = greatest.is_main and not is_anywhere
    far = [row for row in others if _km(greatest.town, row.town) > SAME_TOWN_KM and not (is_named_so and not row.is_main)]
    is_great = greatest.population >= CITY and all(row.population * GREATER <= greatest.population for row in far)
    return greatest.town if not far or is_great else None


def _named(key: str, countries: Collection[str]) -> list[_Row]:
    """The towns with such a name, the greatest first; in these countries, or anywhere when there are none."""
    database = _database()
    if database is None or not key:
        return []
    query = (
        "SELECT name, country, lat, lon, population, is_main FROM names JOIN towns ON id = town"
        " WHERE key = ? ORDER BY population DESC, id"
    )
    rows = [_Row(Town(*row[:4]), row[4], bool(row[5])) for row in database.execute(query, (key,))]
    return [row for row in rows if not countries or row.town.country in countries]


@lru_cache(maxsize=1)
def _database() -> sqlite3.Connection | None:
    """The table, never written to, so that all threads may share it; None where set-up has not made it."""
    if not TABLE.is_file():
        return None
    return sqlite3.connect(f"{TABLE.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def _km(town: Town, other: Town) -> float:
    return distance_km(town.lat, town.lon, other.lat, other.lon)
