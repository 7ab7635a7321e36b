"""Listings as an Excel workbook (Office Open XML): real dates, links, a heading that stays, and a sheet about the search."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import xlsxwriter

from platforma.catalogue.listings.listing import Listing
from platforma.i18n import gettext as _
from platforma.web.public.take.about import about
from platforma.web.public.take.columns import Cell, Column, columns
from platforma.web.public.take.export import Export
from platforma.web.public.take.plain_text import printable

MAX_LINKS, MAX_LINK_CHARACTERS = 65_530, 2_079
"""What Excel opens: hyperlinks on a sheet, and characters of one. What is beyond is text."""
MAX_CELL_CHARACTERS = 32_767
FIRST_YEAR = 1900
"""Excel knows no earlier day."""
PIECE_BYTES = 65_536
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}


def workbook_pieces(export: Export, listings: Iterable[Listing]) -> Iterator[bytes]:
    """The workbook; it is whole on disk before its first piece is returned."""
    with tempfile.TemporaryFile(prefix="platforma-") as file:
        book = xlsxwriter.Workbook(file, OPTIONS)
        book.set_properties({"title": printable(export.title), "created": datetime.combine(export.made_on, datetime.min.time())})
        _Sheet(book, book.add_worksheet(_("Results")), columns()).write(export, listings)
        _write_about(book.add_worksheet(_("About this file")), export)
        book.close()
        file.seek(0)
        while piece := file.read(PIECE_BYTES):
            yield piece


@dataclass(slots=True)
class _Sheet:
    """The sheet of the results; rows are written from above, as only one is in memory."""

    book: Any
    sheet: Any
    columns: Sequence[Column]
    links: int = 0
    formats: dict[str, Any] = field(default_factory=dict)

    def write(self, export: Export, listings: Iterable[Listing]) -> None:
        self.formats = {
            "head": self.book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "time": self.book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        for number, column in enumerate(self.columns):
            self.sheet.set_column(number, number, column.width)
            self.sheet.write_string(0, number, column.heading, self.formats["head"])
        row = 0
        for row, listing in enumerate(listings, start=1):
            for number, column in enumerate(self.columns):
                self._write_cell(row, number, column, column.value(listing, export))
        self.sheet.freeze_panes(1, 1)
        self.sheet.autofilter(0, 0, row, len(self.columns) - 1)

    def _write_cell(self, row: int, number: int, column: Column, cell: Cell) -> None:
        """Write a value by its type; texts are never read as formulas."""
        if cell is None or cell == "":
            return
        if isinstance(cell, date) and cell.year >= FIRST_YEAR:
            self.sheet.write_datetime(row, number, cell, *([self.formats["time"]] if isinstance(cell, datetime) else []))
        elif isinstance(cell, float | int):
            self.sheet.write_number(row, number, cell)
        elif column.kind == "link" and self._may_link(str(cell)):
            self.links += 1
            self.sheet.write_url(row, number, str(cell))
        else:
            self.sheet.write_string(row, number, str(cell)[:MAX_CELL_CHARACTERS])

    def _may_link(self, address: str) -> bool:
        is_web_address = address.startswith(("http://", "https://"))
        return is_web_address and self.links < MAX_LINKS and len(address) <= MAX_LINK_CHARACTERS


def _write_about(sheet: Any, export: Export) -> None:
    """Say what was searched, when, and how the data may be used."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    for row, (label, value) in enumerate(about(export)):
        sheet.write_string(row, 0, label)
        sheet.write_string(row, 1, printable(value)[:MAX_CELL_CHARACTERS])
