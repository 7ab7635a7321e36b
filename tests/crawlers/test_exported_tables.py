"""Tables as databases and city registers export them: nothing written as NULL, both coordinates in one column."""

from __future__ import annotations

import pytest

from crawlers.record import Problem, Record
from tests.crawlers.memory_site import extracted, recipe_of

TABLE = recipe_of("table")


def read(text: str) -> tuple[list[Record], list[Problem]]:
    return extracted(TABLE, text, "a.csv", content_type="text/csv")


def test_coordinates_in_one_column_are_a_point() -> None:
    (first, second), problems = read('Nosaukums,Koordinātas\nSaules māja,"56.9496, 24.1052"\nUpes ļaudis,NULL\n')
    assert (first.lat, first.lon) == (56.9496, 24.1052)
    assert second.lat is None
    assert not problems


def test_a_column_of_other_numbers_called_coordinates_is_left() -> None:
    rows = "".join(f"Saules māja {n},31200{n} 50600{n}\n" for n in range(8))
    found, problems = read(f"Nosaukums,Koordinātas\n{rows}")
    assert {record.lat for record in found} == {None}
    assert not problems


@pytest.mark.parametrize("nothing", ["NULL", "null", "(null)", "NaN", "#N/A", "n/a", r"\N"])
def test_what_a_database_writes_for_nothing_is_nothing(nothing: str) -> None:
    (first,), problems = read(f"Nosaukums,Sākuma datums,Apraksts\nSaules māja,{nothing},{nothing}\n")
    assert (first.start_date, dict(first.description)) == (None, {})
    assert not problems


def test_a_register_of_a_city_is_read_with_its_dates_texts_and_themes() -> None:
    text = (
        '"Hanke","AlkuPvm","LoppuPvm","Aihepiiri","JulkaistavaProjektikuvaus","Organisaatio","Projekti"\n'
        '"Ohjelma","2015-03-01","2021-12-31","Koulutus|Liikenne","Parannamme pihaa.\\r\\n\\r\\nJa puistoa.","Pihakeskus","Kevätpiha"\n'
        '"Ohjelma","2016-03-01","null","Koulutus","Opetamme lapsia.","Pihakeskus","Puistokerho"\n'
    )
    (first, second), _ = read(text)
    assert dict(first.title) == {"fi": "Kevätpiha"}
    assert (first.start_date, first.end_date) == ("2015-03-01", "2021-12-31")
    assert dict(first.description) == {"fi": "Parannamme pihaa.\nJa puistoa."}
    assert (second.start_date, second.end_date) == ("2016-03-01", None)
