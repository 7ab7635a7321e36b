"""The whole result of a search: its ids first, then its listings in batches, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.services import Services
from search.port import Query, SearchEngine

BATCH_SIZE = 500


def all_ids(engine: SearchEngine, query: Query) -> list[str]:
    """The public ids of all results, in the order of the page. Raises SearchError."""
    return list(engine.scan(query))


def newest_ids(engine: SearchEngine, query: Query, most: int) -> list[str]:
    """The public ids of the results that were published last, the newest first. Raises SearchError."""
    return [hit.id for hit in engine.search(replace(query, sort="newest", page=1, per_page=most, facets=())).hits]


def listings(services: Services, ids: Sequence[str]) -> Iterator[Listing]:
    """The published listings of these ids, in their order.

    Each batch has a transaction of its own, so that a slow reader holds no connection; what was removed meanwhile is left out.
    """
    remaining = iter(ids)
    while batch := list(islice(remaining, BATCH_SIZE)):
        with services.database.reading() as session:
            found = listing_queries.listings(session, batch)
        yield from found
