"""A copy of a table in which each cell with a remark is coloured and says what is wrong, and a sheet that lists them.

All cells are texts, so that nothing in the copy is a formula; corrected, it can be sent again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from itertools import count
from typing import Any

import xlsxwriter

from crawlers.owner_tables.checking import ERROR, CellRemark, TableCheck
from crawlers.owner_tables.columns import column_letters
from crawlers.owner_tables.grids import Grid
from platforma.i18n import gettext as _
from platforma.web.public.tables.remarks import explained
from vocabulary.characters import without_controls

MAX_CELL_CHARACTERS = 32_767
MAX_NOTES = 5_000
"""So many cells are marked; Excel becomes slow with more notes."""
ERROR_COLOUR, NOTE_COLOUR = "#F4B7A6", "#F7E3A1"
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


def marked_copy(check: TableCheck) -> bytes:
    """The copy as XLSX: the sheets that were read, each row and column at its place, then the list of remarks."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    formats = {
        ERROR: book.add_format({"bg_color": ERROR_COLOUR, "num_format": "@"}),
        "note": book.add_format({"bg_color": NOTE_COLOUR, "num_format": "@"}),
        "text": book.add_format({"num_format": "@"}),
        "head": book.add_format({"bold": True}),
    }
    names = {_("What to correct").lower()}
    for grid in check.grids:
        sheet = book.add_worksheet(_free_name(grid.name, names))
        _write_grid(sheet, grid, [one for one in check.remarks if one.sheet == grid.name][:MAX_NOTES], formats)
    _write_remarks(book.add_worksheet(_("What to correct")), check.remarks, formats)
    book.close()
    return out.getvalue()


def _free_name(name: str, taken: set[str]) -> str:
    """A name that a workbook allows for a sheet, and that no other one has; forged files have any."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name)[:25].strip("' ") or _("Table")
    numbered = (plain if number == 1 else f"{plain}{number}" for number in count(1))
    free = next(text for text in numbered if text.lower() not in taken)
    taken.add(free.lower())
    return free


def _write_grid(sheet: Any, grid: Grid, remarks: Sequence[CellRemark], formats: dict[str, Any]) -> None:
    marks: dict[tuple[int, int], list[CellRemark]] = {}
    for remark in remarks:
        marks.setdefault((remark.row - 1, remark.column), []).append(remark)
    for row, cells in enumerate(grid.rows):
        for column, text in enumerate(cells):
            here = marks.get((row, column), ())
            weight = ERROR if any(one.weight == ERROR for one in here) else "note" if here else "text"
            if text or here:
                sheet.write_string(row, column, _storable(text), formats["head"] if row == grid.header else formats[weight])
            if here:
                sheet.write_comment(row, column, "\n".join(_note(one) for one in here), {"x_scale": 2})
    sheet.set_column(0, max((len(cells) for cells in grid.rows), default=1), 20, formats["text"])
    if grid.header is not None:
        sheet.freeze_panes(grid.header + 1, 0)


def _write_remarks(sheet: Any, remarks: Sequence[CellRemark], formats: dict[str, Any]) -> None:
    """One line for each remark; no heading here is one of ours, so that the sheet is not taken for a table."""
    headings = (
        _("Sheet"),
        _("Row number"),
        _("Letter of the column"),
        _("Above it"),
        _("In the cell"),
        _("What is wrong"),
        _("What to do"),
    )
    sheet.set_column(0, 4, 18)
    sheet.set_column(5, 6, 60)
    for column, text in enumerate(headings):
        sheet.write_string(0, column, text, formats["head"])
    for row, remark in enumerate(remarks, start=1):
        said, letters = explained(remark), column_letters(remark.column)
        place = (remark.sheet, str(remark.row), letters, remark.heading)
        for column, text in enumerate((*place, remark.value, said.what, said.advice)):
            sheet.write_string(row, column, _storable(text))


def _note(remark: CellRemark) -> str:
    said = explained(remark)
    return f"{said.what} {said.advice}".strip()


def _storable(text: str) -> str:
    return without_controls(text)[:MAX_CELL_CHARACTERS]
