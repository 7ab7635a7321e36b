"""What a part of the statistics is: a sentence, a picture, a table and its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platforma.i18n import current_language, number
from platforma.i18n import gettext as _
from platforma.web.drawing.bars import Bars, draw_bars
from platforma.web.drawing.columns import Columns
from search.port import UNKNOWN
from vocabulary import load

MAX_BARS = 15


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the statistics. `name` is that of its file, `says` sums it up in a sentence; cells are as they are written.

    `data` are the same numbers for a file, without separators and instants in UTC; `file_head` names its columns where they
    are others than `head`.
    """

    name: str
    title: str
    says: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    data: Sequence[Sequence[object]]
    bars: Bars | None = None
    columns: Columns | None = None
    file_head: Sequence[str] = ()


def table_of_data(
    name: str,
    title: str,
    says: str,
    head: Sequence[str],
    data: Sequence[Sequence[str | int]],
    counts: Sequence[tuple[str, int, str]] = (),
) -> Table:
    """A table whose cells are its data as they are written, with a bar for each of the counts (see draw_bars)."""
    return Table(name, title, says, head, written(data), data, draw_bars(counts[:MAX_BARS], says) if counts else None)


def written(data: Sequence[Sequence[str | int]]) -> list[list[str]]:
    """The cells as the reader's language writes them."""
    return [[cell if isinstance(cell, str) else number(cell) for cell in row] for row in data]


def value_label(dimension: str, id: str) -> str:
    """The name of a value of a dimension; `unknown` for UNKNOWN."""
    return _("unknown") if id == UNKNOWN else load().label(dimension, id, current_language())
