"""Demonstration sites that publish files or an API: a table, a workbook, an open-data portal, a calendar."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date, datetime, timedelta
from typing import Any

import xlsxwriter
from flask import Flask, Response, abort, request
from icalendar import Calendar, Event, vRecur

from platforma.demo.content import entries
from platforma.demo.pages import about_pages, base, page, robots

RESOURCE = "5f0c1a5e-demo"


def register_csv() -> Flask:
    """A page that links to a register: semicolons, a byte order mark, Latvian columns, decimal commas."""
    app = Flask(__name__)
    about_pages(app)
    robots(app)
    columns = (
        "Reģistrācijas numurs",
        "Nosaukums",
        "Juridiskā forma",
        "Adrese",
        "Joma",
        "Tīmekļa vietne",
        "Piešķirts",
        "Platums",
        "Garums",
        "Valsts",
    )

    @app.get("/")
    def front() -> str:
        return page("Reģistrs", '<h1>Reģistrs</h1><p><a href="/registrs.csv">Lejupielādēt reģistru (CSV)</a></p>')

    @app.get("/registrs.csv")
    def table() -> Response:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";")
        writer.writerows([columns, *([*row, "Latvija"] for row in entries("register-csv"))])
        return with_validator(Response(("\ufeff" + out.getvalue()).encode(), mimetype="text/csv"))

    return app


def register_xlsx() -> Flask:
    """A page that links to a workbook: a sheet of explanations, title rows above the header, merged regions, real dates."""
    app = Flask(__name__)
    about_pages(app)
    robots(app)

    @app.get("/")
    def front() -> str:
        return page("Atbalsts", '<h1>Atbalsts</h1><p><a href="/dati/atbalsts.xlsx">Atbalsta programmas (Excel)</a></p>')

    @app.get("/dati/atbalsts.xlsx")
    def table() -> Response:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return with_validator(Response(workbook(entries("register-xlsx")), mimetype=kind))

    return app


def workbook(programmes: list[dict[str, Any]]) -> bytes:
    """The entries as an XLSX workbook; its bytes are the same each time."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
        book.set_properties({"created": datetime(2026, 11, 2)})
        book.add_worksheet("Par failu").write_column(0, 0, ["Par šo failu", "Sarakstu atjauno reizi ceturksnī."])
        sheet = book.add_worksheet("Saraksts")
        sheet.write(0, 0, "Atbalsta programmas sociālām idejām")
        columns = {"title": "Nosaukums", "kind": "Veids", "organisation": "Īstenotājs", "country": "Valsts", "place": "Pilsēta"}
        columns |= {"start": "Sākums", "end": "Beigas", "website": "Mājaslapa", "text": "Apraksts"}
        sheet.write_row(2, 0, ["Reģions", *columns.values()])
        for number, entry in enumerate(programmes, start=3):
            sheet.write_row(number, 1, [entry.get(name, "") for name in columns])
        for region in dict.fromkeys(entry["region"] for entry in programmes):
            rows = [number for number, entry in enumerate(programmes, start=3) if entry["region"] == region]
            sheet.merge_range(rows[0], 0, rows[-1], 0, region)
    return out.getvalue()


def ckan_portal() -> Flask:
    """An open-data portal (CKAN): a register whose rows its interface gives in parts, among datasets of other things."""
    app = Flask(__name__)
    about_pages(app)
    robots(app)
    columns = ("Reģistrācijas numurs", "Nosaukums", "Juridiskā forma", "Pilsēta", "Joma", "Tīmekļa vietne", "Valsts")
    rows = [dict(zip(columns, [*row, "Latvija"], strict=True)) for row in entries("ckan-portal")]

    @app.get("/")
    def front() -> str:
        links = "".join(f'<li><a href="/dataset/{dataset["name"]}">{dataset["title"]}</a></li>' for dataset in datasets())
        return page("Dati", f"<h1>Datu kopas</h1><ul>{links}</ul>", head='<meta name="generator" content="ckan 2.10.4">')

    @app.get("/dataset/<name>")
    def dataset_page(name: str) -> str:
        dataset = next((dataset for dataset in datasets() if dataset["name"] == name), None) or abort(404)
        return page(dataset["title"], f"<h1>{dataset['title']}</h1><p>{dataset['notes']}</p>")

    @app.get("/api/3/action/<action>")
    def call(action: str) -> Any:
        result = call_result(action, rows)
        return {"success": True, "result": result} if result is not None else ({"success": False}, 404)

    return app


def call_result(action: str, rows: list[dict[str, str]]) -> dict[str, Any] | None:
    """The result of a call of CKAN's action API; None for an unknown action or object."""
    start, limit = request.args.get("offset", 0, int), request.args.get("limit", 100, int)
    if action == "package_search":
        results = datasets()[request.args.get("start", 0, int) :][: request.args.get("rows", 10, int)]
        return {"count": len(datasets()), "results": results}
    if action == "package_show":
        return next((dataset for dataset in datasets() if dataset["name"] == request.args.get("id")), None)
    if action == "datastore_search" and request.args.get("resource_id") == RESOURCE:
        numbered = [{"_id": number, **row} for number, row in enumerate(rows, start=1)]
        fields = [{"id": name, "type": "text"} for name in rows[0]]
        return {"total": len(rows), "fields": fields, "records": numbered[start : start + limit]}
    return None


def datasets() -> list[dict[str, Any]]:
    """The portal's datasets as CKAN describes them; only the first is about initiatives."""
    register = {"id": RESOURCE, "name": "Reģistrs", "format": "CSV", "url": f"{base()}/f/registrs.csv", "datastore_active": True}
    return [
        {"name": "atbalstitie-uznemumi", "title": "Atbalstīto sociālo uzņēmumu reģistrs", "notes": "Visi programmas dalībnieki.",
         "resources": [register | {"last_modified": "2026-10-01T08:00:00"}]},
        {"name": "velo-skaititaji", "title": "Velosipēdu skaitītāji", "notes": "Braucienu skaits stundā.", "resources": []},
        {"name": "koku-vainagi", "title": "Koku vainagi", "notes": "Ielu koku uzmērījumi.", "resources": []},
    ]  # fmt: skip


def calendar() -> Flask:
    """A page that names a calendar to subscribe to (iCalendar): days, times with a zone, a series, an event called off."""
    app = Flask(__name__)
    about_pages(app)
    robots(app)

    @app.get("/")
    def front() -> str:
        address = f"webcal://{request.host}/kalendars.ics"
        return page("Pasākumi", f'<h1>Pasākumi</h1><p><a href="{address}">Abonēt kalendāru</a></p>')

    @app.get("/kalendars.ics")
    def calendar_feed() -> Response:
        feed = Calendar()
        feed.add("prodid", "-//Demo//LV")
        feed.add("version", "2.0")
        feed.add("x-wr-timezone", "Europe/Riga")
        for entry in entries("calendar"):
            feed.add_component(event(entry))
        cancelled = event({"id": "e0", "title": "Atcelts pasākums", "start": date(2027, 1, 1), "place": "Rīga", "text": ""})
        cancelled.add("status", "CANCELLED")
        feed.add_component(cancelled)
        return with_validator(Response(feed.to_ical(), mimetype="text/calendar"))

    return app


def event(entry: dict[str, Any]) -> Event:
    """An entry as an iCalendar event."""
    component = Event()
    for name, key in (("summary", "title"), ("description", "text"), ("location", "place")):
        component.add(name, entry[key])
    component.add("uid", f"{entry['id']}@demo.example")
    component.add("url", f"{base()}/pasakumi/{entry['id']}")
    component.add("dtstamp", datetime(2026, 11, 2, 8))
    component.add("dtstart", entry["start"])
    if end := entry.get("end"):
        component.add("dtend", end if isinstance(end, datetime) else end + timedelta(days=1))
    if entry.get("weeks"):
        component.add("rrule", vRecur(freq="weekly", count=entry["weeks"]))
    return component


def with_validator(answer: Response) -> Response:
    """The answer with an ETag of its content; 304 for a request that names this ETag."""
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:16])
    answer.make_conditional(request.environ)
    return answer
