"""Workbooks (XLSX) as rows of texts. Their unpacked sizes are checked first: a small file may unpack to a huge one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from crawlers.errors import BadContent
from vocabulary.messages import N_

MAGIC = b"PK\x03\x04"
MAX_UNPACKED_BYTES = 150_000_000
MAX_PARTS = 2_000
MAX_CELLS = 10_000_000
MAX_COLUMNS, MAX_ROWS = 16_384, 1_048_576
_CHUNK_BYTES = 1_000_000
_CELL_REFERENCE = re.compile(rb'<(?:\w+:)?(?:c|row)\b[^<>]{0,200}?\br="([A-Z]{0,3})(\d{1,7})"')
Row = list[str]


def read_workbook(body: bytes, where: str) -> Iterator[tuple[str, list[Row]]]:
    """Name and rows of each visible sheet: merged cells filled in, dates in ISO 8601, whole numbers without a decimal point.

    `where` is the address for errors. Raises BadContent for a body that is no XLSX, or that unpacks to too much.
    """
    _check_size(body, where)
    try:
        with CalamineWorkbook.from_object(io.BytesIO(body)) as book:
            for sheet in book.sheets_metadata:
                if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
                    yield sheet.name, _rows(book.get_sheet_by_name(sheet.name))
    except (CalamineError, OSError, ValueError) as error:
        raise BadContent(where, N_("this workbook cannot be read; save it again as .xlsx")) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise BadContent(where, N_("this workbook cannot be read; save it again as .xlsx")) from error


def _check_size(body: bytes, where: str) -> None:
    """Raise BadContent for a file that unpacks beyond the limits; its declared sizes are not trusted."""
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                raise BadContent(where, N_("this workbook has too many parts; save the table alone as .xlsx or CSV"))
            for part in parts:
                corner = (1, 1)
                for chunk in _chunks(archive, part):
                    unpacked += len(chunk)
                    corner = _last_cell(chunk, corner)
                    if unpacked > MAX_UNPACKED_BYTES or corner[0] * corner[1] > MAX_CELLS:
                        raise BadContent(
                            where, N_("this workbook unpacks to too much; delete its empty rows and columns, or save it as CSV")
                        )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadContent(where, N_("this is no workbook that can be opened; save it as .xlsx without a password")) from error


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a part in chunks; each chunk begins with the end of the one before, so that no cell reference is cut."""
    with archive.open(part) as file:
        tail = b""
        while piece := file.read(_CHUNK_BYTES):
            yield tail + piece
            tail = piece[-300:]


def _last_cell(chunk: bytes, corner: tuple[int, int]) -> tuple[int, int]:
    """The last row and column that a chunk of a sheet refers to, at least `corner`: a sheet is opened as a full rectangle."""
    rows, columns = corner
    for letters, digits in _CELL_REFERENCE.findall(chunk):
        rows = max(rows, min(int(digits), MAX_ROWS))
        columns = max(columns, min(_column_number(letters), MAX_COLUMNS))
    return rows, columns


def _column_number(letters: bytes) -> int:
    """The number of a column, from 1 for `A`."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _rows(sheet: CalamineSheet) -> list[Row]:
    """The rows of a sheet, with the value of a merged cell in all cells that it covers."""
    rows = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or []:
        for number in range(top, min(bottom + 1, len(rows))):
            for column in range(first, min(last + 1, len(rows[number]))):
                rows[number][column] = rows[number][column] or rows[top][first]
    return rows


def cell_text(cell: Any) -> str:
    """A cell as text: dates and times in ISO 8601, whole numbers without a decimal point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(timespec="minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, bool | timedelta):
        return str(cell)
    if isinstance(cell, float):
        return format(cell, ".0f") if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
    return str(cell).strip()
