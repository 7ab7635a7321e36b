"""The embedded engine: tantivy over a folder.

`<root>/<generation>/` holds an index, `<root>/current` names the live one. A generation's name begins with the version
of the index, so that code never reads an index of another version.
"""

from __future__ import annotations

import fcntl
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TypedDict

import tantivy

from search.engines.embedded.generation import EmbeddedGeneration, write_documents
from search.engines.embedded.live_index import LiveIndex
from search.engines.embedded.queries import QueryTranslator
from search.engines.embedded.schema import build_schema, schema_definition
from search.engines.relaxation import MAX_TERMS, EngineQuery, EngineResult, RelaxingSearch
from search.index.fields import dictionary_field
from search.index.version import index_version
from search.port import FACETS, MAX_RESULTS, Document, FacetCount, Hit, IndexNotReady, SearchError, View
from search.query.nodes import MatchAll
from search.query.term_dictionary import TermDictionary

EXTRA_HITS_FOR_TIES = 64
"""Hits fetched beyond the page, as those with the score of its last hit are sorted by id."""
Facets = Mapping[str, tuple[FacetCount, ...]]
ScoredAddress = tuple[float, tantivy.DocAddress]


class Bucket(TypedDict):
    """One value in tantivy's answer to a terms aggregation."""

    key: str
    doc_count: int


class EmbeddedEngine(RelaxingSearch):
    """search.port.SearchEngine over a folder; any number of processes may read, one at a time writes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._version = index_version(schema_definition())
        self._live = LiveIndex(root, self._version)
        self._schema = build_schema()
        self._queries = QueryTranslator(self._schema)
        self._facets_of_everything: tuple[str, Facets] | None = None
        self._dictionaries: tuple[str, dict[tuple[View, str], TermDictionary]] = "", {}

    def execute(self, engine_query: EngineQuery) -> EngineResult:
        """See RelaxingSearch.execute. Facets of everything, tantivy's slow case, are cached until the index changes."""
        live = self._live.current()
        searcher = live.index.searcher()
        query = self._queries.translate(engine_query)
        total, hits = self._hits(searcher, query, engine_query)
        if not _is_everything(engine_query):
            return EngineResult(total, hits, self._facets(searcher, query, engine_query))
        if self._facets_of_everything is None or self._facets_of_everything[0] != live.stamp:
            self._facets_of_everything = live.stamp, self._facets(searcher, query, engine_query)
        return EngineResult(total, hits, self._facets_of_everything[1])

    def terms(self, view: View, prefix: str) -> TermDictionary:
        """See RelaxingSearch.terms; cached until the index changes."""
        live = self._live.current()
        if self._dictionaries[0] != live.stamp:
            self._dictionaries = live.stamp, {}
        dictionaries = self._dictionaries[1]
        if (view, prefix) not in dictionaries:
            counts = live.index.searcher().terms_with_prefix(dictionary_field(view), prefix, limit=MAX_TERMS)
            dictionaries[view, prefix] = TermDictionary(dict(counts))
        return dictionaries[view, prefix]

    def count(self) -> int:
        """See SearchEngine.count."""
        return self._live.current().index.searcher().num_docs

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        """See SearchEngine.apply."""
        live = self._live.current()
        with self._writer_lock():
            write_documents(live.index, self._schema, upserts, deletes)

    def begin_generation(self) -> EmbeddedGeneration:
        """See SearchEngine.begin_generation. The caller ensures that only one is built at a time."""
        self._root.mkdir(parents=True, exist_ok=True)
        live = self._live.name()
        for folder in self._root.iterdir():
            if folder.is_dir() and folder.name != live:
                shutil.rmtree(folder, ignore_errors=True)
        return EmbeddedGeneration(self._root / f"{self._version}-{secrets.token_hex(4)}", self._schema)

    def is_ready(self) -> bool:
        """See SearchEngine.is_ready."""
        try:
            self._live.current()
        except IndexNotReady:
            return False
        return True

    def stamp(self) -> str:
        """See SearchEngine.stamp."""
        return self._live.current().stamp

    def close(self) -> None:
        """See SearchEngine.close."""
        self._live.close()

    @contextmanager
    def _writer_lock(self) -> Iterator[None]:
        with (self._root / "writer.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _hits(self, searcher: tantivy.Searcher, query: tantivy.Query, engine_query: EngineQuery) -> tuple[int, tuple[Hit, ...]]:
        """The total and the hits of the page, without the documents left out."""
        if engine_query.without_ids:
            query = self._queries.without_ids(query, engine_query.without_ids)
        start, size = engine_query.start, engine_query.size
        if engine_query.is_ranked:
            return _by_relevance(searcher, query, start, start + size)
        field = engine_query.order_field
        result = searcher.search(query, limit=max(1, size), offset=start, order_by_field=field, order=tantivy.Order.Asc)
        return _total(result), tuple(Hit(_id(searcher, address), 0.0) for _, address in result.hits[:size])

    def _facets(self, searcher: tantivy.Searcher, query: tantivy.Query, engine_query: EngineQuery) -> Facets:
        """Counts: in one pass for all facets without a filter of their own, in a pass of its own for each of the others."""
        filters = engine_query.query.filters
        unfiltered = [name for name in engine_query.facets if name not in filters]
        counts = dict(_counts(searcher, query, unfiltered)) if unfiltered else {}
        for name in (name for name in engine_query.facets if name in filters):
            counts |= _counts(searcher, self._queries.translate(engine_query, skip_filter=name), [name])
        return {name: counts[name] for name in engine_query.facets}


def _is_everything(engine_query: EngineQuery) -> bool:
    """Whether all documents are asked for with all facets."""
    query = engine_query.query
    plan = engine_query.plan
    is_narrowed = not isinstance(engine_query.node, MatchAll) or query.filters or plan.narrowing or plan.excluded
    return not is_narrowed and set(engine_query.facets) == set(FACETS)


def _by_relevance(searcher: tantivy.Searcher, query: tantivy.Query, start: int, end: int) -> tuple[int, tuple[Hit, ...]]:
    """The total and hits by score, ties by id: tantivy's own order of ties changes with every update."""
    limit = end + EXTRA_HITS_FOR_TIES
    while True:
        result = searcher.search(query, limit=limit, weight_by_field="prior")
        hits = result.hits
        has_all_ties = len(hits) < limit or hits[-1][0] < hits[max(0, end - 1)][0]
        if has_all_ties:
            return _total(result), tuple(_page_hits(searcher, hits, start, end))
        limit *= 4


def _page_hits(searcher: tantivy.Searcher, hits: Sequence[ScoredAddress], start: int, end: int) -> Iterator[Hit]:
    """The hits from rank `start` up to `end`; ids are read only for ties that reach into the page."""
    position = 0
    for score, ties in groupby(hits, key=lambda hit: hit[0]):
        tied = list(ties)
        if position < end and position + len(tied) > start:
            ids = sorted(_id(searcher, address) for _, address in tied)
            for id in ids[max(0, start - position) : end - position]:
                yield Hit(id, score)
        position += len(tied)


def _total(result: tantivy.SearchResult) -> int:
    return int(result.count)  # type: ignore[attr-defined]  # missing in tantivy's stubs


def _id(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> str:
    return str(searcher.doc(address)["id"][0])


def _counts(searcher: tantivy.Searcher, query: tantivy.Query, names: Sequence[str]) -> Facets:
    """The counts of these facets. Raises SearchError where tantivy cannot count."""
    aggregations = {name: {"terms": {"field": name, "size": MAX_RESULTS}} for name in names}
    try:
        answer = searcher.aggregate(query, aggregations)
    except ValueError as error:
        raise SearchError(f"the search index could not count: {error}") from error
    return {name: _sorted_counts(answer[name]["buckets"]) for name in names}


def _sorted_counts(buckets: Sequence[Bucket]) -> tuple[FacetCount, ...]:
    pairs = sorted((-bucket["doc_count"], bucket["key"]) for bucket in buckets)
    return tuple(FacetCount(value, -count) for count, value in pairs)
