"""The list of results of a search, its further pages, and what to do when there is nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from platforma.catalogue.listings.listing import Listing
from platforma.i18n import gettext as _
from platforma.i18n import today
from platforma.web.public.filters import label_of
from platforma.web.public.rows import NO_HIGHLIGHTS, Row, row
from platforma.web.public.search_addresses import query_address, with_parameters
from platforma.web.public.search_frame import LIST
from platforma.web.public.search_titles import near_label, when_label
from search.port import MAX_RESULTS, Page, Query
from search.query.highlighting import Highlighter

PAGES_BESIDE = 1
"""So many pages on either side of the present one have a link of their own."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of the results; `is_after_gap` where pages before it have no link."""

    number: int
    url: str
    is_current: bool
    is_after_gap: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """Links to the pages of the results; empty where there is one."""

    links: Sequence[PageLink]
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A wider query and how many it finds; `left_out` is a filter's name, `filters` for all of them, `near`, `area` or `when`."""

    left_out: str
    query: Query
    total: int


def result_rows(query: Query, page: Page, listings: Sequence[Listing]) -> list[Row]:
    """The results as rows, with the words that matched marked."""
    highlighter = Highlighter(page.highlight_tokens) if page.highlight_tokens else NO_HIGHLIGHTS
    km = {hit.id: hit.km for hit in page.hits}
    day = query.today or today()
    return [row(listing, query.lang, highlighter, today=day, km=km.get(listing.public_id)) for listing in listings]


def pages(query: Query, total: int, endpoint: str = LIST, columns: str = "") -> Pages:
    """Links to the first and the last page of a view of a search, to the present one and those beside it."""
    last = -(-min(total, MAX_RESULTS) // query.per_page)
    if last <= 1 or query.page > last:
        return Pages((), None, None)

    def url(number: int) -> str:
        return with_parameters(query_address(replace(query, page=number), endpoint), columns)

    beside = range(query.page - PAGES_BESIDE, query.page + PAGES_BESIDE + 1)
    numbers = sorted({1, last, *(number for number in beside if 1 <= number <= last)})
    links = [
        PageLink(number, url(number), number == query.page, number - before > 1)
        for before, number in zip((0, *numbers), numbers, strict=False)
    ]
    return Pages(links, url(query.page - 1) if query.page > 1 else None, url(query.page + 1) if query.page < last else None)


def wider_queries(query: Query) -> Iterator[tuple[str, Query]]:
    """Queries for when nothing was found: without each filter, without any, of all times; each with what it leaves out."""
    first = replace(query, page=1)
    for name in query.filters:
        others = {other: chosen for other, chosen in query.filters.items() if other != name}
        yield name, replace(first, filters=others)
    sort = "relevance" if query.sort == "distance" else query.sort
    if query.near:
        yield "near", replace(first, near=None, sort=sort)
    if query.area:
        yield "area", replace(first, area=None)
    if query.when != "all":
        yield "when", replace(first, when="all")
    if len(query.filters) + bool(query.near) + bool(query.area) > 1:
        yield "filters", replace(first, filters={}, near=None, area=None, when="current", sort=sort)


def relaxation_links(relaxations: Sequence[Relaxation], query: Query, platforms: dict[str, str]) -> list[tuple[str, str, int]]:
    """Wider searches as (label, address, how many they find)."""
    return [
        (_relaxation_label(relaxation.left_out, query, platforms), query_address(relaxation.query), relaxation.total)
        for relaxation in relaxations
    ]


def _relaxation_label(left_out: str, query: Query, platforms: dict[str, str]) -> str:
    if left_out == "when" and query.when == "current":
        return _("Also past events and closed calls")
    if left_out == "filters":
        return _("Search without any filter")
    return _("Search without the filter “%(label)s”", label=_left_out_label(left_out, query, platforms))


def _left_out_label(left_out: str, query: Query, platforms: dict[str, str]) -> str:
    if left_out == "near" and query.near:
        return near_label(query.near, query.lang)
    if left_out == "area":
        return _("in a part of the map")
    if left_out == "when":
        return when_label(query.when)
    chosen = query.filters[left_out]
    return ", ".join(label_of(left_out, value, query.lang, platforms) for value in (*chosen.any_of, *chosen.none_of))
