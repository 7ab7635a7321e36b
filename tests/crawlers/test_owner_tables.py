"""Tables of owners: each bad cell is named by its place with what is wrong, whatever the file's form; good rows are records."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
import xlsxwriter

from crawlers.errors import BadContent
from crawlers.importing.isolation import check_table_apart
from crawlers.owner_tables import cells, grids
from crawlers.owner_tables.checking import EXAMPLE_ROW, NO_ENTRIES, ONLY_EXAMPLE, TableCheck, check_table
from crawlers.owner_tables.columns import column_letters, field_named
from crawlers.owner_tables.questions import TableQuestion
from crawlers.recipe import Recipe
from tests.people.owner_table import HEADINGS, KINDS, Row, as_csv, as_xlsx, bad_rows, good_row, letters, name

RECIPE = Recipe(platform="t", adapter="file")
FORMS: dict[str, tuple[Callable[[list[Row]], bytes], str]] = {
    "semicolons": (lambda rows: as_csv(rows), "a.csv"),
    "commas": (lambda rows: as_csv(rows, ","), "a.csv"),
    "tabs": (lambda rows: as_csv(rows, "\t"), "pasted"),
    "with a mark": (lambda rows: as_csv(rows, encoding="utf-8-sig"), "a.csv"),
    "as Excel saves Unicode": (lambda rows: as_csv(rows, "\t", "utf-16"), "a.txt"),
    "as Baltic Windows saves": (lambda rows: as_csv(rows, encoding="cp1257"), "a.csv"),
    "workbook": (as_xlsx, "a.xlsx"),
}


def checked(body: bytes | str, *examples: str, recipe: Recipe = RECIPE, chosen: dict[int, str] | None = None) -> TableCheck:
    data = body.encode() if isinstance(body, str) else body
    return check_table(data, "a", TableQuestion(recipe, chosen or {}, examples))


def said(check: TableCheck) -> list[tuple[int, str, str]]:
    """Row, letters of the column and reason of each error."""
    return [(error.row, column_letters(error.column), error.reason) for error in check.errors]


def one(heading: str, text: str, **more: str) -> list[tuple[int, str, str]]:
    """What is said of a table of one row, which is right but for this cell."""
    return said(checked(as_csv([good_row(1) | {heading: text} | more])))


def test_forty_bad_cells_in_a_thousand_rows_are_each_named_by_place_and_reason() -> None:
    rows, faults = bad_rows()
    check = check_table_apart(as_xlsx(rows), "saraksts.xlsx", TableQuestion(RECIPE))
    assert said(check) == [(row, letters(heading), reason) for row, heading, _text, reason in faults]
    assert len({reason for *_, reason in faults}) >= 15 and len(faults) == 40
    by_place = {(error.row, error.heading): error.value for error in check.errors}
    assert all(by_place[row, heading] == text[:200] for row, heading, text, _reason in faults)
    assert check.entries == 1000 and len(check.records) == 1000 - len({error.row for error in check.errors})


def test_a_text_file_names_the_same_forty_cells() -> None:
    rows, faults = bad_rows()
    expected = [(row, letters(heading), reason) for row, heading, _text, reason in faults]
    assert said(checked(as_csv(rows))) == expected


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_table_gives_the_same_record(form: str) -> None:
    make, file_name = FORMS[form]
    check = check_table(make([good_row(1), good_row(2)]), file_name, TableQuestion(RECIPE))
    record = check.records[0].record
    assert said(check) == [] and check.entries == 2
    assert record.title == {"lv": name(1), "en": f"{name(1)} (in English)"}
    assert (record.remote_id, record.kind, record.sectors, record.themes) == ("T-1", "organisation", ("ngo",), ("environment",))
    assert (record.country, record.place, record.lat, record.lon) == ("LV", "Cēsis", 57.3119, 25.2746)
    assert (record.phone, record.email) == ("+37167000001", "info@darbnica1.example")
    assert (record.start_date, record.end_date) == ("2026-05-01", "2026-06-01")
    assert [heading.text for heading in check.headings if heading.field is None] == ["Piezīmes mums"]


@pytest.mark.parametrize(("heading", "text", "reason"), KINDS[1:-1])
def test_each_kind_of_fault_is_told_apart(heading: str, text: str, reason: str) -> None:
    column = "Ģeogrāfiskais platums" if reason == cells.NO_LONGITUDE else heading
    assert one(heading, text) == [(2, letters(column), reason)]


@pytest.mark.parametrize(
    ("heading", "text", "reason"),
    [
        ("Tīmekļa vietne", "mailto:info@darbnica.example", cells.BAD_SCHEME),
        ("Tīmekļa vietne", "javascript:alert(1)", cells.BAD_SCHEME),
        ("Tīmekļa vietne", "http://localhost:8080/", cells.PRIVATE_HOST),
        ("Tīmekļa vietne", "http://[::1]/", cells.PRIVATE_HOST),
        ("Tīmekļa vietne", "printeris.local", cells.PRIVATE_HOST),
        ("Tīmekļa vietne", "darbnica", cells.BAD_WEBSITE),
        ("Attēls", "C:\\bildes\\logo.png", cells.BAD_IMAGE),
        ("Vieta", "=A1&B1", cells.FORMULA),
        ("Vieta", "#REF!", cells.ERROR_VALUE),
        ("Vieta", "####", cells.ERROR_VALUE),
        ("Vieta", "R\ufffdga", cells.LOST_LETTERS),
        ("Vieta", "v" * 501, cells.LONG_LINE),
        ("ID", "i" * 201, cells.LONG_ID),
        ("Ģeogrāfiskais garums", "225,2", cells.BAD_LONGITUDE),
        ("Ģeogrāfiskais platums", "", cells.NO_LATITUDE),
        ("Ģeogrāfiskais platums", "56.949.600", cells.BAD_DEGREES),
        ("Ģeogrāfiskais platums", "-33,9", cells.WRONG_PLACE),
        ("Sākums", "45678", cells.DATE_NUMBER),
        ("Sākums", "03/04/2026", cells.BAD_DATE),
    ],
)
def test_further_faults_have_reasons_of_their_own(heading: str, text: str, reason: str) -> None:
    column = "Ģeogrāfiskais garums" if reason == cells.NO_LATITUDE else heading
    assert one(heading, text) == [(2, letters(column), reason)]


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Tīmekļa vietne", "darbnica.example"),
        ("Tīmekļa vietne", "http://darbnica.example:8443/lapa?x=1"),
        ("Tālrunis", "37167000001"),
        ("Tālrunis", "67 000 000"),
        ("Valsts", "Latvia"),
        ("Valsts", "LV"),
        ("Jomas", "vide; izglītība"),
        ("Sākums", "01.05.2026."),
        ("Sākums", "2026"),
        ("Vieta", "-"),
        ("Vieta", "+ Rīga"),
    ],
)
def test_what_people_usually_write_is_no_fault(heading: str, text: str) -> None:
    assert one(heading, text, Beigas="") == []


def test_both_coordinates_zero_are_a_fault() -> None:
    rows = as_csv([good_row(1) | {"Ģeogrāfiskais platums": "0", "Ģeogrāfiskais garums": "0"}])
    assert said(checked(rows)) == [(2, "J", cells.ZERO_POINT)]


def test_the_same_identifier_and_the_same_name_with_the_same_site_are_told_with_the_other_row() -> None:
    check = checked(as_csv([good_row(1), good_row(2) | {"ID": "T-1"}]))
    assert said(check) == [(3, "A", cells.SAME_ID)] and check.errors[0].values == {"row": "2"}
    without_ids = [good_row(1) | {"ID": ""}, good_row(2) | {"ID": ""}, good_row(1) | {"ID": ""}]
    check = checked(as_csv(without_ids))
    assert said(check) == [(4, "B", cells.SAME_ROW)] and check.errors[0].values == {"row": "2"}
    elsewhere = good_row(1) | {"ID": "", "Tīmekļa vietne": "https://cita.example"}
    assert said(checked(as_csv([without_ids[0], elsewhere]))) == []


def test_unknown_themes_and_addresses_of_persons_are_notes_and_stop_nothing() -> None:
    check = checked(as_csv([good_row(1) | {"Jomas": "vide, burvestības", "E-pasts": "janis.kalns@darbnica.example"}]))
    assert [(note.heading, note.reason) for note in check.remarks] == [
        ("Jomas", cells.NO_THEME),
        ("E-pasts", cells.PERSONAL_EMAIL),
    ]
    assert check.errors == () and check.records[0].record.email is None


def test_a_value_to_the_right_of_all_headings_is_a_fault() -> None:
    assert said(checked("Nosaukums;Valsts\nKopā;Latvija;te nekas\n")) == [(2, "C", cells.NO_HEADING)]


def test_rows_are_counted_as_spreadsheets_do_with_titles_and_empty_rows_before_them() -> None:
    text = "Mūsu saraksts\n\nNosaukums;Valsts\n\nKopā;Latvija\n;Latvija\n"
    assert said(checked(text)) == [(6, "A", cells.NO_NAME)]
    quoted = 'Nosaukums;Apraksts\n"Kopā";"divas\nrindas"\n;tukšs\n'
    assert said(checked(quoted)) == [(3, "A", cells.NO_NAME)], "a cell of two lines is one row"


def test_pasted_cells_keep_quotation_marks_of_names() -> None:
    check = checked('Nosaukums\tVieta\n"Kopā" biedrība\tRīga\n"divas\nrindas ""tā"""\tCēsis\n')
    titles = [next(iter(mapped.record.title.values())) for mapped in check.records]
    assert titles == ['"Kopā" biedrība', 'divas rindas "tā"']


def workbook(*sheets: tuple[str, list[list[object]]], hidden: str = "") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    sheet.write(row, column, value)
            if name == hidden:
                sheet.hide()
    return out.getvalue()


def test_dates_and_numbers_of_a_workbook_are_read_as_what_they_mean() -> None:
    rows: list[list[object]] = [
        ["Nosaukums", "Valsts", "Tālrunis", "Platums", "Garums", "Sākums", "ID"],
        ["Kopā", "Latvija", 37167000000, 56.9496, 24.1052, date(2026, 5, 31), 7],
    ]
    record = checked(workbook(("A", rows))).records[0].record
    assert (record.phone, record.lat, record.lon, record.start_date) == ("+37167000000", 56.9496, 24.1052, "2026-05-31")
    assert record.remote_id == "7"


def test_all_sheets_with_names_are_read_and_faults_say_on_which() -> None:
    heads: list[object] = ["Nosaukums", "Valsts"]
    first: list[list[object]] = [heads, ["Viens", "Latvija"]]
    second: list[list[object]] = [["Kopsavilkums 2026"], heads, ["Divi", "Leiputrija"]]
    body = workbook(("Biedri", first), ("Projekti", second), ("Palīgs", [["Kods", "Skaits"], ["x", 1]]))
    check = checked(body)
    assert [(error.sheet, error.row) for error in check.errors] == [("Projekti", 3)]
    assert [grid.name for grid in check.grids] == ["Biedri", "Projekti"] and check.entries == 2


def test_error_values_of_formulas_are_named_in_their_cells() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Cits").write(0, 0, "nekas")
        sheet = book.add_worksheet("Saraksts")
        sheet.write_row(0, 0, ["Nosaukums", "Vieta", "Apraksts"])
        sheet.write_row(1, 0, ["Kopā"])
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 2, "=A2&A2", None, "KopāKopā")
    check = checked(out.getvalue())
    assert said(check) == [(2, "B", cells.ERROR_VALUE)] and check.errors[0].value == "#DIV/0!"


def test_without_a_column_of_names_one_can_be_chosen() -> None:
    text = "Kā sauc;Kur\nKopā;Rīga\nBite;Cēsis\n"
    check = checked(text)
    assert not check.has_names and check.records == ()
    check = checked(text, chosen={0: "title", 1: "place"})
    assert [mapped.record.place for mapped in check.records] == ["Rīga", "Cēsis"]
    mapped = checked(text, recipe=Recipe(platform="t", adapter="file", fields={"title": "Kā sauc", "place": "Kur"}))
    assert [one.record.remote_id for one in mapped.records] == [one.record.remote_id for one in check.records]


def test_words_that_the_recipe_maps_are_no_fault() -> None:
    text = "Nosaukums;Veids\nKopā;pulciņš\n"
    assert said(checked(text)) == [(2, "B", cells.NO_KIND)]
    recipe = Recipe(platform="t", adapter="file", values={"kind": {"pulciņš": "organisation"}})
    assert checked(text, recipe=recipe).records[0].record.kind == "organisation"


def test_names_in_two_languages_are_both_kept_even_where_one_seems_to_be_the_other() -> None:
    titles = checked("Nosaukums;Nosaukums (angļu)\nThe House of Wonders;House of Wonders\n").records[0].record.title
    assert set(titles.values()) == {"The House of Wonders", "House of Wonders"} and titles["en"] == "House of Wonders"
    assert checked("Name (Latvian);Name (English)\nKopā;Together\n").records[0].record.title == {"lv": "Kopā", "en": "Together"}


def test_the_example_of_the_template_makes_no_record_and_is_told() -> None:
    check = checked("Nosaukums;Valsts\nPiemērs;Latvija\nKopā;Latvija\n# Valsts: valsts nosaukums\n", "Piemērs")
    assert [mapped.record.title for mapped in check.records] == [{"lv": "Kopā"}]
    assert [(note.row, note.reason) for note in check.remarks] == [(2, EXAMPLE_ROW)] and check.errors == ()
    with pytest.raises(BadContent) as error:
        checked("Nosaukums;Valsts\nPiemērs;Latvija\n", "Piemērs")
    assert error.value.reason == ONLY_EXAMPLE


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", grids.EMPTY),
        (b"Nosaukums;Valsts\n", NO_ENTRIES),
        (b"\xd0\xcf\x11\xe0rest", grids.OLD_FORMAT),
        (b"%PDF-1.7\x00\x01", grids.NO_TABLE),
        (b"a" * (grids.MAX_BYTES + 1), grids.TOO_LARGE),
        (("Nosaukums\n" + "K\n" * (grids.MAX_ROWS + 40)).encode(), grids.TOO_MANY_ROWS),
        (("Nosaukums" + ";x" * 250 + "\n").encode(), grids.TOO_MANY_COLUMNS),
    ],
    ids=["empty", "headings only", "old Excel", "no table", "too large", "too long", "too wide"],
)
def test_what_is_no_table_is_refused_with_what_to_do(body: bytes, reason: str) -> None:
    with pytest.raises(BadContent) as error:
        checked(body)
    assert error.value.reason == reason


def test_headings_with_a_language_name_a_text_in_it() -> None:
    named = {
        heading: field_named(heading)
        for heading in ("Nosaukums (angļu)", "title_en", "Description in Latvian", "Apraksts angliski")
    }
    assert list(named.values()) == ["title_en", "title_en", "description_lv", "description_en"]
    assert field_named("Nr.") is None and field_named("Valsts (angļu)") == "country"


def test_letters_of_columns_are_those_of_spreadsheets() -> None:
    assert [column_letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert len(HEADINGS) == 18
