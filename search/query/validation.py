"""Refuses queries that no engine answers."""

from __future__ import annotations

from search.port import FACETS, MAX_RESULTS, BadQuery, Query


def validate(query: Query) -> None:
    """Raise BadQuery for a page beyond MAX_RESULTS, an unknown facet or filter, an unknown sort."""
    if query.page < 1 or query.per_page < 1 or query.page * query.per_page > MAX_RESULTS:
        raise BadQuery(f"results can be seen up to the {MAX_RESULTS}th")
    unknown = (set(query.facets) | set(query.filters)) - set(FACETS)
    if unknown:
        raise BadQuery(f"there is no filter {', '.join(sorted(unknown))}; there are {', '.join(FACETS)}")
    if query.sort not in ("relevance", "newest", "name"):
        raise BadQuery(f"there is no order {query.sort!r}; there are relevance, newest, name")
