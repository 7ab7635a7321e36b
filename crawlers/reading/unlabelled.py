"""Columns whose headings tell nothing we know: what their values tell. It is concluded once, for a recipe that people see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawlers.reading.columns import columns_of
from crawlers.reading.tables import MAX_HEADER_ROW, Table, table_below, table_of
from crawlers.reading.workbook import Row
from crawlers.recipe import Recipe
from crawlers.values.column_values import ColumnValues, field_of_values, is_mail, is_number, is_web
from crawlers.values.heading_grammar import parts_of, words_of
from crawlers.values.headings import read_heading
from vocabulary import load

FACTS = frozenset({"website", "email", "country", "registration", "lat", "phone", "address", "place"})
"""Fields, of which one at least makes a table of names one of initiatives, and not of anything."""
MIN_ROWS = 3
MAX_HEADING_CHARACTERS = 60
MIN_NAME_CHARACTERS, MAX_NAME_CHARACTERS = 3, 100
"""Of the mean length of names."""


def concluded_fields(rows: Sequence[Row], recipe: Recipe) -> dict[str, str]:
    """Our fields that the values of a sheet's columns tell, where no heading does, with the headings of these columns.

    Names are concluded only beside a fact such as a website. Empty where nothing is sure.
    """
    if (table := table_of(rows, recipe)) is not None:
        return dict(_fields_by_values(table, table.fields(recipe)))
    index = next((index for index, row in enumerate(rows[:MAX_HEADER_ROW]) if _may_be_header(row, rows[index + 1 :])), None)
    if index is None:
        return {}
    table = table_below(rows, index, recipe)
    known = set(columns_of(table.headings, table.cells, recipe).by_field)
    facts = dict(_fields_by_values(table, known))
    name = _name_column(table, set(facts.values()))
    return {"title": name, **facts} if name and not FACTS.isdisjoint({*known, *facts}) else {}


def _may_be_header(row: Row, below: Sequence[Row]) -> bool:
    """Whether a row may be a header: short different texts, no numbers, addresses or countries, and enough rows below."""
    cells = [cell for cell in row if cell]
    are_texts = all(len(cell) <= MAX_HEADING_CHARACTERS and not _is_value(cell) for cell in cells)
    return len(cells) > 1 and len(set(cells)) == len(cells) and are_texts and sum(map(any, below[: MIN_ROWS + 1])) >= MIN_ROWS


def _is_value(cell: str) -> bool:
    return is_number(cell) or is_web(cell) or is_mail(cell) or load().find_country(cell) is not None


def _fields_by_values(table: Table, known: set[str]) -> Iterator[tuple[str, str]]:
    """Field and heading of the columns with an unknown heading whose values are surely ones of a field that is not known yet.

    A field that two columns could fill is left out.
    """
    found: dict[str, list[str]] = {}
    for name, values in _unknown(table).items():
        if (field := field_of_values(values)) and field not in known:
            found.setdefault(field, []).append(name)
    yield from ((field, names[0]) for field, names in found.items() if len(names) == 1)


def _name_column(table: Table, taken: set[str]) -> str | None:
    """The first column with a name of its own in each row; None in a table of persons, or without such a column."""
    if any(parts_of(words_of(heading)).others for heading in table.headings):
        return None
    for name, values in _unknown(table).items():
        length = sum(map(len, values.texts)) / max(1, len(values.texts))
        if name not in taken and values.may_be_names and MIN_NAME_CHARACTERS <= length <= MAX_NAME_CHARACTERS:
            return name
    return None


def _unknown(table: Table) -> dict[str, ColumnValues]:
    """The columns whose heading names no field of ours."""
    unknown = [name for name in dict.fromkeys(table.headings) if name and read_heading(name) is None]
    return {name: ColumnValues.of(row.get(name, "") for row in table.cells) for name in unknown}
