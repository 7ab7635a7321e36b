"""Four hundred invented initiatives around the Baltic Sea, the same at each run, as dirty as a register that people fill in.

Rows have the keys that the recipe `susy` maps (name, description, country_raw, city, street, website, types, lat, lon), so that
whatever reads such a file reads these. Names are two words of a language, texts come from `sentences.tsv`, towns from `towns`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.samples.towns import TOWNS, Town

SENTENCES = Path(__file__).with_name("sentences.tsv")
SHARES = {"LV": 170, "EE": 60, "LT": 60, "FI": 25, "SE": 25, "PL": 25, "DE": 20, "DK": 15}
"""Initiatives by country, 400 in all."""
LANGUAGES = {"LV": "lv", "EE": "et", "LT": "lt", "FI": "fi", "SE": "sv", "PL": "pl", "DE": "de", "DK": "da"}
SPELLINGS = {
    "LV": ("Latvija", "Latvija", "Latvia", "LV", "LATVIJA"), "EE": ("Eesti", "Estonia", "EE", "Igaunija"), "LT": ("Lietuva", "Lithuania", "LT", "Lietuva "),
    "FI": ("Suomi", "Finland", "FI"), "SE": ("Sverige", "Sweden", "SE"), "PL": ("Polska", "Poland", "PL"), "DE": ("Deutschland", "Germany", "DE"), "DK": ("Danmark", "DK"),
}  # fmt: skip
WHOSE = {
    "lv": "Saules Rīta Vēju Bišu Kaimiņu Upes Meža Pakalna Rasas Ozolu Liepu Kāpu Tilta Dzirnavu Ezera Zvejnieku Pļavu Ābeļu Staburaga Māla",
    "en": "River Harbour Meadow Lantern Orchard Northern Bridge Willow Amber Common Sparrow Granite Tidal Copper Hazel",
    "et": "Päikese Mere Metsa Naabri Tuule Saare Silla Kevade Õuna Paadi Kivi Kuuse", "lt": "Saulės Jūros Miško Kaimynų Vėjo Tilto Upės Pavasario Obelų Medaus Gintaro Beržo",
    "fi": "Aurinko Ranta Metsän Saari Kivi Tuulen Koivu", "sv": "Solens Strandens Skogens Bryggans Ängens Björkens Lyktans",
    "pl": "Słoneczny Leśny Nadmorski Sąsiedzki Bursztynowy Zielony", "de": "Sonnen Ufer Linden Nachbarn Brücken Anker", "da": "Solens Havnens Skovens Engens Broens",
}  # fmt: skip
WHAT = {
    "lv": "maize;darbnīca;dārzs;bibliotēka;nams;virtuve;skola;labošanas darbnīca;lietu plaukts;aprites centrs;atbalsta biedrība;jauniešu klubs;amatu sēta;ziedošanas punkts",
    "en": "Kitchen;Repair Café;Garden;Library of Things;Youth Club;Food Bank;Bicycle Workshop;Housing Co-operative;Care Trust;Reuse Centre",
    "et": "aed;köök;töökoda;kool;kohvik;selts;raamatukogu;noortekeskus;toidupank", "lt": "sodas;virtuvė;dirbtuvė;mokykla;kavinė;draugija;biblioteka;jaunimo centras;maisto bankas",
    "fi": "puutarha;keittiö;paja;kahvila;yhdistys", "sv": "trädgård;kök;verkstad;kafé;förening", "pl": "ogród;warsztat;dom;klub;bank żywności", "de": "garten;werkstatt;küche;verein;laden",
    "da": "have;køkken;værksted;forening",
}  # fmt: skip
FRAMES = {"lv": ("{0}", "{0}", "Biedrība „{0}”", "SIA „{0}”", "Nodibinājums „{0}”"), "et": ("{0}", "MTÜ {0}"), "lt": ("{0}", "VšĮ „{0}“"),
          "en": ("{0}", "The {0}"), "de": ("{0} e. V.", "{0}"), "fi": ("{0}", "{0} ry")}  # fmt: skip
TYPES = (
    "community_garden",
    "food_bank",
    "reuse",
    "repair",
    "youth",
    "work_integration",
    "education",
    "culture",
    "housing",
    "health_care",
    "energy",
    "other",
)
STREETS = (
    "Skolas iela",
    "Brīvības iela",
    "Upes iela",
    "Main Street",
    "Pärna tänav",
    "Liepų gatvė",
    "Kirkkokatu",
    "Storgatan",
    "Ogrodowa",
    "Lindenallee",
)
NO_WEBSITES = ("nav", "http:/", "www", "-", "facebook")


def rows() -> list[dict[str, Any]]:
    """The 400 rows: of them 16 lack a country, 10 a town, 60 a website, 10 have something else in its place, 3 have their coordinates swapped."""
    chance = random.Random(13)
    countries = [country for country, count in SHARES.items() for _ in range(count)]
    chance.shuffle(countries)
    names: set[str] = set()
    found = [_row(chance, number, country, names) for number, country in enumerate(countries)]
    for row in found[5::25]:
        row["country_raw"] = None
    for row in found[7::40]:
        row["city"] = None
    for number, row in enumerate(found[9::40]):
        row["website"] = NO_WEBSITES[number % len(NO_WEBSITES)]
    for row in found[31::150]:
        row["lat"], row["lon"] = row["lon"], row["lat"]
    return found


def write(path: Path) -> Path:
    """The rows as JSON lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows()), encoding="utf-8")
    return path


def sentences() -> Iterator[tuple[str, str]]:
    """Each sentence with its BCP 47 tag."""
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        tag, text = line.split("\t")
        yield text, tag


TEXTS: dict[str, list[str]] = {}
for _text, _tag in sentences():
    TEXTS.setdefault(_tag, []).append(_text)


def _row(chance: random.Random, number: int, country: str, names: set[str]) -> dict[str, Any]:
    lang = "en" if chance.random() < 0.15 else LANGUAGES[country]
    town = chance.choice([town for town in TOWNS if town.country == country])
    name = _name(chance, lang, town, names)
    return {
        "id": f"s{number:04}",
        "name": name,
        "description": "\n\n".join((f"{name}, {town.name}.", *chance.sample(TEXTS[lang], chance.randint(2, 4)))),
        "country_raw": chance.choice(SPELLINGS[country]),
        "city": town.name,
        "street": f"{chance.choice(STREETS)} {chance.randint(1, 90)}",
        "website": f"https://www.s{number:04}.example/" if number % 20 > 2 else None,
        "types": chance.sample(TYPES, chance.choice((1, 1, 2))),
        "lat": round(town.lat + chance.uniform(-0.02, 0.02), 6),
        "lon": round(town.lon + chance.uniform(-0.02, 0.02), 6),
    }


def _name(chance: random.Random, lang: str, town: Town, names: set[str]) -> str:
    """A name that none has yet; where chance does not find one, with the town behind it."""
    for _ in range(9):
        name = _any_name(chance, lang)
        if name not in names:
            break
    else:
        name = f"{name}, {town.name}"
    names.add(name)
    return name


def _any_name(chance: random.Random, lang: str) -> str:
    joined = "" if lang == "de" else " "
    both = joined.join((chance.choice(WHOSE[lang].split()), chance.choice(WHAT[lang].split(";"))))
    return chance.choice(FRAMES.get(lang, ("{0}",))).format(both)
