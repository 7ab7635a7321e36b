"""A search as each of its views opens it: the query of the address, what it finds, and the listings to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import request

from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import current_language
from platforma.web.context import services
from platforma.web.kept_pages import each_time
from platforma.web.public.filters import query_of
from platforma.web.public.results_page import Relaxation, relaxation_links, wider_queries
from search.port import Page, Query


@dataclass(frozen=True, slots=True)
class Found:
    """What this request searches for: a page of hits, their listings, and the titles of all platforms by id."""

    query: Query
    page: Page
    listings: Sequence[Listing]
    platforms: dict[str, str]


def found() -> Found:
    """The search that the address of this request asks for. Raises BadRequest and SearchError."""
    query = query_of(request.args, current_language())
    page = services().engine.search(query)
    with services().database.connection() as connection:
        listings = listing_queries.listings_by(connection, [hit.id for hit in page.hits])
        return Found(query, page, listings, platform_queries.platform_titles_by(connection))


def wider_searches(found: Found) -> list[tuple[str, str, int]]:
    """Wider searches where this one found nothing; words that nothing has are remembered for curators."""
    query, page = found.query, found.page
    if query.text and page.total == page.close:
        each_time(partial(services().failed_searches.note, query.text, query.lang))
    if page.total:
        return []
    return relaxation_links(_relaxations(query), query, found.platforms)


def _relaxations(query: Query) -> list[Relaxation]:
    """Wider queries that find something, the one that finds most first."""
    wider = list(wider_queries(query))
    totals = services().engine.totals([one for _, one in wider])
    relaxations = [Relaxation(left_out, one, total) for (left_out, one), total in zip(wider, totals, strict=True) if total]
    return sorted(relaxations, key=lambda relaxation: -relaxation.total)
