"""Seat and countries: to people they are one thing, whoever names one of them or both."""

from __future__ import annotations

from typing import Any

import pytest

from platforma.catalogue.listings.compose import compose, with_seat
from tests.rules.rows import record, value


def composed(source: tuple[str | None, tuple[str, ...]], *values: Any) -> tuple[Any, Any, Any]:
    """Seat, countries, and whose word the countries are."""
    listing = compose([record("a", country=source[0], countries=source[1])], values)
    return listing["fields"].get("country"), listing["fields"].get("countries"), listing["origins"].get("countries")


@pytest.mark.parametrize(
    ("source", "named", "seat", "countries"),
    [
        (("LV", ("LV",)), {"country": "EE"}, "EE", ["EE"]),
        (("LV", ("LT", "LV", "FI")), {"country": "EE"}, "EE", ["LT", "EE", "FI"]),
        (("LV", ("LT", "LV")), {"country": "LT"}, "LT", ["LT"]),
        (("LV", ("LT", "LV")), {"country": ""}, None, ["LT"]),
        (("LV", ()), {"country": "EE"}, "EE", ["EE"]),
        ((None, ("LT",)), {"country": "EE"}, "EE", ["EE", "LT"]),
        ((None, ()), {"country": "EE"}, "EE", ["EE"]),
        (("LV", ("LV",)), {"countries": ["LT", "LV"]}, "LV", ["LT", "LV"]),
        (("LV", ("LV",)), {"countries": ["EE", "FI"]}, None, ["EE", "FI"]),
        (("LV", ("LV",)), {"countries": []}, None, []),
        (("LV", ("LV",)), {"country": "EE", "countries": ["FI"]}, "EE", ["EE", "FI"]),
        (("LV", ("LV",)), {"country": "EE", "countries": ["FI", "EE"]}, "EE", ["FI", "EE"]),
        (("LV", ("LV", "LT")), {"country": "", "countries": ["FI"]}, None, ["FI"]),
        (("LV", ("LV",)), {"country": "EE", "countries": ["LV", "EE"]}, "EE", ["LV", "EE"]),
        (("LV", ("LV",)), {"country": ""}, None, []),
    ],
)
@pytest.mark.parametrize("layer", ["owner", "curator"])
def test_seat_and_countries_are_one_thing_to_people(
    source: tuple[Any, Any], named: dict[str, Any], seat: str | None, countries: list[str], layer: str
) -> None:
    values = [value(name, content, layer=layer) for name, content in named.items()]
    for order in (values, values[::-1]):
        assert composed(source, *order)[:2] == (seat, countries or None)


def test_another_seat_takes_the_place_of_the_weaker_layers() -> None:
    owner, curator = value("country", "EE", layer="owner"), value("country", "FI")
    assert composed(("LV", ("LV", "LT")), owner, curator) == ("FI", ["FI", "LT"], "curator")
    assert composed(("LV", ("LV", "LT")), owner) == ("EE", ["EE", "LT"], "owner")


def test_a_stronger_layer_that_names_the_countries_wins_over_a_weaker_ones_seat() -> None:
    values = value("country", "EE", layer="owner"), value("countries", ["LV"])
    assert composed(("LT", ("LT",)), *values) == (None, ["LV"], "curator")


def test_the_same_seat_again_changes_nothing() -> None:
    assert composed(("LV", ("LV", "LT")), value("country", "LV")) == ("LV", ["LV", "LT"], "a")


def test_the_seat_is_among_the_countries_of_records_too() -> None:
    assert composed(("LV", ())) == ("LV", ["LV"], "a")
    assert composed(("LV", ("EE",))) == ("LV", ["LV", "EE"], "a")
    assert composed((None, ())) == (None, None, None)
    better, weaker = record("a", id=1, countries=("EE",)), record("b", id=2, country="LV")
    fields = compose([better, weaker], [])["fields"]
    assert (fields["country"], fields["countries"]) == ("LV", ["LV", "EE"])


def test_what_the_former_seat_was_concluded_from_goes_with_it() -> None:
    source = record("a", country="LV", countries=("LV",), derived={"country": "town Cēsis", "countries": "town Cēsis"})
    assert compose([source], [value("country", "EE")])["derived"] == {}
    assert compose([source], [value("countries", ["EE"])])["derived"] == {}
    assert compose([source], [])["derived"].keys() == {"country", "countries"}


def test_a_country_stands_once_and_the_seat_where_it_was_put() -> None:
    assert with_seat("LV", ["EE", "LV", "EE"]) == ["EE", "LV"]
    assert with_seat("LV", ["EE"]) == ["LV", "EE"]
    assert with_seat(None, ["EE"]) == ["EE"]


def test_countries_that_are_no_more_have_nobodys_word() -> None:
    assert composed(("LV", ("LV",)), value("country", "")) == (None, None, None)
