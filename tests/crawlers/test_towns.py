"""Towns: found by name in the table that set-up makes, in known countries or where the name is one town's alone."""

from __future__ import annotations

import pytest

from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import RawRecord, Record
from crawlers.values import towns
from crawlers.values.places import distance_km
from crawlers.values.towns import find_town, towns_begun
from tests.samples.towns import TOWNS, Town

IN_COUNTRY = """
LV Cēsīs Cēsis|LV Rīgā Riga|LV Liepājā Liepāja|LV Tukumā Tukums|LV Ventspilī Ventspils|LV Limbažos Limbaži|LV Saldū Saldus|LV Ādažos Ādaži
LV Priekule Priekule|LV Priekuļi Priekuļi|LV Valka Valka|EE Valga Valga|LV LV-4101 Cēsis Cēsis|LV Brīvības iela 1, Rīga, LV-1010 Riga
LV Rīga, Latvija Riga|LV Wenden Cēsis|LT Wilno Vilnius|LT Viļņa Vilnius|LT Vilniuje Vilnius|LT Kaune Kaunas|LT Šiauliuose Šiauliai|LT Kauņa Kaunas
EE Tallinna Tallinn|EE Tallinnas Tallinn|EE Tartus Tartu|EE Reval Tallinn|EE Tērbata Tartu|EE Tartu linn Tartu|FI Åbo Turku|FI Helsingfors Helsinki
DK København Copenhagen|PL Варшава Warsaw|PL Gdaņska Gdańsk|UA Київ Kyiv|UA Kiev Kyiv|SE Göteborg Gothenburg|DE Berlīne Berlin|GB Cambridge Cambridge
"""
NOT_ONE = [
    ("Neustadt", "DE"), ("Frankfurt", "DE"), ("Newport", "GB"), ("Tartu ja Tallinn", "EE"), ("Rīga, Liepāja", "LV"), ("Visa Latvija", "LV"),
    ("Latvija", "LV"), ("Online", "LV"), ("Kurzeme", "LV"), ("Rīga", "EE"), ("Anna", "LV"), ("", "LV"), ("-", "LV"), ("1010", "LV"),
]  # fmt: skip
ANYWHERE = [
    ("Riga", "LV"), ("Рига", "LV"), ("Liepājā", "LV"), ("Wilno", "LT"), ("Tartu", "EE"), ("Helsinki", "FI"), ("Paris", "FR"),
    ("Valga", None), ("Boston", None), ("Cambridge", None), ("Anna", None), ("Pope", None), ("Sala", None), ("Tukumā", None), ("Türi", None),
]  # fmt: skip


@pytest.mark.parametrize("line", [line for row in IN_COUNTRY.strip().splitlines() for line in row.split("|")])
def test_a_town_is_found_by_any_of_its_names(line: str) -> None:
    code, text, name = line[:2], *line[3:].rsplit(" ", 1)
    town = find_town(text, [code])
    assert town
    assert (town.name, town.country) == (name, code)


@pytest.mark.parametrize(("text", "code"), NOT_ONE)
def test_what_names_no_town_or_two_gives_none(text: str, code: str) -> None:
    assert find_town(text, [code]) is None


@pytest.mark.parametrize(("text", "code"), ANYWHERE)
def test_without_a_country_a_name_counts_only_where_one_town_bears_it(text: str, code: str | None) -> None:
    town = find_town(text)
    assert (town.country if town else None) == code


@pytest.mark.parametrize("known", TOWNS, ids=lambda known: known.name)
def test_a_town_lies_where_it_is(known: Town) -> None:
    town = find_town(known.name, [known.country])
    assert town and town.country == known.country
    assert distance_km(town.lat, town.lon, known.lat, known.lon) < 5


def test_most_towns_are_found_without_their_country_and_none_in_another() -> None:
    alone = [(known.country, town.country) for known in TOWNS if (town := find_town(known.name))]
    assert [pair for pair in alone if pair[0] != pair[1]] == []
    assert len(alone) >= 0.7 * len(TOWNS)


def normalised(recipe: dict[str, object] | None = None, **fields: object) -> Record:
    record = Normaliser(Recipe(platform="x", **(recipe or {}))).record(RawRecord("1", None, {"title": "Nosaukums", **fields}))  # type: ignore[arg-type]
    assert record
    return record


def test_a_town_gives_coordinates_that_are_told_to_be_concluded() -> None:
    record = normalised(place="Cēsīs", country="Latvija")
    assert record.lat == pytest.approx(57.31, abs=0.02)
    assert record.lon == pytest.approx(25.27, abs=0.02)
    assert record.derived == {"lat": "town Cēsis", "lon": "town Cēsis"}
    assert record.place == "Cēsīs"
    assert normalised({"defaults": {"country": "EE"}}, place="Valga").derived == {"lat": "town Valga", "lon": "town Valga"}
    assert normalised(address="Rīgas iela 5, Valmiera, LV-4201", country="LV").derived["lat"] == "town Valmiera"


def test_the_sources_own_coordinates_win() -> None:
    record = normalised(place="Cēsis", country="Latvija", lat="57.1", lon="25.1")
    assert (record.lat, record.lon, record.derived) == (57.1, 25.1, {})


def test_an_address_alone_tells_the_place_where_it_names_one_town() -> None:
    record = normalised(address="Atbrīvošanas aleja 95, Rēzekne, LV-4601", country="LV")
    assert (record.place, record.derived["place"], record.address) == (
        "Rēzekne",
        "address",
        "Atbrīvošanas aleja 95, Rēzekne, LV-4601",
    )
    assert normalised({"defaults": {"country": "LV"}}, address="Rīgas iela 5, Valmierā").place == "Valmiera"
    assert normalised(address="Brīvības iela 1, Rīga, LV-1010", country="LV").place == "Rīga", "as the address writes it"
    stated = normalised(address="Rīgas iela 5, Valmiera", place="Kocēnu pagasts", country="LV")
    assert (stated.place, "place" in stated.derived) == ("Kocēnu pagasts", False)
    for address in ("Rēzeknes iela 1", "Rīga un Liepāja, abas", "Rēzekne / Liepāja", "Daugavpils iela 2, Lejasciems", ""):
        assert (normalised(address=address, country="LV").place or "Lejasciems") == "Lejasciems", address
    nowhere = normalised(address="Atbrīvošanas aleja 95, Rēzekne")
    assert (nowhere.place, nowhere.derived) == (None, {}), "streets are named after towns, also in other countries"


def test_a_town_tells_the_country_only_where_nothing_else_does() -> None:
    record = normalised(place="Tartu")
    assert (record.country, record.countries, record.derived["country"]) == ("EE", ("EE",), "town Tartu")
    assert normalised(place="Tartu", country="Baltics").country is None
    assert normalised(place="Tartu", country="Latvija").country == "LV"
    assert normalised({"defaults": {"country": "LV"}}, place="Tartu").country == "LV"
    assert normalised(place="Tartu", lat="56.95", lon="24.1").country is None
    assert normalised(address="Tartu").country is None
    assert normalised(organisation="Paris", tags=["Berlin"]).country is None


def test_without_the_table_no_town_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(towns, "_database", lambda: None)
    assert find_town("Bauska", ["LV", "EE", "FI"]) is None
    assert towns_begun("bausk") == frozenset()


def test_hostile_texts_end_soon() -> None:
    for text in ("Rīga, " * 100_000, "(" * 100_000, "a" * 1_000_000, "1 " * 100_000, "' OR 1=1 --"):
        assert find_town(text, ["LV"]) is None or text.startswith("Rīga")


@pytest.mark.parametrize("typed", ["københ", "Kopenh", "copenhagen", "KOBENH"])
def test_a_town_is_found_by_the_beginning_of_its_name_in_any_language(typed: str) -> None:
    assert "DK-copenhagen" in towns_begun(typed)


def test_fewer_than_four_letters_begin_too_many_towns_and_what_ends_so_is_none() -> None:
    assert towns_begun("kop") == towns_begun("") == frozenset()
    assert "DK-copenhagen" not in towns_begun("hagen")
    assert "LV-riga" in towns_begun("Rīga") and "LV-riga" not in towns_begun("Rīgas")
