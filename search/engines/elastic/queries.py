"""From our own terms to Elasticsearch's JSON: pure functions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from search.engines.relaxation import MAX_TERMS, EngineQuery
from search.port import MAX_RESULTS, Filter
from search.query.nodes import And, AnyNode, AtLeast, DisMax, ExactTerm, MatchAll, MatchNone, Prefix, Range, Tokens

Json = dict[str, Any]


def search_body(ask: EngineQuery) -> Json:
    """The body of one search: the hits asked for, the total, and the counts of its facets."""
    own_filters = {name: _filter(name, chosen) for name, chosen in ask.query.filters.items()}
    shown = [*own_filters.values(), *_without(ask.without)]
    return {
        "query": _scored(_question(ask), ask),
        "post_filter": _all(shown),
        "aggs": {name: _facet(name, own_filters) for name in ask.facets},
        "sort": _sort(ask),
        "from": ask.start,
        "size": ask.size,
        "track_total_hits": True,
        "_source": ["id"],
    }


def terms_body(view: str, beginning: str) -> Json:
    """The body that asks for the words of a view that begin so; words are letters and digits only."""
    values = {"field": f"every_{view}", "include": f"{beginning}.*", "size": MAX_TERMS}
    return {"size": 0, "aggs": {"terms": {"terms": values}}}


def translated(node: AnyNode) -> Json:
    """One node of a plan."""
    match node:
        case Tokens(field, tokens, weight):
            return _tokens(field, tokens, weight)
        case ExactTerm(field, value, weight):
            return {"constant_score": {"filter": {"term": {field: value}}, "boost": weight}}
        case Prefix(field, beginning, weight):
            return {"constant_score": {"filter": {"prefix": {field: beginning}}, "boost": weight}}
        case Range(field, least, most, weight):
            return {"constant_score": {"filter": {"range": {field: {"gte": least, "lte": most}}}, "boost": weight}}
        case DisMax(nodes):
            return {"dis_max": {"queries": _each(nodes)}}
        case And(nodes, also):
            return {"bool": {"must": _each(nodes), "should": _each(also)}}
        case AtLeast(count, nodes):
            return {"bool": {"should": _each(nodes), "minimum_should_match": count}}
        case MatchAll():
            return {"match_all": {}}
        case MatchNone():
            return {"match_none": {}}


def _question(ask: EngineQuery) -> Json:
    clauses: Json = {"must": [translated(ask.node)], "must_not": _each(ask.plan.excluded())}
    if ask.query.today is not None and not ask.query.include_past:
        clauses["filter"] = [{"range": {"ends": {"gte": ask.query.today.toordinal()}}}]
    return {"bool": clauses}


def _each(nodes: Iterable[AnyNode]) -> list[Json]:
    return [translated(one) for one in nodes]


def _tokens(name: str, found: Sequence[str], weight: float) -> Json:
    if len(found) == 1:
        return {"term": {name: {"value": found[0], "boost": weight}}}
    return {"match_phrase": {name: {"query": " ".join(found), "boost": weight}}}


def _without(ids: Sequence[str]) -> list[Json]:
    return [{"bool": {"must_not": [{"terms": {"id": list(ids)}}]}}] if ids else []


def _filter(name: str, chosen: Filter) -> Json:
    clauses: Json = {}
    if chosen.any_of:
        clauses["filter"] = [{"terms": {name: list(chosen.any_of)}}]
    if chosen.none_of:
        clauses["must_not"] = [{"terms": {name: list(chosen.none_of)}}]
    return {"bool": clauses}


def _facet(name: str, own_filters: dict[str, Json]) -> Json:
    """Counts under all filters but the facet's own."""
    others = [clause for other, clause in own_filters.items() if other != name]
    return {"filter": _all(others), "aggs": {"values": {"terms": {"field": name, "size": MAX_RESULTS}}}}


def _all(clauses: list[Json]) -> Json:
    return {"bool": {"filter": clauses}} if clauses else {"match_all": {}}


def _scored(node: Json, ask: EngineQuery) -> Json:
    """The score times log2(2 + prior), as tantivy weighs."""
    if not ask.is_ranked:
        return node
    prior = {"field": "prior", "modifier": "ln2p", "factor": 1, "missing": 0}
    return {
        "function_score": {
            "query": node,
            "functions": [{"field_value_factor": prior}, {"weight": 1 / math.log(2)}],
            "score_mode": "multiply",
            "boost_mode": "multiply",
        }
    }


def _sort(ask: EngineQuery) -> list[Json]:
    if ask.is_ranked:
        return [{"_score": "desc"}, {"id": "asc"}]
    return [{ask.order_field: "asc"}]
