"""The small map of two places and how far they are apart, as the template `components/mini_map.html` draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platforma.web.public.geography.labels import Mark
from platforma.web.public.geography.mini_map import HEIGHT, PARTS, WIDTH, Window, is_near, lands, snapped
from platforma.web.public.geography.projection import Point

SCALES_KM = (1.6, 4.0, 8.0, 16.0)
"""How many kilometres a unit of the map may be."""
LEAST_KM, SHARE = 20.0, 0.5
"""Nearer places would be one dot; farther ones take this share of the map's height at most."""
RADIUS = 9.0


@dataclass(frozen=True, slots=True)
class PairMap:
    """The window around two places. `lands` are paths in units that `scale` turns into those of the map; the dots hold a letter
    each, and `words` say what is shown."""

    width: int
    height: int
    scale: float
    words: str
    lands: Sequence[str]
    dots: tuple[Mark, Mark]


def pair_map(first: Point, second: Point, km: float, words: str) -> PairMap | None:
    """The map of two places (longitude, latitude) that are so many kilometres apart; None where it would show nothing."""
    scale = next((scale for scale in SCALES_KM if km <= SHARE * HEIGHT * scale), None)
    if km < LEAST_KM or scale is None or not (is_near(*first) and is_near(*second)):
        return None
    window = Window(snapped((first[0] + second[0]) / 2), snapped((first[1] + second[1]) / 2), scale)
    dots = tuple(Mark(letter, *window.units(*place), RADIUS) for letter, place in (("A", first), ("B", second)))
    return PairMap(WIDTH, HEIGHT, 1 / PARTS, words, [path for _, path in lands(window)], (dots[0], dots[1]))
