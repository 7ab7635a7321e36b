"""What the mapping page takes for meant: forms and slips of our names, and nothing that only looks a little like one."""

from __future__ import annotations

import pytest

from crawlers.discovery.source_fields import source_values
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from platforma.catalogue.terms.unmapped import suggest
from vocabulary.likeness import Near, nearest

SURE = [
    ("country", "Sweeden", "SE"), ("country", "Vaacija", "DE"), ("country", "Marokka", "MA"), ("country", "Gvaineja", "GN"), ("country", "Jordāna", "JO"),
    ("country", "Portugāele", "PT"), ("country", "Slovakkia", "SK"),
    ("theme", "izglītībai", "education"), ("theme", "izgltība", "education"), ("theme", "vides aizsardzībai", "environment"), ("theme", "aprites ekonomiku", "circular_economy"),
    ("theme", "circular economies", "circular_economy"), ("theme", "enviroment", "environment"), ("theme", "eduction", "education"), ("theme", "sociālo pakalpojumu", "social_services"),
    ("theme", "digitalizācijai", "sociotechnical_innovation"), ("theme", "helth care", "health_care"), ("theme", "human right", "human_rights"), ("theme", "dzīvnieks", "animal_welfare"),
    ("theme", "pārtikas un lauksaimniecības", "food_agriculture"), ("theme", "brīvprātīgā darba", "civic_engagement"), ("theme", "jaunatnes darbam", "youth"), ("theme", "art", "culture"), ("country", "OMN", "OM"),
    ("kind", "projektu", "project"), ("kind", "biedrībai", "organisation"), ("kind", "sociālajiem uzņēmumiem", "social_enterprise"), ("kind", "pasakums", "event"),
    ("kind", "Fonda", "funding"), ("kind", "conferrence", "event"), ("kind", "social enterprize", "social_enterprise"), ("kind", "atbalsta organizācijām", "support_organisation"),
    ("sector", "publisks", "public"), ("sector", "privātais", "private"), ("sector", "privatte", "private"),
]  # fmt: skip
MAYBE = [
    ("country", "Latvya", "LV"), ("country", "Soomi", "FI"), ("country", "Polsa", "PL"), ("country", "Dānja", "DK"), ("country", "Islnde", "IS"),
    ("country", "Australja", "AU"),
]  # fmt: skip
NOTHING = [
    *(("country", text) for text in (
        "Vidzeme", "UK/Ireland", "Baltija", "Kurzeme", "Latgale", "Zemgale", "Sēlija", "Skandināvija", "Eiropa", "Bavārija", "Silēzija", "Tambija", "Cēsis",
        "Ventspils", "Rīgas", "Tallin", "Livonija", "Krimeja", "Karēlija", "Galisija", "Baltic", "Nordic", "Global", "World", "Online", "Visa", "Pasaule",
        "Austrumeiropa", "Tirole", "Persija", "Bohēmija", "Kaledonija", "Katalonija", "Kastilija", "Sardīnija", "Sicīlija", "Korsika", "Sibīrija", "Siberija",
        "Āfrika", "Balkāni", "om", "al", "ir", "dz", "XX", "-", "", "?", "12345", "Jānis Bērziņš", "Remote", "Several", "Dažādas", "Saksija",
    )),
    *(("theme", text) for text in (
        "jauniešu darbs", "darbs ar jauniešiem", "mūzika", "sports", "tūrisms", "Kokapstrāde", "vadība", "vīns", "ēka", "vidus", "vidi", "lauki", "science fiction",
        "youth employment", "democratic", "veselīga pārtika", "migranti un bēgļi", "citi", "other", "mode", "maize", "all",
    )),
    *(("kind", text) for text in ("skola", "kooperatīvs", "NVO", "SIA", "citi", "uzņēmējdarbība", "platums", "pasaka", "event manager", "grantu konkursi skolām", "Sociālais uzņēmējs")),
    *(("sector", text) for text in ("trešais", "social", "jaukts", "prāts", "pub")),
]  # fmt: skip


@pytest.mark.parametrize(("dimension", "text", "id"), SURE)
def test_forms_and_slips_of_a_name_are_taken_for_it(dimension: str, text: str, id: str) -> None:
    near = suggest(dimension, text)
    assert near is not None and (near.id, near.is_sure) == (id, True)


@pytest.mark.parametrize(("dimension", "text", "id"), MAYBE)
def test_where_another_name_is_near_or_the_word_is_short_it_is_only_a_hint(dimension: str, text: str, id: str) -> None:
    near = suggest(dimension, text)
    assert near is not None and (near.id, near.is_sure) == (id, False)


@pytest.mark.parametrize(("dimension", "text"), NOTHING)
def test_what_only_looks_a_little_like_a_name_is_taken_for_none(dimension: str, text: str) -> None:
    assert suggest(dimension, text) is None


NAMES = {"abcdefgh": "long", "mnopqrstuvwy": "longest", "kaabaa": "one", "kaadaa": "other", "pqrst": "short", "vwxy": "tiny"}


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("abcdefg", Near("long", True, 1)), ("abcdfgh", Near("long", True, 1)), ("abcdegfh", Near("long", True, 1)), ("Abcdéfghi", Near("long", True, 1)),
        ("abcdxxgh", None), ("zbcdefgh", None), ("mnopqrstuvxx", Near("longest", False, 2)), ("mnopqrstuxxx", None), ("mnopqrstuvw", Near("longest", True, 1)),
        ("pqrsx", Near("short", False, 1)), ("pqrstx", Near("short", False, 1)), ("pqrs", None), ("pqrxx", None), ("vwxy", None), ("vwxyz", None), ("vwx", None),
        ("kaaxaa", None), ("kaabaxa", Near("one", False, 1)),
    ],
)  # fmt: skip
def test_how_many_slips_are_one_name_misspelt(text: str, near: Near | None) -> None:
    assert nearest(text, NAMES) == near


def test_discovery_suggests_by_the_same_rule() -> None:
    raws = [
        RawRecord("1", None, {"country": country, "themes": theme})
        for country, theme in (("Vidzeme", "jauniešu darbs"), ("Sweeden", "eduction"))
    ]
    found = {one.value: one.suggestion for one in source_values(raws, Recipe(platform="p"))}
    assert found == {"Vidzeme": None, "jauniešu darbs": None, "Sweeden": "SE", "eduction": "education"}
