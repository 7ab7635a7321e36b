"""Addresses of searches: a query as the parameters that filters.query_of reads again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlencode

from platforma.i18n import fixed_url
from platforma.web.public.parameters import DEFAULT_KM
from search.port import Query


def query_string(query: Query) -> str:
    """The parameters of a query's address, without those that have their default."""
    pairs: list[tuple[str, str]] = [("q", query.text)] if query.text else []
    for name, chosen in query.filters.items():
        pairs += [(name, value) for value in chosen.any_of] + [(name, f"-{value}") for value in chosen.none_of]
    pairs += [("sort", query.sort)] if query.sort != "relevance" else []
    pairs += list(_whereabouts(query))
    pairs += [("when", query.when)] if query.when != "current" else []
    pairs += [("exact", "1")] if not query.expand else []
    pairs += [("page", str(query.page))] if query.page > 1 else []
    return urlencode(pairs)


def _whereabouts(query: Query) -> Iterator[tuple[str, str]]:
    """The parameters of the circle and of the rectangle."""
    if query.near:
        yield "near", query.near.place or _numbers(query.near.lat, query.near.lon)
        if query.near.km != DEFAULT_KM:
            yield "km", f"{query.near.km:g}"
    if query.area:
        yield "area", _numbers(query.area.west, query.area.south, query.area.east, query.area.north)


def _numbers(*degrees: float) -> str:
    """Degrees to about a metre."""
    return ",".join(f"{one:.5f}".rstrip("0").rstrip(".") for one in degrees)


def search_address(name: str, value: str) -> str:
    """The address of a search for the listings with one value of one filter."""
    return f"{fixed_url('directory.search')}?{_parameter(name, value)}"


@lru_cache(maxsize=2_000)
def _parameter(name: str, value: str) -> str:
    """One parameter as it stands in an address; the links of a page have few different ones."""
    return urlencode({name: value})


def query_address(query: Query, endpoint: str = "directory.search", **more: str) -> str:
    """The address of a query's results at one of the views of a search, without a host.

    `more` are parameters of the view's own: parts of its path, or joined to those of the query.
    """
    return with_parameters(fixed_url(endpoint, **more), query_string(query))


def with_parameters(address: str, parameters: str) -> str:
    """An address with further parameters, such as those of query_string."""
    return f"{address}{'&' if '?' in address else '?'}{parameters}" if parameters else address
