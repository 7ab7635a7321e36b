"""Tables out of rows of cells: where the header is, which rows below it are entries, and which are sums, sections or notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawlers.reading.columns import NAMES, columns_of, known_fields, names_rows
from crawlers.reading.workbook import Row
from crawlers.recipe import Recipe
from crawlers.values.column_values import is_number
from crawlers.values.heading_grammar import word_group, words_of
from crawlers.values.headings import GUESS, read_heading
from vocabulary import fold, load

MAX_ROWS = 200_000
MAX_HEADER_ROW = 30
MIN_COLUMNS_OF_SECTIONS = 3
"""With fewer columns a row of one cell is an entry like any other."""
MIN_FIELDS_OF_ENTRIES = 3
"""Beside a sheet with so many known columns one that has names alone is a list of words."""
MAX_TOTALS = 5
"""The number of rows at the end of a table that may sum it up."""
NumberedRow = tuple[int, dict[str, str]]
"""A row: its number as spreadsheets show it (the first is 1), and cell by column name."""
_COUNTED = re.compile(r"[\s:=.–—-]*\(?[\d\s.,\u00a0]*\)?")
"""What may follow the word of a sum in its cell."""


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the entries below it. `headings` has "" for columns without one."""

    headings: tuple[str, ...]
    rows: tuple[NumberedRow, ...]

    @property
    def cells(self) -> list[dict[str, str]]:
        """The entries without the numbers of their rows."""
        return [row for _, row in self.rows]

    def fields(self, recipe: Recipe) -> set[str]:
        """Our fields that its header names."""
        return known_fields(self.headings, recipe)


def header_index(rows: Sequence[Row], recipe: Recipe) -> int | None:
    """The index of the header: of the first rows the one with most known columns; None where none of them names the rows."""
    known = [known_fields(row, recipe) for row in rows[:MAX_HEADER_ROW]]
    best = max(range(len(known)), key=lambda number: len(known[number]), default=None)
    return best if best is not None and names_rows(rows[best], recipe) else None


def table_of(rows: Sequence[Row], recipe: Recipe) -> Table | None:
    """The table in the rows of a sheet; None without a header that names the entries."""
    index = header_index(rows, recipe)
    if index is None:
        index = _first_of_two(rows, recipe)
    return None if index is None else table_below(rows, index, recipe)


def table_below(rows: Sequence[Row], index: int, recipe: Recipe) -> Table:
    """The table below the header at an index, which may go on in the next row."""
    header, first = rows[index], index + 1
    if joined := _joined(rows, index, recipe):
        header, first = joined, index + 2
    return Table(tuple(header), tuple(_entries(rows, header, first)))


def _first_of_two(rows: Sequence[Row], recipe: Recipe) -> int | None:
    """The index of a row that names the rows only together with the next one; None without such a row."""
    return next((index for index in range(min(len(rows), MAX_HEADER_ROW)) if _joined(rows, index, recipe)), None)


def _joined(rows: Sequence[Row], index: int, recipe: Recipe) -> Row | None:
    """The header at an index together with a second line of it; None where the next row is none.

    The second line stands where the first leaves cells empty or names a group, and has nothing but headings.
    """
    if index + 1 >= len(rows):
        return None
    above, below = rows[index], rows[index + 1]
    filled = [cell for cell in below if cell]
    if not filled or not all(_is_heading(cell, recipe) for cell in filled):
        return None
    width = max(len(above), len(below))
    cells = list(zip([*above, *[""] * (width - len(above))], [*below, *[""] * (width - len(below))], strict=True))
    joined = [lower or upper for upper, lower in cells]
    gains = known_fields(joined, recipe) - known_fields(above, recipe)
    return joined if gains and names_rows(joined, recipe) and any(upper and not lower for upper, lower in cells) else None


def _is_heading(cell: str, recipe: Recipe) -> bool:
    says = read_heading(cell)
    return cell in recipe.fields.values() or (says is not None and says.rank != GUESS)


def _entries(rows: Sequence[Row], header: Row, first: int) -> Iterator[NumberedRow]:
    """The entries from the row `first` (from 0) on, by headings; without notes and sums at the end, sections, and headers."""
    below = list(rows[first : first + MAX_ROWS])
    _cut_end(below, header)
    typical = sorted(sum(map(bool, row)) for row in below[:500] if any(row))
    has_sections = len(typical) > 1 and typical[len(typical) // 2] >= MIN_COLUMNS_OF_SECTIONS
    for number, row in enumerate(below, start=first + 1):
        if any(row) and row != header and not (has_sections and _is_section(row)):
            cells = reversed(list(zip(header, row, strict=False)))  # of columns with one name the first counts
            yield number, {column: cell for column, cell in cells if column}


def _cut_end(below: list[Row], header: Row) -> None:
    """Take away the rows at the end of a table that are empty, notes of one cell, or sums."""
    least = min(2, sum(map(bool, header)))
    totals = 0
    while below and (sum(map(bool, below[-1])) < least or (totals < MAX_TOTALS and _is_total(below[-1], header))):
        totals += _is_total(below[-1], header)
        below.pop()


def _is_total(row: Row, header: Row) -> bool:
    """Whether a row sums up: one cell is a word for that, all others are empty or numbers, and none of these is an id."""
    filled = [(header[index] if index < len(header) else "", cell) for index, cell in enumerate(row) if cell]
    words = [cell for _, cell in filled if _is_word_of_sum(cell)]
    others = [(heading, cell) for heading, cell in filled if not _is_word_of_sum(cell)]
    return bool(words) and all(is_number(cell) and not _is_of_one(heading) for heading, cell in others)


def _is_of_one(heading: str) -> bool:
    """Whether a heading is that of numbers which belong to one entry, such as those of a register."""
    says = read_heading(heading)
    return says is not None and says.field in ("registration", "phone", "lat", "lon", "start_date", "end_date")


def _is_word_of_sum(cell: str) -> bool:
    text = fold(cell[:80])
    return any(text.startswith(word) and bool(_COUNTED.fullmatch(text[len(word) :])) for word in word_group("totals"))


def _is_section(row: Row) -> bool:
    """Whether a row in the middle is the heading of a section: one text in all of its cells, or one cell that names a part."""
    filled = [cell for cell in row if cell]
    if len(filled) >= MIN_COLUMNS_OF_SECTIONS and len(set(filled)) == 1:
        return True
    if len(filled) != 1:
        return False
    text = filled[0]
    return text.endswith(":") or _is_word_of_sum(text) or load().find_country(text) is not None or read_heading(text) is not None


def without_legends(tables: Mapping[str, Table], recipe: Recipe) -> dict[str, Table]:
    """The sheets of a workbook that list entries, by name, without those that explain or list words for the cells of others."""
    most = max((len(table.fields(recipe)) for table in tables.values()), default=0)
    return {
        name: table
        for name, table in tables.items()
        if len(tables) == 1
        or not (_is_aside(name, table, recipe, most) or _explains(table, recipe) or _is_of_words(name, tables, recipe))
    } or dict(tables)


def _is_aside(name: str, table: Table, recipe: Recipe, most: int) -> bool:
    """Whether a sheet has the name of a legend, or no known column but one of names, and another one has more."""
    known = len(table.fields(recipe))
    is_legend = " ".join(words_of(name)) in word_group("legends")
    return (is_legend and known < most) or (known == 1 and most >= MIN_FIELDS_OF_ENTRIES)


def _explains(table: Table, recipe: Recipe) -> bool:
    """Whether most entries of a sheet are named like columns."""
    names = _names(table, recipe)
    return bool(names) and sum(_is_heading(name, recipe) for name in names[:100]) > len(names[:100]) / 2


def _is_of_words(name: str, tables: Mapping[str, Table], recipe: Recipe) -> bool:
    """Whether half of the names in a sheet are values in the cells of a larger one, whose names they are not."""
    names = set(_names(tables[name], recipe))
    for other, table in tables.items():
        if other != name and names and len(table.rows) > len(names):
            others_names = set(_names(table, recipe))
            cells = {cell for row in table.cells[:5000] for cell in row.values()} - others_names
            if len(names & cells) >= len(names) / 2:
                return True
    return False


def _names(table: Table, recipe: Recipe) -> list[str]:
    """The names of a sheet's entries."""
    cells = table.cells[:1000]
    columns = columns_of(table.headings, cells, recipe)
    named = (next((fields[ours] for ours in NAMES if ours in fields), "") for fields in map(columns.fields, cells))
    return [str(name) for name in named if name]
