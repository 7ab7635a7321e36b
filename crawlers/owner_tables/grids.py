"""Sheets as grids of texts: every cell keeps the row and column that a spreadsheet shows it at."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from crawlers.errors import BadContent
from crawlers.owner_tables.columns import field_named, is_name
from crawlers.owner_tables.error_values import error_values
from crawlers.reading.workbook import MAGIC, read_workbook
from vocabulary.messages import N_

MAX_BYTES = 10_000_000
MAX_ROWS = 3_000
MAX_COLUMNS = 200
MAX_HEADER_ROW = 30
DELIMITERS = ";,\t|"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
EMPTY = N_("There is nothing in this table; fill in rows below the headings, and send it again")
TOO_LARGE = N_("This file is larger than %(megabytes)s MB; divide the table, or save it alone")
TOO_MANY_ROWS = N_("This table has more than %(rows)s rows; divide it into several platforms, or write to us")
TOO_MANY_COLUMNS = N_("This table has more than %(columns)s columns; delete those that we do not need")
OLD_FORMAT = N_("This is an old Excel file; open it, and save it as .xlsx")
NO_TABLE = N_("This file is no table; save your table as .xlsx or .csv")
BROKEN_CSV = N_("This table is broken (%(error)s); save it as .xlsx instead")
_PASTED_CELL = re.compile(r'(?:"(?P<quoted>(?:[^"]|"")*)"(?=\t|\r?\n|$)|(?P<plain>[^\t\r\n]*))(?P<end>\t|\r?\n|\r|$)')


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: its name ("" for a text file), and its rows from the first one on, empty ones included.

    `header` is the index of the row with the headings, None where no row has two cells.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    header: int | None


def read_grids(body: bytes, name: str, known: Collection[str] = ()) -> list[Grid]:
    """The sheets of a file whose headings name a column of names, else its first sheet. Raises BadContent.

    `known` are headings that a recipe maps, beside those that we know as usual.
    """
    if len(body) > MAX_BYTES:
        raise BadContent(name, TOO_LARGE, values={"megabytes": str(MAX_BYTES // 1_000_000)})
    grids = [_grid(sheet, rows, name, known) for sheet, rows in _sheets(body, name, known)]
    filled = [grid for grid in grids if grid.header is not None]
    if not filled:
        raise BadContent(name, EMPTY)
    return [grid for grid in filled if _has_names(grid.rows[grid.header or 0], known)] or filled[:1]


def _has_names(header: Sequence[str], known: Collection[str]) -> bool:
    """Whether a row of headings has one that a recipe maps, or one of names."""
    fields = {field for cell in header if cell and (field := field_named(cell))}
    return any(cell in known for cell in header) or any(is_name(field) or field == "organisation" for field in fields)


def _sheets(body: bytes, name: str, known: Collection[str]) -> Iterator[tuple[str, list[list[str]]]]:
    if body.startswith(OLD_WORKBOOK):
        raise BadContent(name, OLD_FORMAT)
    if not body.startswith(MAGIC):
        yield "", _text_rows(_decoded(body, name), name, known)
        return
    sheets = list(read_workbook(body, name))
    errors = error_values(body)
    for sheet, rows in sheets:
        for (row, column), text in errors.get(sheet, {}).items():
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = text
        yield sheet, rows


def _decoded(body: bytes, name: str) -> str:
    """The text of a file: UTF-8 or UTF-16 with or without its mark, else the Baltic code page of Windows."""
    if encoding := BYTE_ORDER_MARKS.get(body[:2]):
        return body.decode(encoding, "replace")
    if b"\x00" in body:
        raise BadContent(name, NO_TABLE)
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1257", "replace")


def _text_rows(text: str, name: str, known: Collection[str]) -> list[list[str]]:
    """The rows of a text by the delimiter that gives most known headings, then most cells."""
    head = "\n".join(text.splitlines()[:MAX_HEADER_ROW])
    try:
        delimiter = max(DELIMITERS, key=lambda sign: _best(_parted(head, sign), known))
        return _parted(text, delimiter)
    except csv.Error as error:
        raise BadContent(name, BROKEN_CSV, values={"error": str(error)}) from error


def _parted(text: str, delimiter: str) -> list[list[str]]:
    if delimiter == "\t":
        return _pasted_rows(text)
    return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]


def _pasted_rows(text: str) -> list[list[str]]:
    """Rows as spreadsheets copy them: a cell is in quotation marks only where these stand around all of it."""
    rows: list[list[str]] = [[]]
    for match in _PASTED_CELL.finditer(text):
        quoted = match["quoted"]
        rows[-1].append((quoted.replace('""', '"') if quoted is not None else match["plain"]).strip())
        if match["end"] == "":
            break
        if match["end"] != "\t":
            rows.append([])
    return rows


def _best(rows: Sequence[Sequence[str]], known: Collection[str]) -> tuple[int, int]:
    """A sort key of a delimiter by the rows that it gives: the most known headings in a row, and the most cells."""
    return max(((_known_headings(row, known), len(row)) for row in rows), default=(0, 0))


def _known_headings(row: Sequence[str], known: Collection[str]) -> int:
    return sum(bool(cell) and (cell in known or field_named(cell) is not None) for cell in row)


def _grid(sheet: str, rows: Sequence[Sequence[str]], name: str, known: Collection[str]) -> Grid:
    """A sheet without the empty rows and columns at its end. Raises BadContent where it is too large."""
    height = max((number for number, row in enumerate(rows, start=1) if any(row)), default=0)
    width = max((index for row in rows for index, cell in enumerate(row, start=1) if cell), default=0)
    if height > MAX_ROWS + MAX_HEADER_ROW:
        raise BadContent(name, TOO_MANY_ROWS, values={"rows": str(MAX_ROWS)})
    if width > MAX_COLUMNS:
        raise BadContent(name, TOO_MANY_COLUMNS, values={"columns": str(MAX_COLUMNS)})
    whole = tuple((*row[:width], *[""] * (width - len(row))) for row in rows[:height])
    return Grid(sheet, whole, _header(whole, known))


def _header(rows: Sequence[Sequence[str]], known: Collection[str]) -> int | None:
    """The index of the row with most known headings among the first; else the first row with two cells, or with any.

    One known heading is enough where it names the rows; alone, a cell of the entries may look like another, such as “x”.
    """
    counts = [_known_headings(row, known) for row in rows[:MAX_HEADER_ROW]]
    best = counts.index(max(counts)) if counts else 0
    if counts and (counts[best] > 1 or _has_names(rows[best], known)):
        return best
    first_rows = [index for wanted in (2, 1) for index, row in enumerate(rows[:MAX_HEADER_ROW]) if sum(map(bool, row)) >= wanted]
    return first_rows[0] if first_rows else None
