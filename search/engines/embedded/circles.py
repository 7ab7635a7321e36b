"""Which positions of an index lie in a circle, and how far from its centre.

Tantivy has no circles. It counts the positions in a box around one in about a millisecond. What is in the circle is then what
has one of its positions, or what is in the box and has none of those outside the circle: whichever are fewer to look up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import tantivy

from search.engines.embedded.boxes import WORLD, Box, box_of
from search.engines.embedded.live_index import OpenIndex
from search.engines.embedded.queries import QueryTranslator
from search.engines.kept import KeptUntilChange
from search.port import SearchError
from search.query.distance import distance_km
from search.query.nodes import Circle

MAX_POSITIONS_COUNTED = 60_000
"""Tantivy counts at most 65,000 values at once."""
MAX_CIRCLES_KEPT = 64
Distances = Mapping[str, float]
"""Kilometres by position, the nearest first."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A circle in one state of the index: the distances of its positions from its centre, and the query for what has one."""

    distances: Distances
    query: tantivy.Query


class Circles:
    """What is in circles, kept until the index changes."""

    def __init__(self, translator: QueryTranslator) -> None:
        self._translator = translator
        self._kept: KeptUntilChange[Circle, Surroundings] = KeptUntilChange(MAX_CIRCLES_KEPT)

    def surroundings(self, live: OpenIndex, circle: Circle) -> Surroundings:
        """The positions in a circle as they are now."""
        return self._kept.get(live.stamp, circle, lambda: self._surroundings(live.index.searcher(), circle))

    def _surroundings(self, searcher: tantivy.Searcher, circle: Circle) -> Surroundings:
        box = box_of(circle)
        positions = (position for position, _ in position_counts(searcher, self._translator, tantivy.Query.all_query(), box))
        far = {position: distance_km(circle.lat, circle.lon, *degrees_of(position)) for position in positions}
        outside = [position for position, km in far.items() if km > circle.km]
        inside = sorted((km, position) for position, km in far.items() if km <= circle.km)
        distances = {position: km for km, position in inside}
        is_box_quicker = len(outside) < len(distances)
        query = self._translator.in_box(box, outside) if is_box_quicker else self._translator.having(distances)
        return Surroundings(distances, query)


def position_counts(
    searcher: tantivy.Searcher, translator: QueryTranslator, query: tantivy.Query, box: Box | None = None
) -> Iterator[tuple[str, int]]:
    """The positions, in a box or anywhere, that results of a query have, and how many results each has."""
    terms = {"positions": {"terms": {"field": "position", "size": MAX_POSITIONS_COUNTED}}}
    try:
        answer = searcher.aggregate(translator.within(query, box) if box else query, terms)["positions"]
    except ValueError as error:
        raise SearchError(f"the search index could not count: {error}") from error
    if not answer["sum_other_doc_count"]:
        yield from ((bucket["key"], bucket["doc_count"]) for bucket in answer["buckets"])
        return
    for part in (box or WORLD).parts():
        yield from position_counts(searcher, translator, query, part)


def degrees_of(position: str) -> tuple[float, float]:
    """Latitude and longitude of a position in the index."""
    lat, lon = position.split(",")
    return float(lat), float(lon)
