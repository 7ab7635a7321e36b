"""The desk's list of public listings without a text in one of the interface's languages."""

from __future__ import annotations

from flask import abort, render_template, request, url_for

from platforma.catalogue.desk import translations
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.texts_told import languages_of
from platforma.i18n import current_language, joined, language_name, today
from platforma.web.context import next_skip, services, skipped
from platforma.web.desk.blueprint import blueprint
from platforma.web.public.rows import Row, row
from vocabulary.languages import LANGUAGES

PER_PAGE = 20


@blueprint.get("/translations", endpoint="translations")
def missing_translations() -> str:
    """Those that lack one language (`?in=`), or any; calls and events that are still open first."""
    wanted, skip = request.args.get("in", ""), skipped()
    if wanted and wanted not in LANGUAGES:
        abort(404)
    langs = [wanted] if wanted else LANGUAGES
    with services().database.reading() as session:
        missing = translations.missing(session)
        found = translations.listings(session, missing.lacking(langs), today=today().isoformat(), limit=PER_PAGE, offset=skip)
    total = missing.count(langs)
    return render_template(
        "pages/desk/translations.html", lines=[_line(listing) for listing in found], wanted=wanted, skip=skip, total=total,
        by_language=[(code, language_name(code), missing.count([code])) for code in LANGUAGES],
        next_skip=next_skip(skip, PER_PAGE, total),
    )  # fmt: skip


def _line(listing: Listing) -> tuple[Row, str, str]:
    """A listing as a row, its page at the desk, and the languages that it lacks."""
    told = languages_of(listing.texts)
    lacking = [language_name(code) for code in LANGUAGES if f" {code} " not in told]
    return row(listing, current_language(), today=today()), url_for("desk.edit", public_id=listing.public_id), joined(lacking)
