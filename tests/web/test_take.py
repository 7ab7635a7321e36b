"""Searches that are taken along: every format is read by a program that others use, and holds what the page shows."""

from __future__ import annotations

import csv
import html
import io
import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from lxml import etree
from python_calamine import CalamineWorkbook
from sqlalchemy import event, insert, select
from sqlalchemy.exc import OperationalError

from crawlers.record import Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.models import Initiative, InitiativeState
from platforma.services import Services
from platforma.settings import ROOT
from platforma.web.public.take import pieces, results, workbook
from platforma.web.public.take.formats import FORMATS
from search.port import MAX_RESULTS, Document, EngineUnavailable
from tests.web.site import HOSTILE, make_site

LONG = "Garš apraksts. " * 40
RECORDS = [
    Record("bread", url="https://avots.example/1", kind="social_enterprise", title={"lv": "Saules maize", "en": "Sun Bread"},
           summary={"lv": "Ceptuve Cēsīs", "en": "A bakery in Cēsis"}, country="LV", countries=("LV", "EE"), place="Cēsis", lat=57.31,
           lon=25.27, themes=("work_integration", "youth"), sectors=("private",), website="https://saules-maize.example",
           phone="+371 61111111", licence="CC BY 4.0", description={"lv": LONG}),
    Record("map", kind="project", title={"en": "Repair Map"}, description={"en": LONG}, country="EE", countries=("EE",)),
    Record("hostile", kind="project", title={"lv": f"=1+1\x07 {HOSTILE}"}, summary={"lv": "@SUM(A1)\r\nBEGIN:VEVENT"}),
    Record("fair", kind="event", title={"lv": "Gadatirgus"}, country="LV", countries=("LV",), place="Rīga", lat=56.95, lon=24.1,
           start_date="2999-05-22T10:00", end_date="2999-05-22T17:00", summary={"lv": f"Pirmā rinda\nBEGIN:VEVENT; {HOSTILE}"}),
    Record("meeting", kind="event", title={"en": "Meeting"}, country="SE", countries=("SE",), start_date="2999-06-01T08:00:00Z"),
    Record("days", kind="event", title={"en": "Two days"}, start_date="2999-06-05", end_date="2999-06-06"),
    Record("someday", kind="event", title={"en": "Some day in June"}, start_date="2999-06"),
    Record("over", kind="event", title={"lv": "Bijis"}, start_date="2020-01-01"),
    Record("call", kind="funding", title={"en": "Call for ideas"}, country="LT", countries=("LT",), end_date="2999-04-15"),
    Record("open", kind="funding", title={"en": "A call without a deadline"}),
]  # fmt: skip
CURRENT = len(RECORDS) - 1


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_site(Path(tmp_path_factory.mktemp("take")), RECORDS)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that keeps no request open, as answers are streamed within theirs."""
    return app.test_client()


def services_of(app: Flask) -> Services:
    return app.extensions["platforma"]  # type: ignore[no-any-return]


def rows(client: FlaskClient, query: str = "", lang: str = "en") -> list[dict[str, str]]:
    answer = client.get(f"/{lang}/search.csv{query}")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def sheets(client: FlaskClient, query: str = "", lang: str = "en") -> list[list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"/{lang}/search.xlsx{query}").data))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def calendar(client: FlaskClient, query: str = "", lang: str = "en") -> Calendar:
    return Calendar.from_ical(client.get(f"/{lang}/search.ics{query}").data)


def by_name(found: Calendar) -> dict[str, Any]:
    return {str(event["summary"]): event for event in found.events}


def how_many(client: FlaskClient, format: str, query: str, lang: str) -> int:
    """How many listings a file holds; of those without a place in the format, what it says of them."""
    answer = client.get(f"/{lang}/search.{format}{query}")
    assert answer.status_code == 200
    match format:
        case "csv":
            return len(rows(client, query, lang))
        case "xlsx":
            return len(sheets(client, query, lang)[0]) - 1
        case "json":
            return len(answer.get_json()["items"])
        case "jsonl":
            return len([json.loads(line) for line in answer.data.splitlines()])
        case "jsonld":
            return len(json.loads(answer.data)["mainEntity"]["itemListElement"])
        case "geojson":
            return len((found := json.loads(answer.data))["features"]) + int(found["without_coordinates"])
        case _:
            return len(feedparser.parse(answer.data).entries)


@pytest.mark.parametrize("lang", ["lv", "en"])
@pytest.mark.parametrize("query", ["", "?kind=event", "?country=EE&country=LV", "?q=maize", "?theme=-youth&when=all", "?q=nekas%20tamlīdzīgs%20xyzzy"])  # fmt: skip
def test_every_file_holds_as_many_as_the_page_says(client: FlaskClient, query: str, lang: str) -> None:
    args = query.removeprefix("?")
    total = client.get(f"/api/v1/initiatives?lang={lang}&{args}").get_json()["total"]
    found = {format: how_many(client, format, query, lang) for format in FORMATS if format != "ics"}
    assert found == dict.fromkeys(found, total)


def test_pages_and_their_size_do_not_cut_a_file(client: FlaskClient) -> None:
    assert len(rows(client, "?page=2&per_page=1&after=x")) == CURRENT
    assert [row["id"] for row in rows(client, "?sort=name")] == [
        item["id"] for item in client.get("/api/v1/initiatives?lang=en&sort=name&per_page=100").get_json()["items"]
    ]


def test_a_table_has_labels_for_people_and_ids_for_programs(client: FlaskClient) -> None:
    (row,) = rows(client, "?q=bread&exact=1", "lv")
    assert (row["Nosaukums"], row["Veids"], row["Valstis"]) == ("Saules maize", "sociālais uzņēmums", "Latvija; Igaunija")
    assert (row["kind"], row["country"], row["countries"], row["themes"]) == (
        "social_enterprise",
        "LV",
        "LV; EE",
        "work_integration; youth",
    )
    assert (row["Licence"], row["Avots"], row["Adrese avotā"]) == ("CC BY 4.0", "avots", "https://avots.example/1")
    assert row["Lapa šajā katalogā"].startswith(f"http://127.0.0.1:8000/lv/initiatives/{row['id']}/")
    assert (row["lat"], row["lon"], row["Tālrunis"]) == ("57.31", "25.27", "'+371 61111111")
    (english,) = rows(client, "?q=bread&exact=1", "en")
    assert (english["Title"], english["Kind"], english["kind"]) == ("Sun Bread", "social enterprise", "social_enterprise")


def test_whole_descriptions_need_a_licence(client: FlaskClient) -> None:
    (licensed,) = rows(client, "?q=maize&exact=1", "lv")
    (other,) = rows(client, '?q="repair map"&exact=1', "lv")
    assert licensed["Apraksts"].strip() == LONG.strip()
    assert other["Apraksts"] == ""
    for format in ("json", "geojson", "atom", "ics"):
        assert LONG.strip() not in client.get(f'/lv/search.{format}?q="repair map"').get_data(as_text=True)


def test_nothing_in_a_table_is_run_as_a_formula(client: FlaskClient) -> None:
    (row,) = rows(client, "?q=alert&kind=project", "lv")
    assert row["Nosaukums"] == f"'=1+1 {HOSTILE}"
    assert row["Kopsavilkums"] == "'@SUM(A1)\nBEGIN:VEVENT"
    _, *found = sheets(client, "?q=alert&kind=project", "lv")[0]
    assert (len(found), found[0][0]) == (1, f"=1+1 {HOSTILE}")
    assert "<f>" not in unzipped(client, "/lv/search.xlsx?q=alert&kind=project")["xl/worksheets/sheet1.xml"]


def unzipped(client: FlaskClient, address: str) -> dict[str, str]:
    """The XML parts of a workbook."""
    with ZipFile(io.BytesIO(client.get(address).data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}


def test_a_workbook_has_dates_links_and_a_sheet_about_the_search(client: FlaskClient) -> None:
    results_sheet, about = sheets(client, "?kind=event&kind=social_enterprise", "en")
    found = {row[0]: dict(zip(results_sheet[0], row, strict=True)) for row in results_sheet[1:]}
    assert found["Two days"]["Beginning"] == date(2999, 6, 5)
    assert found["Gadatirgus"]["Beginning"] == datetime(2999, 5, 22, 10)
    assert found["Some day in June"]["Beginning"] == "2999-06"
    assert found["Sun Bread"]["lat"] == pytest.approx(57.31)
    values = {row[0]: row[1] for row in about}
    assert values["Results found"] == "5"
    assert values["Page with these results"] == "http://127.0.0.1:8000/en/search?kind=event&kind=social_enterprise"
    assert "licence" in values["Licence"]
    parts = unzipped(client, "/en/search.xlsx?kind=social_enterprise")
    assert 'ySplit="1"' in parts["xl/worksheets/sheet1.xml"] and "<autoFilter" in parts["xl/worksheets/sheet1.xml"]
    assert "https://saules-maize.example" in parts["xl/worksheets/_rels/sheet1.xml.rels"]


def test_a_workbook_has_no_more_links_than_excel_opens(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_LINKS", 3)
    parts = unzipped(client, "/en/search.xlsx")
    assert parts["xl/worksheets/sheet1.xml"].count("<hyperlink ") == 3
    assert len(sheets(client)[0]) == CURRENT + 1


def test_points_on_a_map_are_geojson(client: FlaskClient) -> None:
    answer = client.get("/en/search.geojson")
    assert answer.mimetype == "application/geo+json"
    found = json.loads(answer.data)
    assert (found["type"], len(found["features"]), found["without_coordinates"]) == ("FeatureCollection", 2, CURRENT - 2)
    for feature in found["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        assert (feature["type"], feature["geometry"]["type"]) == ("Feature", "Point")
        assert 20 < lon < 29 and 55 < lat < 59 and math.isfinite(lon)
        assert feature["id"] == feature["properties"]["id"]


def test_items_are_those_of_the_api(client: FlaskClient) -> None:
    found = client.get("/lv/search.json?sort=name").get_json()
    items = client.get("/api/v1/initiatives?lang=lv&sort=name&per_page=100").get_json()["items"]
    assert found["items"] == items
    assert (found["total"], found["page"]) == (CURRENT, "http://127.0.0.1:8000/lv/search?sort=name")


def test_linked_data_is_a_dataset_of_a_list(client: FlaskClient) -> None:
    found = json.loads(client.get("/en/search.jsonld?q=bread&exact=1").data)
    assert (found["@context"], found["@type"], found["inLanguage"]) == ("https://schema.org", "Dataset", "en")
    listed = found["mainEntity"]
    assert (listed["@type"], listed["numberOfItems"], len(listed["itemListElement"])) == ("ItemList", 1, 1)
    (source,) = listed["itemListElement"][0]["item"]["subjectOf"]
    assert (source["url"], source["license"]) == ("https://avots.example/1", "CC BY 4.0")


@pytest.mark.parametrize("address", ["search.atom?when=all", "search.atom?q=xyzzy", "atom.xml"])
def test_feeds_are_valid_atom(client: FlaskClient, address: str) -> None:
    answer = client.get(f"/lv/{address}")
    assert answer.mimetype == "application/atom+xml"
    root = etree.fromstring(answer.data)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    found = feedparser.parse(answer.data)
    assert not found.bozo
    assert found.feed.id and found.feed.title.startswith("Platforma platformām: ")
    assert {link.rel for link in found.feed.links} == {"self", "alternate"}
    (own,) = (link.href for link in found.feed.links if link.rel == "self")
    assert own.startswith("http://127.0.0.1:8000/lv/") and own.endswith(address)
    ids = [entry.id for entry in found.entries]
    assert len(ids) == len(set(ids))
    for node in root.findall("a:entry", atom):
        assert all(
            node.find(f"a:{name}", atom) is not None for name in ("id", "title", "updated", "published", "author", "summary")
        )
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", node.findtext("a:updated", namespaces=atom) or "")
    assert all(entry.updated <= found.feed.updated for entry in found.entries)


def test_a_feed_says_the_language_of_each_title(client: FlaskClient) -> None:
    root = etree.fromstring(client.get("/lv/search.atom?kind=project").data)
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    titles = {node.text: node.get(language) for node in root.iter("{http://www.w3.org/2005/Atom}title")}
    assert titles["Repair Map"] == "en"
    assert titles[f"=1+1 {HOSTILE}"] == "lv"


def test_a_calendar_has_events_with_times_and_days_and_deadlines(client: FlaskClient) -> None:
    found = by_name(calendar(client, "", "lv"))
    assert set(found) == {"Gadatirgus", "Meeting", "Two days", "Pieteikumu termiņš: Call for ideas"}
    assert found["Gadatirgus"].start == datetime(2999, 5, 22, 10, tzinfo=ZoneInfo("Europe/Riga"))
    assert found["Gadatirgus"].end == datetime(2999, 5, 22, 17, tzinfo=ZoneInfo("Europe/Riga"))
    assert found["Meeting"].start == datetime(2999, 6, 1, 8, tzinfo=UTC)
    assert str(found["Meeting"].start.tzinfo) == "Europe/Stockholm"
    assert (found["Two days"].start, found["Two days"].end) == (date(2999, 6, 5), date(2999, 6, 7))
    deadline = found["Pieteikumu termiņš: Call for ideas"]
    assert (deadline.start, deadline.end) == (date(2999, 4, 15), date(2999, 4, 16))
    assert "Application deadline: Call for ideas" in by_name(calendar(client, "", "en"))
    assert "Bijis" in by_name(calendar(client, "?when=all", "lv"))


def test_dates_at_the_ends_of_the_calendar_break_no_file(tmp_path: Path) -> None:
    ends = [
        Record("1", kind="event", title={"lv": "Pēdējā diena"}, start_date="9999-12-31"),
        Record("2", kind="event", title={"lv": "Pirmais brīdis"}, start_date="0001-01-01T00:00+14:00"),
        Record("3", kind="funding", title={"lv": "Pēdējais brīdis"}, end_date="9999-12-31T23:59-12:00"),
        Record("4", kind="event", title={"lv": "Gadatirgus"}, start_date="2999-05-22"),
    ]
    client = make_site(tmp_path, ends).test_client()
    assert set(by_name(calendar(client, "?when=all", "lv"))) == {"Pēdējā diena", "Gadatirgus"}
    for title in ("pirmais", "pēdējais", "diena"):
        item = client.get(f"/api/v1/initiatives?lang=lv&when=all&q={title}").get_json()["items"][0]
        assert client.get(urlsplit(item["url"]).path).status_code == 200, title


def test_an_event_says_where_it_is_and_leads_to_its_page(client: FlaskClient) -> None:
    fair = by_name(calendar(client, "?q=gadatirgus", "lv"))["Gadatirgus"]
    assert str(fair["location"]) == "Rīga, Latvija"
    assert (fair["geo"].latitude, fair["geo"].longitude) == (56.95, 24.1)
    assert str(fair["url"]).startswith("http://127.0.0.1:8000/lv/initiatives/")
    assert fair["summary"].params["LANGUAGE"] == "lv"
    found = calendar(client, "?q=gadatirgus", "lv")
    assert str(found["x-wr-calname"]).startswith("Platforma platformām: ")
    assert "Europe/Riga" in [zone.tz_name for zone in found.timezones]


def test_texts_of_others_add_nothing_to_a_calendar(client: FlaskClient) -> None:
    text = client.get("/lv/search.ics").data
    assert text.count(b"\r\nBEGIN:VEVENT\r\n") == 4
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert b"\r" not in text.replace(b"\r\n", b"")
    fair = by_name(calendar(client, "", "lv"))["Gadatirgus"]
    assert str(fair["description"]).startswith(f"Pirmā rinda\nBEGIN:VEVENT; {HOSTILE}")


@pytest.mark.parametrize("format", [name for name in FORMATS if name != "xlsx"])
def test_the_same_search_gives_the_same_file(client: FlaskClient, format: str) -> None:
    first, second = (client.get(f"/lv/search.{format}").data for _ in range(2))
    assert first == second


def test_one_listing_is_a_calendar_of_its_own(app: Flask, client: FlaskClient) -> None:
    ids = {row["Title"]: row for row in rows(client, "?when=all", "en")}
    address = ids["Two days"]["Page in this directory"].replace("http://127.0.0.1:8000", "")
    answer = client.get(f"{address}.ics")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answer.headers["Content-Disposition"] == "attachment; filename=two-days.ics"
    assert set(by_name(Calendar.from_ical(answer.data))) == {"Two days"}
    assert client.get(address.replace("two-days", "x") + ".ics").location == f"{address}.ics"
    for title in ("A call without a deadline", "Repair Map", "Some day in June"):
        other = ids[title]["Page in this directory"].replace("http://127.0.0.1:8000", "")
        assert client.get(f"{other}.ics").status_code == 404
    assert client.get("/lv/initiatives/aaaaaaaaaa/x.ics").status_code == 404


def test_names_of_files_say_what_they_are(client: FlaskClient) -> None:
    name = client.get("/lv/search.csv?kind=social_enterprise&country=EE").headers["Content-Disposition"]
    match = re.fullmatch(r"attachment; filename=platforma-EE-social-enterprise-[0-9-]{10}\.csv; filename\*=UTF-8''(.*)", name)
    assert match, name
    assert match[1].startswith(quote("platforma-Sociālie-uzņēmumi-Igaunijā-"))
    evil = client.get("/lv/search.csv", query_string={"q": '"; x="\r\nX-Evil: 1/../../etc'})
    assert "X-Evil" not in evil.headers
    assert not re.search(r'[/\\"\r\n]', evil.headers["Content-Disposition"])


def test_an_unchanged_search_is_not_sent_again(app: Flask, client: FlaskClient) -> None:
    for format in FORMATS:
        answer = client.get(f"/lv/search.{format}?kind=event")
        again = client.get(f"/lv/search.{format}?kind=event", headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == answer.headers["ETag"]
    tags = {
        client.get(address).headers["ETag"]
        for address in ("/lv/search.csv", "/en/search.csv", "/lv/search.json", "/lv/search.csv?q=a")
    }
    assert len(tags) == 4


def test_the_head_alone_can_be_asked_for(client: FlaskClient) -> None:
    for format in FORMATS:
        answer = client.head(f"/lv/search.{format}?kind=event")
        whole = client.get(f"/lv/search.{format}?kind=event")
        assert (answer.status_code, answer.data) == (200, b"")
        same = ("Content-Type", "Content-Disposition", "ETag", "Cache-Control", "Link")
        assert [answer.headers.getlist(name) for name in same] == [whole.headers.getlist(name) for name in same]


@pytest.mark.parametrize("query", ["?sort=x", "?near=nekurpasaulē", "?area=1", "?when=never"])
@pytest.mark.parametrize("lang", ["lv", "en"])
def test_what_has_no_meaning_is_said_in_the_readers_language(client: FlaskClient, query: str, lang: str) -> None:
    for format in FORMATS:
        answer = client.get(f"/{lang}/search.{format}{query}")
        assert (answer.status_code, answer.mimetype) == (400, "text/html")
        assert f'<html lang="{lang}"' in answer.get_data(as_text=True)
    assert client.get("/lv/search.pdf").status_code == 404


def test_what_was_removed_is_in_no_file_even_before_the_index_knows(tmp_path: Path) -> None:
    app = make_site(tmp_path, RECORDS)
    client = app.test_client()
    with services_of(app).database.writing() as session:
        rows_ = session.scalars(select(Initiative).where(Initiative.composed["texts"].as_string().contains("Gadatirgus")))
        next(iter(rows_)).state = InitiativeState.SUPPRESSED
    for format in FORMATS:
        if format != "xlsx":
            assert "Gadatirgus" not in client.get(f"/lv/search.{format}").get_data(as_text=True)
    assert "Gadatirgus" not in [row[0] for row in sheets(client, "", "lv")[0]]


class Down:
    """An engine that does not answer."""

    def __getattr__(self, name: str) -> Any:
        raise EngineUnavailable("the engine does not answer")


@pytest.mark.parametrize("format", FORMATS)
def test_a_search_that_does_not_answer_sends_nothing_of_a_file(app: Flask, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    services = services_of(app)
    monkeypatch.setitem(app.extensions, "platforma", replace(services, engine=Down()))
    answer = app.test_client().get(f"/lv/search.{format}")
    assert (answer.status_code, answer.mimetype, answer.headers["Retry-After"]) == (503, "text/html", "60")
    assert "Content-Disposition" not in answer.headers


@contextmanager
def failing_after(app: Flask, statements: int) -> Iterator[None]:
    """Inside, the database fails after so many reads of listings."""
    seen = [0]

    def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen[0] += "initiatives" in statement
        if seen[0] > statements:
            raise OperationalError(statement, {}, Exception("disk I/O error"))

    engine = services_of(app).database.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", count)


def test_a_file_that_breaks_off_is_no_short_file(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before its first piece the answer is an error; later the connection breaks, here by an exception."""
    monkeypatch.setattr(results, "BATCH_SIZE", 2)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with failing_after(app, 0):
        assert client.get("/lv/search.csv").status_code == 500
    monkeypatch.setattr(pieces, "PIECE_CHARACTERS", 100)
    with failing_after(app, 2):
        answer = client.get("/lv/search.csv", buffered=False)
        assert answer.status_code == 200
        with pytest.raises(OperationalError):
            list(answer.response)
    with failing_after(app, 2):
        assert client.get("/lv/search.xlsx").status_code == 500


def test_listings_are_read_in_batches(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "BATCH_SIZE", 4)
    asked: list[int] = []
    real = listing_queries.listings

    def counted(session: Any, ids: Any) -> Any:
        asked.append(len(ids))
        return real(session, ids)

    monkeypatch.setattr(listing_queries, "listings", counted)
    assert len(rows(app.test_client())) == CURRENT
    assert asked == [4, 4, 1]


def test_the_addresses_in_the_papers_work(client: FlaskClient) -> None:
    text = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    addresses = re.findall(r"'http://127\.0\.0\.1:8000(/\w\w/search\.(\w+)[^']*)'", text)
    assert {format for _, format in addresses} == set(FORMATS)
    for address, format in addresses:
        answer = client.get(address)
        assert (answer.status_code, answer.content_type) == (200, FORMATS[format].media_type), address
    assert re.findall(r"^\| `(\w+)` \|.*`([a-z]+/[\w.+-]+)` \|$", text, flags=re.M) == [
        (name, form.media_type.partition(";")[0]) for name, form in FORMATS.items()
    ]


def test_a_page_leads_to_every_way_to_take_its_search(client: FlaskClient) -> None:
    page = client.get("/lv/search?kind=event&kind=funding").get_data(as_text=True)
    assert '<link rel="alternate" type="application/atom+xml" href="/lv/search.atom?kind=event&amp;kind=funding"' in page
    box = page.split('id="take"')[1].split("</section>")[0]
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', box)]
    assert "webcal://127.0.0.1:8000/lv/search.ics?kind=event&kind=funding" in links
    inside = [link for link in links if link.startswith("/")]
    assert len(inside) == len(links) - 1 == 10
    assert {link: client.get(link).status_code for link in inside} == dict.fromkeys(inside, 200)
    assert "Visi rezultāti: 6 rindas" in box and 'value="http://127.0.0.1:8000/lv/search?kind=event&amp;kind=funding"' in box


@pytest.mark.parametrize(("query", "has_calendar", "has_files"), [("kind=social_enterprise", False, True), ("country=LV&kind=-event&kind=-funding", False, True), ("country=LV", True, True), ("q=xyzzy", False, False)])  # fmt: skip
def test_only_ways_that_lead_somewhere_are_offered(client: FlaskClient, query: str, has_calendar: bool, has_files: bool) -> None:
    page = client.get(f"/en/search?{query}").get_data(as_text=True)
    assert ("webcal://" in page, "search.csv" in page, "search.atom" in page) == (has_calendar, has_files, True)


def test_a_file_goes_on_beyond_what_pages_reach(tmp_path: Path) -> None:
    """The documents go into the index as they are, without being composed: only how many there are is tried."""
    app = make_site(tmp_path, [])
    ids = [f"{number:010d}" for number in range(MAX_RESULTS + 50)]
    composed = {"texts": {"title": {"lv": "Viens"}}, "fields": {}, "slug": "viens"}
    row = {"state": InitiativeState.PUBLISHED, "composed": composed, "published_at": utc_now(), "changed_at": utc_now()}
    with services_of(app).database.writing() as session:
        session.execute(insert(Initiative), [{"public_id": id, **row} for id in ids])
    generation = services_of(app).engine.begin_generation()
    generation.add(Document(id=id, title={"lv": "Viens"}, sort_names={"lv": "Viens", "en": "Viens"}) for id in ids)
    generation.publish()
    client = app.test_client()
    found = client.get("/lv/search.json?sort=name").get_json()
    assert (found["total"], [item["id"] for item in found["items"]]) == (len(ids), ids)
    assert client.get("/lv/search?page=501").status_code == 400
