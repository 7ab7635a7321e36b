"""Polygons in a plane: cut to a rectangle, measured, and written as the path of an SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from platforma.web.public.geography.projection import Point

Ring = Sequence[Point]


class Rectangle(NamedTuple):
    """The rectangle from its left upper to its right lower corner; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Rectangle) -> bool:
        """Whether the two have an area in common."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def contains(self, other: Rectangle) -> bool:
        """Whether the other lies wholly inside, edges included."""
        is_inside_across = self.left <= other.left and other.right <= self.right
        return is_inside_across and self.top <= other.top and other.bottom <= self.bottom

    def grown(self, by: float) -> Rectangle:
        """The rectangle with each side moved outwards."""
        return Rectangle(self.left - by, self.top - by, self.right + by, self.bottom + by)


def bounds(points: Iterable[Point]) -> Rectangle:
    """The smallest rectangle around points, of which there must be one."""
    xs, ys = zip(*points, strict=True)
    return Rectangle(min(xs), min(ys), max(xs), max(ys))


def area(ring: Ring) -> float:
    """The area inside a ring, whichever way it turns; whether its first point is repeated at its end does not matter."""
    pairs = zip(ring, [*ring[1:], *ring[:1]], strict=True)
    return abs(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairs)) / 2


def clipped(ring: Ring, frame: Rectangle) -> list[Point]:
    """The part of a ring inside a frame (Sutherland and Hodgman); empty where none is."""
    points = list(ring)
    for is_inside, crossing in _sides(frame):
        kept: list[Point] = []
        for before, point in zip([*points[-1:], *points[:-1]], points, strict=True):
            if is_inside(point) != is_inside(before):
                kept.append(crossing(before, point))
            if is_inside(point):
                kept.append(point)
        points = kept
    return points


def path(rings: Iterable[Ring]) -> str:
    """The rings as the path data of an SVG, in whole units and mostly relative, which packs best."""
    pieces = []
    for ring in rings:
        whole = [(round(x), round(y)) for x, y in ring]
        steps = [(x - from_x, y - from_y) for (from_x, from_y), (x, y) in pairwise(whole)]
        moved = [step for step in steps if step != (0, 0)]
        if len(moved) > 1:
            pieces.append(f"M{_pair(whole[0])}l{_joined(moved)}z")
    return "".join(pieces)


def _sides(frame: Rectangle) -> Iterable[tuple[Callable[[Point], bool], Callable[[Point, Point], Point]]]:
    """For each side of a frame: whether a point is on its inner side, and where a line crosses it."""

    def across(x: float) -> Callable[[Point, Point], Point]:
        return lambda a, b: (x, a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]))

    def down(y: float) -> Callable[[Point, Point], Point]:
        return lambda a, b: (a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]), y)

    return (
        (lambda point: point[0] >= frame.left, across(frame.left)),
        (lambda point: point[0] <= frame.right, across(frame.right)),
        (lambda point: point[1] >= frame.top, down(frame.top)),
        (lambda point: point[1] <= frame.bottom, down(frame.bottom)),
    )


def _pair(point: tuple[int, int]) -> str:
    return f"{point[0]}{'' if point[1] < 0 else ' '}{point[1]}"


def _joined(points: Iterable[tuple[int, int]]) -> str:
    text = ""
    for point in points:
        pair = _pair(point)
        text += pair if pair.startswith("-") or not text else f" {pair}"
    return text
