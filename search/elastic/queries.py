"""From a domain query to Elasticsearch's JSON: pure functions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from search import fields
from search.port import MAX_RESULTS, Filter, Query
from search.words import Parsed, Part, parse

Json = dict[str, Any]


def search_body(query: Query) -> Json:
    """The body of one search: the page asked for, the total, and the counts of its facets."""
    own_filters = {name: _filter(name, chosen) for name, chosen in query.filters.items()}
    return {
        "query": _scored(_text(query), query),
        "post_filter": _all(list(own_filters.values())),
        "aggs": {name: _facet(name, own_filters) for name in query.facets},
        "sort": _sort(query),
        "from": (query.page - 1) * query.per_page,
        "size": query.per_page,
        "track_total_hits": True,
        "_source": ["id"],
    }


def _text(query: Query) -> Json:
    parsed = parse(query.text, query.lang)
    clauses: Json = {"must": _wanted(parsed), "must_not": [_part(p) for p in parsed.parts if p.is_excluded]}
    if query.today is not None and not query.include_past:
        clauses["filter"] = [{"range": {"ends": {"gte": query.today.isoformat()}}}]
    return {"bool": clauses}


def _wanted(parsed: Parsed) -> list[Json]:
    if not parsed.parts and not parsed.is_blank:
        return [{"match_none": {}}]
    return [_part(part) for part in parsed.parts if not part.is_excluded] or [{"match_all": {}}]


def _part(part: Part) -> Json:
    """One word or phrase: the best of its variants over all fields."""
    return {"dis_max": {"queries": [_tokens(name, found, weight) for (name, found), weight in fields.matches(part).items()]}}


def _tokens(name: str, found: Sequence[str], weight: float) -> Json:
    if len(found) == 1:
        return {"term": {name: {"value": found[0], "boost": weight}}}
    return {"match_phrase": {name: {"query": " ".join(found), "boost": weight}}}


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


def _scored(node: Json, query: Query) -> Json:
    """The score times log2(2 + prior), as tantivy weighs."""
    if query.sort != "relevance" or not query.text.strip():
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


def _sort(query: Query) -> list[Json]:
    if query.sort == "relevance" and query.text.strip():
        return [{"_score": "desc"}, {"id": "asc"}]
    return [{f"order_name_{query.lang}" if query.sort == "name" else "order_newest": "asc"}]
