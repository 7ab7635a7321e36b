"""The page of a listing."""

from __future__ import annotations

from functools import partial

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.relations import relations_of
from platforma.catalogue.partners import claims
from platforma.catalogue.platforms import platform_queries
from platforma.catalogue.websites import shown as websites
from platforma.i18n import current_language, today
from platforma.web.context import services
from platforma.web.kept_pages import each_time
from platforma.web.public.blueprint import blueprint
from platforma.web.public.listing_page import Surroundings, listing_page, own_platform
from platforma.web.public.neighbours import neighbours
from platforma.web.public.visits import note_opening


@blueprint.get("/initiatives/<public_id>/", defaults={"slug": ""})
@blueprint.get("/initiatives/<public_id>/<slug>")
def listing(public_id: str, slug: str) -> str | Response:
    """The page of a listing; a redirect where it was joined with another one, has another slug by now, or is only the name of
    a platform, which has a page of its own."""
    with services().database.reading() as session:
        listing = listing_queries.listing(session, public_id)
        platforms = platform_queries.platform_names(session)
        related = relations_of(session, public_id)
        unanswered_at = websites.unanswered_at(session, public_id)
        kept_since = claims.kept_since(session, public_id)
    if isinstance(listing, listing_queries.Moved):
        return redirect(url_for("directory.listing", public_id=listing.public_id, slug=listing.slug), 301)
    own = own_platform(listing, platforms)
    if own is not None and listing.is_only_name:
        return redirect(url_for("directory.platform", public_id=own.public_id, slug=own.slug), 301)
    if slug != listing.slug:
        return redirect(url_for("directory.listing", public_id=public_id, slug=listing.slug), 301)
    each_time(partial(note_opening, public_id))
    lang = current_language()
    beside = neighbours(listing, lang, own.id if own else None)
    model = listing_page(listing, lang, today(), Surroundings(related, beside, unanswered_at, kept_since), platforms)
    return render_template("pages/listing.html", page=model, counts_clicks=services().settings.visit_counts)
