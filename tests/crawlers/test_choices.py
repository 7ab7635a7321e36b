"""Choices: a source's own fields by its own names, which of ours each fills, and what changes where people choose otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from crawlers.errors import RecipeError
from crawlers.normalise import Normaliser
from crawlers.normalise.choices import chosen, own_field_list, sources_of
from crawlers.recipe import Recipe, parse_recipe
from crawlers.record import RawRecord
from crawlers.values.own_fields import own_fields

FACTS = {"Adrese": "Brīvības iela 1", "Atrašanās vieta": "Cēsis", "Darbības lauks": "jauniešu darbs"}


def page(**more: Any) -> RawRecord:
    fields = {"title": "Kaimiņu darbnīca", "address": "Brīvības iela 1", "place": "Cēsis", "description": "Labojam kopā."}
    return RawRecord("1", "https://v.example/1", fields | more, source={"facts": FACTS})


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ({"facts": {"Valsts": "Latvija"}, "fields": {"country": "Latvija"}}, ["Valsts"]),
        ({"acf": {"org_email": "info@v.example"}, "meta": {"x": "1"}, "id": 7}, ["org_email", "x"]),
        ({"facts": {"Vieta": "Cēsis"}, "acf": {"place": {"address": "Cēsis"}}}, ["Vieta"]),
        ({"Nosaukums": "Saule", "Piezīmes": ""}, ["Nosaukums"]),
        ({"name": "Saule", "tags": ["a", "b"], "location": {"city": "Cēsis"}}, ["name", "tags", "location.city"]),
        ({"id": "rec1", "fields": {"Name": "Saule"}}, ["id", "fields.Name"]),
        ({"entity": {"name": "Saule"}, "facts": {}}, []),
        ({"@type": "x", "name": "Saule"}, ["name"]),
    ],
)
def test_own_fields_have_the_names_of_the_source(source: dict[str, Any], names: list[str]) -> None:
    assert list(own_fields(source)) == names


def test_each_field_of_ours_knows_its_source() -> None:
    raw = page()
    sources = sources_of(raw, own_fields(raw.source))
    assert sources == {"title": "@title", "address": "Adrese", "place": "Atrašanās vieta", "description": "@description"}


def test_a_value_that_stands_under_two_names_is_the_one_with_the_known_name() -> None:
    raw = RawRecord("1", None, {"title": "Cēsis", "place": "Cēsis"}, source={"facts": {"Vieta": "Cēsis", "Foo": "Cēsis"}})
    assert sources_of(raw, own_fields(raw.source)) == {"title": "Foo", "place": "Vieta"}
    raw.source["facts"].pop("Foo")
    assert sources_of(raw, own_fields(raw.source)) == {"title": "@title", "place": "Vieta"}


def test_fields_are_listed_with_how_often_they_occur_some_values_and_what_they_fill() -> None:
    other = RawRecord("2", None, {"title": "Saule", "place": "Ogre"}, source={"facts": {"Atrašanās vieta": "Ogre", "uid": "7"}})
    listed = [(one.name, one.count, one.samples, one.ours) for one in own_field_list([page(), other])]
    assert listed == [
        ("@title", 2, ("Kaimiņu darbnīca", "Saule"), "title"),
        ("Atrašanās vieta", 2, ("Cēsis", "Ogre"), "place"),
        ("@description", 1, ("Labojam kopā.",), "description"),
        ("Adrese", 1, ("Brīvības iela 1",), "address"),
        ("Darbības lauks", 1, ("jauniešu darbs",), ""),
    ]


@pytest.mark.parametrize(
    ("choices", "fields"),
    [
        ({}, {"title": "Kaimiņu darbnīca", "address": "Brīvības iela 1", "place": "Cēsis", "description": "Labojam kopā."}),
        ({"Adrese": None}, {"title": "Kaimiņu darbnīca", "place": "Cēsis", "description": "Labojam kopā."}),
        (
            {"Darbības lauks": "themes", "Adrese": "region"},
            {
                "title": "Kaimiņu darbnīca", "place": "Cēsis", "description": "Labojam kopā.",
                "themes": "jauniešu darbs", "region": "Brīvības iela 1",
            },
        ),
        ({"@description": "summary", "Adrese": None, "Atrašanās vieta": None}, {"title": "Kaimiņu darbnīca", "summary": "Labojam kopā."}),
        (
            {"Adrese": "place", "Atrašanās vieta": "address"},
            {"title": "Kaimiņu darbnīca", "description": "Labojam kopā.", "place": "Brīvības iela 1", "address": "Cēsis"},
        ),
        ({"@title": None, "Adrese": None, "Atrašanās vieta": None, "@description": None}, {}),
    ],
)  # fmt: skip
def test_what_is_chosen_fills_the_field_and_what_is_moved_or_not_taken_leaves_it(
    choices: dict[str, str | None], fields: dict[str, str]
) -> None:
    raw = page()
    assert chosen(raw, choices).fields == fields
    assert raw == page(), "what was read stays as it was"


def test_an_entry_whose_chosen_field_is_empty_keeps_what_it_had() -> None:
    assert chosen(page(), {"Telefons": "address"}).fields["address"] == "Brīvības iela 1"


def test_only_what_the_reading_found_has_translations() -> None:
    raw = page()
    raw.translations = {"en": {"title": "Workshop", "summary": "", "description": "We mend."}}
    assert chosen(raw, {"Adrese": "title"}).translations == {"en": {"summary": "", "description": "We mend."}}
    assert chosen(raw, {"@description": "summary"}).translations == {"en": {"title": "Workshop", "summary": "We mend."}}
    assert chosen(raw, {"Adrese": None}).translations == raw.translations


def test_a_record_is_made_by_the_choices_of_its_recipe() -> None:
    recipe = Recipe(platform="v", choices={"Darbības lauks": "tags", "Adrese": "title"})
    record = Normaliser(recipe).record(page())
    assert record is not None
    assert (record.title, record.address, record.tags) == ({"lv": "Brīvības iela 1"}, None, ("jauniešu darbs",))
    assert Normaliser(Recipe(platform="v", choices={"@title": None})).record(page()) is None


@pytest.mark.parametrize(
    ("choices", "says"),
    [({"A": "adress"}, "address"), ({"A": "place", "B": "place"}, "place"), ({"A": "nonsense"}, "nonsense")],
)
def test_choices_of_no_field_of_ours_or_twice_of_one_are_refused(choices: dict[str, str], says: str) -> None:
    with pytest.raises(RecipeError, match=says):
        parse_recipe({"platform": "v", "choices": choices})
    assert parse_recipe({"platform": "v", "choices": {"A": None, "B": None}}).choices == {"A": None, "B": None}
