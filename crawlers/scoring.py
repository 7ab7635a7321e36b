"""How good a way of reading a site is: by what its records say, how many there are, and how much they look like initiatives."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crawlers.recipe import Recipe
from crawlers.record import Record

WEIGHTS = {
    "description": 0.25,
    "country": 0.2,
    "website": 0.15,
    "place": 0.15,
    "kind": 0.05,
    "themes": 0.05,
    "email": 0.05,
    "lat": 0.05,
    "identifiers": 0.05,
}
"""How much each field of a record adds to its worth, above that of a bare title."""
BARE_TITLE = 0.2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recipe that was tried: the first records that it gives, how many the whole listing may give, its score (0 to 1)."""

    recipe: Recipe
    records: tuple[Record, ...] = ()
    expected: int = 0
    score: float = 0.0
    remark: str = ""


def rank(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates with their scores, best first; ties keep their order."""
    tried = list(candidates)
    most = max((one.expected for one in tried), default=0)
    scored = [replace(one, score=round(_worth(one.records) * _share(one.expected, most), 3)) for one in tried]
    return sorted(scored, key=lambda one: -one.score)


def _worth(records: Sequence[Record]) -> float:
    """What an average record says, and whether the records differ (0 to 1)."""
    if not records:
        return 0.0
    said = sum(BARE_TITLE + sum(w for name, w in WEIGHTS.items() if getattr(record, name)) for record in records)
    titles = {next(iter(record.title.values())).casefold() for record in records}
    return min(1.0, said / len(records)) * len(titles) / len(records)


def _share(count: int, most: int) -> float:
    """The more records the better, but ten times as many only a little."""
    return math.log1p(count) / math.log1p(most) if most else 0.0
