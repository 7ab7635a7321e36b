"""From plans to Elasticsearch's JSON: pure functions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from search.engines.engine_query import MAX_TERMS, EngineQuery
from search.index.fields import dictionary_field
from search.port import Filter, View
from search.query.nodes import (
    And,
    AnyNode,
    AtLeast,
    Circle,
    Condition,
    DisMax,
    ExactTerm,
    MatchAll,
    MatchNone,
    Prefix,
    Range,
    SharedRarity,
    Tokens,
)
from search.query.rarity import Term

Json = dict[str, object]
"""An object of Elasticsearch's query language."""


def search_body(engine_query: EngineQuery) -> Json:
    """The body of one search: the hits of the page, the total, and the counts of the facets.

    Filters come after the counts (`post_filter`), as a facet's counts ignore its own filter.
    """
    filters = {name: _filter(name, chosen) for name, chosen in engine_query.query.filters.items()}
    return {
        **_hits_body(engine_query),
        "aggs": {name: _facet(name, filters, engine_query.counted(name)) for name in engine_query.facets},
        "from": engine_query.start,
        "size": engine_query.size,
        "track_total_hits": True,
    }


def batch_body(engine_query: EngineQuery, size: int, point_in_time: str, after: object) -> Json:
    """The body that asks for the hits, in one state of the index, that follow those with the sort values `after`; None: the
    first ones."""
    body = {**_hits_body(engine_query), "size": size, "track_total_hits": False, "pit": {"id": point_in_time, "keep_alive": "1m"}}
    return body if after is None else {**body, "search_after": after}


def _hits_body(engine_query: EngineQuery) -> Json:
    filters = [_filter(name, chosen) for name, chosen in engine_query.query.filters.items()]
    return {
        "query": _scored(_narrowed(engine_query), engine_query),
        "post_filter": _all_of([*filters, *_without_ids(engine_query.without_ids)]),
        "sort": _sort(engine_query),
        "_source": ["id"],
        "docvalue_fields": ["lat", "lon"] if engine_query.query.near else [],
    }


def positions_body(engine_query: EngineQuery, size: int, after: Json | None) -> Json:
    """The body that counts the results at each position, in units of UNITS_PER_DEGREE: at so many positions that follow the one
    `after`; None: at the first ones."""
    filters = [_filter(name, chosen) for name, chosen in engine_query.query.filters.items()]
    sources = [{name: {"terms": {"field": name}}} for name in ("lat", "lon")]
    counted: Json = {"size": size, "sources": sources, **({"after": after} if after else {})}
    conditions = [*filters, *_without_ids(engine_query.without_ids)]
    return {
        "query": {"bool": {"must": [_scored(_narrowed(engine_query), engine_query)], "filter": conditions}},
        "size": 0,
        "aggs": {"positions": {"composite": counted}},
    }


def terms_body(view: View, prefix: str) -> Json:
    """The body that asks for a view's tokens with a prefix; tokens are letters and digits, so it needs no escaping."""
    terms = {"field": dictionary_field(view), "include": f"{prefix}.*", "size": MAX_TERMS}
    return {"size": 0, "aggs": {"terms": {"terms": terms}}}


def frequencies_body(terms: Sequence[Term]) -> Json:
    """The body that counts all documents, and those that hold each of these terms."""
    filters = [{"term": {term.field: term.token}} for term in terms]
    return {"size": 0, "track_total_hits": True, "aggs": {"terms": {"filters": {"filters": filters}}}}


def translate(node: AnyNode) -> Json:
    """One node of a plan with those in it."""
    match node:
        case Tokens(field, tokens, weight, moves):
            return _tokens(field, tokens, weight, moves)
        case ExactTerm(field, value, weight):
            return {"constant_score": {"filter": {"term": {field: value}}, "boost": weight}}
        case Prefix(field, prefix, weight):
            return {"constant_score": {"filter": {"prefix": {field: prefix}}, "boost": weight}}
        case Range(field, minimum, maximum, weight):
            return {"constant_score": {"filter": {"range": {field: {"gte": minimum, "lte": maximum}}}, "boost": weight}}
        case DisMax(nodes) | SharedRarity(nodes):
            return {"dis_max": {"queries": _each(nodes)}}
        case And(nodes, optional):
            return {"bool": {"must": _each(nodes), "should": _each(optional)}}
        case AtLeast(count, nodes):
            return {"bool": {"should": _each(nodes), "minimum_should_match": count}}
        case MatchAll(weight):
            return {"match_all": {"boost": weight}}
        case MatchNone():
            return {"match_none": {}}


def _narrowed(engine_query: EngineQuery) -> Json:
    """The node without what is excluded, of the days and places that the query asks for."""
    clauses: Json = {"must": [translate(engine_query.node)], "must_not": _each(engine_query.plan.excluded)}
    clauses["filter"] = [_condition(one) for one in engine_query.plan.narrowing]
    return {"bool": clauses}


def _condition(condition: Condition) -> Json:
    if not isinstance(condition, Circle):
        return translate(condition)
    return {"geo_distance": {"distance": f"{condition.km}km", "position": _point(condition.lat, condition.lon)}}


def _point(lat: float, lon: float) -> Json:
    return {"lat": lat, "lon": lon}


def _each(nodes: Iterable[AnyNode]) -> list[Json]:
    return [translate(node) for node in nodes]


def _tokens(field: str, tokens: Sequence[str], weight: float, moves: int) -> Json:
    if len(tokens) == 1:
        return {"term": {field: {"value": tokens[0], "boost": weight}}}
    return {"match_phrase": {field: {"query": " ".join(tokens), "boost": weight, "slop": moves}}}


def _without_ids(ids: Sequence[str]) -> list[Json]:
    return [{"bool": {"must_not": [{"terms": {"id": list(ids)}}]}}] if ids else []


def _filter(name: str, chosen: Filter) -> Json:
    clauses: Json = {}
    if chosen.any_of:
        clauses["filter"] = [{"terms": {name: list(chosen.any_of)}}]
    if chosen.none_of:
        clauses["must_not"] = [{"terms": {name: list(chosen.none_of)}}]
    return {"bool": clauses}


def _facet(name: str, filters: Mapping[str, Json], size: int) -> Json:
    """Counts under all filters but the facet's own."""
    others = [clause for filter_name, clause in filters.items() if filter_name != name]
    return {"filter": _all_of(others), "aggs": {"values": {"terms": {"field": name, "size": size}}}}


def _all_of(clauses: Sequence[Json]) -> Json:
    return {"bool": {"filter": list(clauses)}} if clauses else {"match_all": {}}


def _scored(query: Json, engine_query: EngineQuery) -> Json:
    """The score times log2(2 + prior), as tantivy weighs; Elasticsearch has the natural logarithm only."""
    if not (engine_query.is_ranked or engine_query.min_score):
        return query
    prior = {"field": "prior", "modifier": "ln2p", "factor": 1, "missing": 0}
    return {
        "function_score": {
            "query": query,
            "functions": [{"field_value_factor": prior}, {"weight": 1 / math.log(2)}],
            "score_mode": "multiply",
            "boost_mode": "multiply",
            **({"min_score": engine_query.min_score} if engine_query.min_score else {}),
        }
    }


def _sort(engine_query: EngineQuery) -> list[Json]:
    if engine_query.is_ranked:
        return [{"_score": "desc"}, {"id": "asc"}]
    field: Json = {engine_query.order_field: "asc"}
    near = engine_query.by_distance_from
    if near is None:
        return [field]
    return [{"_geo_distance": {"position": _point(near.lat, near.lon), "order": "asc", "unit": "km"}}, field]
