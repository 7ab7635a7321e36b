"""Elasticsearch as a SearchEngine: generations are indices, the live one is behind an alias."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypedDict
from urllib.parse import urlsplit

import elasticsearch
from elasticsearch import Elasticsearch, helpers

from search.engines.elastic.mapping import index_body
from search.engines.elastic.queries import Json, search_body, terms_body
from search.engines.relaxation import EngineQuery, EngineResult, RelaxingSearch
from search.index.fields import stored_document
from search.index.version import index_version
from search.port import Document, EngineUnavailable, FacetCount, Hit, IndexNotReady, SearchError, View
from search.query.term_dictionary import TermDictionary

TIMEOUT_SECONDS = 10
BULK_DOCUMENTS = 500
TERMS_CACHE_SECONDS = 60
DEFAULT_PREFIX = "platforma"


class Bucket(TypedDict):
    """One value in the answer to a terms aggregation."""

    key: str
    doc_count: int


class ElasticEngine(RelaxingSearch):
    """search.port.SearchEngine over HTTP. The path of the address, `platforma` by default, is the prefix of all indices."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.alias = f"{parts.path.strip('/') or DEFAULT_PREFIX}-{index_version(index_body())}"
        """The name behind which the live index of this code's version stands."""
        self._address = f"{parts.scheme}://{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 9200)}"
        login = (parts.username, parts.password or "") if parts.username else None
        self._client = Elasticsearch(self._address, basic_auth=login, request_timeout=TIMEOUT_SECONDS, max_retries=1)
        self._dictionaries: dict[tuple[View, str], tuple[float, TermDictionary]] = {}  # each until a monotonic time

    def execute(self, engine_query: EngineQuery) -> EngineResult:
        """See RelaxingSearch.execute."""
        with self.translated_errors():
            answer = self._client.search(index=self.alias, body=search_body(engine_query))
        hits = tuple(Hit(hit["_source"]["id"], hit["_score"] or 0.0) for hit in answer["hits"]["hits"])
        facets = {name: _counts(answer["aggregations"][name]["values"]["buckets"]) for name in engine_query.facets}
        return EngineResult(answer["hits"]["total"]["value"], hits, facets)

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
        return IndexNotReady(f"Elasticsearch at {self._address} has no index {self.alias}; run: platforma reindex")

    @contextmanager
    def translated_errors(self) -> Iterator[None]:
        """Turn the client's errors into those of search.port; their texts hold no credentials."""
        try:
            yield
        except elasticsearch.NotFoundError as error:
            raise self._not_ready() from error
        except elasticsearch.ApiError as error:
            if error.status_code in (429, 502, 503, 504):
                raise EngineUnavailable(f"Elasticsearch at {self._address} is busy ({error.status_code})") from error
            raise SearchError(f"Elasticsearch at {self._address} refused: {error.message}") from error
        except (elasticsearch.TransportError, helpers.BulkIndexError) as error:
            raise EngineUnavailable(f"Elasticsearch at {self._address} does not answer; is it running?") from error


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


def _counts(buckets: Sequence[Bucket]) -> tuple[FacetCount, ...]:
    pairs = sorted((-bucket["doc_count"], bucket["key"]) for bucket in buckets)
    return tuple(FacetCount(value, -count) for count, value in pairs)
