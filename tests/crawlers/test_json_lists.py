"""The list of records in JSON: beside features without a name, as objects by name, in one list for each language."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawlers.adapters import json_data
from crawlers.fetch import Page
from crawlers.reading.json_lists import find_objects
from crawlers.recipe import Recipe
from crawlers.record import RawRecord

RECIPE = Recipe(platform="x", url="https://x.example/")


def page(value: Any) -> Page:
    return Page("https://x.example/data", 200, {"content-type": "application/json"}, json.dumps(value).encode())


def raws(value: Any) -> list[RawRecord]:
    return list(json_data.extract(page(value), RECIPE))


def texts(value: Any) -> list[tuple[Any, ...]]:
    return [(raw.lang, raw.fields.get("title"), raw.translations.get("en", {}).get("title")) for raw in raws(value)]


LV = [
    {"nosaukums": "Saule", "apraksts": "Laba", "majaslapa": "https://saule.example"},
    {"nosaukums": "Mēness", "majaslapa": "https://meness.example"},
]
EN = [
    {"name": "Sun", "description": "Good", "website": "https://saule.example"},
    {"name": "Moon", "website": "https://meness.example"},
]
BOTH = [("lv", "Saule", "Sun"), ("lv", "Mēness", "Moon")]


def with_ids(things: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": number, "name": thing.get("name") or thing["nosaukums"]} for number, thing in enumerate(things, start=1)]


def names(things: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"name": thing.get("name") or thing["nosaukums"]} for thing in things]


@pytest.mark.parametrize(
    "value",
    [
        {"lv": LV, "en": EN},
        {"lv": LV, "en": EN[::-1]},
        {"lv": {"items": LV}, "en": {"items": EN}},
        {"updated": "2026", "data": {"lv": LV, "en": EN}},
        {"lv": with_ids(LV), "en": with_ids(EN)[::-1]},
        {"latviski": names(LV), "english": names(EN)},
        [{"lv": one, "en": other} for one, other in zip(LV, EN, strict=True)],
        [{"name_lv": one["nosaukums"], "name_en": other["name"]} for one, other in zip(LV, EN, strict=True)],
        [{"name": {"lv": one["nosaukums"], "en": other["name"]}} for one, other in zip(LV, EN, strict=True)],
        [{"nosaukumsLv": one["nosaukums"], "nameEnglish": other["name"]} for one, other in zip(LV, EN, strict=True)],
    ],
)
def test_texts_in_two_languages_are_one_record_wherever_the_language_stands(value: Any) -> None:
    assert texts(value) == BOTH


def test_lists_of_two_languages_that_do_not_tell_what_belongs_together_stay_apart() -> None:
    assert texts({"lv": names(LV), "en": names(EN)[:1]}) == [("lv", "Saule", None), ("lv", "Mēness", None), ("en", "Sun", None)]
    others = [{"name": "Sun", "website": "https://a.example"}, {"name": "Moon", "website": "https://b.example"}]
    assert [title for _, title, _ in texts({"lv": LV, "en": others})] == ["Saule", "Mēness", "Sun", "Moon"]


def test_what_a_record_in_two_languages_says_beside_its_texts_is_kept() -> None:
    (raw, _) = raws(
        {
            "lv": [{**one, "pilseta": "Cēsis", "id": number} for number, one in enumerate(LV)],
            "en": [{**one, "id": number} for number, one in enumerate(EN)],
        }
    )
    assert (raw.remote_id, raw.fields["place"], raw.fields["website"], raw.fields["description"]) == (
        "0",
        "Cēsis",
        "https://saule.example",
        "Laba",
    )
    assert raw.translations == {"en": {"title": "Sun", "description": "Good"}}


def test_a_text_without_a_language_stays_the_main_one_beside_its_translation() -> None:
    (raw,) = raws([{"name": "Saule", "name_en": "Sun"}])
    assert (raw.lang, raw.fields["title"], raw.translations) == (None, "Saule", {"en": {"title": "Sun"}})


def feature(**properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [24.1, 56.9]}}


def test_features_without_a_name_do_not_hide_those_that_have_one() -> None:
    features = [feature(marker="red"), feature(name="Dārzs"), feature(name="Parks"), feature(name="Nams")]
    value = {"type": "FeatureCollection", "features": features, "names": [{"name": n} for n in range(9)]}
    assert [raw.fields.get("title") for raw in raws(value)] == [None, "Dārzs", "Parks", "Nams"]
    assert json_data.has_named_objects(page(value), RECIPE)
    assert not json_data.has_named_objects(
        page({"type": "FeatureCollection", "features": [feature(a=1)] * 3 + [feature(name="Parks")]}), RECIPE
    )


def test_objects_that_stand_by_their_names_are_a_list() -> None:
    places = {
        "Saules māja": {"city": "Cēsis", "url": "https://saule.example"},
        "Mēness": {"city": "Rīga"},
        "Zvaigzne": {"city": "Ogre"},
    }
    assert [(raw.remote_id, raw.fields["title"], raw.fields["place"]) for raw in raws({"places": places})] == [
        ("Saules māja", "Saules māja", "Cēsis"), ("Mēness", "Mēness", "Rīga"), ("Zvaigzne", "Zvaigzne", "Ogre"),
    ]  # fmt: skip
    named = {
        "a1": {"name": "Saule", "city": "Cēsis"},
        "a2": {"name": "Mēness", "city": "Rīga"},
        "a3": {"name": "Nams", "city": "Ogre"},
    }
    assert [(raw.remote_id, raw.fields["title"]) for raw in raws(named)] == [("a1", "Saule"), ("a2", "Mēness"), ("a3", "Nams")]


@pytest.mark.parametrize(
    "value",
    [
        {"red": {"hex": "f00"}, "blue": {"hex": "00f"}, "green": {"hex": "0f0"}},
        {"name": {"city": "a"}, "address": {"city": "b"}, "contact": {"city": "c"}},
        {"a": {"city": "Rīga"}, "b": {"city": "Cēsis"}},
        {"a": {"city": "Rīga"}, "b": {"city": "Cēsis"}, "c": 7},
        {"a": {"city": "Rīga"}, "b": {"hex": 1}, "c": {"hex": 1}},
    ],
)
def test_other_objects_are_no_list(value: Any) -> None:
    assert find_objects(value) == []


def test_keys_with_prefixes_and_camel_case_name_fields_and_persons_give_no_name() -> None:
    thing = {
        "orgName": "Saule",
        "orgWebsiteUrl": "https://saule.example",
        "socialEnterpriseCountry": "LV",
        "author": {"name": "A. B."},
        "contactName": "C. D.",
    }
    (raw, _) = raws([thing, thing | {"orgName": "Mēness"}])
    assert raw.fields == {"title": "Saule", "website": "https://saule.example", "country": "LV", "tags": []}
    assert "lon" not in raws([{"name": "Saule", "x": 120, "y": 80}])[0].fields
    (raw, _) = raws([{"text": "x", "author": {"name": "A. B."}}] * 2)
    assert "title" not in raw.fields


def test_namesakes_without_an_id_are_told_apart() -> None:
    things = [{"name": "Fridge", "city": "Hythe"}, {"name": "Fridge", "city": "Rīga"}, {"name": "Shop", "city": "Rīga"}]
    assert [raw.remote_id for raw in raws(things)] == ["fridge|hythe", "fridge|riga", "shop"]
    assert [raw.remote_id for raw in raws([{"name": "Fridge", "city": "Ogre"}, *things])][1:] == [
        "fridge|hythe",
        "fridge|riga",
        "shop",
    ]
