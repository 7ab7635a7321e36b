"""The country of a record whose source does not name one: what tells it, what agrees, and what contradicts."""

from __future__ import annotations

from typing import Any

import pytest

from crawlers.normalise import Normaliser
from crawlers.normalise.normaliser import BAD_PHONE
from crawlers.recipe import Recipe
from crawlers.record import RawRecord, Record
from crawlers.values.towns import country_around, has_namesakes


def located(source: dict[str, Any] | None = None, defaults: dict[str, Any] | None = None, **fields: object) -> Record:
    normaliser = Normaliser(Recipe(platform="x", defaults=defaults or {}))
    record = normaliser.record(RawRecord("1", None, {"title": "Nosaukums", **fields}, source=source or {}))
    assert record
    return record


TOLD = [
    ({"lat": "56.95", "lon": "24.11"}, "LV", "coordinates"), ({"lat": "47.1569", "lon": "16.2842"}, "AT", "coordinates"),
    ({"phone": "+371 26000000"}, "LV", "phone"), ({"phone": "00372 5555 5555"}, "EE", "phone"), ({"phone": "tel. +48 22 123 45 67"}, "PL", "phone"),
    ({"address": "LV-1010 Rīga, Brīvības iela 1"}, "LV", "address"), ({"address": "107 Fore Street, Ipswich IP4 1JZ"}, "GB", "address"),
    ({"address": "ul. Prosta 1, 00-950 Warszawa"}, "PL", "address"), ({"place": "Priekuļu novads"}, "LV", "place"),
    ({"region": "Harju maakond"}, "EE", "region"), ({"region": "mazowieckie"}, "PL", "region"), ({"region": "Skåne län"}, "SE", "region"),
    ({"region": "Kauno apskritis"}, "LT", "region"), ({"region": "Bayern"}, "DE", "region"), ({"region": "Uusimaa"}, "FI", "region"),
    ({"region": "Scotland", "place": "Perth"}, "GB", "region"), ({"place": "Liepāja"}, "LV", "town Liepāja"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "country", "basis"), TOLD)
def test_one_thing_that_only_one_country_has_tells_the_country(fields: dict[str, Any], country: str, basis: str) -> None:
    record = located(**fields)
    assert (record.country, record.countries, record.derived["country"]) == (country, (country,), basis)


@pytest.mark.parametrize(
    ("source", "country"),
    [
        ({"Postcode": "LV-1010"}, "LV"), ({"Pasta indekss": "LV-3001"}, "LV"), ({"kod pocztowy": "00-950"}, "PL"), ({"postal_code": "EX8 3HS"}, "GB"),
        ({"address.postalCode": "SE-111 22"}, "SE"), ({"Postcode": "1010"}, None), ({"Motto": "LV-1010"}, None),
    ],
)  # fmt: skip
def test_a_postal_code_in_a_field_of_its_own_tells_the_country_by_its_form(source: dict[str, Any], country: str | None) -> None:
    record = located(source)
    assert (record.country, record.derived.get("country")) == (country, "postcode" if country else None)


NOT_TOLD = [
    {"website": "https://saule.lv"}, {"email": "info@saule.lv"}, {"website": "https://saule.lv", "email": "info@saule.lv"},
    {"phone": "26000000"}, {"phone": "+1 800 555 0199"}, {"phone": "+371 26000000, +372 5555 5555"},
    {"phone": "+371 26000000", "address": "EE-10111 Tallinn"}, {"region": "Kurzeme", "lat": "59.43", "lon": "24.75"},
    {"place": "Tallinn", "phone": "+371 26000000"}, {"place": "Perth", "region": "Perth and Kinross"}, {"place": "Rīga", "address": "Georgia"},
    {"lat": "57.7772", "lon": "26.0351"}, {"lat": "57.4", "lon": "20.2"}, {"lat": "55.75", "lon": "37.62"}, {"country": "Baltija", "phone": "+371 26000000"},
    {"place": "Perth", "website": "https://perth.co.uk"}, {"registration": "40003032949"},
]  # fmt: skip


@pytest.mark.parametrize("fields", NOT_TOLD)
def test_a_contradiction_or_too_little_tells_no_country(fields: dict[str, Any]) -> None:
    record = located(**fields)
    assert (record.country, record.derived.get("country")) == (None, None)


@pytest.mark.parametrize(
    ("fields", "country", "basis"),
    [
        ({"place": "Cēsis", "website": "https://saule.lv"}, "LV", "town Cēsis"), ({"place": "Cēsis", "email": "info@saule.lv"}, "LV", "town Cēsis"),
        ({"registration": "40003032949", "website": "https://saule.lv"}, "LV", "registration"),
        ({"registration": "40003032948", "website": "https://saule.lv"}, None, None),
        ({"registration": "40003032949", "website": "https://saule.ee"}, None, None),
        ({"phone": "+371 26000000", "website": "https://saule.de"}, "LV", "phone"),
        ({"phone": "+371 26000000", "place": "Rīga", "lat": "56.95", "lon": "24.11"}, "LV", "coordinates"),
    ],
)  # fmt: skip
def test_the_end_of_an_address_counts_only_where_something_else_agrees(fields: dict[str, Any], country: str, basis: str) -> None:
    record = located(**fields)
    assert (record.country, record.derived.get("country")) == (country, basis)


def test_what_the_source_or_the_recipe_says_is_not_concluded() -> None:
    stated = located(country="Estonia", phone="+371 26000000")
    assert (stated.country, stated.derived) == ("EE", {})
    assumed = located(defaults={"country": "EE"}, phone="+371 26000000")
    assert (assumed.country, assumed.derived) == ("EE", {})


def test_a_town_is_looked_for_in_the_country_that_was_concluded() -> None:
    record = located(place="Perth", region="Scotland")
    assert record.lat and 56 < record.lat < 57


@pytest.mark.parametrize(
    ("lat", "lon", "country"),
    [
        (56.9496, 24.1052, "LV"), (58.38, 26.72, "EE"), (47.8384, 12.9714, None), (54.2, 25.4, None), (65.0, 20.0, "SE"),
        (0.5, 0.5, None), (40.0, -30.0, None), (56.8, 60.6, None),
    ],
)  # fmt: skip
def test_the_nearest_town_tells_the_country_where_those_of_others_are_far_beyond_it(lat: float, lon: float, country: str) -> None:
    assert country_around(lat, lon) == country


def test_a_name_of_one_town_and_its_parts_has_no_namesakes() -> None:
    assert (has_namesakes("Perth"), has_namesakes("Liepāja"), has_namesakes(""), has_namesakes("Nowhere at all")) == (
        True,
        False,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("fields", "defaults", "phone"),
    [
        ({"country": "UK"}, {}, "+441473216000"), ({"address": "107 Fore Street, Ipswich IP4 1JZ"}, {}, "+441473216000"), ({"lat": "52.05", "lon": "1.16"}, {}, "+441473216000"),
        ({"region": "Scotland"}, {}, "+441473216000"), ({}, {"country": "GB"}, "+441473216000"), ({"country": "Latvia"}, {"country": "GB"}, None), ({}, {}, None),
    ],
)  # fmt: skip
def test_a_number_without_a_calling_code_is_read_as_one_of_the_country_however_that_is_known(
    fields: dict[str, str], defaults: dict[str, str], phone: str | None
) -> None:
    normaliser = Normaliser(Recipe(platform="x", defaults=defaults))
    record = normaliser.record(RawRecord("1", None, {"title": "Nosaukums", "phone": "01473 216 000", **fields}))
    assert record is not None and record.phone == phone
    assert [problem.reason for problem in normaliser.take_problems()] == ([] if phone else [BAD_PHONE])
