"""Index settings and mapping: strict, whitespace-analysed tokens, keywords for all else."""

from __future__ import annotations

from collections.abc import Mapping

from search.engines.elastic.queries import Json
from search.index import fields
from search.index.fields import FieldKind
from search.port import MAX_RESULTS

SHARDS: Json = {"number_of_shards": 1, "auto_expand_replicas": "0-2"}
"""Settings of each index: as many copies as a cluster has further nodes, up to two, so that no node alone holds it."""
KEYWORD: Json = {"type": "keyword"}
FIELD_MAPPINGS: Mapping[FieldKind, Json] = {
    "id": KEYWORD,
    "text": {"type": "text", "analyzer": "whitespace"},
    "facet": KEYWORD,
    "terms": KEYWORD,
    "sort_key": KEYWORD,
    "integer": {"type": "integer"},
    "position": {"type": "geo_point"},
    "number": {"type": "double"},
}
"""By kind of field, its mapping."""


def index_body() -> dict[str, Json]:
    """Settings and mappings of a new index; BM25 has the same parameters as tantivy's by default."""
    return {
        "settings": {**SHARDS, "max_result_window": MAX_RESULTS},
        "mappings": {
            "dynamic": "strict",
            "properties": {field.name: FIELD_MAPPINGS[field.kind] for field in fields.FIELDS},
            "_source": {"includes": ["id"]},
        },
    }
