"""From plans to tantivy's queries: pure functions of a schema."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as TantivyQuery

from search.engines.embedded.absent_tokens import with_rarity_of_present
from search.engines.embedded.boxes import Box
from search.engines.engine_query import EngineQuery
from search.port import Filter
from search.query.nodes import (
    And,
    AnyNode,
    AtLeast,
    Circle,
    DisMax,
    ExactTerm,
    MatchAll,
    MatchNone,
    Prefix,
    Range,
    SharedRarity,
    Tokens,
)
from search.query.rarity import FrequencyLookup

Clause = tuple[Occur, TantivyQuery]


MAX_NODES_KEPT = 8
"""Queries of one page that differ in their filters have the same node: so many of the last ones are kept."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A translated engine query in parts: the clauses of its filters by facet, and all others."""

    clauses: Sequence[Clause]
    filters: Mapping[str, Sequence[Clause]]

    def without_filter(self, skipped: str | None) -> TantivyQuery:
        """The whole query, but for the filter of one facet."""
        filters = (clause for name, clauses in self.filters.items() if name != skipped for clause in clauses)
        return TantivyQuery.boolean_query([*self.clauses, *filters])


class QueryTranslator:
    """Translates engine queries and nodes over one schema; threads may share it."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema
        self._kept: tuple[tuple[AnyNode, str, TantivyQuery], ...] = ()

    def translate(
        self, engine_query: EngineQuery, stamp: str, frequencies: FrequencyLookup, circle: TantivyQuery | None = None
    ) -> Translation:
        """A whole engine query with filters and exclusions for the state of an index that has this stamp; `circle` is for what
        lies in its circle, where it has one."""
        clauses: list[Clause] = [(Occur.Must, self._kept_node(engine_query.node, stamp, frequencies))]
        clauses += [(Occur.MustNot, self._node(node)) for node in engine_query.plan.excluded]
        clauses += [(Occur.Must, self._node(one)) for one in engine_query.plan.narrowing if not isinstance(one, Circle)]
        clauses += [(Occur.Must, circle)] if circle else []
        filters = {name: list(self._filter_clauses(name, chosen)) for name, chosen in engine_query.query.filters.items()}
        return Translation(clauses, filters)

    def _kept_node(self, node: AnyNode, stamp: str, frequencies: FrequencyLookup) -> TantivyQuery:
        """A node translated for a state of an index: kept by its identity, as comparing it would cost as much."""
        kept = next((query for other, of_state, query in self._kept if other is node and of_state == stamp), None)
        if kept is None:
            kept = self._node(with_rarity_of_present(node, frequencies))
            self._kept = ((node, stamp, kept), *self._kept[: MAX_NODES_KEPT - 1])
        return kept

    def without_ids(self, query: TantivyQuery, ids: Sequence[str]) -> TantivyQuery:
        """A query that leaves these documents out."""
        return TantivyQuery.boolean_query([(Occur.Must, query), (Occur.MustNot, self._any_of("id", ids))])

    def among(self, query: TantivyQuery, ids: Sequence[str]) -> TantivyQuery:
        """A query that leaves all other documents out, and scores as before."""
        these = TantivyQuery.const_score_query(TantivyQuery.term_set_query(self._schema, "id", list(ids)), 0.0)
        return TantivyQuery.boolean_query([(Occur.Must, query), (Occur.Must, these)])

    def within(self, query: TantivyQuery, box: Box) -> TantivyQuery:
        """A query for what lies in a box."""
        sides = [
            TantivyQuery.range_query(self._schema, "lat", FieldType.Integer, box.south, box.north),
            TantivyQuery.range_query(self._schema, "lon", FieldType.Integer, box.west, box.east),
        ]
        return TantivyQuery.boolean_query([(Occur.Must, query), *((Occur.Must, side) for side in sides)])

    def at(self, query: TantivyQuery, positions: Collection[str]) -> TantivyQuery:
        """A query for what has one of these positions."""
        return TantivyQuery.boolean_query([(Occur.Must, query), (Occur.Must, self.having(positions))])

    def having(self, positions: Collection[str]) -> TantivyQuery:
        """A query that scores nothing for what has one of these positions."""
        return TantivyQuery.const_score_query(TantivyQuery.term_set_query(self._schema, "position", list(positions)), 0.0)

    def in_box(self, box: Box, without: Collection[str]) -> TantivyQuery:
        """A query that scores nothing for what lies in a box and has none of these positions."""
        within = self.within(TantivyQuery.all_query(), box)
        clauses = [(Occur.Must, within), *([(Occur.MustNot, self.having(without))] if without else [])]
        return TantivyQuery.const_score_query(TantivyQuery.boolean_query(clauses), 0.0)

    def _node(self, node: AnyNode) -> TantivyQuery:
        match node:
            case Tokens(field, tokens, weight, moves):
                return TantivyQuery.boost_query(self._tokens(field, tokens, moves), weight)
            case ExactTerm(field, value, weight):
                return TantivyQuery.const_score_query(TantivyQuery.term_query(self._schema, field, value), weight)
            case Prefix(field, prefix, weight):
                # No edits, only a prefix: built in a thousandth of the time that a regular expression takes.
                fuzzy = TantivyQuery.fuzzy_term_query(self._schema, field, prefix, distance=0, prefix=True)
                return TantivyQuery.const_score_query(fuzzy, weight)
            case Range(field, minimum, maximum, weight):
                within = TantivyQuery.range_query(self._schema, field, FieldType.Integer, minimum, maximum)
                return TantivyQuery.const_score_query(within, weight)
            case DisMax(nodes) | SharedRarity(nodes):
                return TantivyQuery.disjunction_max_query([self._node(child) for child in nodes])
            case And(nodes, optional):
                return self._all_of(nodes, optional)
            case AtLeast(count, nodes):
                return TantivyQuery.boolean_query([(Occur.Should, self._node(child)) for child in nodes], count)
            case MatchAll(weight):
                return TantivyQuery.const_score_query(TantivyQuery.all_query(), weight)
            case MatchNone():
                return TantivyQuery.empty_query()

    def _all_of(self, nodes: Sequence[AnyNode], optional: Sequence[AnyNode]) -> TantivyQuery:
        """All of the nodes; each optional one wraps what comes before.

        Several optional clauses in one query make tantivy walk all documents that any of them has: twice the time.
        """
        query = TantivyQuery.boolean_query([(Occur.Must, self._node(node)) for node in nodes])
        for node in optional:
            query = TantivyQuery.boolean_query([(Occur.Must, query), (Occur.Should, self._node(node))])
        return query

    def _tokens(self, field: str, tokens: Sequence[str], moves: int) -> TantivyQuery:
        """A term, or a phrase of several: tantivy panics at a phrase of one word."""
        if len(tokens) == 1:
            return TantivyQuery.term_query(self._schema, field, tokens[0])
        return TantivyQuery.phrase_query(self._schema, field, list(tokens), moves)

    def _filter_clauses(self, name: str, chosen: Filter) -> Iterator[Clause]:
        if chosen.any_of:
            yield Occur.Must, TantivyQuery.const_score_query(self._any_of(name, chosen.any_of), 0.0)
        for value in chosen.none_of:
            yield Occur.MustNot, TantivyQuery.term_query(self._schema, name, value)

    def _any_of(self, field: str, values: Sequence[str]) -> TantivyQuery:
        """A query for what has one of a few values. Tantivy's own sets mark each document before another clause is looked at."""
        return TantivyQuery.boolean_query(
            [(Occur.Should, TantivyQuery.term_query(self._schema, field, value)) for value in values]
        )
