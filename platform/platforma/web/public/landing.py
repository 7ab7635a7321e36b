"""Landing pages, and the page that lists them."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.listings import listing_queries
from platforma.i18n import current_language, today
from platforma.web.context import services
from platforma.web.public.blueprint import blueprint
from platforma.web.public.landing_page import MAX_ROWS, browse_page, landing_page
from platforma.web.public.landings import LANDING, address_values, landing_address, landing_query, landings
from platforma.web.public.overview import first_and_counts, soonest
from platforma.web.public.search_addresses import query_address
from platforma.web.public.start_page import EVENTS
from search.port import Query
from vocabulary import load


@blueprint.get("/kinds/<kind>")
@blueprint.get("/themes/<theme>")
@blueprint.get("/countries/<country>")
@blueprint.get("/kinds/<kind>/<country>")
@blueprint.get("/themes/<theme>/<country>")
def landing(**values: str) -> str | Response:
    """What there is of a kind, theme or country; the search with the same filters where there is nothing."""
    chosen = {name: value.upper() if name == "country" else value for name, value in values.items()}
    if any(value not in load().ids(name) for name, value in chosen.items()):
        abort(404)
    if address_values(chosen) != values:
        return redirect(url_for(LANDING, **address_values(chosen)), 301)
    query = landing_query(chosen, current_language(), per_page=MAX_ROWS)
    if any(query.filters[name].any_of != (value,) for name, value in chosen.items()):
        return redirect(_address_instead(query))
    page = first_and_counts(MAX_ROWS, **chosen)
    if not page.total:
        return redirect(query_address(query))
    next_event = [] if "kind" in chosen else soonest(1, **EVENTS, **chosen)
    with services().database.reading() as session:
        listings = listing_queries.listings(session, [hit.id for hit in page.hits])
        events = listing_queries.listings(session, next_event)
    return render_template("pages/landing.html", page=landing_page(chosen, query, page, listings, events))


def _address_instead(query: Query) -> str:
    """Where the listings of an id are that is not offered any more: the page of the one in its place, or a search for all."""
    if all(len(chosen.any_of) == 1 for chosen in query.filters.values()):
        return landing_address({name: chosen.any_of[0] for name, chosen in query.filters.items()})
    return query_address(query)


@blueprint.get("/browse")
def browse() -> str:
    """All landing pages that have enough listings."""
    lang = current_language()
    page = services().until_change(("browse", lang, request.script_root, today()), lambda: browse_page(landings(), lang))
    return render_template("pages/browse.html", page=page)
