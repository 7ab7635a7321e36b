"""What the shared search asks an engine, and what that answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from search.index.fields import name_order_field
from search.port import MAX_RESULTS, FacetCount, Filter, Hit, Near, Query
from search.query.nodes import AnyNode
from search.query.plan import Plan

MAX_TERMS = 20_000
"""The most tokens with one prefix that an engine returns, by frequency."""
MAX_COUNTED: Mapping[str, int] = {"place": 200}
"""Facets of which only the most frequent values are counted, and how many; a page of thousands of towns helps nobody."""


@dataclass(frozen=True, slots=True)
class EngineQuery:
    """What an engine is to look for: `node`, under the filters of the plan's query and without what the plan excludes.

    Wanted are `size` hits from rank `start` (counted from 0), without the documents `without_ids`; facets count those too.
    What scores less than `min_score`, however the hits are sorted, is neither found nor counted.
    """

    plan: Plan
    node: AnyNode
    start: int
    size: int
    without_ids: tuple[str, ...] = ()
    min_score: float = 0.0
    facets: tuple[str, ...] = ()

    @property
    def query(self) -> Query:
        return self.plan.query

    @property
    def is_ranked(self) -> bool:
        """Whether results are sorted by relevance."""
        return self.plan.order == "relevance"

    @property
    def by_distance_from(self) -> Near | None:
        """From where results are sorted by distance; None where they are sorted otherwise."""
        return self.query.near if self.plan.order == "distance" else None

    @property
    def order_field(self) -> str:
        """The field by which results are sorted where it is not by relevance; of those equally far away, by newness."""
        order, is_past = self.plan.order, self.query.when == "past" and self.query.today is not None
        by_order = {"name": name_order_field(self.query.lang), "distance": "order_newest"}
        by_order |= {"soonest": "order_ended"} if is_past else {}
        return by_order.get(order, f"order_{order}")

    def counted(self, facet: str) -> int:
        """How many values of a facet an engine is to count: all of one that is filtered by, so that no chosen one is missing."""
        return MAX_RESULTS if facet in self.query.filters else MAX_COUNTED.get(facet, MAX_RESULTS)

    def counts(self, facet: str, values: Iterable[tuple[str, int]]) -> tuple[FacetCount, ...]:
        """The counts of a facet in their order, of what an engine counted."""
        ordered = [FacetCount(value, count) for value, count in sorted(values, key=lambda pair: (-pair[1], pair[0]))]
        most = MAX_COUNTED.get(facet, MAX_RESULTS)
        chosen = self.query.filters.get(facet, Filter())
        return (*ordered[:most], *(one for one in ordered[most:] if one.value in (*chosen.any_of, *chosen.none_of)))


@dataclass(frozen=True, slots=True)
class EngineResult:
    """What an engine returns; `total` does not count the documents left out. An engine may count facets when they are first
    read, as those of a query that is relaxed never are."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)


Execute = Callable[[EngineQuery], EngineResult]
"""Runs one query on an engine."""
