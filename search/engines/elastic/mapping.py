"""Index settings and mapping: strict, whitespace-analysed tokens, keywords for all else."""

from __future__ import annotations

from typing import Any

from search.index import fields
from search.port import FACETS


def index_body() -> dict[str, Any]:
    """Settings and mappings of a new index; the BM25 of both engines has the same parameters by default."""
    keyword = {"type": "keyword"}
    text = {"type": "text", "analyzer": "whitespace"}
    properties: dict[str, Any] = {name: text for name, _ in fields.text_fields()}
    words = [f"every_{view}" for view in fields.GUESSED_VIEWS]
    properties |= dict.fromkeys(("id", *FACETS, "whole", *words, *fields.ORDERS), keyword)
    properties |= {name: {"type": "integer"} for name in fields.NUMBERS} | {"prior": {"type": "double"}}
    return {
        "settings": {"number_of_shards": 1, "max_result_window": 10_000},
        "mappings": {"dynamic": "strict", "properties": properties, "_source": {"includes": ["id"]}},
    }
