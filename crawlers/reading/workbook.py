"""Workbooks (XLSX) as rows of texts. Their unpacked sizes are checked first: a small file may unpack to a huge one."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from crawlers.errors import BadContent
from crawlers.reading.number_formats import digit_patterns, with_digits
from crawlers.reading.sheet_limits import NoSheet, TooMuch, WorkbookMeter
from crawlers.reading.workbook_parts import Place
from vocabulary.messages import N_

MAGIC = b"PK\x03\x04"
MAX_UNPACKED_BYTES = 150_000_000
MAX_PARTS = 2_000
_CHUNK_BYTES = 1_000_000
_TEXTS, _SHEET = re.compile(rb"[<:]sst\b"), re.compile(rb"[<:]sheetData\b")
"""What stands in the part with the texts that cells share, and in each sheet."""
_BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
)
UNREADABLE = N_("this workbook cannot be read; save it again as .xlsx")
Row = list[str]


def read_workbook(body: bytes, where: str) -> Iterator[tuple[str, list[Row]]]:
    """Name and rows of each visible sheet: merged cells filled in, dates in ISO 8601, whole numbers without a decimal point.

    `where` is the address for errors. Raises BadContent for a body that is no XLSX, or that unpacks to too much.
    """
    _check_size(body, where)
    try:
        with CalamineWorkbook.from_object(io.BytesIO(body)) as book:
            patterns = _digit_patterns(body)
            for sheet in book.sheets_metadata:
                if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
                    yield sheet.name, _rows(book.get_sheet_by_name(sheet.name), patterns.get(sheet.name, {}))
    except (CalamineError, OSError, ValueError) as error:
        raise BadContent(where, UNREADABLE) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise BadContent(where, UNREADABLE) from error


def _digit_patterns(body: bytes) -> dict[str, dict[Place, str]]:
    """By the name of a sheet, the patterns of digits of its cells; none for a workbook whose styles cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return digit_patterns(archive)
    except (expat.ExpatError, *_BROKEN_ARCHIVE):
        return {}


def _check_size(body: bytes, where: str) -> None:
    """Raise BadContent for a file that unpacks beyond the limits; its declared sizes and places are not trusted."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if len(archive.infolist()) > MAX_PARTS:
                raise BadContent(where, N_("this workbook has too many parts; save the table alone as .xlsx or CSV"))
            _measure(archive)
    except TooMuch as error:
        raise BadContent(
            where, N_("this workbook unpacks to too much; delete its empty rows and columns, or save it as CSV")
        ) from error
    except NoSheet as error:
        raise BadContent(where, UNREADABLE) from error
    except (*_BROKEN_ARCHIVE, ValueError, LookupError) as error:
        raise BadContent(where, N_("this is no workbook that can be opened; save it as .xlsx without a password")) from error


def _measure(archive: zipfile.ZipFile) -> None:
    """Unpack all parts once, and measure the shared texts and the sheets. Raises TooMuch and NoSheet."""
    meter, budget = WorkbookMeter(), _Budget(MAX_UNPACKED_BYTES)
    kinds = {part: _kind_of(archive, part, budget) for part in archive.infolist()}
    for wanted in (_TEXTS, _SHEET):
        for part in (part for part, kind in kinds.items() if kind is wanted):
            with archive.open(part) as file:
                meter.measure(iter(lambda: file.read(_CHUNK_BYTES), b""))


def _kind_of(archive: zipfile.ZipFile, part: zipfile.ZipInfo, budget: _Budget) -> re.Pattern[bytes] | None:
    """Whether a part is a sheet or shared texts, by what stands anywhere in it; None for any other part."""
    kind, tail = None, b""
    with archive.open(part) as file:
        while piece := file.read(_CHUNK_BYTES):
            budget.spend(len(piece))
            for mark in (_TEXTS, _SHEET):
                kind = mark if kind is not _SHEET and mark.search(tail + piece) else kind
            tail = piece[-20:]
    return kind


@dataclass(slots=True)
class _Budget:
    """How many bytes may still be unpacked."""

    remaining: int

    def spend(self, count: int) -> None:
        """Raises TooMuch where nothing remains."""
        self.remaining -= count
        if self.remaining < 0:
            raise TooMuch


def _rows(sheet: CalamineSheet, patterns: Mapping[Place, str]) -> list[Row]:
    """The rows of a sheet, with the value of a merged cell in all cells that it covers, and numbers as `patterns` show them."""
    rows = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (number, column), pattern in patterns.items():
        if number < len(rows) and column < len(rows[number]):
            rows[number][column] = with_digits(rows[number][column], pattern)
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
