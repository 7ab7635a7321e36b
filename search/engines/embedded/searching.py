"""One search of an embedded index: hits in each order, all of them or a page, and counts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice, takewhile
from typing import TypedDict

import tantivy

from search.engines.embedded.boxes import box_of
from search.engines.embedded.circles import Surroundings, degrees_of, position_counts
from search.engines.embedded.queries import QueryTranslator, Translation
from search.engines.engine_query import EngineQuery
from search.index.fields import UNITS_PER_DEGREE
from search.port import FacetCount, Hit, Near, PositionCount, SearchError
from search.query.distance import distance_km
from search.query.nodes import Circle
from search.query.rarity import Frequencies, Term

EXTRA_HITS_FOR_TIES = 64
"""Hits fetched beyond the page, as those with the score of its last hit are sorted by id."""
SCORED_AT_ONCE = 256
STREAMED_AT_ONCE = 1_000
SHARES_OF_CIRCLE = (0.1, 0.3, 1.0)
"""The nearest results are looked for in a tenth of a circle's radius first."""
Facets = Mapping[str, tuple[FacetCount, ...]]
ScoredAddress = tuple[float, tantivy.DocAddress]


class CountedWhenRead(Facets):
    """Facets that are counted when they are first read."""

    def __init__(self, count: Callable[[], Facets]) -> None:
        self._count = count

    @cached_property
    def _counted(self) -> Facets:
        return self._count()

    def __getitem__(self, name: str) -> tuple[FacetCount, ...]:
        return self._counted[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._counted)

    def __len__(self) -> int:
        return len(self._counted)


class Bucket(TypedDict):
    """One value in tantivy's answer to a terms aggregation."""

    key: str
    doc_count: int


@dataclass(frozen=True)
class Search:
    """An engine query over one state of an index, which has a stamp, with what is in its circle, where it has one."""

    searcher: tantivy.Searcher
    stamp: str
    translator: QueryTranslator
    engine_query: EngineQuery
    circle: Surroundings | None

    def hits(self) -> tuple[int, tuple[Hit, ...]]:
        """The total and the hits of the page, without the documents left out."""
        start, size = self.engine_query.start, self.engine_query.size
        if not size:
            return self._total(), ()
        if near := self.engine_query.by_distance_from:
            return self._total(), tuple(self._by_distance(self._nearest_groups(near, start + size), start, size))
        if self.engine_query.is_ranked:
            return self._by_relevance(start, start + size)
        result = self._ordered(self._query, size, start)
        return _total(result), self._hits([(0.0, address) for _, address in result.hits])

    def stream(self) -> Iterator[Hit]:
        """All hits in their order."""
        if near := self.engine_query.by_distance_from:
            groups = self._groups_by_distance(near, near.km)
            return self._by_distance(groups, 0, sum(count for _, _, count in groups))
        most = max(1, self.searcher.num_docs)
        if self.engine_query.is_ranked:
            ranked = self.searcher.search(self._query, limit=most, weight_by_field="prior").hits
            return self._in_batches(self._ties_by_id(ranked))
        return self._in_batches((0.0, address) for _, address in self._ordered(self._query, most, 0).hits)

    def positions(self) -> Iterator[PositionCount]:
        """The positions of all hits, without the documents that have none."""
        for position, count in position_counts(self.searcher, self.translator, self._query):
            yield PositionCount(*degrees_of(position), count)

    def facets(self) -> Facets:
        """Counts: in one pass for all facets without a filter of their own, in a pass of its own for each of the others."""
        wanted, filters = self.engine_query.facets, self.engine_query.query.filters
        unfiltered = [name for name in wanted if name not in filters]
        counts = dict(self._counts(self._all, unfiltered)) if unfiltered else {}
        for name in (name for name in wanted if name in filters):
            counts |= self._counts(self._worthwhile(self._translated(skip_filter=name)), [name])
        return {name: counts[name] for name in wanted}

    @cached_property
    def _all(self) -> tantivy.Query:
        """The query with the documents that are to be left out of the hits."""
        return self._worthwhile(self._translated())

    @cached_property
    def _query(self) -> tantivy.Query:
        return self._without_ids(self._all)

    @cached_property
    def _query_anywhere(self) -> tantivy.Query:
        """The query without its circle, for single positions of that."""
        query = self.translator.translate(self.engine_query, self.stamp, self._frequencies).without_filter(None)
        return self._without_ids(self._worthwhile(query))

    def _worthwhile(self, query: tantivy.Query) -> tantivy.Query:
        """The query for what scores enough, which tantivy cannot tell itself."""
        if not (least := self.engine_query.min_score):
            return query
        limit = SCORED_AT_ONCE
        while len(hits := self.searcher.search(query, limit, weight_by_field="prior").hits) == limit and hits[-1][0] >= least:
            limit *= 4
        return self.translator.among(query, [self._id(address) for score, address in hits if score >= least])

    def _without_ids(self, query: tantivy.Query) -> tantivy.Query:
        without_ids = self.engine_query.without_ids
        return self.translator.without_ids(query, without_ids) if without_ids else query

    def _translated(self, skip_filter: str | None = None) -> tantivy.Query:
        return self._translation.without_filter(skip_filter)

    @cached_property
    def _translation(self) -> Translation:
        return self.translator.translate(
            self.engine_query, self.stamp, self._frequencies, self.circle.query if self.circle else None
        )

    def _frequencies(self, terms: Collection[Term]) -> Frequencies:
        """How many documents hold each of these terms."""
        counts = {term: self.searcher.doc_freq(term.field, term.token) for term in terms}
        return Frequencies(self.searcher.num_docs, counts)

    def _ordered(self, query: tantivy.Query, limit: int, offset: int) -> tantivy.SearchResult:
        """Results by the field that the query is sorted by."""
        order_field = self.engine_query.order_field
        return self.searcher.search(query, limit, offset=offset, order_by_field=order_field, order=tantivy.Order.Asc)

    def _total(self) -> int:
        """How many results there are, without a score for each: tantivy counts them only beside a hit in some order."""
        return _total(self.searcher.search(self._query, 1, order_by_field="order_newest", order=tantivy.Order.Asc))

    def _by_relevance(self, start: int, end: int) -> tuple[int, tuple[Hit, ...]]:
        """The total and hits by score, ties by id: tantivy's own order of ties changes with every update."""
        limit = end + EXTRA_HITS_FOR_TIES
        while True:
            result = self.searcher.search(self._query, limit=limit, weight_by_field="prior")
            hits = result.hits
            has_all_ties = len(hits) < limit or hits[-1][0] < hits[max(0, end - 1)][0]
            if has_all_ties:
                return _total(result), self._hits(list(islice(self._ties_by_id(hits, start, end), end - start)))
            limit *= 4

    def _ties_by_id(self, hits: Sequence[ScoredAddress], start: int = 0, end: int | None = None) -> Iterator[ScoredAddress]:
        """The hits from rank `start` up to `end`; ids are read only for ties that reach into this range."""
        end, position = len(hits) if end is None else end, 0
        for _score, ties in groupby(hits, key=lambda hit: hit[0]):
            tied = list(ties)
            if position < end and position + len(tied) > start:
                by_id = sorted(tied, key=lambda hit: self._id(hit[1])) if len(tied) > 1 else tied
                yield from by_id[max(0, start - position) : end - position]
            position += len(tied)

    def _nearest_groups(self, near: Near, wanted: int) -> list[tuple[float, list[str], int]]:
        """The groups that hold so many of the nearest results, or all results; in a wide circle counting takes long."""
        groups: list[tuple[float, list[str], int]] = []
        for share in SHARES_OF_CIRCLE:
            groups = self._groups_by_distance(near, near.km * share)
            if sum(count for _, _, count in groups) >= wanted:
                break
        return groups

    def _groups_by_distance(self, near: Near, km: float) -> list[tuple[float, list[str], int]]:
        """The positions up to so far away that results have, the nearest first: those equally far away together, with the count
        of results."""
        box = box_of(Circle(near.lat, near.lon, km))
        counts = dict(position_counts(self.searcher, self.translator, self._query_anywhere, box))
        distances = self.circle.distances if self.circle else {}
        nearest = takewhile(lambda pair: pair[1] <= km, distances.items())
        found = ((far, position) for position, far in nearest if position in counts)
        groups = ((far, [position for _, position in group]) for far, group in groupby(found, key=lambda pair: pair[0]))
        return [(far, positions, sum(counts[position] for position in positions)) for far, positions in groups]

    def _by_distance(self, groups: Sequence[tuple[float, list[str], int]], start: int, size: int) -> Iterator[Hit]:
        """The hits from a rank on, a search for each distance."""
        rank, end = 0, start + size
        for km, positions, count in groups:
            offset, limit = max(0, start - rank), min(count, end - rank) - max(0, start - rank)
            if limit > 0:
                result = self._ordered(self.translator.at(self._query_anywhere, positions), limit, offset)
                yield from (Hit(self._id(address), 0.0, km) for _, address in result.hits)
            rank += count
            if rank >= end:
                return

    def _in_batches(self, addresses: Iterator[ScoredAddress]) -> Iterator[Hit]:
        while batch := list(islice(addresses, STREAMED_AT_ONCE)):
            yield from self._hits(batch)

    def _hits(self, scored: Sequence[ScoredAddress]) -> tuple[Hit, ...]:
        """Hits with their ids and distances."""
        near = self.engine_query.query.near
        addresses = [address for _, address in scored]
        distances = self._km(addresses, near) if near and addresses else [None] * len(addresses)
        return tuple(Hit(self._id(address), score, km) for (score, address), km in zip(scored, distances, strict=True))

    def _km(self, addresses: list[tantivy.DocAddress], near: Near) -> list[float | None]:
        lats = self.searcher.fast_field_values("lat", addresses)
        lons = self.searcher.fast_field_values("lon", addresses)
        places = ((lat or 0, lon or 0) for lat, lon in zip(lats, lons, strict=True))
        return [distance_km(near.lat, near.lon, lat / UNITS_PER_DEGREE, lon / UNITS_PER_DEGREE) for lat, lon in places]

    def _id(self, address: tantivy.DocAddress) -> str:
        return str(self.searcher.doc(address)["id"][0])

    def _counts(self, query: tantivy.Query, names: Sequence[str]) -> Facets:
        """The counts of these facets. Raises SearchError where tantivy cannot count."""
        aggregations = {name: {"terms": {"field": name, "size": self.engine_query.counted(name)}} for name in names}
        try:
            answer = self.searcher.aggregate(query, aggregations)
        except ValueError as error:
            raise SearchError(f"the search index could not count: {error}") from error
        return {name: self.engine_query.counts(name, _pairs(answer[name]["buckets"])) for name in names}


def _pairs(buckets: Sequence[Bucket]) -> Iterator[tuple[str, int]]:
    return ((bucket["key"], bucket["doc_count"]) for bucket in buckets)


def _total(result: tantivy.SearchResult) -> int:
    return int(result.count)  # type: ignore[attr-defined]  # missing in tantivy's stubs
