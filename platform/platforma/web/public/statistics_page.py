"""The public statistics: a page of charts with their tables, each also as CSV; on paper the report of a year."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, abort, render_template, request

from platforma.addresses import SITE
from platforma.catalogue.files.cells import safe_cell
from platforma.i18n import today
from platforma.web.public.statistics_tables import TABLES, tables

FIRST_YEAR = 2000
blueprint = Blueprint("statistics", __name__, url_prefix=f"{SITE}/statistics")


@blueprint.get("", endpoint="page")
def page() -> str:
    """All statistics; `?year=` narrows what is new to that year."""
    year = _year()
    return render_template("pages/statistics.html", tables=tables(year), year=year, this_year=today().year)


@blueprint.get("/<name>.csv", endpoint="file")
def file(name: str) -> Response:
    """One table as CSV: UTF-8, commas, a line of names."""
    if name not in TABLES:
        abort(404)
    table, text = TABLES[name](_year()), io.StringIO()
    writer = csv.writer(text)
    writer.writerow(map(safe_cell, table.file_head or table.head))
    writer.writerows([safe_cell(cell) for cell in row] for row in table.data)
    headers = {"Content-Disposition": f'attachment; filename="statistics-{name}.csv"'}
    return Response(text.getvalue(), mimetype="text/csv", headers=headers)


def _year() -> int | None:
    """The year that the address asks for, None without one; 400 for what is no year."""
    text = request.args.get("year", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:5]) <= today().year):
        abort(400)
    return int(text)
