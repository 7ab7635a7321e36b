"""Where the words beside the marks of a map stand: none over another, none over a mark, none cut by the edge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from platforma.web.public.geography.planes import Rectangle

Anchor = Literal["start", "middle", "end"]
CHARACTER_WIDTH = 0.6
"""The mean width of a character of a semibold sans-serif face, as a share of its size."""
GAP = 2.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A round mark with the words beside it; all in the units of the map."""

    text: str
    x: float
    y: float
    radius: float

    @property
    def box(self) -> Rectangle:
        """The square around the mark."""
        return Rectangle(self.x, self.y, self.x, self.y).grown(self.radius)


@dataclass(frozen=True, slots=True)
class Label:
    """Where the words of a mark stand: `y` is that of their baseline, `anchor` what of them stands at `x` (SVG's text-anchor)."""

    x: float
    y: float
    anchor: Anchor
    box: Rectangle


def place_labels(marks: Sequence[Mark], frame: Rectangle, size: float) -> list[Label | None]:
    """A label for each mark, in the same order, in letters of this size; None where there is no room. The first come first."""
    taken = [mark.box for mark in marks]
    labels: list[Label | None] = []
    for mark in marks:
        others = [box for box in taken if box != mark.box]
        fitting = (one for one in _candidates(mark, size) if frame.contains(one.box) and not _is_taken(one.box, others))
        label = next(fitting, None)
        taken += [label.box] if label else []
        labels.append(label)
    return labels


def _candidates(mark: Mark, size: float) -> Iterator[Label]:
    """Below the mark, at its right, at its left, above it."""
    width, half = len(mark.text) * size * CHARACTER_WIDTH, size / 2
    below, above = mark.y + mark.radius + GAP, mark.y - mark.radius - GAP - size
    right, left = mark.x + mark.radius + 2 * GAP, mark.x - mark.radius - 2 * GAP
    yield _label(mark.x, below, "middle", Rectangle(mark.x - width / 2, below, mark.x + width / 2, below + size))
    yield _label(right, mark.y - half, "start", Rectangle(right, mark.y - half, right + width, mark.y + half))
    yield _label(left, mark.y - half, "end", Rectangle(left - width, mark.y - half, left, mark.y + half))
    yield _label(mark.x, above, "middle", Rectangle(mark.x - width / 2, above, mark.x + width / 2, above + size))


def _label(x: float, top: float, anchor: Anchor, box: Rectangle) -> Label:
    """The baseline of letters is at four fifths of their height."""
    return Label(x, top + 0.8 * (box.bottom - box.top), anchor, box)


def _is_taken(box: Rectangle, others: Iterable[Rectangle]) -> bool:
    return any(box.overlaps(other) for other in others)
