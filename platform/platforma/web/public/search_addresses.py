"""Addresses of searches: a query as the parameters that filters.query_of reads again."""

from __future__ import annotations

from urllib.parse import urlencode

from platforma.i18n import fixed_url
from search.port import Query


def query_string(query: Query) -> str:
    """The parameters of a query's address, without those that have their default."""
    pairs: list[tuple[str, str]] = [("q", query.text)] if query.text else []
    for name, chosen in query.filters.items():
        pairs += [(name, value) for value in chosen.any_of] + [(name, f"-{value}") for value in chosen.none_of]
    pairs += [("sort", query.sort)] if query.sort != "relevance" else []
    pairs += [("past", "1")] if query.include_past else []
    pairs += [("exact", "1")] if not query.expand else []
    pairs += [("page", str(query.page))] if query.page > 1 else []
    return urlencode(pairs)


def search_address(name: str, value: str) -> str:
    """The address of a search for the listings with one value of one filter."""
    return f"{fixed_url('directory.search')}?{urlencode({name: value})}"


def query_address(query: Query) -> str:
    """The address of the results of a query, without a host."""
    return f"{fixed_url('directory.search')}?{query_string(query)}".rstrip("?")
