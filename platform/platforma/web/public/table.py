"""The table of a search: the same results with the columns that the reader chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import render_template, request

from platforma.catalogue.listings.listing import Listing, Text
from platforma.i18n import gettext as _
from platforma.web.public.blueprint import blueprint
from platforma.web.public.filter_boxes import has_dates
from platforma.web.public.found import found, wider_searches
from platforma.web.public.results_page import pages
from platforma.web.public.rows import listing_url
from platforma.web.public.search_addresses import query_address, with_parameters
from platforma.web.public.search_frame import TABLE, real_sort, search_frame
from platforma.web.public.table_columns import COLUMNS, Cell, Column, cells, chosen_columns, usual_columns
from search.port import Query, Sort

TITLE_SORT: Sort = "name"


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a column: `sort_url` sorts by it, None where it cannot; `is_sorted` where it does already."""

    label: str
    sort_url: str | None
    is_sorted: bool
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A listing with its cells, one for each column beside the title."""

    title: Text
    url: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class ResultTable:
    """The table; `choices` are all columns to choose from as (name, label, is shown)."""

    headings: Sequence[Heading]
    rows: Sequence[TableRow]
    choices: Sequence[tuple[str, str, bool]]


@blueprint.get("/table")
def table() -> str:
    it = found()
    usual = usual_columns(it.query, has_dates=has_dates(it.query, it.page))
    columns = chosen_columns(request.args.getlist("col"), usual)
    parameters = column_parameters(columns, usual)
    return render_template(
        "pages/table.html",
        page=search_frame(it.query, it.page, it.platforms, TABLE, parameters),
        table=result_table(it.query, it.listings, columns, parameters),
        pages=pages(it.query, it.page.total, TABLE, parameters),
        wider=wider_searches(it),
    )


def column_parameters(columns: Sequence[Column], usual: frozenset[str]) -> str:
    """The chosen columns as parameters of an address; empty for the usual ones."""
    names = [column.name for column in columns]
    return "" if set(names) == usual else urlencode([("col", name) for name in names])


def result_table(query: Query, listings: Sequence[Listing], columns: Sequence[Column], parameters: str) -> ResultTable:
    """The results with these columns; `parameters` are those of the columns, for the links that sort."""
    shown = {column.name for column in columns}
    return ResultTable(
        headings=[
            _heading(query, _("Title"), TITLE_SORT, parameters),
            *(_heading(query, _(column.label), column.sort, parameters) for column in columns),
        ],
        rows=[
            TableRow(listing.title(query.lang), listing_url(listing), list(cells(listing, columns, query.lang)))
            for listing in listings
        ],
        choices=[(column.name, _(column.label), column.name in shown) for column in COLUMNS],
    )


def _heading(query: Query, label: str, sort: Sort | None, parameters: str) -> Heading:
    if sort is None:
        return Heading(label, None, is_sorted=False)
    url = with_parameters(query_address(replace(query, sort=sort, page=1), TABLE), parameters)
    return Heading(label, url, is_sorted=real_sort(query) == sort, is_descending=sort == "newest")
