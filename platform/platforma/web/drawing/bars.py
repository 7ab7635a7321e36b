"""Bars: counts as the lines of an SVG that the server draws, the longest as wide as the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 480
"""In units of the picture, which is scaled to the page."""
LINE, BAR = 44, 14
"""Heights of a line with its label and of its bar."""
LABEL_BASE, BAR_TOP = 18, 24
"""How far below the beginning of a line its label stands and its bar begins."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the picture: its label with the number, and where its bar is, in units of the picture."""

    label: str
    number: str
    label_y: int
    bar_y: int
    width: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture of bars; `says` is its text alternative."""

    says: str
    bars: Sequence[Bar]
    width: int = WIDTH
    bar_height: int = BAR

    @property
    def height(self) -> int:
        """The height of the picture."""
        return LINE * len(self.bars)


def draw_bars(counts: Sequence[tuple[str, int, str]], says: str) -> Bars:
    """Bars of counts in their order: label, count, and the count as it is written."""
    most = max((count for _, count, _ in counts), default=0) or 1
    return Bars(
        says,
        [
            Bar(label, text, at * LINE + LABEL_BASE, at * LINE + BAR_TOP, round(WIDTH * count / most, 1))
            for at, (label, count, text) in enumerate(counts)
        ],
    )
