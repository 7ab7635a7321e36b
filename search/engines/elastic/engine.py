"""Elasticsearch as a SearchEngine: generations are indices, the live one is behind an alias."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import elasticsearch
from elasticsearch import Elasticsearch, helpers

from search.engines.elastic.mapping import index_body
from search.engines.elastic.queries import search_body, terms_body
from search.engines.relaxation import EngineQuery, EngineResult, RelaxingSearch
from search.index import fields
from search.port import Document, EngineUnavailable, FacetCount, Hit, IndexNotReady, SearchError
from search.query.dictionary import TermDictionary

TIMEOUT_SECONDS = 10
BATCH = 500
KEEP_TERMS_SECONDS = 60


class ElasticEngine(RelaxingSearch):
    """search.port.SearchEngine over HTTP. The address's path, `platforma` by default, is the prefix of all indices."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._prefix = parts.path.strip("/") or "platforma"
        self._where = f"{parts.scheme}://{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 9200)}"
        login = (parts.username, parts.password or "") if parts.username else None
        self._client = Elasticsearch(self._where, basic_auth=login, request_timeout=TIMEOUT_SECONDS, max_retries=1)
        self._terms: dict[tuple[str, str], tuple[float, TermDictionary]] = {}

    @property
    def alias(self) -> str:
        """The name behind which the live index of this code's version stands."""
        return f"{self._prefix}-{fields.VERSION}"

    def execute(self, ask: EngineQuery) -> EngineResult:
        """See RelaxingSearch.answer."""
        with self._translated():
            answer = self._client.search(index=self.alias, body=search_body(ask))
        hits = tuple(Hit(hit["_source"]["id"], hit["_score"] or 0.0) for hit in answer["hits"]["hits"])
        facets = {name: _counts(answer["aggregations"][name]) for name in ask.facets}
        return EngineResult(answer["hits"]["total"]["value"], hits, facets)

    def terms(self, view: str, beginning: str) -> TermDictionary:
        """See RelaxingSearch.terms; kept for KEEP_TERMS_SECONDS, as they are megabytes and change little."""
        kept = self._terms.get((view, beginning))
        if kept and kept[0] > time.monotonic():
            return kept[1]
        with self._translated():
            answer = self._client.search(index=self.alias, body=terms_body(view, beginning), request_cache=True)
        found = TermDictionary({bucket["key"]: bucket["doc_count"] for bucket in answer["aggregations"]["terms"]["buckets"]})
        self._terms[view, beginning] = time.monotonic() + KEEP_TERMS_SECONDS, found
        return found

    def count(self) -> int:
        """See SearchEngine.count."""
        with self._translated():
            return int(self._client.count(index=self.alias)["count"])

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        """See SearchEngine.apply."""
        (name,) = self._live() or (None,)
        if name is None:
            raise self._not_ready()
        with self._translated():
            write(self._client, name, upserts, deletes)
            self._client.indices.refresh(index=name)
        self._terms.clear()

    def begin_generation(self) -> ElasticGeneration:
        """See SearchEngine.begin_generation; the caller sees to it that only one is built at a time."""
        live = self._live()
        with self._translated():
            for name in self._client.indices.get(index=f"{self.alias}-*"):
                if name not in live:
                    self._client.indices.delete(index=name, ignore_unavailable=True)
            name = f"{self.alias}-{secrets.token_hex(4)}"
            self._client.indices.create(index=name, **index_body())
        return ElasticGeneration(self, self._client, name)

    def is_ready(self) -> bool:
        """See SearchEngine.is_ready."""
        return bool(self._live())

    def stamp(self) -> str:
        """See SearchEngine.stamp."""
        live = self._live()
        if not live:
            raise self._not_ready()
        with self._translated():
            total = self._client.indices.stats(index=live[0], metric="indexing,docs")["_all"]["primaries"]
        return f"{live[0]}:{total['indexing']['index_total']}:{total['indexing']['delete_total']}"

    def close(self) -> None:
        """See SearchEngine.close."""
        self._client.close()

    def swap(self, name: str) -> None:
        """Put the alias on an index, off all others, in one step."""
        actions: list[dict[str, Any]] = [{"add": {"index": name, "alias": self.alias}}]
        actions += [{"remove": {"index": other, "alias": self.alias}} for other in self._live() if other != name]
        with self._translated():
            self._client.indices.refresh(index=name)
            self._client.indices.update_aliases(actions=actions)
        self._terms.clear()

    def _live(self) -> tuple[str, ...]:
        with self._translated():
            if not self._client.indices.exists_alias(name=self.alias):
                return ()
            return tuple(self._client.indices.get_alias(name=self.alias))

    def _not_ready(self) -> IndexNotReady:
        return IndexNotReady(f"Elasticsearch at {self._where} has no index {self.alias}; run: platforma reindex")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The client's errors as ours; addresses without credentials."""
        try:
            yield
        except elasticsearch.NotFoundError as error:
            raise self._not_ready() from error
        except elasticsearch.ApiError as error:
            if error.status_code in (429, 502, 503, 504):
                raise EngineUnavailable(f"Elasticsearch at {self._where} is busy ({error.status_code})") from error
            raise SearchError(f"Elasticsearch at {self._where} refused: {error.message}") from error
        except (elasticsearch.TransportError, helpers.BulkIndexError) as error:
            raise EngineUnavailable(f"Elasticsearch at {self._where} does not answer; is it running?") from error


class ElasticGeneration:
    """search.port.Generation: an index that no alias names yet."""

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
        self._engine.swap(self._name)

    def discard(self) -> None:
        """See Generation.discard."""
        with self._engine._translated():
            self._client.indices.delete(index=self._name, ignore_unavailable=True)

    def _write(self, documents: Iterable[Document], deletes: Iterable[str]) -> int:
        with self._engine._translated():
            return write(self._client, self._name, documents, deletes)


def write(client: Elasticsearch, index: str, documents: Iterable[Document], deletes: Iterable[str]) -> int:
    """Bulk: these in, those out; how many went in. A refused document raises BulkIndexError."""
    total = 0

    def actions() -> Iterator[dict[str, Any]]:
        nonlocal total
        for id in deletes:
            yield {"_op_type": "delete", "_id": id}
        for document in documents:
            total += 1
            yield {"_op_type": "index", "_id": document.id, "_source": fields.stored(document)}

    for is_done, item in helpers.streaming_bulk(client, actions(), index=index, chunk_size=BATCH, raise_on_error=False):
        ((operation, outcome),) = item.items()
        if not is_done and not (operation == "delete" and outcome["status"] == 404):
            raise helpers.BulkIndexError("a document was refused", [item])
    return total


def _counts(aggregation: dict[str, Any]) -> tuple[FacetCount, ...]:
    pairs = sorted((-bucket["doc_count"], bucket["key"]) for bucket in aggregation["values"]["buckets"])
    return tuple(FacetCount(value, -count) for count, value in pairs)
