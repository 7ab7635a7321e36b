"""The adapters of files and interfaces: tables, JSON of all shapes, CKAN, calendars, Murmurations, GoGoCarto."""

from __future__ import annotations

import io
import json as codec
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from flask import Flask, Response, request

from crawlers import state as crawl_state
from crawlers.adapters import ADAPTERS, ckan, gogocarto, json_data, murmurations, table
from crawlers.adapters.base import Gathering
from crawlers.adapters.ical import ical
from crawlers.crawl import crawl
from crawlers.discovery.discover import discover
from crawlers.errors import BadContent, CrawlError
from crawlers.fetch import Page, PoliteSession
from crawlers.importing.reading import read_file
from crawlers.recipe import Recipe, parse_recipe
from crawlers.record import RawRecord, Record
from crawlers.state import MemoryState
from tests.crawlers.server import served

RECIPE = Recipe(platform="x", url="https://x.example/")


def page(body: bytes | str, kind: str = "application/json", url: str = "https://x.example/data") -> Page:
    return Page(url, 200, {"content-type": kind}, body if isinstance(body, bytes) else body.encode())


def as_json(value: Any, url: str = "https://x.example/data") -> Page:
    return page(codec.dumps(value, ensure_ascii=False), url=url)


def titles(raws: list[RawRecord]) -> list[str]:
    return [str(raw.fields.get("title")) for raw in raws]


def workbook(sheets: dict[str, list[list[Any]]], merged: tuple[str, str, str] | None = None) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd.mm.yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if merged:
            sheet.merge_range(merged[1], merged[2]) if merged[0] == name else None
    book.close()
    return out.getvalue()


def test_a_workbook_is_read_below_its_title_rows_with_real_dates_and_whole_numbers() -> None:
    rows: list[list[Any]] = [
        ["Sociālo uzņēmumu saraksts", "", "", "", ""],
        ["uz 2026. gada 1. novembri", "", "", "", ""],
        ["", "", "", "", ""],
        ["Reģ. nr.", "Nosaukums", "Novads", "Sākums", "Platums"],
        [40003900011, "SIA „Saule”", "Cēsu novads", date(2024, 3, 1), 57.25],
        [40003900022, "Biedrība „Mēness”", "", datetime(2023, 12, 31, 10, 30), ""],
        ["", "", "", "", ""],
        ["Avots: reģistrs", "", "", "", ""],
    ]
    body = workbook({"Par failu": [["Šis fails rāda sarakstu"]], "Saraksts": rows})
    raws = list(table.extract(page(body, "application/octet-stream"), RECIPE))
    assert titles(raws) == ["SIA „Saule”", "Biedrība „Mēness”"]
    assert [raw.remote_id for raw in raws] == ["40003900011", "40003900022"]
    assert [raw.fields["start_date"] for raw in raws] == ["2024-03-01", "2023-12-31T10:30"]
    assert raws[0].fields["lat"] == "57.25"


def test_merged_cells_hold_for_all_their_rows_and_sheets_are_read_together_or_as_named() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name, first in (("2025", "A"), ("2026", "B")):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["Region", "Name"])
        sheet.merge_range("A2:A3", "Vidzeme")
        sheet.write_column("B2", [f"{first}1", f"{first}2"])
    book.close()
    both = list(table.extract(page(out.getvalue()), RECIPE))
    assert titles(both) == ["A1", "A2", "B1", "B2"]
    assert {raw.fields["region"] for raw in both} == {"Vidzeme"}
    assert titles(list(table.extract(page(out.getvalue()), parse_recipe({"platform": "x", "sheets": ["2026"]})))) == ["B1", "B2"]
    with pytest.raises(BadContent, match="there is no sheet 2027; there are: 2025, 2026"):
        list(table.extract(page(out.getvalue()), parse_recipe({"platform": "x", "sheets": ["2027"]})))


def sheet_xml(cells: bytes) -> bytes:
    """A workbook whose only sheet has this content."""
    good = zipfile.ZipFile(io.BytesIO(workbook({"S": [["Name"], ["a"]]})))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in good.namelist():
            archive.writestr(part, cells if part.endswith("sheet1.xml") else good.read(part))
    return out.getvalue()


HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
FAR = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'


@pytest.mark.parametrize(
    ("body", "says"),
    [(sheet_xml(HEAD + b" " * 200_000_000 + b"</sheetData></worksheet>"), "unpacks to too much"), (sheet_xml(HEAD + FAR), "unpacks to too much"),
     (b"PK\x03\x04 no zip at all", "save it as .xlsx"), (sheet_xml(HEAD + b"<row"), "cannot be read|no column")],
)  # fmt: skip
def test_workbooks_that_are_larger_than_they_seem_are_refused_before_they_are_opened(body: bytes, says: str) -> None:
    assert len(body) < 1_000_000
    with pytest.raises(BadContent, match=says):
        list(table.extract(page(body), RECIPE))


def test_a_csv_is_read_below_its_title_rows_and_equal_names_stay_apart() -> None:
    text = 'Reģistrs;;\r\n;;\r\nNosaukums;Pilsēta;Valsts\r\n"Saule; SIA";Cēsis;Latvija\r\nMēness;Rīga;Latvija\r\nMēness;Ogre;Latvija\r\n\r\nKopā: 3;;\r\n'
    raws = list(table.extract(page(text.encode("cp1257"), "text/csv; charset=windows-1257"), RECIPE))
    assert titles(raws) == ["Saule; SIA", "Mēness", "Mēness"]
    assert len({raw.remote_id for raw in raws}) == 3
    with pytest.raises(BadContent, match=r"map one to title in the recipe \(there are: a, b\)"):
        list(table.extract(page("a,b\n1,2\n", "text/csv"), RECIPE))
    assert titles(
        list(table.extract(page("a,b\n1,2\n", "text/csv"), parse_recipe({"platform": "x", "fields": {"title": "b"}})))
    ) == ["2"]


GEOJSON = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "id": 7, "properties": {"nosaukums": "Dārzs", "Country": "Latvia"}, "geometry": {"type": "Point", "coordinates": [24.1, 56.9]}},
    {"type": "Feature", "properties": {"nosaukums": "Parks"}, "geometry": {"type": "Polygon", "coordinates": [[[20, 50], [22, 50], [22, 52], [20, 50]]]}},
    {"type": "Feature", "properties": {"nosaukums": "Nekur"}, "geometry": None}]}  # fmt: skip
NESTED = {"meta": {"errors": [{"code": 1}, {"code": 2}, {"code": 3}]}, "data": {"items": [
    {"uuid": "a1", "name": {"lv": "Nams", "en": "House"}, "description": {"en": "A house", "lv": "Nams visiem"}, "address": {"city": "Cēsis", "country_code": "LV"},
     "contactEmail": "info@nams.example", "tags": [{"name": "vide"}, {"name": "jaunieši"}], "url": "https://x.example/nams"}]}}  # fmt: skip


def test_geojson_gives_names_from_properties_and_places_from_geometries() -> None:
    raws = list(json_data.extract(as_json(GEOJSON), RECIPE))
    assert titles(raws) == ["Dārzs", "Parks", "Nekur"]
    assert (raws[0].remote_id, raws[0].fields["country"], raws[0].fields["lat"], raws[0].fields["lon"]) == (
        "7",
        "Latvia",
        "56.9",
        "24.1",
    )
    assert (raws[1].fields["lat"], raws[1].fields["lon"]) == ("51", "21")
    assert "lat" not in raws[2].fields


def test_nested_objects_languages_and_the_list_itself_are_found() -> None:
    (raw,) = json_data.extract(as_json(NESTED), RECIPE)
    assert (raw.remote_id, raw.url, raw.lang) == ("a1", "https://x.example/nams", "lv")
    assert raw.fields["title"] == "Nams"
    assert raw.translations == {"en": {"title": "House", "description": "A house"}}
    assert (raw.fields["place"], raw.fields["country"], raw.fields["email"]) == ("Cēsis", "LV", "info@nams.example")
    assert raw.fields["tags"] == ["vide", "jaunieši"]
    assert "website" not in raw.fields
    chosen = parse_recipe({"platform": "x", "records": "meta.errors", "fields": {"title": "code"}})
    assert titles(list(json_data.extract(as_json(NESTED), chosen))) == ["1", "2", "3"]


def test_json_lines_and_broken_json() -> None:
    lines = '{"name": "Viens"}\n\n{"name": "Divi"}\n'
    assert titles(list(json_data.extract(page(lines), RECIPE))) == ["Viens", "Divi"]
    for body in ('{"name": "Viens"}\n{"name": \n', "[" * 100_000, '{"a": '):
        with pytest.raises(BadContent):
            list(json_data.extract(page(body), RECIPE))


def paged(kind: str) -> Flask:
    """An interface in pages of two, told by a link, a header, a page number or a total; or one that never ends."""
    app = Flask(__name__)

    @app.get("/api/items")
    def items() -> Response:
        number, offset = request.args.get("page", 1, int), request.args.get("offset", 0, int)
        first = offset if kind == "offset" else (number - 1) * 2
        entries = [{"id": n, "name": f"Nams {n}"} for n in range(first, min(first + 2, 5))]
        if kind == "same":
            entries = [{"id": 1, "name": "Nams"}, {"id": 2, "name": "Māja"}]
        is_last = number * 2 >= 5 and kind not in ("same", "endless")
        if kind == "endless":
            entries = [{"id": n, "name": f"Nams {n}"} for n in range(first, first + 2)]
        pages: dict[str, dict[str, Any]] = {
            "link": {"links": {"next": None if is_last else f"/api/items?page={number + 1}"}},
            "number": {"meta": {"total_pages": 3}},
            "offset": {"total": 5, "offset": first, "limit": 2},
        }
        paging = pages.get(kind, {})
        if kind in ("same", "endless"):
            paging = {"next": f"/api/items?page={number + 1}"}
        answer = Response(codec.dumps(paging | {"items": entries}), mimetype="application/json")
        if kind == "header" and not is_last:
            answer.headers["Link"] = f'</api/items?page={number + 1}>; rel="next"'
        return answer

    return app


@pytest.mark.parametrize(
    ("kind", "count"), [("link", 5), ("header", 5), ("number", 5), ("offset", 5), ("same", 2), ("endless", 20)]
)
def test_pages_of_json_are_followed_to_their_end_and_no_further(kind: str, count: int) -> None:
    state = MemoryState()
    with served(paged(kind)) as url, PoliteSession(None, True) as session:
        recipe = parse_recipe(
            {"platform": "x", "url": url, "adapter": "json", "addresses": [f"{url}api/items"], "limits": {"pages": 10}}
        )
        result = crawl(recipe, session, state)
    assert len(state.records) == count
    assert result.complete == (kind != "endless")


def test_a_json_feed_is_a_window() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": "1",
                "url": "https://x.example/1",
                "title": "Viens",
                "content_html": "<p>Teksts</p><p>Pilsēta: Cēsis</p>",
                "_more": {"country": "LV"},
            }
        ],
    }
    (raw,) = json_data.extract(as_json(feed), RECIPE)
    assert (raw.remote_id, raw.url, raw.fields["place"], raw.fields["country"]) == ("1", "https://x.example/1", "Cēsis", "LV")

    class Once:
        def get(self, url: str, validators: object = None, accept: object = None) -> Page:
            return as_json(feed, url)

        def back_at(self, url: str) -> None:
            """Pages are read here."""

        def sitemaps(self, url: str) -> list[str]:
            return []

    listing = Gathering(Once(), RECIPE)
    assert [len(item.raws) for item in json_data.gather(listing)] == [1]
    assert not listing.is_whole


CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
X-WR-TIMEZONE:Europe/Riga\r
BEGIN:VEVENT\r
UID:1@x\r
DTSTART;TZID=Europe/Riga:20270503T180000\r
DURATION:PT2H\r
SUMMARY:Ideju vakars\r
DESCRIPTION:Vakars\\, kurā\\nsatiekas idejas\r
LOCATION:Kultūras nams\\, Cēsis\\, Latvija\r
GEO:57.3;25.2\r
ORGANIZER;CN=Tīkls:mailto:info@tikls.example\r
CATEGORIES:vide,jaunieši\r
URL:https://x.example/1\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2@x\r
DTSTART;VALUE=DATE:20270705\r
DTEND;VALUE=DATE:20270708\r
SUMMARY:Vasaras skola\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:3@x\r
DTSTART:20200101T100000\r
SUMMARY:Katru sekundi\r
RRULE:FREQ=SECONDLY\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:4@x\r
DTSTART;VALUE=DATE:20270104\r
SUMMARY:Piecas pirmdienas\r
RRULE:FREQ=WEEKLY;COUNT=5\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:5@x\r
DTSTART;VALUE=DATE:20270104\r
SUMMARY:Atcelts\r
STATUS:CANCELLED\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:6@x\r
DTSTART:nekad\r
SUMMARY:Bez datuma\r
RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31;COUNT=9\r
END:VEVENT\r
END:VCALENDAR\r
"""


ENDLESS = [
    ("DTSTART;TZID=Europe/Riga:20200106T180000\r\nDURATION:PT2H\r\nRRULE:FREQ=WEEKLY", "2026-11-30T18:00+02:00", "2026-11-30T20:00+02:00"),
    ("DTSTART;TZID=Europe/Riga:20200106T180000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE", "2026-11-25T18:00+02:00", None),
    ("DTSTART;TZID=Europe/Riga:20200106T180000\r\nEXDATE;TZID=Europe/Riga:20261130T180000\r\nRRULE:FREQ=WEEKLY", "2026-12-07T18:00+02:00", None),
    ("DTSTART;VALUE=DATE:20200101\r\nRRULE:FREQ=DAILY;INTERVAL=10", "2026-11-25", None),
    ("DTSTART;VALUE=DATE:20200113\r\nDTEND;VALUE=DATE:20200115\r\nRRULE:FREQ=MONTHLY;BYDAY=2MO", "2026-12-14", "2026-12-15"),
    ("DTSTART;VALUE=DATE:20200315\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15", "2027-03-15", None),
    ("DTSTART;VALUE=DATE:20200131\r\nRRULE:FREQ=MONTHLY", "2026-12-31", None),
    ("DTSTART;VALUE=DATE:20270503\r\nRRULE:FREQ=WEEKLY", "2027-05-03", None),
    ("DTSTART;VALUE=DATE:20200101\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", None, None),
    ("DTSTART:20200101T100000\r\nRRULE:FREQ=MINUTELY", None, None),
    ("DTSTART;VALUE=DATE:20200101\r\nRRULE:FREQ=DAILY;INTERVAL=1000000000", None, None),
    ("DTSTART;VALUE=DATE:20200106\r\nRRULE:FREQ=WEEKLY;UNTIL=20200302", "2020-01-06", "2020-03-02"),
    ("DTSTART;VALUE=DATE:20200106", "2020-01-06", None),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "start", "end"), ENDLESS)
def test_of_a_series_without_an_end_the_next_day_is_told(lines: str, start: str | None, end: str | None) -> None:
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Tikšanās\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    calendar = replace(page(text, "text/calendar"), fetched_on=date(2026, 11, 25))
    (raw,) = ical.extract(calendar, RECIPE)
    assert (raw.fields["start_date"], raw.fields["end_date"]) == (start, end)


def test_a_calendar_that_did_not_change_is_read_anew_for_the_day_is_another() -> None:
    class Known(MemoryState):
        def validators_of(self, url: str) -> crawl_state.PageValidators:
            return crawl_state.PageValidators('"v1"', None, page(CALENDAR).validators.content_hash)

    app, state = Flask("calendar"), Known()
    app.add_url_rule("/x.ics", view_func=lambda: Response(CALENDAR, content_type="text/calendar", headers={"ETag": '"v1"'}))
    with served(app) as base, PoliteSession(contact=None, allow_private=True) as session:
        result = crawl(Recipe(platform="x", url=f"{base}/x.ics", adapter="calendar"), session, state)
    assert (result.found, len(state.records)) == (5, 5)


def test_events_of_a_calendar_come_with_times_places_and_the_end_of_their_series() -> None:
    raws = list(ical.extract(page(CALENDAR, "text/calendar"), RECIPE))
    assert titles(raws) == ["Ideju vakars", "Vasaras skola", "Katru sekundi", "Piecas pirmdienas", "Bez datuma"]
    dates = {raw.remote_id: (raw.fields["start_date"], raw.fields["end_date"]) for raw in raws}
    assert dates == {
        "1@x": ("2027-05-03T18:00+03:00", "2027-05-03T20:00+03:00"),
        "2@x": ("2027-07-05", "2027-07-07"),
        "3@x": (None, None),
        "4@x": ("2027-01-04", "2027-02-01"),
        "6@x": (None, None),
    }
    first = raws[0].fields
    assert (raws[0].url, first["country"], first["lat"], first["organisation"]) == (
        "https://x.example/1",
        "Latvija",
        "57.3",
        "Tīkls",
    )
    assert first["tags"] == ["vide", "jaunieši"]
    with pytest.raises(BadContent, match="no calendar"):
        list(ical.extract(page("<html>", "text/calendar"), RECIPE))
    assert list(ical.extract(page("BEGIN:VCALENDAR\nBEGIN:VEVENT\n" * 2000, "text/calendar"), RECIPE)) == []


PROFILE = {"linked_schemas": ["organizations_schema-v1.0.0"], "name": "Kopienu dārzs", "primary_url": "https://darzs.example", "mission": "Augt kopā",
           "description": "Dārzs, kurā kaimiņi audzē dārzeņus.", "country_iso_3166": "LV", "locality": "Jelgava", "geolocation": {"lat": 56.65, "lon": 23.71},
           "contact_details": {"email": "info@darzs.example"}, "tags": ["pārtika"], "starts_at": 1651848477, "status": "active",
           "urls": [{"name": "x", "url": "https://darzs.example/lv"}]}  # fmt: skip


def test_murmurations_nodes_lead_to_profiles() -> None:
    app = Flask(__name__)

    @app.get("/")
    def front() -> str:
        return '<h1>Tīkls</h1><p>Mēs dalāmies ar <a href="/v2/nodes">Murmurations</a>.</p>'

    @app.get("/v2/nodes")
    def nodes() -> dict[str, Any]:
        posted = [{"profile_url": f"{request.host_url}p/{n}", "last_updated": 1657117819, "status": "posted"} for n in range(3)]
        gone = {"profile_url": f"{request.host_url}p/9", "status": "deleted"}
        return {"data": [*posted, gone], "meta": {"number_of_results": 4, "total_pages": 1}}

    @app.get("/p/<int:n>")
    def profile(n: int) -> dict[str, Any]:
        return PROFILE | {"name": f"Dārzs {n}", "primary_url": f"https://darzs{n}.example"}

    state = MemoryState()
    with served(app) as url, PoliteSession(None, True) as session:
        proposal = discover(url, session)
        result = crawl(proposal.recipe, session, state)
    assert (proposal.recipe.adapter, result.failure, len(state.records)) == ("murmurations", None, 3)
    record = state.records["https://darzs1.example"]
    assert (record.title, record.country, record.place, record.lat, record.website) == (
        {"lv": "Dārzs 1"},
        "LV",
        "Jelgava",
        56.65,
        "https://darzs1.example",
    )
    assert (record.start_date, record.email, record.url) == ("2022-05-06", "info@darzs.example", f"{url}p/1")
    with pytest.raises(BadContent, match="linked_schemas"):
        list(murmurations.extract(as_json({"name": "x"}), RECIPE))


SYNC = {"licence": "CC-BY-SA-4.0", "ontology": "gogosync", "data": [
    {"id": "a", "name": "Repair café", "geo": {"latitude": 59.4, "longitude": 24.7}, "address": {"addressLocality": "Tallinn", "addressCountry": "EE"},
     "categories": ["repair"], "description": "Mending together", "descriptionMore": "Every Tuesday", "website": "https://repair.example", "status": 1},
    {"id": "b", "name": "Waiting", "geo": {"latitude": 59, "longitude": 24}, "status": 0}]}  # fmt: skip
COMPACT = {
    "ontology": "gogocompact",
    "mapping": ["id", ["name"], "latitude", "longitude"],
    "data": [["a", ["Repair café"], 59.4, 24.7]],
}
MAP = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "a", "name": "Repair café"}, "geometry": {"type": "Point", "coordinates": [24.7, 59.4]}}]}  # fmt: skip


@pytest.mark.parametrize("answer", [SYNC, COMPACT, MAP])
def test_gogocarto_answers_of_all_forms(answer: dict[str, Any]) -> None:
    (raw,) = gogocarto.extract(as_json(answer, "https://map.example/api/elements.json"), RECIPE)
    assert (raw.remote_id, raw.fields["title"], raw.fields["lat"], raw.fields["lon"]) == ("a", "Repair café", "59.4", "24.7")
    assert raw.url == "https://map.example/#/fiche/Repair%20caf%C3%A9/a/"
    if answer is SYNC:
        assert (raw.fields["place"], raw.fields["country"], raw.fields["licence"]) == ("Tallinn", "EE", "CC-BY-SA-4.0")
        assert (raw.fields["summary"], raw.fields["description"], raw.fields["tags"]) == (
            "Mending together",
            "Every Tuesday",
            ["repair"],
        )


def portal(in_datastore: bool) -> Flask:
    """A CKAN portal with a register in three formats among other datasets."""
    app = Flask(__name__)
    rows = [{"_id": n, "Nosaukums": f"SIA „Nams {n}”", "Reg. nr": f"4000390{n:04}", "Valsts": "Latvija"} for n in range(1, 1203)]

    def package(root: str) -> dict[str, Any]:
        kinds = ("XLSX", "JSON", "CSV")
        resources = [{"id": f"r-{kind}", "name": f"Sociālo uzņēmumu reģistrs ({kind})", "format": kind, "url": f"{root}f/register.{kind.lower()}",
                      "datastore_active": in_datastore and kind == "CSV", "last_modified": "2026-10-01T10:00:00"} for kind in kinds]  # fmt: skip
        return {
            "id": "p1",
            "name": "registrs",
            "title": "Sociālo uzņēmumu reģistrs",
            "notes": "Visi uzņēmumi.",
            "resources": resources,
        }

    def other(n: int, root: str) -> dict[str, Any]:
        table = {"id": f"t{n}", "name": "Dati", "format": "CSV", "url": f"{root}f/other.csv"}
        return {"id": f"o{n}", "name": f"kustiba-{n}", "title": f"Satiksme {n}", "resources": [table]}

    @app.get("/")
    def front() -> str:
        return '<meta name="generator" content="ckan 2.10"><h1>Atvērtie dati</h1><a href="/dataset/">Datu kopas</a>'

    @app.get("/api/3/action/<name>")
    def call(name: str) -> Any:
        result: Any = None
        packages = [other(1, request.host_url), package(request.host_url), other(2, request.host_url)]
        if name == "package_search":
            result = {"count": 3, "results": packages[request.args.get("start", 0, int) :][: request.args.get("rows", 10, int)]}
        if name == "package_show":
            result = next((p for p in packages if p["name"] == request.args["id"]), None)
        if name == "datastore_search" and request.args["resource_id"] == "r-CSV":
            start, limit = request.args.get("offset", 0, int), request.args.get("limit", 100, int)
            result = {"total": len(rows), "fields": [{"id": key} for key in rows[0]], "records": rows[start : start + limit]}
        return {"success": True, "result": result} if result else ({"success": False, "error": {"message": "Not found"}}, 404)

    @app.get("/f/register.csv")
    def register() -> Response:
        lines = [";".join(list(rows[0])[1:]), *(";".join(list(map(str, row.values()))[1:]) for row in rows)]
        return Response("\n".join(lines), mimetype="text/csv")

    @app.get("/f/other.csv")
    def traffic() -> Response:
        return Response("iela;skaits\nBrīvības;7\n", mimetype="text/csv")

    return app


@pytest.mark.parametrize("in_datastore", [True, False])
def test_the_register_of_a_ckan_portal_is_found_and_read_whole(in_datastore: bool) -> None:
    state = MemoryState()
    with served(portal(in_datastore)) as url, PoliteSession(None, True) as session:
        proposal = discover(url, session)
        assert (proposal.recipe.adapter, proposal.recipe.ckan.datasets) == ("ckan", ("registrs",))
        result = crawl(proposal.recipe, session, state)
    assert (result.failure, result.complete, len(state.records)) == (None, True, 1202)
    assert state.records["40003900007"].identifiers[0].value == "40003900007"
    assert {record.country for record in state.records.values()} == {"LV"}


def test_datasets_are_records_only_when_the_recipe_says_so() -> None:
    state = MemoryState()
    with served(portal(False)) as url, PoliteSession(None, True) as session:
        recipe = parse_recipe({"platform": "x", "url": url, "adapter": "ckan", "ckan": {"is_catalogue": True}})
        result = crawl(recipe, session, state)
    assert result.failure is None
    assert {next(iter(record.title.values())) for record in state.records.values()} == {
        "Satiksme 1",
        "Sociālo uzņēmumu reģistrs",
        "Satiksme 2",
    }
    assert {record.kind for record in state.records.values()} == {"resource"}


def test_only_one_format_of_a_register_is_read() -> None:
    names = [("Saraksts (XLSX)", "XLSX"), ("Saraksts CSV", "csv"), ("Projekti", "JSON"), ("Apraksts", "PDF")]
    package = {"resources": [{"name": name, "format": kind, "url": "https://x.example/f"} for name, kind in names]}
    assert [resource["name"] for resource in ckan.tabular_resources(package)] == ["Saraksts CSV", "Projekti"]
    assert ckan.portal_address("https://data.example/dati/lv/dataset/registrs") == "https://data.example/dati/"


def test_files_of_all_forms_are_imported_by_a_recipe(tmp_path: Path) -> None:
    recipe = parse_recipe({"platform": "x", "key": "Nr", "fields": {"title": "Nosaukums"}})
    rows = [{"Nr": "7", "Nosaukums": "Dārzs", "Valsts": "Latvija"}, {"Nr": "8", "Nosaukums": "Parks", "Valsts": "Eesti"}]
    (tmp_path / "a.xlsx").write_bytes(workbook({"S": [list(rows[0]), *(list(row.values()) for row in rows)]}))
    (tmp_path / "a.csv").write_text("Nr;Nosaukums;Valsts\n7;Dārzs;Latvija\n8;Parks;Eesti\n", encoding="utf-8-sig")
    (tmp_path / "a.json").write_text(codec.dumps({"rows": rows}), encoding="utf-8")
    (tmp_path / "a.jsonl").write_text("\n".join(map(codec.dumps, rows)), encoding="utf-8")
    (tmp_path / "a.geojson").write_text(
        codec.dumps({"features": [{"type": "Feature", "properties": row} for row in rows]}), encoding="utf-8"
    )
    for name in ("a.xlsx", "a.csv", "a.json", "a.jsonl", "a.geojson"):
        records = [item for item in read_file(tmp_path / name, recipe) if isinstance(item, Record)]
        assert [(r.remote_id, next(iter(r.title.values())), r.country) for r in records] == [
            ("7", "Dārzs", "LV"),
            ("8", "Parks", "EE"),
        ], name
    (tmp_path / "a.pdf").write_bytes(b"x")
    with pytest.raises(CrawlError, match=r"\.csv or \.xlsx"):
        list(read_file(tmp_path / "a.pdf", recipe))


def test_every_adapter_says_what_is_missing() -> None:
    assert len({adapter.missing for adapter in ADAPTERS.values()}) == len(ADAPTERS)


def test_a_feed_in_pages_is_read_to_its_end_and_its_categories_by_scheme() -> None:
    app = Flask(__name__)

    @app.get("/feed.atom")
    def atom() -> Response:
        number = int(request.args.get("page", 1))
        more = f'<link rel="next" href="/feed.atom?page={number + 1}"/>' if number < 3 else ""
        entries = "".join(
            f"<entry><title>Biedrība {number}{letter}</title><id>urn:x:{number}{letter}</id><updated>2026-01-01T00:00:00Z</updated>"
            '<category scheme="https://x.example/country" term="Igaunija"/><content>Kopā dārzā.</content></entry>'
            for letter in "AB"
        )
        body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Biedri</title><id>urn:x</id>{more}{entries}</feed>'
        return Response(body, mimetype="application/atom+xml")

    state = MemoryState()
    with served(app) as url, PoliteSession(None, allow_private=True) as session:
        result = crawl(Recipe(platform="x", url=f"{url}feed.atom", adapter="feed"), session, state)
    assert (result.found, result.complete) == (6, False)
    assert {record.country for record in state.records.values()} == {"EE"}
