"""Tables: CSV of any delimiter and encoding, and workbooks (XLSX), with column names in any of the region's languages."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from crawlers.adapters.base import Adapter, Gathering, Item, read_each
from crawlers.adapters.downloads import linked_files
from crawlers.errors import BadContent
from crawlers.fetch import Page
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.reading.json_objects import with_title
from crawlers.reading.workbook import MAGIC, Row, read_workbook
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.values.labels import field_of, map_fields
from vocabulary import fold
from vocabulary.messages import N_

MAX_ROWS = 200_000
DELIMITERS = ";,\t|"
MAX_HEADER_ROW = 30
NumberedRow = tuple[int, dict[str, str]]
"""A row: its number as spreadsheets show it (the first is 1), and cell by column name."""
TABLE_ADDRESS = r"\.(csv|tsv|xlsx)($|[?#])|[?&](format|download|type|output)=(csv|xlsx)"


def gather(listing: Gathering) -> Iterator[Item]:
    """The addresses of the tables."""
    for url in listing.recipe.addresses or (listing.recipe.url,):
        yield Item(url)


def extract(page: Page, recipe: Recipe) -> Iterable[RawRecord]:
    """A raw record for each row. Raises BadContent without a column that names the rows."""
    is_book = page.body.startswith(MAGIC)
    rows = read_sheets(page.body, page.url, recipe) if is_book else read_rows(page.text(), page.url, recipe)
    return (raw for _, raw in rows_to_raws(rows, recipe, page.url))


def look(site: SiteProbe) -> Iterator[Recipe]:
    """A recipe of the table at the site's address, else of all tables that its pages link to; each table in one format."""
    addresses = linked_files(site, TABLE_ADDRESS) if is_html(site.front) else [site.front.url]
    tables = {_address_without_format(url): url for url in reversed(addresses) if _has_named_rows(site, url)}
    if tables:
        yield site.recipe.model_copy(update={"adapter": "table", "addresses": tuple(reversed(tables.values()))})


def read_sheets(body: bytes, where: str, recipe: Recipe) -> Iterator[NumberedRow]:
    """The rows of a workbook, sheet by sheet, without sheets that have no known header.

    `where` is the address for errors. Raises BadContent when no sheet has a header, or a sheet of the recipe is missing.
    """
    sheets = dict(read_workbook(body, where))
    if missing := set(recipe.sheets) - sheets.keys():
        values = {"sheet": ", ".join(sorted(missing)), "sheets": ", ".join(sheets)}
        raise BadContent(where, N_("there is no sheet %(sheet)s; there are: %(sheets)s"), values=values)
    tables = [rows for name, rows in sheets.items() if not recipe.sheets or name in recipe.sheets]
    with_header = [(rows, index) for rows in tables if (index := header_index(rows, recipe)) is not None]
    if not with_header:
        raise _no_header_error(next((row for rows in tables for row in rows if any(row)), []), where)
    for rows, index in with_header:
        yield from _rows_below(rows, index)


def read_rows(text: str, where: str, recipe: Recipe) -> Iterator[NumberedRow]:
    """The rows of a CSV text. Raises BadContent for a broken table, or one without a known header."""
    text = text.lstrip("\ufeff")
    head = "\n".join(text.splitlines()[:MAX_HEADER_ROW])
    try:
        delimiter = max(DELIMITERS, key=lambda d: _known_columns(list(_parse(head, d)), recipe))
        rows = list(_parse(text, delimiter))
    except csv.Error as error:
        raise BadContent(
            where, N_("this table is broken (%(error)s); save it again as CSV"), values={"error": str(error)}
        ) from error
    index = header_index(rows, recipe)
    if index is None:
        raise _no_header_error(next((row for row in rows if any(row)), []), where)
    yield from _rows_below(rows, index)


def header_index(rows: Sequence[Row], recipe: Recipe) -> int | None:
    """The index of the header: of the first rows the one with most known columns; None where none of them names the rows."""
    known = [_known_fields(row, recipe) for row in rows[:MAX_HEADER_ROW]]
    best = max(range(len(known)), key=lambda number: len(known[number]), default=None)
    return best if best is not None and known[best] & {"title", "organisation"} else None


def rows_to_raws(rows: Iterable[NumberedRow], recipe: Recipe, url: str | None) -> Iterator[tuple[int, RawRecord]]:
    """A raw record for each row, with the number of the row in its sheet.

    Different rows with the same name, and no other id, get in the remote id their number among the rows below headings.
    """
    row_of_id: dict[str, dict[str, str]] = {}
    numbered = list(rows)
    raws = read_each(list(enumerate(numbered, start=1)), lambda pair: row_to_raw(pair[1][1], recipe, pair[0], url), url)
    for number, ((row_number, row), raw) in enumerate(zip(numbered, raws, strict=True), start=1):
        if row_of_id.setdefault(raw.remote_id, row) != row and raw.remote_id == fold(str(raw.fields.get("title") or "")):
            raw.remote_id = f"{raw.remote_id}#{number}"
        yield row_number, raw


def row_to_raw(row: dict[str, Any], recipe: Recipe, number: int, url: str | None) -> RawRecord:
    """The raw record of a row. Its remote id is the value of the recipe's key, its register number, or its folded name."""
    fields = with_title(map_fields(row, recipe.fields))
    key = row.get(recipe.key or "") or fields.get("registration") or fold(str(fields.get("title") or f"row {number}"))
    return RawRecord(str(key), url, dict(fields), source=dict(row))


def _address_without_format(url: str) -> str:
    """The address without the name of its format, which several formats of one table have in common."""
    return re.sub(r"csv|tsv|xlsx", "", url.lower())


def _has_named_rows(site: SiteProbe, url: str) -> bool:
    """Whether there is a table with named rows at an address."""
    page = site.get(url)
    try:
        return page is not None and not is_html(page) and next(iter(extract(page, site.recipe)), None) is not None
    except BadContent:
        return False


def _parse(text: str, delimiter: str) -> Iterator[Row]:
    """The first MAX_ROWS rows of a CSV text, cells without white space around them."""
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
        if number > MAX_ROWS:
            return
        yield [cell.strip() for cell in row]


def _known_fields(row: Row, recipe: Recipe) -> set[str]:
    """Our fields that the cells of a row name, by the recipe or as usual."""
    theirs = {column: ours for ours, column in recipe.fields.items()}
    return {ours for cell in row if (ours := theirs.get(cell) or field_of(cell))}


def _known_columns(rows: Sequence[Row], recipe: Recipe) -> tuple[int, int]:
    """A sort key of a delimiter by the rows that it gives: the most known columns in a row, and the most cells."""
    return max(((len(_known_fields(row, recipe)), len(row)) for row in rows), default=(0, 0))


def _rows_below(rows: Sequence[Row], header_number: int) -> Iterator[NumberedRow]:
    """The rows below the header, without empty rows, and without notes of one cell at the end."""
    header, below = rows[header_number], list(rows[header_number + 1 :][:MAX_ROWS])
    while below and sum(map(bool, below[-1])) < min(2, sum(map(bool, header))):
        below.pop()
    for number, row in enumerate(below, start=header_number + 2):
        if any(row) and row != header:
            cells = reversed(list(zip(header, row, strict=False)))  # of columns with one name the first counts
            yield number, {column: cell for column, cell in cells if column}


def _no_header_error(columns: Row, where: str) -> BadContent:
    """The error for a table at this address without a known header, which names the columns that it has."""
    names = ", ".join(column for column in columns if column)[:300]
    return BadContent(
        where, N_("no column holds names; map one to title in the recipe (there are: %(columns)s)"), values={"columns": names}
    )


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no table (CSV or XLSX) with a column of names; its owner could link one"),
)
