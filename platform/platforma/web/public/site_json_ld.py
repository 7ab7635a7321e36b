"""The site as schema.org JSON-LD, for search engines: the site with its search, its publisher, and its data."""

from __future__ import annotations

from datetime import datetime

from flask import url_for

from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web.assets import asset_url
from platforma.web.context import absolute
from platforma.web.public.json_ld import script_text
from platforma.web.public.schema_org import Data, without_empty
from platforma.web.public.take.formats import FORMATS
from vocabulary.languages import LANGUAGES

DISTRIBUTIONS = ("csv", "xlsx", "json", "jsonld", "geojson")
"""Forms in which the whole catalogue can be had."""


def site_json_ld(updated_at: datetime | None) -> str:
    """The graph of the start page, safe inside a script element; `updated_at` is the end of the last good crawl in UTC."""
    return script_text({"@context": "https://schema.org", "@graph": [_site(), _publisher(), _dataset(updated_at)]})


def _site() -> Data:
    start = absolute(url_for("directory.start"))
    target = {"@type": "EntryPoint", "urlTemplate": f"{absolute(url_for('directory.search'))}?q={{search_term_string}}"}
    return {
        "@type": "WebSite",
        "@id": f"{absolute('/')}#site",
        "url": start,
        "name": _("Platform of Platforms"),
        "description": _("Social innovation around the Baltic Sea"),
        "inLanguage": list(LANGUAGES),
        "publisher": {"@id": _publisher_id()},
        "potentialAction": {"@type": "SearchAction", "target": target, "query-input": "required name=search_term_string"},
    }


def _publisher() -> Data:
    return {
        "@type": "Organization",
        "@id": _publisher_id(),
        "name": _("Social Innovation Centre"),
        "logo": absolute(asset_url("icon-512.png")),
    }


def _publisher_id() -> str:
    return f"{absolute('/')}#publisher"


def _dataset(updated_at: datetime | None) -> Data:
    """The catalogue as data; each entry has the licence of its source, so that the whole has only terms of use."""
    files = [
        {
            "@type": "DataDownload",
            "encodingFormat": FORMATS[name].media_type.partition(";")[0],
            "contentUrl": absolute(url_for("take.export", format=name)),
        }
        for name in DISTRIBUTIONS
    ]
    return without_empty(
        {
            "@type": "Dataset",
            "@id": f"{absolute('/')}#data",
            "name": _("Social innovation around the Baltic Sea"),
            "description": _(
                "Organisations, social enterprises, projects, funding and events of social innovation in Latvia and around the"
                " Baltic Sea, from many platforms in one place."
            ),
            "url": absolute(url_for("directory.start")),
            "inLanguage": current_language(),
            "license": absolute(url_for("directory.text", name="terms")),
            "isAccessibleForFree": True,
            "creator": {"@id": _publisher_id()},
            "dateModified": updated_at.isoformat() if updated_at else None,
            "distribution": files,
        }
    )
