"""A generated catalogue of realistic words: their frequencies fall as in natural texts (Zipf), the same every time.

Words are those of the Latvian Hunspell dictionary and of simplemma's English list, read from where they are installed.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamDictionaryFactory

from crawlers.record import Record
from crawlers.values.towns import find_town

COUNTRIES = ("LV", "EE", "LT", "PL", "DK", "SE", "FI", "DE", "NO", "UA", "IS")
THEMES = (
    "education",
    "youth",
    "environment",
    "culture",
    "inclusion",
    "food_agriculture",
    "health_care",
    "housing",
    "migration",
    "science",
)
TOWNS: Mapping[str, Sequence[str]] = {
    "LV": ("Rīga", "Daugavpils", "Liepāja", "Jelgava", "Ventspils", "Valmiera", "Cēsis", "Sigulda", "Rēzekne", "Kuldīga"),
    "EE": ("Tallinn", "Tartu", "Pärnu", "Viljandi"), "LT": ("Vilnius", "Kaunas", "Klaipėda", "Šiauliai"),
    "PL": ("Warszawa", "Gdańsk", "Kraków"), "DK": ("København", "Aarhus"), "SE": ("Stockholm", "Göteborg", "Malmö"),
    "FI": ("Helsinki", "Tampere", "Turku"), "DE": ("Berlin", "Hamburg", "Rostock"), "NO": ("Oslo", "Bergen"),
}  # fmt: skip
LEGAL_FORMS = {"LV": ("biedrība", "nodibinājums", "SIA"), "EE": ("MTÜ", "OÜ"), "LT": ("VšĮ", "UAB")}
SHARE_WITH_TOWN = 0.7
DAYS_AROUND_TODAY = (-200, 300)
"""Events begin and calls close so many days from the day of the run."""
SECTORS = ("ngo", "private", "public", "academic")
KINDS = ("organisation", "project", "social_enterprise", "network", "event", "resource", "funding")
WORDS_A_LANGUAGE = 30_000
EXPONENT = 1.07
TITLE_WORDS, TEXT_WORDS = 4, 60


@cache
def words(lang: str) -> tuple[str, ...]:
    """The words of a language, the most frequent first (by generator, not by what people say)."""
    all_words = _latvian() if lang == "lv" else _english()
    random.Random(3).shuffle(all_words)
    return tuple(all_words[:WORDS_A_LANGUAGE])


def records(size: int) -> Iterator[Record]:
    """So many records, the same every time."""
    generator, of_facts = random.Random(42), random.Random(43)
    for number in range(size):
        lang = generator.choice(("lv", "lv", "en"))
        country, kind = generator.choice(COUNTRIES), generator.choice(KINDS)
        yield Record(
            str(number),
            url=f"https://bench.example/{number}",
            kind=kind,
            title={lang: " ".join(draw(generator, lang, TITLE_WORDS)).capitalize()},
            summary={lang: " ".join(draw(generator, lang, TEXT_WORDS // 3))},
            description={lang: " ".join(draw(generator, lang, TEXT_WORDS))},
            country=country,
            countries=(country,),
            themes=(generator.choice(THEMES),),
            sectors=(generator.choice(SECTORS),),
            languages=(lang,),
            **_whereabouts(of_facts, country),
            **_days(of_facts, kind),
        )


def sited_records(size: int) -> Iterator[Record]:
    """The same, every second with a site of its own."""
    for number, record in enumerate(records(size)):
        yield replace(record, website=f"https://site{number}.example/") if number % 2 else record


def _whereabouts(generator: random.Random, country: str) -> dict[str, Any]:
    """A town and its centre, a legal form; some have none."""
    names, forms = TOWNS.get(country, ()), LEGAL_FORMS.get(country, ("",))
    town = find_town(generator.choice(names), (country,)) if names and generator.random() < SHARE_WITH_TOWN else None
    place = {"place": town.name, "lat": town.lat, "lon": town.lon} if town else {}
    return {**place, "legal_form": generator.choice(forms) or None}


def _days(generator: random.Random, kind: str) -> dict[str, Any]:
    first = date.today() + timedelta(days=generator.randint(*DAYS_AROUND_TODAY))
    last = first + timedelta(days=generator.choice((0, 0, 1, 2, 60)))
    days = {"event": {"start_date": first.isoformat(), "end_date": last.isoformat()}, "funding": {"end_date": last.isoformat()}}
    return days.get(kind, {})


def questions(count: int) -> list[str]:
    """Questions of one to three words, drawn as the texts are, without the fifty most frequent words."""
    generator = random.Random(7)
    texts: list[str] = []
    while len(texts) < count:
        lang = generator.choice(("lv", "lv", "en"))
        drawn = [word for word in draw(generator, lang, 12) if word not in words(lang)[:50]]
        texts += [" ".join(drawn[: generator.choice((1, 1, 2, 3))])] if len(drawn) > 2 else []
    return texts


def draw(generator: random.Random, lang: str, count: int) -> list[str]:
    """Words of a language by their frequency."""
    return generator.choices(words(lang), cum_weights=_weights(len(words(lang))), k=count)


@cache
def _weights(size: int) -> list[float]:
    return list(accumulate(1 / rank**EXPONENT for rank in range(1, size + 1)))


def _latvian() -> list[str]:
    lines = Path(sys.prefix, "share", "hunspell", "lv_LV.dic").read_text(encoding="utf-8").splitlines()[1:]
    return sorted(
        {line.split("/")[0] for line in lines if "po:lietv" in line and line[:1].islower() and line.split("/")[0].isalpha()}
    )


def _english() -> list[str]:
    lemmas = StreamDictionaryFactory().get_dictionary("en").values()
    return sorted({word for word in lemmas if word.isalpha() and word.islower()})
