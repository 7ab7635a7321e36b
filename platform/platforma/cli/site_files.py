"""Files of the whole catalogue in the formats in which the site gives searches away; no import takes them back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from platforma.catalogue.files.exporting import ListingExport, whole_file
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import force_locale
from platforma.services import Services
from platforma.web.app import create_app
from platforma.web.public.take.export import Export
from platforma.web.public.take.formats import FORMATS
from search.port import Query


def export_as_site(services: Services, file: Path, lang: str, *, include_all: bool) -> int:
    """Write the published listings, or all but the suppressed ones, by the file's suffix, in a language; return how many.

    The file appears whole or not at all.
    """
    settings, format = services.settings, file.suffix.lower().removeprefix(".")
    today = datetime.now(ZoneInfo(settings.time_zone)).date()
    with services.database.snapshot() as session, whole_file(file) as temporary, temporary.open("wb") as target:
        listings = ListingExport.of(session, include_all=include_all)
        titles, licences = platform_queries.platform_titles(session), platform_queries.platform_licences(session)
        export = Export(Query(lang=lang, when="all", today=today), format, listings.count(), today, titles, licences)
        with create_app(services).test_request_context(base_url=settings.base_url), force_locale(lang):
            target.writelines(FORMATS[format].pieces(export, listings.listings()))
        return export.total
