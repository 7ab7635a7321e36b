"""The list of platforms and the page of each."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.listings import listing_queries
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import current_language, today
from platforma.web.context import services
from platforma.web.public.blueprint import blueprint
from platforma.web.public.overview import empty_directory, listing_counts, search_for_everything
from platforma.web.public.rows import row

MAX_NEWEST = 6


@blueprint.get("/platforms/")
def platforms() -> str:
    with services().database.reading() as session:
        cards = platform_queries.public_platforms(session, listing_counts(search_for_everything()))
    return render_template("pages/platforms.html", cards=cards, nothing=None if cards else empty_directory())


@blueprint.get("/platforms/<public_id>/", defaults={"slug": ""})
@blueprint.get("/platforms/<public_id>/<slug>")
def platform(public_id: str, slug: str) -> str | Response:
    lang = current_language()
    with services().database.reading() as session:
        card = platform_queries.platform_card(session, public_id, counts={})
        rows = [row(listing, lang, today=today()) for listing in listing_queries.newest(session, MAX_NEWEST, card.id)]
    if slug != card.slug:
        return redirect(url_for("directory.platform", public_id=public_id, slug=card.slug), 301)
    card = replace(card, initiatives=listing_counts(search_for_everything()).get(card.id, 0))
    all_url = url_for("directory.search", platform=card.id)
    return render_template("pages/platform.html", card=card, newest=rows, all_url=all_url)
