"""Elasticsearch as a SearchEngine: generations are indices, the live one is behind an alias."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from typing import Any, TypedDict

import elasticsearch
from elasticsearch import Elasticsearch, helpers

from search.engines.elastic.connection import Connection
from search.engines.elastic.frequencies import TermCounts
from search.engines.elastic.mapping import index_body
from search.engines.elastic.queries import Json, batch_body, positions_body, search_body, terms_body
from search.engines.engine_query import EngineQuery, EngineResult
from search.engines.relaxing_search import RelaxingSearch
from search.index.fields import UNITS_PER_DEGREE, stored_document
from search.index.version import index_version
from search.meaning.nearness import Nearness
from search.port import Document, Hit, IndexNotReady, Near, PositionCount, View
from search.query.distance import distance_km
from search.query.rarity import with_shared_rarity
from search.query.term_dictionary import TermDictionary

BULK_DOCUMENTS = 500
STREAMED_AT_ONCE = 1_000
POSITIONS_AT_ONCE = 10_000
TERMS_CACHE_SECONDS = 60


class Bucket(TypedDict):
    """One value in the answer to a terms aggregation."""

    key: str
    doc_count: int


class ElasticEngine(RelaxingSearch):
    """search.port.SearchEngine over HTTP. The path of the address, `platforma` by default, is the prefix of all indices."""

    def __init__(self, url: str, nearness: Nearness | None = None) -> None:
        super().__init__(nearness)
        self._connection = Connection(url)
        self.alias = f"{self._connection.prefix}-{index_version(index_body())}"
        """The name behind which the live index of this code's version stands."""
        self._client = self._connection.client
        self._dictionaries: dict[tuple[View, str], tuple[float, TermDictionary]] = {}  # each until a monotonic time
        self._counts = TermCounts(self._ask)

    def execute(self, engine_query: EngineQuery) -> EngineResult:
        """See RelaxingSearch.execute."""
        engine_query = self._weighed(engine_query)
        with self.translated_errors():
            answer = self._connection.searcher.search(index=self.alias, body=search_body(engine_query))
        near = engine_query.query.near
        hits = tuple(_hit(hit, near) for hit in answer["hits"]["hits"])
        buckets = {name: answer["aggregations"][name]["values"]["buckets"] for name in engine_query.facets}
        facets = {name: engine_query.counts(name, _pairs(buckets[name])) for name in engine_query.facets}
        return EngineResult(answer["hits"]["total"]["value"], hits, facets)

    def stream(self, engine_query: EngineQuery) -> Iterator[Hit]:
        """See RelaxingSearch.stream; a point in time holds the state of the index."""
        engine_query = self._weighed(engine_query)
        with self.translated_errors():
            point_in_time = self._client.open_point_in_time(index=self.alias, keep_alive="1m")["id"]
        return self._batches(engine_query, point_in_time)

    def _batches(self, engine_query: EngineQuery, point_in_time: str) -> Iterator[Hit]:
        """The hits of one state of the index, which is let go at the end."""
        after: object = None
        try:
            while True:
                with self.translated_errors():
                    answer = self._client.search(body=batch_body(engine_query, STREAMED_AT_ONCE, point_in_time, after))
                found = answer["hits"]["hits"]
                yield from (_hit(hit, engine_query.query.near) for hit in found)
                if len(found) < STREAMED_AT_ONCE:
                    return
                after, point_in_time = found[-1]["sort"], answer["pit_id"]
        finally:
            with suppress(elasticsearch.ApiError, elasticsearch.TransportError):
                self._client.close_point_in_time(id=point_in_time)

    def count_positions(self, engine_query: EngineQuery) -> Iterator[PositionCount]:
        """See RelaxingSearch.count_positions."""
        engine_query = self._weighed(engine_query)
        after: Json | None = None
        while True:
            with self.translated_errors():
                answer = self._client.search(index=self.alias, body=positions_body(engine_query, POSITIONS_AT_ONCE, after))
            found = answer["aggregations"]["positions"]
            for bucket in found["buckets"]:
                lat, lon = (bucket["key"][name] / UNITS_PER_DEGREE for name in ("lat", "lon"))
                yield PositionCount(lat, lon, bucket["doc_count"])
            if len(found["buckets"]) < POSITIONS_AT_ONCE:
                return
            after = found["after_key"]

    def terms(self, view: View, prefix: str) -> TermDictionary:
        """See RelaxingSearch.terms; cached for TERMS_CACHE_SECONDS, as they are megabytes and change little."""
        expires_at, cached = self._dictionaries.get((view, prefix), (0.0, None))
        if cached and expires_at > time.monotonic():
            return cached
        with self.translated_errors():
            answer = self._client.search(index=self.alias, body=terms_body(view, prefix), request_cache=True)
        buckets = answer["aggregations"]["terms"]["buckets"]
        dictionary = TermDictionary({bucket["key"]: bucket["doc_count"] for bucket in buckets})
        self._dictionaries[view, prefix] = time.monotonic() + TERMS_CACHE_SECONDS, dictionary
        return dictionary

    def _weighed(self, engine_query: EngineQuery) -> EngineQuery:
        """The query with weights in place of shared rarities, where scores are wanted."""
        if not (engine_query.is_ranked or engine_query.min_score):
            return engine_query
        return replace(engine_query, node=with_shared_rarity(engine_query.node, self._counts.frequencies))

    def _ask(self, body: Json) -> Mapping[str, Any]:
        with self.translated_errors():
            return dict(self._connection.searcher.search(index=self.alias, body=body))

    def count(self) -> int:
        """See SearchEngine.count."""
        with self.translated_errors():
            return int(self._client.count(index=self.alias)["count"])

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        """See SearchEngine.apply."""
        name = self._live_index()
        with self.translated_errors():
            write_documents(self._client, name, upserts, deletes)
            self._client.indices.refresh(index=name)
        self._dictionaries.clear()
        self._counts.clear()

    def begin_generation(self) -> ElasticGeneration:
        """See SearchEngine.begin_generation. The caller ensures that only one is built at a time."""
        live = self._aliased_indices()
        with self.translated_errors():
            for name in self._client.indices.get(index=f"{self.alias}-*"):
                if name not in live:
                    self._client.indices.delete(index=name, ignore_unavailable=True)
            name = f"{self.alias}-{secrets.token_hex(4)}"
            body = index_body()
            self._client.indices.create(index=name, settings=body["settings"], mappings=body["mappings"])
        return ElasticGeneration(self, self._client, name)

    def is_ready(self) -> bool:
        """See SearchEngine.is_ready."""
        return bool(self._aliased_indices())

    def stamp(self) -> str:
        """See SearchEngine.stamp."""
        name = self._live_index()
        with self.translated_errors():
            total = self._client.indices.stats(index=name, metric="indexing,docs")["_all"]["primaries"]
        return f"{name}:{total['indexing']['index_total']}:{total['indexing']['delete_total']}"

    def close(self) -> None:
        """See SearchEngine.close."""
        self._client.close()

    def swap_alias(self, name: str) -> None:
        """Put the alias on an index and take it off all others, in one step."""
        actions: list[Json] = [{"add": {"index": name, "alias": self.alias}}]
        actions += [{"remove": {"index": other, "alias": self.alias}} for other in self._aliased_indices() if other != name]
        with self.translated_errors():
            self._client.indices.refresh(index=name)
            self._client.indices.update_aliases(actions=actions)
        self._dictionaries.clear()
        self._counts.clear()

    def _aliased_indices(self) -> tuple[str, ...]:
        """The index behind the alias; none where no index of this version was published."""
        with self.translated_errors():
            if not self._client.indices.exists_alias(name=self.alias):
                return ()
            return tuple(self._client.indices.get_alias(name=self.alias))

    def _live_index(self) -> str:
        """The name of the live index. Raises IndexNotReady if there is none."""
        names = self._aliased_indices()
        if not names:
            raise self._not_ready()
        return names[0]

    def _not_ready(self) -> IndexNotReady:
        return IndexNotReady(f"Elasticsearch at {self._connection.address} has no index {self.alias}; run: platforma reindex")

    def translated_errors(self) -> AbstractContextManager[None]:
        """Turn the client's errors into those of search.port; see Connection.translated_errors."""
        return self._connection.translated_errors(self._not_ready)


class ElasticGeneration:
    """search.port.Generation: an index that is not behind the alias yet."""

    def __init__(self, engine: ElasticEngine, client: Elasticsearch, name: str) -> None:
        self._engine, self._client, self._name = engine, client, name

    def add(self, documents: Iterable[Document]) -> int:
        """See Generation.add."""
        return self._write(documents, ())

    def delete(self, ids: Iterable[str]) -> None:
        """See Generation.delete."""
        self._write((), ids)

    def publish(self) -> None:
        """See Generation.publish."""
        self._engine.swap_alias(self._name)

    def discard(self) -> None:
        """See Generation.discard."""
        with self._engine.translated_errors():
            self._client.indices.delete(index=self._name, ignore_unavailable=True)

    def _write(self, documents: Iterable[Document], deletes: Iterable[str]) -> int:
        with self._engine.translated_errors():
            return write_documents(self._client, self._name, documents, deletes)


def write_documents(client: Elasticsearch, index: str, documents: Iterable[Document], deletes: Iterable[str]) -> int:
    """Delete and add documents in bulk; return how many were added. Raises BulkIndexError for a refused document."""
    added = 0

    def actions() -> Iterator[Json]:
        nonlocal added
        for id in deletes:
            yield {"_op_type": "delete", "_id": id}
        for document in documents:
            added += 1
            yield {"_op_type": "index", "_id": document.id, "_source": stored_document(document)}

    for is_done, item in helpers.streaming_bulk(client, actions(), index=index, chunk_size=BULK_DOCUMENTS, raise_on_error=False):
        ((operation, outcome),) = item.items()
        if not is_done and not (operation == "delete" and outcome["status"] == 404):
            raise helpers.BulkIndexError("a document was refused", [item])
    return added


def _pairs(buckets: Sequence[Bucket]) -> Iterator[tuple[str, int]]:
    return ((bucket["key"], bucket["doc_count"]) for bucket in buckets)


def _hit(found: Mapping[str, Any], near: Near | None) -> Hit:
    """A hit of an answer with its distance."""
    km = None
    if near:
        lat, lon = (found["fields"][name][0] / UNITS_PER_DEGREE for name in ("lat", "lon"))
        km = distance_km(near.lat, near.lon, lat, lon)
    return Hit(found["_source"]["id"], found["_score"] or 0.0, km)
