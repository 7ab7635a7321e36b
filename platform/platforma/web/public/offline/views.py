"""The service worker, the page about use without a network, and the catalogue that a device keeps."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from itertools import islice
from typing import Any

from flask import Blueprint, Response, json, render_template, request, url_for

from platforma.addresses import SITE
from platforma.catalogue import totals
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import current_language, ngettext, today
from platforma.i18n import gettext as _
from platforma.web.assets import asset_content, asset_url
from platforma.web.context import services
from platforma.web.public.offline.catalogue import catalogue
from platforma.web.public.take.results import listings
from search.port import Query
from vocabulary.languages import LANGUAGES

blueprint = Blueprint("offline", __name__)
KEPT_ASSETS = ("site.css", "more.css", "site.js", "more.js", "offline_search.js", "offline_page.js", "icon.svg")
"""What the pages that are always there need."""
NEVER_KEPT = ("embed", "desk", "sign-in", "sign-out", "register", "report", "reports", "subscribe", "subscriptions", "add")
"""First parts of addresses below the language that no device keeps: frames of other sites, and pages that are for one person."""
MAX_LISTINGS = 10_000
"""A device is given the newest of so many: about 20 MB packed."""
SAMPLE_NUMBERS = {"zero": 10, "one": 1, "other": 2}
"""A number for each plural category (CLDR) that our languages have."""


@blueprint.get("/service-worker.js")
def worker() -> Response:
    """The service worker. It changes with any asset, and with itself, so that browsers renew what they keep."""
    shell = [url_for(page, lang=lang) for lang in LANGUAGES for page in ("directory.start", "offline.page")]
    assets = [asset_url(name) for name in KEPT_ASSETS]
    settings = {
        "root": f"{request.script_root}/",
        "pages": shell,
        "assets": assets,
        "languages": list(LANGUAGES),
        "never": NEVER_KEPT,
        "catalogue": url_for("offline.catalogue_file"),
    }
    script = asset_content("worker.js").decode()
    version = hashlib.sha256((json.dumps(settings) + script).encode()).hexdigest()[:10]
    body = f"const SITE = {json.dumps({**settings, 'version': version})};\n{script}"
    answer = Response(body, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get(f"{SITE}/offline")
def page() -> str:
    """What can be used without a network, with its buttons; without a network also the page of what is not kept."""
    return render_template("pages/offline.html", words=_words(), catalogue_url=url_for("offline.catalogue_file"))


@blueprint.get("/offline/catalogue.json")
def catalogue_file() -> Response:
    """The catalogue for a device; `X-Unpacked-Bytes` is how much it takes there."""
    with services().database.reading() as session:
        change = totals.last_unindexed_change(session)
    tag = hashlib.sha256(f"{services().stamp()} {change} {today()}".encode()).hexdigest()[:32]
    answer = Response(mimetype="application/json")
    answer.headers["Cache-Control"] = "no-cache"
    answer.set_etag(tag, weak=True)
    if request.if_none_match.contains_weak(tag):
        answer.status_code = 304
        return answer
    answer.set_data(_built(tag))
    answer.headers["X-Unpacked-Bytes"] = str(len(answer.get_data()))
    return answer


@lru_cache(1)
def _built(_tag: str) -> bytes:
    """The catalogue as JSON, made once for each state of the index and of the listings, and each day. Raises SearchError."""
    ids = list(islice(services().engine.scan(Query(when="all", sort="newest")), MAX_LISTINGS))
    with services().database.reading() as session:
        platforms = platform_queries.platform_titles(session)
    made = catalogue(listings(services(), ids), platforms, today())
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def _words() -> dict[str, Any]:
    """The texts of the page's script in the reader's language; `{…}` stands for what the script fills in."""
    return {
        "lang": current_language(),
        "results": {
            category: ngettext("%(number)s result", "%(number)s results", number, number="{number}")
            for category, number in SAMPLE_NUMBERS.items()
        },
        "saved": _(
            "The catalogue is saved on this device: %(number)s initiatives, as of %(date)s.", number="{number}", date="{date}"
        ),
        "size": _("To download: %(packed)s MB. On the device: %(unpacked)s MB.", packed="{packed}", unpacked="{unpacked}"),
        "saving": _("The catalogue is being saved…"),
        "current": _("The saved catalogue is up to date."),
        "failed": _("The catalogue could not be saved: the connection failed. What was saved before is still here."),
        "full": _(
            "The catalogue could not be saved: this device or browser has no room for it. Nothing that was saved before is lost."
        ),
        "newer": _("This page is older than the catalogue. Reload it, and save again. What was saved before is still here."),
        "broken": _("The saved catalogue could not be read. Save it again."),
        "erased": _("Everything that this site saved on this device is erased."),
        "not_here": _("This page is not saved on this device, and there is no connection."),
        "instead": _("This is what the saved catalogue has, as of %(date)s.", date="{date}"),
        "unsupported": _(
            "This browser cannot save pages, or a private window does not let it. Download the catalogue as a file instead."
        ),
        "nothing": _("Nothing in the saved catalogue matches."),
        "all": _("all"),
        "copy_of": _("saved on %(date)s", date="{date}"),
        "source": _("From: %(sources)s", sources="{sources}"),
        "website": _("Website"),
        "email": _("E-mail"),
        "phone": _("Telephone"),
        "address": _("Address"),
        "dates": _("Dates"),
        "gone": _("This listing is not in the saved catalogue."),
    }
