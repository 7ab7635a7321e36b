"""Columns: for each of several names a row of small columns over time, all to one scale, as an SVG that the server draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 480
"""In units of the picture, which is scaled to the page."""
LINE, LABEL_BASE, TOP, TALLEST = 56, 18, 24, 26
"""Heights of a row, of its label's base, of where its columns may begin, and of the tallest column."""
AXIS = 20
"""Height of the line that names the first and the last period."""
GAP = 2
LEAST = 1.5
"""A column of what is more than nothing is at least so tall that it can be seen."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, in units of the picture."""

    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Row:
    """A name with its number as it is written, and its columns; periods without any have none."""

    label: str
    number: str
    label_y: int
    base_y: int
    columns: Sequence[Column]


@dataclass(frozen=True, slots=True)
class Columns:
    """A picture of rows of columns; `says` is its text alternative."""

    says: str
    first: str
    last: str
    rows: Sequence[Row]
    column_width: float
    width: int = WIDTH

    @property
    def height(self) -> int:
        """The height of the picture."""
        return LINE * len(self.rows) + AXIS


def draw_columns(rows: Sequence[tuple[str, str, Sequence[int]]], periods: Sequence[str], says: str) -> Columns:
    """The picture of rows in their order: a label, its number as it is written, and a count for each of the periods."""
    most, step = max((count for *_, counts in rows for count in counts), default=0) or 1, WIDTH / max(1, len(periods))
    drawn = []
    for at, (label, text, counts) in enumerate(rows):
        base = at * LINE + TOP + TALLEST
        heights = [max(LEAST, round(TALLEST * count / most, 1)) if count else 0 for count in counts]
        columns = [Column(round(n * step, 1), round(base - tall, 1), tall) for n, tall in enumerate(heights) if tall]
        drawn.append(Row(label, text, at * LINE + LABEL_BASE, base, columns))
    first, last = (periods[0], periods[-1]) if len(periods) > 1 else ("".join(periods), "")
    return Columns(says, first, last, drawn, round(step - GAP, 1))
