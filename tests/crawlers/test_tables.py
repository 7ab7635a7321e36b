"""Tables as people keep them: several columns for one thing, titles and sums around, ids, namesakes, headings that tell nothing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from flask import Flask, Response

from crawlers.adapters import table
from crawlers.crawl import crawl
from crawlers.discovery.discover import BY_VALUES, discover
from crawlers.errors import BadContent
from crawlers.fetch import Page, PoliteSession
from crawlers.importing.reading import read_file
from crawlers.reading.number_formats import pattern_of, with_digits
from crawlers.recipe import Recipe, parse_recipe
from crawlers.record import RawRecord, Record
from crawlers.state import MemoryState
from tests.crawlers.server import served

RECIPE = Recipe(platform="x", url="https://x.example/")


def page(body: bytes | str) -> Page:
    return Page(
        "https://x.example/data.csv", 200, {"content-type": "text/csv"}, body if isinstance(body, bytes) else body.encode()
    )


def raws(text: bytes | str, recipe: Recipe = RECIPE) -> list[RawRecord]:
    return list(table.extract(page(text), recipe))


def titles(text: bytes | str, recipe: Recipe = RECIPE) -> list[str]:
    return [str(raw.fields.get("title")) for raw in raws(text, recipe)]


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def test_of_several_columns_of_names_the_one_without_repetitions_names_the_rows() -> None:
    assert titles("name,Name\nServices,Agro\nServices,Casmul\nFarming,Doers\n") == ["Agro", "Casmul", "Doers"]
    assert titles("Name,Organisation name\nAgro,Agro Ltd\nCasmul,Casmul Ltd\n") == ["Agro", "Casmul"]
    (first, _, _) = raws("Organisation name,Project name\nAlpha,Food\nAlpha,Books\nBeta,Repair\n")
    assert (first.fields["title"], first.fields["organisation"]) == ("Food", "Alpha")


def test_of_several_columns_the_nearest_fills_a_field_and_another_where_it_is_empty() -> None:
    first, second = raws("Name,Activities,Description,Headquarters,City\nA,Farming,Sells.,Paris,Rīga\nB,Teaching,,,Cēsis\n")
    assert (first.fields["description"], first.fields["place"]) == ("Sells.", "Rīga")
    assert second.fields["description"] == "Teaching"


def test_values_that_contradict_a_heading_do_not_fill_its_field() -> None:
    (first, *_) = raws("Name,Country ID,E-mail\nA,11,see web\nB,12,see web\nC,13,see web\n")
    assert first.fields == {"title": "A"}
    (first, *_) = raws("Name,No,Website\nA,1,https://a.lv\nB,2,https://b.lv\nC,3,https://c.lv\n")
    assert first.fields == {"title": "A", "website": "https://a.lv"}


def test_texts_in_several_languages_stay_together() -> None:
    text = "Nosaukums (LV);Nosaukums (EN);Apraksts LV;Description in English\nSaule;Sun;Laba;Good\nMēness;;Labs;\n"
    first, second = raws(text)
    assert (first.lang, first.fields, first.translations) == (
        "lv", {"title": "Saule", "description": "Laba"}, {"en": {"title": "Sun", "description": "Good"}}
    )  # fmt: skip
    assert second.translations == {}


@pytest.mark.parametrize(
    "text",
    [
        "Sociālo uzņēmumu saraksts;;\nuz 2026. gadu;;\n\nNosaukums;Kontakti;\n;E-pasts;Tālrunis\nSaule;a@b.lv;67000000\nMēness;c@d.lv;67000001\n",
        "Organizācija;;\nNosaukums;E-pasts;Tālrunis\nSaule;a@b.lv;67000000\nMēness;c@d.lv;67000001\n",
        "Nosaukums;E-pasts;Tālrunis\n;;\nSaule;a@b.lv;67000000\nNosaukums;E-pasts;Tālrunis\nMēness;c@d.lv;67000001\nDati no reģistra;;\n",
    ],
)
def test_titles_and_headers_of_two_lines_are_no_entries(text: str) -> None:
    assert [(raw.fields["title"], raw.fields["email"], raw.fields["phone"]) for raw in raws(text)] == [
        ("Saule", "a@b.lv", "67000000"),
        ("Mēness", "c@d.lv", "67000001"),
    ]


@pytest.mark.parametrize(
    "total", ["Kopā;2;", "Kopā: 2;;", ";Kopā;2", "Total;;2", "Iš viso;2;100", "Kokku (2);;", "Razem;2;", "Summe;;2", "Yhteensä;2;2", "Итого;2;", "Summa;1 200,50;€ 3"]
)  # fmt: skip
def test_a_row_that_sums_up_is_no_entry(total: str) -> None:
    assert titles(f"Nosaukums;Dalībnieki;Gads\nSaule;12;2020\nMēness;13;2021\n{total}\n") == ["Saule", "Mēness"]


def test_an_initiative_that_is_called_like_a_sum_stays() -> None:
    assert titles("Nosaukums;Pilsēta\nSaule;Rīga\nKopā;Cēsis\n") == ["Saule", "Kopā"]
    assert titles("Nosaukums;Reģ. nr.\nSaule;40008000001\nKopā;40008000002\n") == ["Saule", "Kopā"]
    assert titles("Nosaukums;Gads\nKopā;2019\nSaule;2020\n") == ["Kopā", "Saule"]


def test_headings_of_sections_are_no_entries() -> None:
    text = "Nosaukums;Pilsēta;Valsts\nLatvija;;\nSaule;Rīga;Latvija\nIgaunija;;\nPäike;Tartu;Eesti\nNordic:;;\nSol;Oslo;Norge\nVidzeme;Vidzeme;Vidzeme\nMēness;Cēsis;Latvija\nTikai vārds;;\nX;Y;Latvija\n"
    assert titles(text) == ["Saule", "Päike", "Sol", "Mēness", "Tikai vārds", "X"]
    assert titles("Nosaukums;Valsts\nLatvija;\nSaule;Latvija\n") == ["Latvija", "Saule"]


ENTRIES: list[list[Any]] = [
    ["Nosaukums", "Joma", "Reģ. nr.", "E-pasts"],
    *([f"Nams {n}", "Vide", f"4000800000{n}", f"a{n}@b.lv"] for n in range(3)),
    ["Kopā", 3],
]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("Leģenda", [["Nosaukums", "E-pasts"], ["Zaļš", "apstiprināts"]]),
        ("Lapa2", [["Nosaukums", "Organizācijas nosaukums"], ["Joma", "Darbības joma"], ["Reģ. nr.", "Numurs reģistrā"], ["E-pasts", "Kontakts"]]),
        ("Jomas", [["Nosaukums", "Apraksts"], ["Vide", "Daba"], ["Kultūra", "Māksla"]]),
        ("Lapa3", [["Nosaukums"], ["Kaut kas"], ["Vēl kas"]]),
    ],
)  # fmt: skip
def test_sheets_that_explain_or_list_words_hold_no_entries(name: str, rows: list[list[Any]]) -> None:
    body = workbook({"Saraksts": ENTRIES, name: rows})
    assert titles(body) == ["Nams 0", "Nams 1", "Nams 2"]
    assert len(titles(body, parse_recipe({"platform": "x", "sheets": [name]}))) == len(rows) - 1


def test_sheets_of_one_form_are_all_taken() -> None:
    body = workbook({"2025": ENTRIES[:3], "2026": [ENTRIES[0], ["Cits nams", "Kultūra", "40008000009", "c@b.lv"]]})
    assert titles(body) == ["Nams 0", "Nams 1", "Cits nams"]


def test_numbers_keep_the_zeros_that_their_format_shows() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Lista")
        sheet.write_row(0, 0, ["Nazwa", "Numer KRS", "Opis", "Telefon"])
        zeros, grouped, decimals = (book.add_format({"num_format": code}) for code in ("0000000000", '"PL-"000-000', "0.00"))
        sheet.write(1, 0, "Fundacja")
        sheet.write_number(1, 1, 12345, zeros)
        sheet.write_number(1, 2, 1234, grouped)
        sheet.write_number(1, 3, 7, decimals)
    (raw,) = raws(out.getvalue())
    assert raw.remote_id == "0000012345"
    assert raw.fields == {"title": "Fundacja", "registration": "0000012345", "description": "1234", "phone": "7"}


@pytest.mark.parametrize(
    ("code", "pattern"),
    [("0000000000", "0000000000"), ("000-000-00-00", "000-000-00-00"), ("[$-409]00000;@", "00000"), ("00000\\-000", "00000-000"), ("0", None),
     ("0.00", None), ("#,##0", None), ("General", None), ("dd.mm.yyyy", None), ("00%", None), ('"a"00', None), ("0" * 500, "0" * 60)],
)  # fmt: skip
def test_only_formats_of_a_fixed_number_of_digits_are_patterns(code: str, pattern: str | None) -> None:
    assert pattern_of(code) == pattern


def test_a_number_is_written_as_its_pattern_shows_it() -> None:
    assert [with_digits(text, "000-000") for text in ("7", "123456", "1234567", "1.5", "a")] == [
        "000-007",
        "123-456",
        "1234567",
        "1.5",
        "a",
    ]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Org ID,Name\nO7,A\nO3,B\n", ["O7", "O3"]),
        ("Name,Reģ. nr.,ID\nA,40008000001,7\nB,40008000002,3\n", ["40008000001", "40008000002"]),
        ("Nr.,Name\n1,A\n2,B\n", ["a", "b"]),
        ("Nr.,Name\n107,A\n53,B\n", ["107", "53"]),
        ("ID,Name\n7,A\n7,B\n", ["a", "b"]),
        ("Projekts,Nosaukums,Reģ. nr.,Vieta\nx,A,40008000001,Rīga\nx,B,40008000001,Cēsis\n", ["a", "b"]),
        ("Service ID,Org ID,Service name\nS1,O1,Food\nS2,O1,Books\nS3,O2,Repair\n", ["S1", "S2", "S3"]),
    ],
)
def test_a_column_with_an_id_of_each_row_is_its_identity(text: str, ids: list[str]) -> None:
    assert [raw.remote_id for raw in raws(text)] == ids


FRIDGES = [
    "Fridge,Hythe,https://a.lv,", "Fridge,Hythe,https://b.lv,", "Fridge,Rīga,,", "Fridge,Ogre,,", "Fridge,Ogre,,x", "Shop,Rīga,,",
]  # fmt: skip


def fridge_ids(*rows: str) -> list[str]:
    return [raw.remote_id for raw in raws("\n".join(["Name,City,Website,Note", *rows]))]


def test_namesakes_are_told_apart_by_what_they_say_and_not_by_their_place() -> None:
    ids = fridge_ids(*FRIDGES)
    assert ids[:3] == ["fridge|https://a.lv", "fridge|https://b.lv", "fridge|riga"]
    assert ids[3:] == ["fridge|ogre", "fridge|ogre#2", "shop"]
    assert fridge_ids("Fridge,Cēsis,https://c.lv,", *FRIDGES)[1:] == ids
    assert fridge_ids(*FRIDGES[3:], *FRIDGES[:3]) == [*ids[3:], *ids[:3]]
    assert fridge_ids(FRIDGES[0], FRIDGES[0]) == ["fridge", "fridge"]


HOSTILE = "Name,City\n" + "".join(f"A,{'x' * (n % 3)}\n" for n in range(3000))


def test_many_namesakes_cost_no_more_than_their_number() -> None:
    assert len({raw.remote_id for raw in raws(HOSTILE)}) == 3


def test_columns_without_a_telling_heading_are_concluded_once_and_told() -> None:
    app = Flask("tables")
    text = "Apteek;Linn;Kuhu\nSüda;Tartu;https://suda.example\nRaekoja;Tallinn;https://raekoja.example\nKesk;Pärnu;https://kesk.example\n"
    app.add_url_rule("/a.csv", view_func=lambda: Response(text, content_type="text/csv"))
    state = MemoryState()
    with served(app) as base, PoliteSession(contact=None, allow_private=True) as session:
        proposal = discover(f"{base}a.csv", session)
        crawl(proposal.recipe, session, state)
    assert proposal.recipe.fields == {"title": "Apteek", "website": "Kuhu"}
    assert [(problem.field, problem.value) for problem in proposal.problems if problem.reason == BY_VALUES] == [
        ("title", "Apteek"),
        ("website", "Kuhu"),
    ]
    assert {(*record.title.values(), record.website) for record in state.records.values()} == {
        ("Süda", "https://suda.example"), ("Raekoja", "https://raekoja.example"), ("Kesk", "https://kesk.example")
    }  # fmt: skip


def test_the_column_of_ids_stands_in_the_proposed_recipe() -> None:
    assert table.proposed(page("Org ID,Name\nO7,A\nO3,B\n"), RECIPE).key == "Org ID"
    assert table.proposed(page("Name,Reģ. nr.\nA,40008000001\nB,40008000002\n"), RECIPE).key is None
    assert table.proposed(page("Org ID,Name\nO7,A\nO3,B\n"), parse_recipe({"platform": "x", "key": "Name"})).key == "Name"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Code;Item;2022;2023\n1000;Salaries;1;2\n2000;Rent;3;4\n3000;Travel;5;6\n", "Code, Item, 2022, 2023"),
        ("First name,Last name,E-mail\nA,B,a@b.lv\nC,D,c@d.lv\nE,F,e@f.lv\n", "First name, Last name, E-mail"),
        ("Register\nColour;Size\nRed;big\nBlue;small\nGreen;big\n", "Colour, Size"),
    ],
)
def test_of_a_table_whose_columns_tell_no_names_it_is_told_which_there_are(text: str, columns: str) -> None:
    app = Flask("tables")
    app.add_url_rule("/a.csv", view_func=lambda: Response(text, content_type="text/csv"))
    with served(app) as base, PoliteSession(contact=None, allow_private=True) as session, pytest.raises(BadContent) as caught:
        discover(f"{base}a.csv", session)
    assert (caught.value.reason, caught.value.values) == (table.NO_NAMES, {"columns": columns})


def test_a_heading_that_only_may_name_the_rows_needs_another_fact_and_different_values() -> None:
    assert titles("Makerspace,City\nLab,Rīga\nHub,Cēsis\n") == ["Lab", "Hub"]
    assert titles("Skolas nosaukums,Pilsēta\nA skola,Rīga\nB skola,Cēsis\n") == ["A skola", "B skola"]
    with pytest.raises(BadContent):
        titles("Product,Price\nBread,2\nMilk,1\n")
    assert titles("Event,Organisation\nFair,Alpha\nFair,Beta\n") == ["Alpha", "Beta"]
    assert titles("Event,Organisation\nFair,Alpha\nRace,Alpha\n") == ["Fair", "Race"]


def test_an_imported_table_is_read_in_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Nr.;Biedrības nosaukums;Mājaslapas adrese\n1;Saule;https://saule.example\nKopā: 1;;\n", encoding="utf-8")
    (record,) = read_file(path, RECIPE)
    assert isinstance(record, Record)
    assert (record.remote_id, record.website) == ("saule", "https://saule.example")
