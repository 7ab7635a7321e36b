"""The view model of the results of a search, and of what to do when there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flask import url_for

from platforma.catalogue.listings.listing import Listing
from platforma.i18n import gettext as _
from platforma.web.public.filters import FILTERS, NO_FILTER, Choice, FilterDefinition, choices, heading, label_of, offered_sorts
from platforma.web.public.rows import NO_HIGHLIGHTS, Row, row
from platforma.web.public.search_addresses import query_address
from search.port import MAX_RESULTS, Filter, Page, Query, RelaxationStep
from search.query.highlighting import Highlighter

MAX_NAMES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen value of a filter, with the address of the search without it."""

    label: str
    without_url: str
    is_excluded: bool


@dataclass(frozen=True, slots=True)
class FilterBox:
    """A filter of the results page. `without_base` and a value are the address of the search that excludes the value."""

    name: str
    heading: str
    choices: Sequence[Choice]
    without_base: str


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A wider query and how many it finds; `left_out` is a filter's name, `filters` for all of them, or `past`."""

    left_out: str
    query: Query
    total: int


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """The results, or what to do when there are none; lists of links hold (label, address, …)."""

    query: Query
    total: int
    rows: Sequence[Row]
    boxes: Sequence[FilterBox]
    chips: Sequence[Chip]
    sorts: Sequence[tuple[str, str, bool]]
    previous_url: str | None
    next_url: str | None
    share_url: str
    clear_url: str
    exact_url: str
    also_called: Sequence[str]
    relaxation: RelaxationStep | None
    did_you_mean: tuple[str, str] | None
    relaxations: Sequence[tuple[str, str, int]]


def results_page(
    query: Query, page: Page, listings: Sequence[Listing], platforms: dict[str, str], relaxations: Sequence[Relaxation] = ()
) -> ResultsPage:
    """The view model of the results; `platforms` are titles by id, `relaxations` wider queries where nothing was found."""
    last = min(page.total, MAX_RESULTS)
    first_url = query_address(replace(query, page=1))
    highlighter = Highlighter(page.highlight_tokens) if page.highlight_tokens else NO_HIGHLIGHTS
    spelling = page.did_you_mean
    return ResultsPage(
        query=query,
        total=page.total,
        rows=[row(listing, query.lang, highlighter) for listing in listings],
        boxes=[_box(definition, page, query, platforms, first_url) for definition in FILTERS],
        chips=list(_chips(query, platforms)),
        sorts=[
            (_sort_label(sort), query_address(replace(query, sort=sort, page=1)), sort == query.sort)
            for sort in offered_sorts(query)
        ],
        previous_url=query_address(replace(query, page=query.page - 1)) if query.page > 1 else None,
        next_url=query_address(replace(query, page=query.page + 1)) if query.page * query.per_page < last else None,
        share_url=first_url,
        clear_url=url_for("directory.search", q=query.text or None),
        exact_url=query_address(replace(query, page=1, expand=not query.expand)),
        also_called=page.also_called[:MAX_NAMES_SHOWN],
        relaxation=page.relaxation,
        did_you_mean=(spelling, query_address(replace(query, text=spelling, page=1))) if spelling else None,
        relaxations=[
            (_relaxation_label(relaxation.left_out, query, platforms), query_address(relaxation.query), relaxation.total)
            for relaxation in relaxations
        ],
    )


def wider_queries(query: Query) -> Iterator[tuple[str, Query]]:
    """Queries for when nothing was found: without each filter, without any, with the past; each with what it leaves out."""
    for name in query.filters:
        others = {other: chosen for other, chosen in query.filters.items() if other != name}
        yield name, replace(query, filters=others, page=1)
    if len(query.filters) > 1:
        yield "filters", replace(query, filters={}, page=1)
    if query.when != "all":
        yield "past", replace(query, when="all", page=1)


def _box(definition: FilterDefinition, page: Page, query: Query, platforms: dict[str, str], base: str) -> FilterBox:
    chosen = query.filters.get(definition.name, NO_FILTER)
    counts = page.facets.get(definition.name, ())
    values = choices(definition.name, counts, chosen, query.lang, platforms)
    return FilterBox(definition.name, heading(definition), values, f"{base}{'&' if '?' in base else '?'}{definition.name}=-")


def _chips(query: Query, platforms: dict[str, str]) -> Iterator[Chip]:
    """A chip for each chosen value; those of one filter: what is wanted, then what is excluded."""
    for name, chosen in query.filters.items():
        for value in chosen.any_of:
            rest = Filter(tuple(other for other in chosen.any_of if other != value), chosen.none_of)
            yield _chip(query, name, value, rest, platforms, is_excluded=False)
        for value in chosen.none_of:
            rest = Filter(chosen.any_of, tuple(other for other in chosen.none_of if other != value))
            yield _chip(query, name, value, rest, platforms, is_excluded=True)


def _chip(query: Query, name: str, value: str, rest: Filter, platforms: dict[str, str], *, is_excluded: bool) -> Chip:
    """The chip of a value; without it, `rest` is left of the filter."""
    filters = {name: chosen for name, chosen in {**query.filters, name: rest}.items() if chosen.any_of or chosen.none_of}
    return Chip(label_of(name, value, query.lang, platforms), query_address(replace(query, filters=filters, page=1)), is_excluded)


def _relaxation_label(left_out: str, query: Query, platforms: dict[str, str]) -> str:
    if left_out == "past":
        return _("Also past events and closed calls")
    if left_out == "filters":
        return _("Search without any filter")
    chosen = query.filters[left_out]
    labels = ", ".join(label_of(left_out, value, query.lang, platforms) for value in (*chosen.any_of, *chosen.none_of))
    return _("Search without the filter “%(label)s”", label=labels)


def _sort_label(sort: str) -> str:
    return {
        "relevance": _("relevance"),
        "newest": _("newest"),
        "name": _("name"),
        "soonest": _("the soonest first"),
        "distance": _("the nearest first"),
    }[sort]
