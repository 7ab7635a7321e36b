"""Listings as CSV (RFC 4180): UTF-8 with a byte order mark, without which Excel takes Latvian letters for others."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from platforma.catalogue.files.cells import safe_cell
from platforma.catalogue.listings.listing import Listing
from platforma.web.public.take.columns import Cell, columns
from platforma.web.public.take.export import Export
from platforma.web.public.take.pieces import packed

BYTE_ORDER_MARK = "\ufeff"


def csv_pieces(export: Export, listings: Iterable[Listing]) -> Iterator[bytes]:
    """The table, a row for each listing; a text that a spreadsheet would run as a formula has an apostrophe before it."""
    return packed(_lines(export, listings))


def _lines(export: Export, listings: Iterable[Listing]) -> Iterator[str]:
    table = columns()
    yield BYTE_ORDER_MARK + _line([column.heading for column in table])
    for listing in listings:
        yield _line([_text(column.value(listing, export)) for column in table])


def _text(cell: Cell) -> str:
    if isinstance(cell, float | int):
        return str(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="minutes")
    return safe_cell(cell)


def _line(cells: Iterable[str]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerow(cells)
    return file.getvalue()
