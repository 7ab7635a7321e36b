"""The template of a table, as a workbook and as CSV, in the reader's language."""

from __future__ import annotations

import csv
import io
from typing import Any

import xlsxwriter

from platforma.i18n import gettext as _
from platforma.web.public.tables.headings import allowed_values, example_row, heading, hint, template_fields

LAST_ROW = 3_000
"""Down to this row the workbook offers the words of the closed lists."""
LISTED = {"kind": 0, "sectors": 1, "country": 3}
"""The fields that take one word of a list, with the column of this list on the second sheet."""
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


def template_workbook() -> bytes:
    """The template as XLSX: headings and an example, and a sheet that says what belongs where, with the closed lists."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    sheet, lists = book.add_worksheet(_("Table")), book.add_worksheet(_("What to write"))
    head, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    example = example_row()
    for number, field in enumerate(template_fields()):
        sheet.set_column(number, number, 44 if field.startswith(("title", "description")) else 22, text)
        sheet.write_string(0, number, heading(field), head)
        sheet.write_string(1, number, example.get(field, ""))
        _offer_list(sheet, number, field, lists.get_name())
    sheet.freeze_panes(1, 0)
    _write_lists(lists, head)
    book.close()
    return out.getvalue()


def template_csv() -> bytes:
    """The template as CSV, as spreadsheets of the region open it; rows that begin with # explain and are not taken."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    example = example_row()
    writer.writerow([heading(field) for field in template_fields()])
    writer.writerow([example.get(field, "") for field in template_fields()])
    for field in template_fields():
        if text := hint(field):
            writer.writerow([f"# {heading(field)}: {text}"])
    for name, words in allowed_values():
        writer.writerow([f"# {name}: {', '.join(words)}"])
    return file.getvalue().encode("utf-8-sig")


def _offer_list(sheet: Any, number: int, field: str, name: str) -> None:
    """Let the cells of a column choose from a list on the other sheet; other words can still be typed."""
    if field not in LISTED:
        return
    letter = "ABCD"[LISTED[field]]
    source = f"='{name}'!${letter}$2:${letter}${1 + len(allowed_values()[LISTED[field]][1])}"
    sheet.data_validation(1, number, LAST_ROW, number, {"validate": "list", "source": source, "error_type": "information"})


def _write_lists(sheet: Any, head: Any) -> None:
    """The closed lists side by side, and beside them what to write into each column."""
    sheet.set_column(0, 4, 34)
    sheet.set_column(5, 5, 90)
    for column, (name, words) in enumerate(allowed_values()):
        sheet.write_string(0, column, name, head)
        for row, word in enumerate(words, start=1):
            sheet.write_string(row, column, word)
    sheet.write_string(0, 4, _("Column"), head)
    sheet.write_string(0, 5, _("What to write"), head)
    for row, field in enumerate((field for field in template_fields() if hint(field)), start=1):
        sheet.write_string(row, 4, heading(field))
        sheet.write_string(row, 5, hint(field))
