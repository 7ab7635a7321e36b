"""For machines: choice of language, robots.txt, sitemap, Atom, health."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for

from platforma.catalogue import totals
from platforma.catalogue.database import is_migrated
from platforma.catalogue.errors import CatalogueError
from platforma.catalogue.listings import listing_queries
from platforma.i18n import current_language, preferred_language
from platforma.web.context import absolute, services
from platforma.web.public import viewmodels
from search.port import SearchError
from vocabulary.languages import LANGUAGES

blueprint = Blueprint("feeds", __name__)
NEWEST = 30


@blueprint.get("/")
def choose_language() -> Response:
    answer = redirect(url_for("directory.start", lang=preferred_language()))
    answer.headers["Vary"] = "Accept-Language"
    return answer  # type: ignore[return-value] # werkzeug's response is what flask sends


@blueprint.get("/robots.txt")
def robots() -> Response:
    disallowed = "".join(f"Disallow: /{lang}/{part}\n" for lang in LANGUAGES for part in ("desk", "sign-in", "search?"))
    return Response(f"User-agent: *\n{disallowed}Sitemap: {absolute('/sitemap.xml')}\n", mimetype="text/plain")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    with services().database.reading() as session:
        entries = [(id, slug, changed.date().isoformat()) for id, slug, changed in listing_queries.sitemap_entries(session)]
    body = render_template("feeds/sitemap.xml", entries=entries, languages=LANGUAGES, base=services().settings.base_url)
    return Response(body, mimetype="application/xml")


@blueprint.get("/<lang:lang>/atom.xml")
def atom() -> Response:
    lang = current_language()
    with services().database.reading() as session:
        listings = listing_queries.newest(session, NEWEST)
        updated = totals.updated_at(session)
    rows = [(viewmodels.row(one, lang), one) for one in listings]
    body = render_template("feeds/atom.xml", rows=rows, updated=updated, base=services().settings.base_url)
    return Response(body, mimetype="application/atom+xml")


@blueprint.get("/healthz")
def health() -> dict[str, str]:
    return {"status": "ok"}


@blueprint.get("/readyz")
def ready() -> tuple[dict[str, str], int]:
    """200 when database, migrations and an index of the right version are there, else 503 with the parts."""
    parts = {"database": _database(), "index": _index()}
    return parts, 200 if set(parts.values()) == {"ok"} else 503


def _database() -> str:
    try:
        return "ok" if is_migrated(services().database) else "not migrated; run platforma upgrade"
    except CatalogueError:
        return "cannot be reached"


def _index() -> str:
    try:
        return "ok" if services().engine.is_ready() else "not built; run platforma reindex"
    except SearchError:
        return "does not answer"


def wants_json() -> bool:
    """Whether the address belongs to the interface for machines."""
    return request.path.startswith("/api/")
