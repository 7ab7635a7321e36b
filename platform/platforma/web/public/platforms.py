"""The list of platforms and the page of each."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from platforma.catalogue import totals
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.people import proofs
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import current_language
from platforma.web.context import services
from platforma.web.public.blueprint import blueprint
from platforma.web.public.overview import empty_directory, everything_counted, listing_counts
from platforma.web.public.platform_page import MAX_NEWEST, Known, platform_line, platform_page
from platforma.web.public.sharing import platform_card_url


@blueprint.get("/platforms/")
def platforms() -> str:
    page = everything_counted()
    with services().database.reading() as session:
        cards = platform_queries.public_platforms(session, listing_counts(page) if page else None)
    lines = [platform_line(card) for card in cards]
    return render_template("pages/platforms.html", lines=lines, nothing=None if cards else empty_directory())


@blueprint.get("/platforms/<public_id>/", defaults={"slug": ""})
@blueprint.get("/platforms/<public_id>/<slug>")
def platform(public_id: str, slug: str) -> str | Response:
    counted = everything_counted()
    with services().database.reading() as session:
        card = platform_queries.platform_card(session, public_id, listing_counts(counted) if counted else None)
        known = Known(
            card=card,
            own=listing_queries.listing_of_platform(session, card.id),
            newest=listing_queries.newest(session, MAX_NEWEST, card.id),
            read_at=totals.updated_at(session, card.id),
            is_proven=bool(proofs.proofs_of(session, card.id)),
        )
    if slug != card.slug:
        return redirect(url_for("directory.platform", public_id=public_id, slug=card.slug), 301)
    page = everything_counted(platform=card.id)
    model = platform_page(known, page, current_language())
    return render_template("pages/platform.html", page=model, card_url=platform_card_url(card))
