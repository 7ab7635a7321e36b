"""The embedded engine: tantivy over a folder.

`<root>/<generation>/` holds an index, `<root>/current` names the live one. A generation's name begins with the version
of the index, so that code never reads an index of another version.
"""

from __future__ import annotations

import fcntl
import secrets
import shutil
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from search.engines.embedded.circles import Circles
from search.engines.embedded.generation import EmbeddedGeneration, write_documents
from search.engines.embedded.live_index import LiveIndex, OpenIndex
from search.engines.embedded.queries import QueryTranslator
from search.engines.embedded.schema import build_schema, schema_definition
from search.engines.embedded.searching import CountedWhenRead, Facets, Search
from search.engines.engine_query import MAX_TERMS, EngineQuery, EngineResult
from search.engines.kept import KeptUntilChange
from search.engines.relaxing_search import RelaxingSearch
from search.index.fields import dictionary_field
from search.index.version import index_version
from search.meaning.nearness import Nearness
from search.port import Document, Hit, IndexNotReady, Page, PositionCount, Query, View
from search.query.nodes import Circle, MatchAll
from search.query.plan import read_by
from search.query.term_dictionary import TermDictionary

MAX_PAGES_KEPT, MAX_HITS_KEPT, MAX_FACETS_KEPT, MAX_DICTIONARIES_KEPT = 1_000, 500, 64, 64


class EmbeddedEngine(RelaxingSearch):
    """search.port.SearchEngine over a folder; any number of processes may read, one at a time writes."""

    def __init__(self, root: Path, nearness: Nearness | None = None) -> None:
        super().__init__(nearness)
        self._root = root
        self._version = index_version(schema_definition())
        self._live = LiveIndex(root, self._version)
        self._schema = build_schema()
        self._queries = QueryTranslator(self._schema)
        self._circles = Circles(self._queries)
        self._pages: KeptUntilChange[Hashable, Page] = KeptUntilChange(MAX_PAGES_KEPT)
        self._hits: KeptUntilChange[Hashable, tuple[int, tuple[Hit, ...]]] = KeptUntilChange(MAX_HITS_KEPT)
        self._facets: KeptUntilChange[Hashable, Facets] = KeptUntilChange(MAX_FACETS_KEPT)
        self._dictionaries: KeptUntilChange[tuple[View, str], TermDictionary] = KeptUntilChange(MAX_DICTIONARIES_KEPT)

    def search(self, query: Query) -> Page:
        """See SearchEngine.search. What was found is kept until the index, or what questions are read by, changes: most visitors
        ask for the same, also after what is no matter of the index was written. Not where vectors count, which change apart."""
        if self.finds_by_meaning and query.by_meaning:
            return super().search(query)
        return self._pages.get(self.stamp(), (repr(query), read_by()), lambda: super(EmbeddedEngine, self).search(query))

    def execute(self, engine_query: EngineQuery) -> EngineResult:
        """See RelaxingSearch.execute. What a question without words finds is kept until the index changes: it is asked often, and
        is tantivy's slow case, as it finds much."""
        live = self._live.current()
        search, asked = self._search(live, engine_query), _asked_without_words(engine_query)
        if asked is None:
            return EngineResult(*search.hits(), CountedWhenRead(search.facets))
        order = engine_query.order_field, engine_query.by_distance_from, engine_query.start, engine_query.size
        stamp, counted = live.stamp, (asked, engine_query.facets)
        total, hits = self._hits.get(stamp, (asked, order), search.hits)
        return EngineResult(total, hits, CountedWhenRead(lambda: self._facets.get(stamp, counted, search.facets)))

    def stream(self, engine_query: EngineQuery) -> Iterator[Hit]:
        """See RelaxingSearch.stream."""
        return self._search(self._live.current(), engine_query).stream()

    def count_positions(self, engine_query: EngineQuery) -> Iterator[PositionCount]:
        """See RelaxingSearch.count_positions."""
        return self._search(self._live.current(), engine_query).positions()

    def terms(self, view: View, prefix: str) -> TermDictionary:
        """See RelaxingSearch.terms; cached until the index changes."""
        live = self._live.current()

        def make() -> TermDictionary:
            searcher = live.index.searcher()
            return TermDictionary(dict(searcher.terms_with_prefix(dictionary_field(view), prefix, limit=MAX_TERMS)))

        return self._dictionaries.get(live.stamp, (view, prefix), make)

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

    def _search(self, live: OpenIndex, engine_query: EngineQuery) -> Search:
        near = engine_query.query.near
        circle = self._circles.surroundings(live, Circle(near.lat, near.lon, near.km)) if near else None
        return Search(live.index.searcher(), live.stamp, self._queries, engine_query, circle)

    @contextmanager
    def _writer_lock(self) -> Iterator[None]:
        with (self._root / "writer.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _asked_without_words(engine_query: EngineQuery) -> Hashable | None:
    """What a question without words asks for; None for one that has words, or leaves documents out."""
    plan = engine_query.plan
    if not isinstance(engine_query.node, MatchAll) or plan.excluded or engine_query.without_ids:
        return None
    return plan.narrowing, plan.query.near, tuple(plan.query.filters.items())
