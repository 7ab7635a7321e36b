"""The embedded engine: tantivy over a folder, nothing else installed.

`<root>/<generation>/` holds an index, `<root>/current` names the live one and is replaced atomically. A generation's
name begins with the version of schema and analysis, so that an index of other code is never read.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Node

from search.engines.relaxation import MAX_TERMS, EngineQuery, EngineResult, RelaxingSearch
from search.index import fields
from search.port import (
    FACETS,
    MAX_RESULTS,
    Document,
    EngineUnavailable,
    FacetCount,
    Filter,
    Hit,
    IndexNotReady,
    SearchError,
)
from search.query.dictionary import TermDictionary
from search.query.nodes import And, AnyNode, AtLeast, DisMax, ExactTerm, MatchAll, MatchNone, Prefix, Range, Tokens

HEAP_BYTES = 60_000_000
MORE_FOR_TIES = 64


@dataclass(slots=True)
class _Open:
    """An index that this process has open, with what it was when last looked at."""

    name: str
    index: Any
    commit: int
    pointed: tuple[int, int]
    """Which file named it: its inode and when it was written."""

    @property
    def stamp(self) -> str:
        return f"{self.name}:{self.commit}"


class EmbeddedEngine(RelaxingSearch):
    """search.port.SearchEngine over a folder; any number of processes may read, one at a time writes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._schema = _schema()
        self._open: _Open | None = None
        self._everything: tuple[str, dict[str, tuple[FacetCount, ...]]] | None = None
        self._terms: tuple[str, dict[tuple[str, str], TermDictionary]] = "", {}

    def execute(self, ask: EngineQuery) -> EngineResult:
        """See RelaxingSearch.answer."""
        opened = self._live()
        searcher = opened.index.searcher()
        main = self._node(ask)
        total, hits = self._hits(searcher, main, ask)
        if not _is_everything(ask):
            return EngineResult(total, hits, self._facets(searcher, main, ask))
        if self._everything is None or self._everything[0] != opened.stamp:
            self._everything = opened.stamp, self._facets(searcher, main, ask)
        return EngineResult(total, hits, self._everything[1])

    def terms(self, view: str, beginning: str) -> TermDictionary:
        """See RelaxingSearch.terms; kept until the index changes."""
        opened = self._live()
        if self._terms[0] != opened.stamp:
            self._terms = opened.stamp, {}
        kept = self._terms[1]
        if (view, beginning) not in kept:
            searcher = opened.index.searcher()
            found = searcher.terms_with_prefix(f"every_{view}", beginning, limit=MAX_TERMS)
            kept[view, beginning] = TermDictionary(dict(found))
        return kept[view, beginning]

    def count(self) -> int:
        """See SearchEngine.count."""
        return int(self._live().index.searcher().num_docs)

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        """See SearchEngine.apply."""
        opened = self._live()
        with self._writing():
            _write(opened.index, self._schema, upserts, deletes)

    def begin_generation(self) -> EmbeddedGeneration:
        """See SearchEngine.begin_generation; the caller sees to it that only one is built at a time."""
        self._root.mkdir(parents=True, exist_ok=True)
        live = self._pointer()
        for folder in self._root.iterdir():
            if folder.is_dir() and folder.name != live:
                shutil.rmtree(folder, ignore_errors=True)
        folder = self._root / f"{fields.VERSION}-{secrets.token_hex(4)}"
        folder.mkdir()
        return EmbeddedGeneration(self._root, folder, self._schema)

    def is_ready(self) -> bool:
        """See SearchEngine.is_ready."""
        try:
            self._live()
        except IndexNotReady:
            return False
        return True

    def stamp(self) -> str:
        """See SearchEngine.stamp."""
        return self._live().stamp

    def close(self) -> None:
        """See SearchEngine.close."""
        self._open = None

    def _pointer(self) -> str:
        try:
            return (self._root / "current").read_text(encoding="utf-8").strip()
        except OSError:
            return ""

    def _live(self) -> _Open:
        """The live index as it is now: opened again after a swap, reloaded after a commit.

        Asked several times for a page, so that an unchanged index costs two looks at files and no reading.
        """
        opened = self._open
        try:
            if opened is None or opened.pointed != self._pointed():
                opened = self._opened()
            commit = os.stat(f"{self._root}/{opened.name}/meta.json").st_mtime_ns  # noqa: PTH116 - half the time of Path's
            if opened.commit != commit:
                opened.index.reload()
                opened.commit = commit
        except (OSError, ValueError) as error:
            raise IndexNotReady("the search index cannot be read; run: platforma reindex") from error
        return opened

    def _opened(self) -> _Open:
        """The index that the pointer names, opened anew where it is another."""
        pointed, name = self._pointed(), self._pointer()
        if not name.startswith(f"{fields.VERSION}-") or "/" in name:
            raise IndexNotReady("there is no search index of this version; run: platforma reindex")
        if self._open is None or self._open.name != name:
            folder = self._root / name
            commit = (folder / "meta.json").stat().st_mtime_ns
            self._open = _Open(name, tantivy.Index.open(str(folder)), commit, pointed)
        self._open.pointed = pointed
        return self._open

    def _pointed(self) -> tuple[int, int]:
        """The pointer as a file: a swap replaces it. Of no file, zeros."""
        try:
            found = os.stat(f"{self._root}/current")  # noqa: PTH116 - half the time of Path's
        except OSError:
            return 0, 0
        return found.st_ino, found.st_mtime_ns

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with (self._root / "writer.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _node(self, ask: EngineQuery, *, skip: str | None = None) -> Any:
        """The whole question as tantivy's query, without the filter of the facet to skip."""
        clauses = [(Occur.Must, self._translated(ask.node))]
        clauses += [(Occur.MustNot, self._translated(node)) for node in ask.plan.excluded()]
        for name, chosen in ask.query.filters.items():
            if name != skip:
                clauses += self._filter_clauses(name, chosen)
        if ask.query.today is not None and not ask.query.include_past:
            clauses.append((Occur.Must, self._translated(Range("ends", ask.query.today.toordinal(), fields.NEVER_ENDS, 0.0))))
        return Node.boolean_query(clauses)

    def _translated(self, node: AnyNode) -> Any:
        match node:
            case Tokens(field, tokens, weight):
                return Node.boost_query(self._tokens(field, tokens), weight)
            case ExactTerm(field, value, weight):
                return Node.const_score_query(Node.term_query(self._schema, field, value), weight)
            case Prefix(field, beginning, weight):
                # No edit allowed: only a beginning, in a thousandth of the time that a regular expression takes to build.
                begun = Node.fuzzy_term_query(self._schema, field, beginning, distance=0, prefix=True)
                return Node.const_score_query(begun, weight)
            case Range(field, least, most, weight):
                return Node.const_score_query(Node.range_query(self._schema, field, FieldType.Integer, least, most), weight)
            case DisMax(nodes):
                return Node.disjunction_max_query([self._translated(one) for one in nodes])
            case And(nodes, also):
                return self._raised([self._translated(one) for one in nodes], also)
            case AtLeast(count, nodes):
                return Node.boolean_query([(Occur.Should, self._translated(one)) for one in nodes], count)
            case MatchAll():
                return Node.all_query()
            case MatchNone():
                return Node.empty_query()

    def _raised(self, needed: Sequence[Any], also: Sequence[AnyNode]) -> Any:
        """All that are needed, then one inside the other what raises a match.

        Beside each other, several that need not match make tantivy walk all that any of them has: twice the time.
        """
        node = Node.boolean_query([(Occur.Must, one) for one in needed])
        for one in also:
            node = Node.boolean_query([(Occur.Must, node), (Occur.Should, self._translated(one))])
        return node

    def _tokens(self, name: str, found: Sequence[str]) -> Any:
        """A phrase of one word makes tantivy panic, so it is a term."""
        if len(found) == 1:
            return Node.term_query(self._schema, name, found[0])
        return Node.phrase_query(self._schema, name, list(found))

    def _filter_clauses(self, name: str, chosen: Filter) -> Iterator[tuple[Any, Any]]:
        if chosen.any_of:
            any_of = Node.term_set_query(self._schema, name, list(chosen.any_of))
            yield Occur.Must, Node.const_score_query(any_of, 0.0)
        for value in chosen.none_of:
            yield Occur.MustNot, Node.term_query(self._schema, name, value)

    def _hits(self, searcher: Any, main: Any, ask: EngineQuery) -> tuple[int, tuple[Hit, ...]]:
        node = main
        if ask.without:
            left_out = Node.term_set_query(self._schema, "id", list(ask.without))
            node = Node.boolean_query([(Occur.Must, main), (Occur.MustNot, left_out)])
        if ask.is_ranked:
            return self._by_relevance(searcher, node, ask.start, ask.start + ask.size)
        size = max(1, ask.size)
        result = searcher.search(node, limit=size, offset=ask.start, order_by_field=ask.order_field, order=tantivy.Order.Asc)
        return result.count, tuple(Hit(_id(searcher, address), 0.0) for _, address in result.hits[: ask.size])

    def _by_relevance(self, searcher: Any, node: Any, start: int, end: int) -> tuple[int, tuple[Hit, ...]]:
        """By score, ties by id: tantivy gives ties in an order that changes with every update."""
        limit = end + MORE_FOR_TIES
        while True:
            result = searcher.search(node, limit=limit, weight_by_field="prior")
            hits = result.hits
            if len(hits) < limit or hits[-1][0] < hits[max(0, end - 1)][0]:
                return result.count, tuple(_window(searcher, hits, start, end))
            limit *= 4

    def _facets(self, searcher: Any, main: Any, ask: EngineQuery) -> dict[str, tuple[FacetCount, ...]]:
        """Counts in one pass for all facets without a filter of their own, and one pass for each with one."""
        own = [name for name in ask.facets if name in ask.query.filters]
        rest = [name for name in ask.facets if name not in ask.query.filters]
        found = _counts(searcher, main, rest) if rest else {}
        for name in own:
            found |= _counts(searcher, self._node(ask, skip=name), [name])
        return {name: found[name] for name in ask.facets}


class EmbeddedGeneration:
    """search.port.Generation: a folder that becomes the live one when it is published."""

    def __init__(self, root: Path, folder: Path, schema: Any) -> None:
        self._root, self._folder, self._schema = root, folder, schema
        self._index = tantivy.Index(schema, path=str(folder))

    def add(self, documents: Iterable[Document]) -> int:
        """See Generation.add."""
        return _write(self._index, self._schema, documents, ())

    def delete(self, ids: Iterable[str]) -> None:
        """See Generation.delete."""
        _write(self._index, self._schema, (), ids)

    def publish(self) -> None:
        """See Generation.publish."""
        temporary = self._root / f"current.{self._folder.name}"
        with temporary.open("w", encoding="utf-8") as file:
            file.write(self._folder.name)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._root / "current")

    def discard(self) -> None:
        """See Generation.discard."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _is_everything(ask: EngineQuery) -> bool:
    """Whether all listings are asked for with all counts, tantivy's slow case: kept until a change."""
    is_narrowed = not isinstance(ask.node, MatchAll) or ask.query.filters or ask.query.today or ask.plan.excluded()
    return not is_narrowed and set(ask.facets) == set(FACETS)


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name, _ in fields.text_fields():
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
    for view in fields.GUESSED_VIEWS:
        builder.add_text_field(f"every_{view}", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("whole", tokenizer_name="raw", index_option="basic")
    for name in fields.ORDERS:
        builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
    for name in fields.NUMBERS:
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_float_field("prior", fast=True)
    return builder.build()


def _write(index: Any, schema: Any, documents: Iterable[Document], deletes: Iterable[str]) -> int:
    """One commit: these in, replacing what had their ids, and those out."""
    try:
        writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
        for id in deletes:
            writer.delete_documents_by_query(Node.term_query(schema, "id", id))
        total = 0
        for total, document in enumerate(documents, start=1):  # noqa: B007 - the last number is the count
            writer.delete_documents_by_query(Node.term_query(schema, "id", document.id))
            writer.add_document(tantivy.Document.from_dict(fields.stored(document), schema))
        writer.commit()
        writer.wait_merging_threads()
    except (OSError, ValueError) as error:
        raise EngineUnavailable(f"the search index cannot be written: {error}") from error
    return total


def _window(searcher: Any, hits: Sequence[tuple[float, Any]], start: int, end: int) -> Iterator[Hit]:
    """The hits of a page; ids are looked up only for ties that reach into it."""
    position = 0
    for score, tied in groupby(hits, key=lambda hit: hit[0]):
        group = list(tied)
        if position < end and position + len(group) > start:
            ids = sorted(_id(searcher, address) for _, address in group)
            for id in ids[max(0, start - position) : end - position]:
                yield Hit(id, score)
        position += len(group)


def _id(searcher: Any, address: Any) -> str:
    return str(searcher.doc(address)["id"][0])


def _counts(searcher: Any, node: Any, names: Sequence[str]) -> dict[str, tuple[FacetCount, ...]]:
    wanted = {name: {"terms": {"field": name, "size": MAX_RESULTS}} for name in names}
    try:
        answer = searcher.aggregate(node, wanted)
    except ValueError as error:
        raise SearchError(f"the search index could not count: {error}") from error
    return {name: tuple(_sorted_counts(answer[name]["buckets"])) for name in names}


def _sorted_counts(buckets: Iterable[dict[str, Any]]) -> Iterator[FacetCount]:
    pairs = sorted((-bucket["doc_count"], bucket["key"]) for bucket in buckets)
    yield from (FacetCount(value, -count) for count, value in pairs)
