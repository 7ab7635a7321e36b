"""The search as browsers and other programs add it to theirs (OpenSearch 1.1), with suggestions."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from flask import Blueprint, Response, json, request, url_for

from platforma.addresses import SITE
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web.assets import asset_url
from platforma.web.context import absolute, services
from platforma.web.public import suggestions
from platforma.web.public.results import MAX_SUGGEST_CHARACTERS

blueprint = Blueprint("open_search", __name__, url_prefix=SITE)
KEPT_FOR_A_DAY = "public, max-age=86400"
MAX_SHORT_NAME_CHARACTERS, MAX_DESCRIPTION_CHARACTERS = 16, 1024
"""What OpenSearch allows."""


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """The description document in the language of the address."""
    addresses = (
        ("text/html", "results", url_for("directory.search")),
        ("application/x-suggestions+json", "suggestions", url_for("open_search.suggest")),
        ("application/atom+xml", "results", url_for("take.export", format="atom")),
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        f"<ShortName>{escape(f'Platforma {current_language().upper()}'[:MAX_SHORT_NAME_CHARACTERS])}</ShortName>",
        f"<LongName>{escape(_('Platform of Platforms'))}</LongName>",
        f"<Description>{escape(_('Social innovation around the Baltic Sea')[:MAX_DESCRIPTION_CHARACTERS])}</Description>",
        f"<Language>{current_language()}</Language>",
        "<InputEncoding>UTF-8</InputEncoding><OutputEncoding>UTF-8</OutputEncoding>",
        f'<Image width="32" height="32">{escape(absolute(url_for("site_icons.favicon")))}</Image>',
        f'<Image type="image/svg+xml">{escape(absolute(asset_url("icon.svg")))}</Image>',
        *(_url(type_, relation, f"{absolute(address)}?q={{searchTerms}}") for type_, relation, address in addresses),
        _url("application/opensearchdescription+xml", "self", absolute(url_for("open_search.description"))),
        "</OpenSearchDescription>\n",
    ]
    answer = Response("\n".join(lines), mimetype="application/opensearchdescription+xml")
    answer.headers["Cache-Control"] = KEPT_FOR_A_DAY
    return answer


@blueprint.get("/suggest.json")
def suggest() -> Response:
    """Suggestions as OpenSearch lists them: the question, then labels, what each is, and absolute addresses."""
    text = request.args.get("q", "")[:MAX_SUGGEST_CHARACTERS]
    items = suggestions.suggest(services(), text, current_language())
    columns = [[item[name] for item in items] for name in ("label", "about")]
    body = json.dumps([text, *columns, [absolute(item["url"]) for item in items]], ensure_ascii=False)
    return Response(body, mimetype="application/x-suggestions+json")


def _url(type_: str, relation: str, template: str) -> str:
    return f"<Url type={quoteattr(type_)} rel={quoteattr(relation)} template={quoteattr(template)}/>"
