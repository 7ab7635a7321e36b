"""Tables: CSV of any delimiter and encoding, and workbooks (XLSX), with column names in any of the region's languages."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from crawlers.adapters.base import Adapter, Gathering, Item, read_each
from crawlers.adapters.downloads import linked_files
from crawlers.errors import BadContent
from crawlers.fetch import Page
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.reading.columns import Columns, columns_of, known_fields
from crawlers.reading.json_objects import with_title
from crawlers.reading.namesakes import tell_apart
from crawlers.reading.tables import MAX_HEADER_ROW, MAX_ROWS, Table, table_of, without_legends
from crawlers.reading.unlabelled import concluded_fields
from crawlers.reading.workbook import MAGIC, Row, read_workbook
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.values.labels import field_of
from vocabulary import fold
from vocabulary.messages import N_

DELIMITERS = ";,\t|"
NO_NAMES = N_("no column holds names; map one to title in the recipe (there are: %(columns)s)")
TABLE_ADDRESS = r"\.(csv|tsv|xlsx)($|[?#])|[?&](format|download|type|output)=(csv|xlsx)"


def gather(listing: Gathering) -> Iterator[Item]:
    """The addresses of the tables."""
    for url in listing.recipe.addresses or (listing.recipe.url,):
        yield Item(url)


def extract(page: Page, recipe: Recipe) -> Iterable[RawRecord]:
    """A raw record for each row. Raises BadContent without a column that names the rows."""
    is_book = page.body.startswith(MAGIC)
    tables = read_sheets(page.body, page.url, recipe) if is_book else read_rows(page.text(), page.url, recipe)
    return (raw for _, raw in tables_to_raws(tables, recipe, page.url))


def look(site: SiteProbe) -> Iterator[Recipe]:
    """A recipe of the table at the site's address, else of all tables that its pages link to; each table in one format.

    Raises BadContent where the address is that of a table whose columns tell no names.
    """
    if not is_html(site.front):
        if _is_table(site.front):
            yield _recipe_for(site.recipe, [(site.front.url, proposed(site.front, site.recipe))])
        return
    by_table: dict[str, tuple[str, Recipe]] = {}
    for url in reversed(linked_files(site, TABLE_ADDRESS)):
        if recipe := _proposed_at(site, url):
            by_table[_address_without_format(url)] = url, recipe
    if by_table:
        yield _recipe_for(site.recipe, list(reversed(by_table.values())))


def proposed(page: Page, recipe: Recipe) -> Recipe:
    """The recipe with what the values of a table tell: columns that no heading tells, and the one that names rows for good.

    Raises BadContent for a table in which nothing tells the names.
    """
    sheets = list(_sheets(page, recipe))
    concluded: dict[str, str] = {}
    for rows in sheets:
        concluded = {**concluded_fields(rows, recipe), **concluded}
    mapped = recipe.model_copy(update={"fields": {**concluded, **recipe.fields}})
    tables = [table for rows in sheets if (table := table_of(rows, mapped))]
    if not any(table.rows for table in tables):
        raise _no_header_error([row for rows in sheets for row in rows], page.url)
    keys = {next(iter(columns_of(table.headings, table.cells, mapped).keys), None) for table in tables}
    key = keys.pop() if len(keys) == 1 else None
    is_told = recipe.key or key is None or field_of(key) == "registration"
    return mapped if is_told else mapped.model_copy(update={"key": key})


def _recipe_for(recipe: Recipe, tables: list[tuple[str, Recipe]]) -> Recipe:
    """The recipe of tables at these addresses; what was concluded of one of several may not hold for the others."""
    _, first = tables[0]
    is_common = all((one.fields, one.key) == (first.fields, first.key) for _, one in tables)
    concluded = {"fields": first.fields, "key": first.key} if is_common else {}
    return recipe.model_copy(update={"adapter": "table", "addresses": tuple(url for url, _ in tables), **concluded})


def read_sheets(body: bytes, where: str, recipe: Recipe) -> Iterator[Table]:
    """The tables of a workbook, sheet by sheet, without sheets that have no known header, or only explain the others.

    `where` is the address for errors. Raises BadContent when no sheet has a header, or a sheet of the recipe is missing.
    """
    sheets = dict(read_workbook(body, where))
    if missing := set(recipe.sheets) - sheets.keys():
        values = {"sheet": ", ".join(sorted(missing)), "sheets": ", ".join(sheets)}
        raise BadContent(where, N_("there is no sheet %(sheet)s; there are: %(sheets)s"), values=values)
    taken = {name: rows for name, rows in sheets.items() if not recipe.sheets or name in recipe.sheets}
    tables = {name: table for name, rows in taken.items() if (table := table_of(rows, recipe)) is not None}
    if not tables:
        raise _no_header_error([row for rows in taken.values() for row in rows], where)
    yield from (tables if recipe.sheets else without_legends(tables, recipe)).values()


def read_rows(text: str, where: str, recipe: Recipe) -> Iterator[Table]:
    """The table of a CSV text. Raises BadContent for a broken table, or one without a known header."""
    rows = parse_rows(text, where, recipe)
    table = table_of(rows, recipe)
    if table is None:
        raise _no_header_error(rows, where)
    yield table


def parse_rows(text: str, where: str, recipe: Recipe) -> list[Row]:
    """The rows of a CSV text by the delimiter that gives most known columns, then most cells. Raises BadContent."""
    text = text.lstrip("\ufeff")
    head = "\n".join(text.splitlines()[:MAX_HEADER_ROW])
    try:
        delimiter = max(DELIMITERS, key=lambda d: _known_columns(list(_parse(head, d)), recipe))
        return list(_parse(text, delimiter))
    except csv.Error as error:
        raise BadContent(
            where, N_("this table is broken (%(error)s); save it again as CSV"), values={"error": str(error)}
        ) from error


def tables_to_raws(tables: Iterable[Table], recipe: Recipe, url: str | None) -> Iterator[tuple[int, RawRecord]]:
    """A raw record for each entry of the tables, with the number of its row in its sheet; namesakes have different ids."""
    numbered: list[tuple[int, RawRecord]] = []
    for table in tables:
        columns = columns_of(table.headings, table.cells, recipe)
        entries = list(enumerate(table.cells, start=len(numbered) + 1))
        raws = read_each(entries, partial(_entry_to_raw, columns, recipe, url), url)
        numbered += [(number, raw) for (number, _), raw in zip(table.rows, raws, strict=True)]
    tell_apart(raw for _, raw in numbered)
    yield from numbered


def _entry_to_raw(columns: Columns, recipe: Recipe, url: str | None, entry: tuple[int, dict[str, str]]) -> RawRecord:
    number, row = entry
    return row_to_raw(row, columns, recipe, number, url)


def row_to_raw(row: dict[str, str], columns: Columns, recipe: Recipe, number: int, url: str | None) -> RawRecord:
    """The raw record of a row. Its remote id is the value of the recipe's key, else of a column of ids, else its name."""
    fields = with_title(columns.fields(row))
    keys = (recipe.key, *columns.keys) if recipe.key else columns.keys
    key = next((row[name] for name in keys if name and row.get(name)), None) or fold(str(fields.get("title") or f"row {number}"))
    return RawRecord(key, url, fields, lang=columns.lang, translations=columns.texts(row), source=dict(row))


def _address_without_format(url: str) -> str:
    """The address without the name of its format, which several formats of one table have in common."""
    return re.sub(r"csv|tsv|xlsx", "", url.lower())


def _proposed_at(site: SiteProbe, url: str) -> Recipe | None:
    """The recipe of a table with named rows at an address; None where there is none."""
    page = site.get(url)
    try:
        return proposed(page, site.recipe) if page is not None and not is_html(page) else None
    except BadContent:
        return None


def _is_table(page: Page) -> bool:
    """Whether an answer is a table, and not data of another kind that could be read as one."""
    if page.body.startswith(MAGIC) or re.search(TABLE_ADDRESS, page.url) or "csv" in page.headers.get("content-type", ""):
        return True
    return not page.text()[:1000].lstrip("\ufeff \r\n\t").startswith(("{", "[", "<", "BEGIN:"))


def _sheets(page: Page, recipe: Recipe) -> Iterator[list[Row]]:
    """The rows of the sheets that a recipe takes; of a CSV text all of its rows."""
    if page.body.startswith(MAGIC):
        yield from (rows for name, rows in read_workbook(page.body, page.url) if not recipe.sheets or name in recipe.sheets)
    else:
        yield parse_rows(page.text(), page.url, recipe)


def _parse(text: str, delimiter: str) -> Iterator[Row]:
    """The first MAX_ROWS rows of a CSV text, cells without white space around them."""
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
        if number > MAX_ROWS:
            return
        yield [cell.strip() for cell in row]


def _known_columns(rows: Iterable[Row], recipe: Recipe) -> tuple[int, int]:
    """A sort key of a delimiter by the rows that it gives: the most known columns in a row, and the most cells."""
    return max(((len(known_fields(row, recipe)), len(row)) for row in rows), default=(0, 0))


def _no_header_error(rows: Sequence[Row], where: str) -> BadContent:
    """The error for a table at this address without a known header, which names the columns that it seems to have."""
    head = [[cell for cell in row if cell] for row in rows[:MAX_HEADER_ROW]]
    first_of_several = next((row for row in head if len(row) > 1), next(filter(None, head), []))
    names = ", ".join(first_of_several)[:300]
    return BadContent(where, NO_NAMES, values={"columns": names})


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no table (CSV or XLSX) with a column of names; its owner could link one"),
)
