"""The record contract: each field alone and all together, each invalid form one named refusal, and never a traceback."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers.errors import BadContent
from crawlers.importing.reading import read_file
from crawlers.recipe import Recipe, parse_recipe
from crawlers.record import MAX_ID_BYTES, Problem, Record
from crawlers.record_checks import MAX_RAW_LEVELS, check

VALID: dict[str, list[Any]] = {
    "remote_id": ["1", "a b", "ķ" * (MAX_ID_BYTES // 2)],
    "url": ["https://x.example/a?b=c#d", "http://127.0.0.1:8000/"],
    "kind": ["organisation", "event"],
    "title": [{"lv": "X"}, {"und": "X"}, {"zh-Hans": "X", "sr-Latn-RS": "Y"}],
    "summary": [{"lv": "Īsi"}, {}],
    "description": [{"lv": "Gari\nun plaši", "en": "Long"}],
    "country": ["LV"],
    "countries": [["LV", "EE"], []],
    "region": ["Vidzeme"],
    "place": ["Ogre"],
    "address": ["Brīvības iela 1"],
    "lat": [56.9, 57, -90, 90, 0],
    "lon": [24.1, -180, 180.0],
    "sectors": [["ngo", "public"]],
    "themes": [["education"]],
    "legal_form": ["biedrība"],
    "identifiers": [[{"scheme": "LV-RE", "value": "40008000000"}], []],
    "organisation": ["Apvienība"],
    "tags": [["viens", "divi; trīs"]],
    "website": ["https://x.example"],
    "same_as": [["https://facebook.example/x", "http://y.example/"]],
    "email": ["info@x.example"],
    "phone": ["+371 67000000"],
    "image": ["https://x.example/a.jpg"],
    "start_date": ["2024", "2024-05", "2024-05-01", "2024-05-01T10:00+03:00"],
    "end_date": ["2024-05-01T10:00:00Z"],
    "languages": [["lv", "zh-Hans"]],
    "licence": ["CC BY 4.0"],
    "source_changed_at": ["2026-05-01T10:00:00Z"],
    "platform": ["susy"],
    "fetched_at": ["2026-05-01T10:00:00.123456Z"],
    "derived": [{"sectors": "legal form biedrība"}, {}],
    "raw": [{"name": "X", "deep": [1, 2.5, {"a": None}]}, {}],
}
NO_TEXT: list[Any] = [5, True, ["x"], {"lv": "x"}]
NO_LIST: list[Any] = ["x", 5, {"a": 1}, [5], [""], [" "], [None], [["x"]]]
NO_ADDRESS: list[Any] = [
    "x",
    "javascript:alert(1)",
    "ftp://x.example/",
    "//x.example",
    "http://",
    "http://[",
    " https://x.example",
    5,
]
NO_TEXTS: list[Any] = ["x", 5, ["x"], {"lv": 5}, {"lv": " "}, {"lv": None}, {"latviešu": "x"}, {"": "x"}, {"l": "x"}]
NO_DATE: list[Any] = ["vakar", "2024-13", "2024-02-30", "01.05.2024", 2024, "24", " 2024"]
NO_INSTANT: list[Any] = ["2024", "2024-05-01T10:00:00", "2024-05-01T10:00:00+03:00", "2024-02-30T10:00:00Z", 5]
NO_NUMBER: list[Any] = ["56.9", True, [], {}, float("nan"), float("inf"), 10**400]
INVALID: dict[str, list[Any]] = {
    "remote_id": [None, "", " ", 5, ["1"], "ķ" * (MAX_ID_BYTES // 2) + "x"],
    "url": NO_ADDRESS,
    "kind": ["shop", "Organisation", 5, ["organisation"], {}],
    "title": [None, {}, "", *NO_TEXTS],
    "summary": NO_TEXTS,
    "description": NO_TEXTS,
    "country": ["Latvija", "lv", "XX", 5, ["LV"], {"LV": 1}],
    "countries": [*NO_LIST, ["Latvija"]],
    "lat": [*NO_NUMBER, 90.001, -90.001, -(10**400)],
    "lon": [*NO_NUMBER, 180.001],
    "sectors": [*NO_LIST, ["church"]],
    "themes": [*NO_LIST, ["space"]],
    "identifiers": ["x", {}, ["x"], [{}], [{"scheme": "LV-RE"}], [{"scheme": "LV-RE", "value": 5}], [{"scheme": "", "value": "1"}],
                    [{"scheme": "LV-RE", "value": "1", "more": "x"}], [{"scheme": ["x"], "value": "1"}]],
    "tags": NO_LIST,
    "website": NO_ADDRESS,
    "same_as": [*NO_LIST, ["x.example"], ["https://x.example", "mailto:a@b.example"]],
    "email": ["x", "a@b", "a b@x.example", 5],
    "image": NO_ADDRESS,
    "start_date": NO_DATE,
    "end_date": NO_DATE,
    "languages": [*NO_LIST, ["latviešu"], ["l"]],
    "source_changed_at": NO_INSTANT,
    "fetched_at": NO_INSTANT,
    "derived": ["x", ["x"], {"sectors": 5}, {"sectors": None}],
    "raw": ["x", ["x"], 5, {"a": float("nan")}],
} | dict.fromkeys(("region", "place", "address", "legal_form", "organisation", "phone", "licence", "platform"), NO_TEXT)  # fmt: skip
CASES = [(name, value) for name, values in VALID.items() for value in values]
WRONG = [(name, value) for name, values in INVALID.items() for value in values]


def line(**more: Any) -> dict[str, Any]:
    return {"remote_id": "1", "title": {"lv": "X"}} | more


def read(folder: Path, text: str) -> list[Record | Problem]:
    (folder / "a.jsonl").write_text(text, encoding="utf-8")
    return list(read_file(folder / "a.jsonl", None))


@pytest.mark.parametrize("table", [VALID, INVALID], ids=["valid", "invalid"])
def test_every_field_of_the_record_has_cases(table: dict[str, list[Any]]) -> None:
    assert set(table) == {field.name for field in fields(Record)}
    assert all(table.values())


@pytest.mark.parametrize(("name", "value"), CASES, ids=lambda value: str(value)[:40])
def test_a_field_alone_comes_in_as_it_is(tmp_path: Path, name: str, value: Any) -> None:
    (record,) = read(tmp_path, json.dumps(line(**{name: value})))
    assert isinstance(record, Record), record
    assert record.to_json()[name] == value
    assert check(record.to_json()) == []


def test_all_fields_together_come_in_as_they_are(tmp_path: Path) -> None:
    whole = {name: values[0] for name, values in VALID.items()}
    (record,) = read(tmp_path, json.dumps(whole))
    assert isinstance(record, Record)
    assert record.to_json() == whole


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_field_that_says_nothing_is_as_if_it_was_not_there(tmp_path: Path, nothing: object) -> None:
    empty = {name: nothing for name in VALID if name not in ("remote_id", "title")}
    assert read(tmp_path, json.dumps(line(**empty))) == [Record("1", title={"lv": "X"})]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=lambda value: str(value)[:40])
def test_an_invalid_form_is_one_refusal_of_that_field_and_the_rest_comes_in(tmp_path: Path, name: str, value: Any) -> None:
    lines = [json.dumps(line()), "", json.dumps(line(**{name: value})), json.dumps(line(remote_id="2"))]
    first, refusal, last = read(tmp_path, "\n".join(lines))
    assert isinstance(first, Record)
    assert isinstance(last, Record)
    assert isinstance(refusal, Problem)
    assert (refusal.severity, refusal.remote_id, refusal.field) == ("refused", "line 3", name)
    assert refusal.message()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{", None),
        ("[1]", None),
        ("5", None),
        ('{"remote_id": "1", "remote_id": "2", "title": {"lv": "X"}}', "remote_id"),
        ('{"remote_id": "1", "title": {"lv": "X", "lv": "Y"}}', "lv"),
        ('{"remote_id": "1", "title": {"lv": "X"}, "raw": {"a": NaN}}', "raw"),
        ('{"remote_id": "1", "title": {"lv": "X"}, "raw": {"a": 1e999}}', "raw"),
        ('{"remote_id": "1", "title": {"lv": "X"}, "more": 1}', "more"),
        ('{"remote_id": "1", "title": {"lv": "X"}, "lat": ' + "9" * 5000 + "}", None),
        ("[" * 100_000, None),
        ('{"raw": ' + '{"a":' * 2000 + "1" + "}" * 2000 + "}", None),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_line_that_is_no_record_is_one_refusal(tmp_path: Path, text: str, field: str | None) -> None:
    refusal, record = read(tmp_path, f"{text}\n{json.dumps(line())}")
    assert isinstance(refusal, Problem)
    assert (refusal.remote_id, refusal.field) == ("line 1", field)
    assert isinstance(record, Record)


@pytest.mark.parametrize(("levels", "is_taken"), [(MAX_RAW_LEVELS, True), (MAX_RAW_LEVELS + 1, False)])
def test_what_the_source_said_may_be_nested_but_not_endlessly(tmp_path: Path, levels: int, is_taken: bool) -> None:
    raw: Any = {}
    for _ in range(levels - 1):
        raw = {"a": raw}
    (item,) = read(tmp_path, json.dumps(line(raw=raw)))
    assert isinstance(item, Record) is is_taken


def test_marks_that_no_database_holds_are_mended(tmp_path: Path) -> None:
    text = '\ufeff{"remote_id": "1\\u0000", "title": {"lv": "a\\ud800b\\u0000\\u0007\\ufffe\\u0081"}, "raw": {"\\udfffx\\u0000": "\\ud83d\\ude00"}}\r\n\r\n'
    (record,) = read(tmp_path, text)
    assert isinstance(record, Record)
    assert (record.remote_id, record.title, record.raw) == ("1", {"lv": "a\ufffdb"}, {"\ufffdx": "😀"})


def test_a_file_that_is_no_text_is_refused_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes("{}".encode("utf-16"))
    with pytest.raises(BadContent, match="UTF-8"):
        list(read_file(tmp_path / "a.jsonl", None))


MAPPING = parse_recipe(
    {"platform": "p", "title": "P", "url": "", "adapter": "file", "key": "id", "fields": {"title": "name", "place": "location"}},
    "p",
)
COLUMNS = ("id", "name", "lat", "lon", "website", "start_date", "email", "location", "country", "url", "reg")
ODD = ("\ud800x", "http://[", "56,9", "Latvija", "2024-05-01", "=1+1", "a@b.lv", "\x00", "NaN", "+371 67000000", "x" * 3000)
SCALARS = st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text(max_size=9) | st.sampled_from(ODD)
JUNK = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3))
OBJECTS = st.dictionaries(
    st.sampled_from((*COLUMNS, "title", "geometry", "tags", "name_lv")) | st.text(max_size=4), JUNK, max_size=8
)
FEATURES = st.builds(
    lambda properties, at: {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": at}},
    OBJECTS,
    JUNK | st.lists(SCALARS, min_size=2, max_size=2),
)
ROWS = st.lists(st.lists(st.text(max_size=9) | st.sampled_from(ODD), max_size=len(COLUMNS)), max_size=3)
HARD = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read_hard(path: Path, recipe: Recipe | None) -> None:
    """Read a file to its end; whatever came out of it can be stored and is named."""
    try:
        items = list(read_file(path, recipe))
    except BadContent:
        return
    for item in items:
        if isinstance(item, Record):
            json.dumps(item.to_json(), allow_nan=False, ensure_ascii=False).encode()
            assert check(item.to_json()) == []
        else:
            assert (item.remote_id or "").startswith("line ")
            assert item.message()


@HARD
@given(st.lists(OBJECTS | FEATURES | JUNK, max_size=4))
def test_no_objects_however_odd_end_the_reading(tmp_path: Path, objects: list[Any]) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, objects)), encoding="utf-8")
    (tmp_path / "a.json").write_text(json.dumps(objects), encoding="utf-8")
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": objects}), encoding="utf-8")
    read_hard(tmp_path / "a.jsonl", None)
    for name in ("a.jsonl", "a.json", "a.geojson"):
        read_hard(tmp_path / name, MAPPING)


@HARD
@given(ROWS)
def test_no_rows_however_odd_end_the_reading(tmp_path: Path, rows: list[list[str]]) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([COLUMNS, *rows])
    (tmp_path / "a.csv").write_bytes(file.getvalue().encode("utf-8", "replace"))
    read_hard(tmp_path / "a.csv", MAPPING)
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([COLUMNS, *rows]):
            sheet.write_row(number, 0, [cell.encode("utf-8", "replace").decode() for cell in row])
    read_hard(tmp_path / "a.xlsx", MAPPING)


def test_rows_of_one_name_that_say_different_things_are_not_lost_silently(tmp_path: Path) -> None:
    rows = [{"id": 1, "name": "Viens"}, {"id": 2, "name": "Divi"}, {"id": 1, "name": "Viens"}, {"id": 1, "name": "Cits"}]
    (tmp_path / "a.jsonl").write_text("\n\n".join(map(json.dumps, rows)), encoding="utf-8")
    first, second, refusal = read_file(tmp_path / "a.jsonl", MAPPING)
    assert [item.remote_id for item in (first, second)] == ["1", "2"]
    assert isinstance(refusal, Problem)
    assert (refusal.remote_id, refusal.field, refusal.message()) == ("line 7", "remote_id", "line 1 has the same one")


def test_rows_of_a_table_are_named_by_the_numbers_that_spreadsheets_show(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Mūsu saraksts\n\nNosaukums;Valsts\nKopā;Latvija\n\nBite;Leiputrija\n", encoding="utf-8")
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for row, cells in ((2, ("Nosaukums", "Valsts")), (3, ("Kopā", "Latvija")), (5, ("Bite", "Leiputrija"))):
            sheet.write_row(row, 0, cells)
    for name in ("a.csv", "a.xlsx"):
        items = list(read_file(tmp_path / name, Recipe(platform="t", adapter="file")))
        assert [item.remote_id for item in items if isinstance(item, Problem)] == ["line 6"], name
