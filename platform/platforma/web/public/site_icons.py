"""The icons that browsers ask for by fixed names, and the web manifest, by which the site is put on a home screen."""

from __future__ import annotations

from flask import Blueprint, Response, json, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from platforma.addresses import SITE
from platforma.i18n import current_language, preferred_language
from platforma.i18n import gettext as _
from platforma.web.assets import asset_content, asset_url
from platforma.web.drawing.mark import ACT, PAPER

blueprint = Blueprint("site_icons", __name__)
KEPT_FOR_A_DAY = "public, max-age=86400"
ICONS = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"), ("icon-maskable-512.png", "512x512", "maskable"))
"""Files, sizes and purposes of the manifest's icons (W3C Web Application Manifest)."""


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    return _file("favicon.ico", "image/vnd.microsoft.icon")


@blueprint.get("/apple-touch-icon.png")
def apple_touch_icon() -> Response:
    return _file("apple-touch-icon.png", "image/png")


@blueprint.get("/manifest.webmanifest")
def choose_manifest() -> BaseResponse:
    """To the manifest in the reader's language."""
    answer = redirect(url_for("site_icons.manifest", lang=preferred_language()))
    answer.headers["Vary"] = "Accept-Language"
    return answer


@blueprint.get(f"{SITE}/manifest.webmanifest")
def manifest() -> Response:
    """The web manifest in the language of the address; the installed site is one, whichever language it began in."""
    start = url_for("directory.start")
    icons = [{"src": asset_url(name), "sizes": sizes, "type": "image/png", "purpose": use} for name, sizes, use in ICONS]
    content = {
        "id": "/",
        "name": _("Platform of Platforms"),
        "short_name": "Platforma",
        "description": _("Social innovation around the Baltic Sea"),
        "lang": current_language(),
        "dir": "ltr",
        "start_url": start,
        "scope": url_for("feeds.choose_language"),
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": ACT,
        "icons": icons,
        "shortcuts": [{"name": _("Search initiatives"), "url": url_for("directory.search")}],
    }
    answer = Response(json.dumps(content, ensure_ascii=False), mimetype="application/manifest+json")
    answer.headers["Cache-Control"] = KEPT_FOR_A_DAY
    return answer


def _file(name: str, mimetype: str) -> Response:
    answer = Response(asset_content(name), mimetype=mimetype)
    answer.headers["Cache-Control"] = KEPT_FOR_A_DAY
    return answer
