"""The vectors in Elasticsearch: an index of their own beside those of listings, so that a rebuild keeps them."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from elasticsearch import helpers

from search.engines.elastic.connection import Connection
from search.engines.elastic.mapping import SHARDS
from search.engines.elastic.queries import Json
from search.meaning.model import DIMENSIONS, Vector
from search.meaning.vectors import DocumentVectors, Made, Neighbour
from search.port import EngineUnavailable, SearchError

AT_ONCE = 1_000
STAMP_SECONDS = 10
MAX_LANGUAGES = 5
"""A document has about so many vectors at most: so many more of the nearest are asked for, as each document counts once."""
MAPPINGS: Json = {
    "dynamic": "strict",
    "properties": {
        "id": {"type": "keyword"},
        "lang": {"type": "keyword"},
        "version": {"type": "integer"},
        "digest": {"type": "keyword"},
        "vector": {
            "type": "dense_vector",
            "dims": DIMENSIONS,
            "similarity": "cosine",
            "index_options": {"type": "flat"},
        },
        "parts": {"type": "float", "index": False, "doc_values": False},
    },
}
"""`parts` is the vector once more, as Elasticsearch need not give back those that it searches. They are compared one by one
(`flat`), as in the embedded engine; a graph would tell others at times."""


class ElasticVectors:
    """search.meaning.vectors.VectorStore over HTTP; the index of another version stays until somebody deletes it."""

    def __init__(self, url: str, version: str) -> None:
        self._connection = Connection(url)
        self._client = self._connection.client
        self._index = f"{self._connection.prefix}-meaning-{version}"
        self._stamp = 0.0, ""  # until a monotonic time

    def stamp(self) -> str:
        """See VectorStore.stamp; asked for once in STAMP_SECONDS, as every page asks."""
        expires_at, stamp = self._stamp
        if expires_at < time.monotonic():
            with self._translated_errors():
                answer = self._client.indices.stats(index=f"{self._index}*", metric="indexing")  # no error where there is none
            total = answer["_all"]["primaries"].get("indexing", {})
            stamp = f"{total.get('index_total', 0)}:{total.get('delete_total', 0)}"
            self._stamp = time.monotonic() + STAMP_SECONDS, stamp
        return stamp

    def made(self) -> dict[str, Made]:
        """See VectorStore.made."""
        wanted: Json = {"_source": ["id", "version", "digest"]}
        with self._translated_errors():
            found = helpers.scan(self._client, index=self._index, query=wanted, size=AT_ONCE) if self._is_there() else ()
            rows = [hit["_source"] for hit in found]
        return {row["id"]: Made(row["version"], row["digest"]) for row in rows}

    def put(self, documents: Sequence[DocumentVectors]) -> None:
        """See VectorStore.put."""
        if documents:
            self._create()
            self.delete([document.id for document in documents])
            self._write({"_op_type": "index", "_id": f"{row['id']}:{row['lang']}", "_source": row} for row in _rows(documents))

    def note(self, versions: Mapping[str, int]) -> None:
        """See VectorStore.note."""
        pairs = [(name, versions[id]) for id, names in self._names_of(versions).items() for name in names]
        self._write({"_op_type": "update", "_id": name, "doc": {"version": version}} for name, version in pairs)

    def delete(self, ids: Collection[str]) -> None:
        """See VectorStore.delete."""
        self._write({"_op_type": "delete", "_id": name} for names in self._names_of(ids).values() for name in names)

    def nearest(self, vector: Vector, most: int, min_similarity: float) -> list[Neighbour]:
        """See VectorStore.nearest."""
        wanted = most * MAX_LANGUAGES
        knn: Json = {"field": "vector", "query_vector": list(vector), "similarity": min_similarity}
        knn |= {"k": wanted, "num_candidates": wanted}
        best: dict[str, float] = {}
        for hit in self._search({"knn": knn, "size": wanted, "_source": ["id"]}):
            similarity = 2 * hit["_score"] - 1  # how Elasticsearch scores a cosine
            best[hit["_source"]["id"]] = max(best.get(hit["_source"]["id"], -1.0), similarity)
        return [Neighbour(*pair) for pair in sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))][:most]

    def vectors_of(self, id: str) -> list[Vector]:
        """See VectorStore.vectors_of."""
        body: Json = {"query": {"term": {"id": id}}, "sort": ["lang"], "_source": ["parts"], "size": AT_ONCE}
        return [hit["_source"]["parts"] for hit in self._search(body)]

    def _names_of(self, ids: Collection[str]) -> dict[str, list[str]]:
        """The names of the vectors of each document that has any."""
        names: dict[str, list[str]] = {}
        ordered = sorted(ids)
        for start in range(0, len(ordered), AT_ONCE):
            terms: Json = {"terms": {"id": ordered[start : start + AT_ONCE]}}
            for hit in self._search({"query": terms, "_source": ["id"], "size": AT_ONCE * MAX_LANGUAGES}):
                names.setdefault(hit["_source"]["id"], []).append(hit["_id"])
        return names

    def _search(self, body: Json) -> list[Any]:
        with self._translated_errors():
            answer = self._client.search(index=self._index, body=body, ignore_unavailable=True)
        return list(answer["hits"]["hits"])

    def _write(self, actions: Iterable[Json]) -> None:
        """Write, and have every later search see it."""
        with self._translated_errors():
            helpers.bulk(self._client, actions, index=self._index, refresh=True)

    def _is_there(self) -> bool:
        return bool(self._client.indices.exists(index=self._index))

    def _create(self) -> None:
        with self._translated_errors():
            if not self._is_there():
                self._client.indices.create(index=self._index, settings=SHARDS, mappings=MAPPINGS)

    def _translated_errors(self) -> AbstractContextManager[None]:
        return self._connection.translated_errors(self._not_there)

    def _not_there(self) -> SearchError:
        return EngineUnavailable(f"Elasticsearch at {self._connection.address} has no index {self._index} any more")


def _rows(documents: Sequence[DocumentVectors]) -> Iterator[dict[str, Any]]:
    for one in documents:
        for lang, vector in one.by_lang.items():
            made = {"version": one.made.version, "digest": one.made.digest}
            yield {"id": one.id, "lang": lang, "vector": list(vector), "parts": list(vector), **made}
