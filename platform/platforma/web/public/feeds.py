"""For machines: choice of language, robots.txt, Atom, health."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from platforma.addresses import SITE
from platforma.catalogue import totals
from platforma.catalogue.database import is_migrated
from platforma.catalogue.errors import CatalogueError
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import current_language, preferred_language
from platforma.i18n import gettext as _
from platforma.web.context import absolute, services
from platforma.web.public.take.feed import entry, feed_of, feed_xml
from platforma.web.public.take.licences import licence_of
from search.port import SearchError
from vocabulary.languages import LANGUAGES

blueprint = Blueprint("feeds", __name__)
NEWEST = 30


@blueprint.get("/")
def choose_language() -> BaseResponse:
    answer = redirect(url_for("directory.start", lang=preferred_language()))
    answer.headers["Vary"] = "Accept-Language"
    return answer


@blueprint.get("/robots.txt")
def robots() -> Response:
    disallowed = [beginning for lang in LANGUAGES for beginning in _disallowed(lang)]
    lines = ["User-agent: *", *(f"Disallow: {beginning}" for beginning in disallowed)]
    lines.append(f"Sitemap: {absolute(url_for('sitemaps.index'))}")
    return Response("\n".join([*lines, ""]), mimetype="text/plain")


def _disallowed(lang: str) -> Iterator[str]:
    """Beginnings of addresses that no crawler should read: the desk, signing in, and searches, of which there is no end."""
    yield url_for("desk.today", lang=lang).rstrip("/")
    yield url_for("account.sign_in", lang=lang)
    for endpoint in ("directory.search", "directory.table", "directory.map", "directory.suggest", "subscriptions.subscribe"):
        yield f"{url_for(endpoint, lang=lang)}?"
    yield f"{url_for('directory.search', lang=lang)}."
    yield url_for("embed.frame", lang=lang)
    yield f"{url_for('embed.configurator', lang=lang)}?"
    yield f"{url_for('badge.page', lang=lang)}?"
    yield f"{url_for('directory.map', lang=lang)}."


@blueprint.get(f"{SITE}/atom.xml")
def atom() -> Response:
    """The newest listings of the whole directory."""
    lang, start = current_language(), absolute(url_for("directory.start"))
    with services().database.reading() as session:
        listings = listing_queries.newest(session, NEWEST)
        licences = platform_queries.platform_licences(session)
        updated_at = totals.updated_at(session)
    entries = [entry(listing, lang, licence_of(listing, licences)) for listing in listings]
    own_address = absolute(url_for("feeds.atom"))
    feed = feed_of(
        entries, id=start, title=_("Newest initiatives"), address=start, own_address=own_address, updated_at=updated_at
    )
    return Response(feed_xml(feed), mimetype="application/atom+xml")


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
    """Whether a program reads the answer: that of the API, of a dump, or of the widget's script."""
    return request.path.startswith(("/api/", "/dumps/")) or request.endpoint == "embed.answer"
