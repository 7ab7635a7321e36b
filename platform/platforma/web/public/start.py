"""The start page: search, numbers, a map, ways to browse, what is near and new, ways in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import render_template

from platforma.catalogue import totals
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.newest_mix import newest_ids
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import current_language, today
from platforma.web.context import services
from platforma.web.kept_pages import leave_out
from platforma.web.public.blueprint import blueprint
from platforma.web.public.overview import everything_counted, listing_counts, soonest
from platforma.web.public.start_page import CALLS, EVENTS, MAX_NEWEST, MAX_SOON, Lists, start_page
from search.port import EngineUnavailable, IndexNotReady


@blueprint.get("/")
def start() -> str:
    page = everything_counted()
    event_ids, call_ids = soonest(MAX_SOON, **EVENTS), soonest(MAX_SOON, **CALLS)
    with services().database.reading() as session:
        lists = Lists(
            events=listing_queries.listings(session, event_ids),
            calls=listing_queries.listings(session, call_ids),
            newest=listing_queries.listings(session, _kept_newest(partial(newest_ids, session, MAX_NEWEST, today()))),
            platforms=platform_queries.public_platforms(session, listing_counts(page) if page else None),
        )
        initiatives = page.total if page else totals.totals(session).initiatives
        updated_at = totals.updated_at(session)
    model = start_page(page, lists, initiatives, updated_at, current_language())
    return render_template("pages/start.html", page=model)


def _kept_newest(read: Callable[[], list[str]]) -> list[str]:
    """The public ids of what is new, kept until the index changes; read each time while the engine does not answer."""
    try:
        return services().until_change(("newest", today()), read)
    except (EngineUnavailable, IndexNotReady):
        leave_out()
        return read()
