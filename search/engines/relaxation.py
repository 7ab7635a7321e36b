"""The search that both engines share: strict first; a query with few hits is relaxed, and weaker matches follow below."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from search.index.fields import name_order_field, view_of_field
from search.port import MAX_RESULTS, MIN_STRICT_HITS, FacetCount, Hit, Page, Query, RelaxationStep, Token, View
from search.query.corrections import Guesses, make_guesses
from search.query.nodes import And, AnyNode, AtLeast, DisMax, Tokens
from search.query.plan import Plan, make_plan
from search.query.term_dictionary import TermDictionary
from search.query.validation import validate

MAX_TERMS = 20_000
"""The most tokens with one prefix that an engine returns, by frequency."""


@dataclass(frozen=True, slots=True)
class EngineQuery:
    """What an engine is to look for: `node`, under the filters of the plan's query and without what the plan excludes.

    Wanted are `size` hits from rank `start` (counted from 0), without the documents `without_ids`; facets count those too.
    """

    plan: Plan
    node: AnyNode
    start: int
    size: int
    without_ids: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()

    @property
    def query(self) -> Query:
        return self.plan.query

    @property
    def is_ranked(self) -> bool:
        """Whether results are sorted by relevance."""
        return self.plan.order == "relevance"

    @property
    def order_field(self) -> str:
        """The field by which results are sorted where it is not by relevance."""
        return name_order_field(self.query.lang) if self.plan.order == "name" else f"order_{self.plan.order}"


@dataclass(frozen=True, slots=True)
class EngineResult:
    """What an engine returns; `total` does not count the documents left out."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)


class RelaxingSearch(ABC):
    """The part of search.port.SearchEngine that is the same for every engine."""

    def search(self, query: Query) -> Page:
        """See SearchEngine.search. Every strict hit stands above all hits of the relaxed query."""
        validate(query)
        plan = make_plan(query)
        start, facets = (query.page - 1) * query.per_page, tuple(query.facets)
        strict = self.execute(EngineQuery(plan, plan.strict, start, query.per_page, facets=facets))
        if not query.relax or not plan.spans or strict.total >= MIN_STRICT_HITS:
            return make_page(plan, plan.strict, strict)
        return Relaxation(self, plan, strict).page()

    def scan(self, query: Query) -> Iterator[str]:
        """See SearchEngine.scan."""
        for number in range(1, MAX_RESULTS // 100 + 1):
            page = self.search(replace(query, page=number, per_page=100, facets=()))
            yield from (hit.id for hit in page.hits)
            if len(page.hits) < 100:
                return

    @abstractmethod
    def execute(self, engine_query: EngineQuery) -> EngineResult:
        """Run one query."""

    @abstractmethod
    def terms(self, view: View, prefix: str) -> TermDictionary:
        """The tokens of a view that begin with a prefix, the MAX_TERMS most frequent ones."""


@dataclass(frozen=True)
class Relaxation:
    """One query being relaxed: its plan, the result of the strict search, and the guesses at its words."""

    engine: RelaxingSearch
    plan: Plan
    strict: EngineResult

    def page(self) -> Page:
        """Similar words, if they find more than the strict search did; else its hits; else what has most of the words."""
        node = self.plan.relaxed(self._guesses.by_word)
        similar = self._below_strict_hits(node)
        if similar.total > self.strict.total:
            return self._page(node, similar, "similar")
        if self.strict.total:
            return make_page(self.plan, self.plan.strict, self.strict)
        if best := self._most_words():
            node, some = best
            return self._page(node, some, "some")
        return self._page(self.plan.strict, similar, None)

    @cached_property
    def _guesses(self) -> Guesses:
        return make_guesses(self.plan, self.engine.terms)

    @cached_property
    def _strict_hits(self) -> tuple[Hit, ...]:
        """All strict hits, which are fewer than MIN_STRICT_HITS, whatever page is asked for."""
        if len(self.strict.hits) == self.strict.total:
            return self.strict.hits
        return self.engine.execute(EngineQuery(self.plan, self.plan.strict, 0, MIN_STRICT_HITS)).hits

    def _most_words(self) -> tuple[AnyNode, EngineResult] | None:
        """The documents that have as many of the words as any document has; None if none has any.

        A binary search: the fewer words are needed, the more is found. So 32 words cost five queries.
        """
        best: tuple[AnyNode, EngineResult] | None = None
        low, high = 1, self.plan.required_word_count - 1
        while low <= high:
            middle = (low + high + 1) // 2
            node = self.plan.relaxed(self._guesses.by_word, middle)
            result = self.engine.execute(self._engine_query(node))
            if result.total:
                best, low = (node, result), middle + 1
            else:
                high = middle - 1
        return best

    def _below_strict_hits(self, node: AnyNode) -> EngineResult:
        """The page of hits for a wider node, below all strict hits if sorted by relevance, else sorted together with them."""
        query = self.plan.query
        if query.sort != "relevance":
            return self.engine.execute(self._engine_query(node))
        start, end = (query.page - 1) * query.per_page, query.page * query.per_page
        above = self._strict_hits[start:end]
        result = self.engine.execute(
            EngineQuery(
                self.plan,
                node,
                start=max(0, start - len(self._strict_hits)),
                size=query.per_page - len(above),
                without_ids=tuple(hit.id for hit in self._strict_hits),
                facets=tuple(query.facets),
            )
        )
        return EngineResult(result.total + len(self._strict_hits), (*above, *result.hits), result.facets)

    def _engine_query(self, node: AnyNode) -> EngineQuery:
        """The page that the reader asks for, of the hits for a node."""
        query = self.plan.query
        return EngineQuery(self.plan, node, (query.page - 1) * query.per_page, query.per_page, facets=tuple(query.facets))

    def _page(self, node: AnyNode, result: EngineResult, step: RelaxationStep | None) -> Page:
        return make_page(self.plan, node, result, step, self._guesses)


NO_GUESSES = Guesses({}, None)


def make_page(
    plan: Plan, node: AnyNode, result: EngineResult, step: RelaxationStep | None = None, guesses: Guesses = NO_GUESSES
) -> Page:
    """The page of a result for a node; it has guesses only where these were looked for."""
    return Page(
        total=result.total,
        hits=result.hits,
        facets=result.facets,
        also_called=plan.expansions,
        relaxation=step,
        did_you_mean=guesses.did_you_mean,
        highlight_tokens=tokens_of(node),
        guesses=guesses.by_word if step else {},
    )


def tokens_of(node: AnyNode) -> frozenset[Token]:
    """Every token that a node needs or may match, with its view; not those of optional nodes, which only raise a match."""
    tokens: set[Token] = set()
    nodes = [node]
    while nodes:
        match nodes.pop():
            case Tokens(field_name, texts):
                view = view_of_field(field_name)
                tokens.update([Token(view, text) for text in texts])
            case DisMax(children) | And(children) | AtLeast(_, children):
                nodes += children
    return frozenset(tokens)
