"""Registers: tables and collections that a page offers for download, and open-data portals."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from bench.unknown.site import Answer, Site

Rows = Sequence[Sequence[object]]
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def rows(site: Site) -> list[list[object]]:
    """The entries under a header in the site's language."""
    labels = site.labels
    header: list[object] = [
        "Nr.",
        labels["name"],
        labels["text"],
        labels["country"],
        labels["city"],
        labels["website"],
        labels["field"],
    ]
    body: list[list[object]] = [
        [n, one.name, one.text, one.country, one.city, one.website, one.topics] for n, one in enumerate(site.entries, 1)
    ]
    return [header, *body]


def as_csv(table: Rows, delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(
        [["" if cell is None else cell for cell in row] for row in table]
    )
    return out.getvalue()


def as_xlsx(sheets: dict[str, Rows]) -> bytes:
    """A minimal workbook (ECMA-376) with inline strings."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_ml("worksheet")}"/>'
            for n in range(1, len(sheets) + 1)
        )
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_ml("sheet.main")}"/>{kinds}</Types>',
        )
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            _relations([("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]),
        )
        names = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{names}</sheets></workbook>')
        for number, table in enumerate(sheets.values(), 1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", _sheet(table))
    return out.getvalue()


def _ml(part: str) -> str:
    return f"application/vnd.openxmlformats-officedocument.spreadsheetml.{part}+xml"


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def _sheet(table: Rows) -> str:
    def cell(value: object, row: int, column: int) -> str:
        place = f"{chr(65 + column)}{row}"
        if isinstance(value, (int, float)):
            return f'<c r="{place}"><v>{value}</v></c>'
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'

    lines = [
        f'<row r="{n}">{"".join(cell(value, n, c) for c, value in enumerate(row) if value not in (None, ""))}</row>'
        for n, row in enumerate(table, 1)
    ]
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _downloads(site: Site, files: Sequence[tuple[str, str]]) -> None:
    """A page in the menu that links the files by name and address, after the yearly reports."""
    site.menu.append((site.list_name, "/register/"))
    reports = (
        '<li><a href="/files/report-2023.pdf">2023 (PDF, 2 MB)</a></li><li><a href="/files/budget.csv">Budget 2023 (CSV)</a></li>'
    )
    links = "".join(f'<li><a href="{path}">{escape(name)}</a></li>' for name, path in files)
    site.page("/register/", site.list_name, f"<p>{site.word('intro')}</p><ul>{reports}{links}</ul>")
    site.add("/files/report-2023.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    site.add(
        "/files/budget.csv",
        "Code;Item;2022;2023\r\n1000;Salaries;52000;61000\r\n2000;Rent;9000;9400\r\n3000;Travel;4100;7300\r\n",
        "text/csv",
    )


def csv_old(site: Site) -> None:
    """Semicolons, the encoding of old office programs, no charset in the answer; letters it lacks are lost before."""
    kept = [one for one in site.entries if one.name.encode("cp1257", "ignore").decode("cp1257") == one.name]
    site.entries[:] = [
        one
        for one in kept
        if not one.country or one.country.isascii() or one.country.encode("cp1257", "ignore").decode("cp1257") == one.country
    ]
    site.add("/files/registrs.csv", as_csv(rows(site), ";").encode("cp1257", "replace"), "text/csv")
    _downloads(site, [(f"{site.list_name} (CSV)", "/files/registrs.csv")])


def csv_plain(site: Site) -> None:
    """UTF-8 with a byte order mark behind an address without a suffix, sent as an attachment."""
    body = b"\xef\xbb\xbf" + as_csv(rows(site), ",").encode()
    site.add("/export?format=csv", body, "application/octet-stream", Content_Disposition='attachment; filename="members.csv"')
    _downloads(site, [(f"{site.list_name} – CSV", "/export?format=csv")])


def xlsx(site: Site) -> None:
    """A workbook whose first sheet explains, whose second has a title and an empty line above the header."""
    notes: Rows = [["Register"], ["Status on", "2024-04-02"], ["Source", site.name]]
    table: Rows = [[f"{site.list_name} ({site.name})"], [], *rows(site)]
    site.add("/files/register.xlsx", as_xlsx({"Info": notes, site.list_name[:20]: table}), SHEET)
    _downloads(site, [(f"{site.list_name} (Excel)", "/files/register.xlsx")])


def geojson(site: Site) -> None:
    """The layer behind a map: the page names it only in a data attribute of the map and in a link below it."""
    features = [
        {"type": "Feature", "id": one.number, "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]},
         "properties": {"title": one.name, "popup": one.html, "country": one.country, "town": one.city, "url": one.website, "icon": "blue"}}
        for one in site.entries
    ]  # fmt: skip
    site.add(
        "/map/points.geojson", json.dumps({"type": "FeatureCollection", "features": features}).encode(), "application/geo+json"
    )
    site.menu.append((site.list_name, "/map/"))
    site.page(
        "/map/",
        site.list_name,
        '<div id="map" data-source="/map/points.geojson"></div><p><a href="/map/points.geojson">GeoJSON</a></p>',
    )


def json_objects(site: Site) -> None:
    """A JSON answer in an envelope, with names of fields that a programmer chose."""
    items = [
        {
            "uuid": f"0000-{one.number}",
            "orgName": one.name,
            "about": {"html": one.html},
            "location": {"countryName": one.country, "cityName": one.city, "geo": [one.lat, one.lon]},
            "homepageUrl": one.website,
            "sectors": list(one.types),
        }
        for one in site.entries
    ]
    site.add("/api/members.json", {"status": "ok", "count": len(items), "data": {"items": items}})
    _downloads(site, [("JSON", "/api/members.json")])


def ckan(site: Site) -> None:
    """A CKAN portal: one data set is the register, others are about traffic and budgets."""
    site.add("/dump/register.csv", as_csv(rows(site), ","), "text/csv; charset=utf-8")
    site.add(
        "/dump/traffic.csv", "street,hour,vehicles\n" + "".join(f"Street {n},{n % 24},{n * 7}\n" for n in range(40)), "text/csv"
    )
    site.add("/dump/budget.csv", "code,name,amount\n1000,Salaries,52000\n2000,Rent,9000\n", "text/csv")
    packages = [
        _package(site, "traffic-counts", "Traffic counts 2023", "Vehicles an hour at ten crossings.", "traffic"),
        _package(site, "register", site.list_name, site.words["intro"], "register"),
        _package(site, "budget", "Budget 2023", "Planned expenses of the office.", "budget"),
    ]
    site.routes.append(lambda path, query: _ckan_action(packages, path, query))
    site.menu.append(("Datasets", "/dataset/"))
    site.head += '<meta name="generator" content="ckan 2.10.4">'
    for package in packages:
        link = f'<a class="resource-url-analytics" href="{package["resources"][0]["url"]}">CSV</a>'
        body = f'<p>{escape(package["notes"])}</p><ul class="resource-list"><li class="resource-item">{link}</li></ul>'
        site.page(f"/dataset/{package['name']}", package["title"], body)
    items = "".join(
        f'<li class="dataset-item"><h2 class="dataset-heading"><a href="/dataset/{one["name"]}">{escape(one["title"])}</a></h2></li>'
        for one in packages
    )
    site.page("/dataset/", "Datasets", f'<ul class="dataset-list">{items}</ul>')


def ckan_dataset(site: Site) -> None:
    """The same portal, known by the page of its data set."""
    ckan(site)
    site.start = "/dataset/register"


def _package(site: Site, name: str, title: str, notes: str, file: str) -> dict[str, Any]:
    resource = {
        "id": f"r-{name}",
        "package_id": f"p-{name}",
        "name": title,
        "format": "CSV",
        "url": f"{site.base}/dump/{file}.csv",
        "mimetype": "text/csv",
        "datastore_active": False,
    }
    return {
        "id": f"p-{name}", "name": name, "title": title, "notes": notes, "type": "dataset", "state": "active", "license_id": "cc-by",
        "num_resources": 1, "resources": [resource], "organization": {"name": "network", "title": site.name}, "tags": [], "groups": [],
    }  # fmt: skip


def _ckan_action(packages: list[dict[str, Any]], path: str, query: dict[str, str]) -> Answer | None:
    action = path.removeprefix("/api/3/action/").removeprefix("/api/action/")
    if action == path:
        return None
    asked = query.get("id", "")
    found = [one for one in packages if asked in (one["id"], one["name"])]
    start, size = int(query.get("start", 0)), int(query.get("rows", 10))
    results: dict[str, Any] = {
        "status_show": {"ckan_version": "2.10.4", "extensions": []},
        "site_read": True,
        "package_list": [one["name"] for one in packages],
        "package_search": {"count": len(packages), "results": packages[start : start + size]},
        "package_show": found[0] if found else None,
    }
    ok = results.get(action) is not None
    body = (
        {"success": ok, "result": results[action]}
        if ok
        else {"success": False, "error": {"__type": "Not Found Error", "message": "Not found"}}
    )
    return Answer(json.dumps(body).encode(), "application/json", 200 if ok else 404)


VARIANTS: dict[str, Callable[[Site], None]] = {
    "CSV, windows-1257": csv_old,
    "CSV without suffix": csv_plain,
    "XLSX": xlsx,
    "GeoJSON": geojson,
    "JSON": json_objects,
    "CKAN": ckan,
    "CKAN data set": ckan_dataset,
}
