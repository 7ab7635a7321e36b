"""What the directory brings a platform: openings, clicks on and words, as a page and as files."""

from __future__ import annotations

import csv
import io

from flask import Response, abort, render_template

from platforma.addresses import OWN_PLATFORM
from platforma.catalogue.files.cells import safe_cell
from platforma.catalogue.partners import own_platforms, visit_counts
from platforma.i18n import today
from platforma.web.context import services
from platforma.web.partner.access import blueprint, own_platform_id
from platforma.web.partner.visits_page import FILES, visits_page


@blueprint.get(f"{OWN_PLATFORM}visits")
def visits(public_id: str) -> str:
    id = own_platform_id(public_id)
    with services().database.reading() as session:
        found, counted = own_platforms.own_platform(session, id), visit_counts.visits(session, id, today())
    is_on = services().settings.visit_counts
    return render_template("pages/members/visits.html", platform=found, page=visits_page(counted), is_on=is_on)


@blueprint.get(f"{OWN_PLATFORM}visits/<name>.csv")
def visits_file(public_id: str, name: str) -> Response:
    """One of the tables as CSV: UTF-8, commas, a line of names."""
    id = own_platform_id(public_id)
    if name not in FILES:
        abort(404)
    with services().database.reading() as session:
        rows = FILES[name](visit_counts.visits(session, id, today()))
    text = io.StringIO()
    csv.writer(text).writerows([safe_cell(cell) for cell in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="visits-{name}.csv"'}
    return Response(text.getvalue(), mimetype="text/csv", headers=headers)
