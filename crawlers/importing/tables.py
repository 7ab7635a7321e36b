"""Tables in the record format, or as an export writes them: the cells of a CSV file whose columns must be known."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from crawlers.errors import BadContent
from crawlers.importing.texts import text_of
from crawlers.record_checks import LANGUAGE_TAG, TEXTS
from vocabulary.messages import N_

DELIMITERS = ",;\t"
MAX_CELL_CHARACTERS = 2**31 - 1
BROKEN_TABLE = N_("this table is broken (%(error)s); save it again as CSV")
UNKNOWN_COLUMN = N_("there is no field for the column %(columns)s; say with --recipe how the columns map to ours")
REPEATED_COLUMN = N_("the column %(columns)s is there twice")


def table_rows(path: Path, columns: Collection[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each row, as spreadsheets count them, with its cells; the first one is the header.

    A column is one of `columns`, or a text of ours with a language, such as `title_lv`. Raises BadContent for a file that is
    no table, or has unknown or repeated columns.
    """
    rows = _rows(path, columns)
    header = [cell.strip() for cell in rows[0]] if rows else []
    _refuse_columns(path, header, columns)
    yield 1, header
    yield from enumerate(rows[1:], start=2)


def _rows(path: Path, columns: Collection[str]) -> list[list[str]]:
    """All rows of a table, by the delimiter that parts most known columns. Raises BadContent."""
    text = text_of(path, newline="")
    former_limit = csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        first_line = text.partition("\n")[0].strip()
        delimiter = max(DELIMITERS, key=lambda sign: sum(_is_column(name, columns) for name in first_line.split(sign)))
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadContent(path.name, BROKEN_TABLE, values={"error": str(error)}) from error
    finally:
        csv.field_size_limit(former_limit)


def _refuse_columns(path: Path, header: list[str], columns: Collection[str]) -> None:
    """Raise BadContent for unknown or repeated columns."""
    if unknown := [column for column in header if not _is_column(column, columns)]:
        raise BadContent(path.name, UNKNOWN_COLUMN, values={"columns": ", ".join(map(repr, unknown[:10]))})
    if repeated := [column for column, times in Counter(header).items() if times > 1]:
        raise BadContent(path.name, REPEATED_COLUMN, values={"columns": ", ".join(map(repr, repeated))})


def _is_column(name: str, columns: Collection[str]) -> bool:
    column = name.strip().strip('"')
    field, _, tag = column.partition("_")
    return column in columns or bool(field in TEXTS and LANGUAGE_TAG.fullmatch(tag))
