"""Which positions of an index lie in a circle, and how far from its centre.

Tantivy has no circles. It counts the positions in a box around one in about a millisecond; those in the circle are then
looked up as terms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import tantivy

from search.engines.embedded.boxes import Box, box_of
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


class Circles:
    """The positions in circles, kept until the index changes."""

    def __init__(self, translator: QueryTranslator) -> None:
        self._translator = translator
        self._kept: KeptUntilChange[Circle, Distances] = KeptUntilChange(MAX_CIRCLES_KEPT)

    def distances(self, live: OpenIndex, circle: Circle) -> Distances:
        """The distances of the positions in a circle from its centre."""
        return self._kept.get(live.stamp, circle, lambda: self._distances(live.index.searcher(), circle))

    def _distances(self, searcher: tantivy.Searcher, circle: Circle) -> Distances:
        everything = tantivy.Query.all_query()
        positions = (position for position, _ in position_counts(searcher, self._translator, everything, box_of(circle)))
        far = {position: distance_km(circle.lat, circle.lon, *degrees_of(position)) for position in positions}
        return dict(
            sorted(((position, km) for position, km in far.items() if km <= circle.km), key=lambda pair: (pair[1], pair[0]))
        )


def position_counts(
    searcher: tantivy.Searcher, translator: QueryTranslator, query: tantivy.Query, box: Box
) -> Iterator[tuple[str, int]]:
    """The positions in a box that results of a query have, and how many results each has."""
    terms = {"positions": {"terms": {"field": "position", "size": MAX_POSITIONS_COUNTED}}}
    try:
        answer = searcher.aggregate(translator.within(query, box), terms)["positions"]
    except ValueError as error:
        raise SearchError(f"the search index could not count: {error}") from error
    if not answer["sum_other_doc_count"]:
        yield from ((bucket["key"], bucket["doc_count"]) for bucket in answer["buckets"])
        return
    for part in box.parts():
        yield from position_counts(searcher, translator, query, part)


def degrees_of(position: str) -> tuple[float, float]:
    """Latitude and longitude of a position in the index."""
    lat, lon = position.split(",")
    return float(lat), float(lon)
