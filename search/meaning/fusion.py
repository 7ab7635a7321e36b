"""Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009): one order of several, by ranks alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

RANK_OFFSET = 60
"""An id at rank r of a list, counted from 1, gets 1 / (RANK_OFFSET + r) for it; the authors' own number."""


def fused(*rankings: Sequence[str]) -> list[str]:
    """The ids of all rankings, each once; those that several have, and that stand early, first. Ties: as in the first ranking."""
    points: defaultdict[str, float] = defaultdict(float)
    for ranking in rankings:
        for rank, id in enumerate(ranking, start=1):
            points[id] += 1 / (RANK_OFFSET + rank)
    return sorted(points, key=lambda id: -points[id])
