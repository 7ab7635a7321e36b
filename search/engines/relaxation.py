"""One way to search for both engines: strictly first, and where that finds little, with forgiveness, below it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from search.port import FacetCount, Forgiven, Hit, Page, Query
from search.query.corrections import Guesses, guess
from search.query.dictionary import TermDictionary
from search.query.nodes import And, AnyNode, AtLeast, DisMax, Tokens
from search.query.plan import Plan, make_plan
from search.query.validation import check

MIN_STRICT_HITS = 3
"""With so many results nothing is guessed at."""
MAX_TERMS = 20_000
"""So many tokens with one beginning an engine tells, the most frequent ones."""


@dataclass(frozen=True, slots=True)
class EngineQuery:
    """What an engine is to look for: `node` under the query's filters and without what is excluded.

    Hits from rank `start`, `size` of them, leaving out the documents `without`; facets count those too.
    """

    plan: Plan
    node: AnyNode
    start: int
    size: int
    without: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()

    @property
    def query(self) -> Query:
        return self.plan.query

    @property
    def is_ranked(self) -> bool:
        """Whether results come by relevance."""
        return self.plan.order == "relevance"

    @property
    def order_field(self) -> str:
        """The field by which results come otherwise."""
        return f"order_name_{self.query.lang}" if self.plan.order == "name" else f"order_{self.plan.order}"


@dataclass(frozen=True, slots=True)
class EngineResult:
    """What an engine found; `total` without those left out."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)


class RelaxingSearch(ABC):
    """The part of search.port.SearchEngine that does not depend on the engine."""

    def search(self, query: Query) -> Page:
        """See SearchEngine.search. A better match always stands above a forgiven one."""
        check(query)
        plan = make_plan(query)
        start, facets = (query.page - 1) * query.per_page, tuple(query.facets)
        node = plan.strict()
        first = self.execute(EngineQuery(plan, node, start, query.per_page, facets=facets))
        strict = Page(first.total, first.hits, first.facets, plan.expansions(), marks=tokens_by_view(node))
        if not query.forgive or not plan.clauses or first.total >= MIN_STRICT_HITS:
            return strict
        return self._forgiving(plan, strict)

    @abstractmethod
    def execute(self, ask: EngineQuery) -> EngineResult:
        """Look for one thing."""

    @abstractmethod
    def terms(self, view: str, beginning: str) -> TermDictionary:
        """Tokens of a view that begin so, the MAX_TERMS most frequent ones."""

    def _forgiving(self, plan: Plan, strict: Page) -> Page:
        guesses = guess(plan, self.terms)
        above = self._all_strict(plan, strict)
        node = plan.forgiven(guesses.by_word)
        found = self._widened(plan, node, above)
        if found.total > strict.total:
            return _page(found, strict, node, "similar", guesses)
        if strict.total:
            return strict
        if some := self._most_words(plan, guesses):
            return _page(some[0], strict, some[1], "some", guesses)
        return _page(found, strict, plan.strict(), None, guesses)

    def _most_words(self, plan: Plan, guesses: Guesses) -> tuple[EngineResult, AnyNode] | None:
        """What has as many of the words as anything has; None if nothing has any.

        The fewer are asked for the more is found, so halving finds the number: a pasted page costs five questions, not thirty.
        """
        best: tuple[EngineResult, AnyNode] | None = None
        least, most = 1, plan.count_of_words - 1
        while least <= most:
            middle = (least + most + 1) // 2
            node = plan.forgiven(guesses.by_word, middle)
            if (found := self._widened(plan, node, ())).total:
                best, least = (found, node), middle + 1
            else:
                most = middle - 1
        return best

    def _all_strict(self, plan: Plan, strict: Page) -> tuple[Hit, ...]:
        if len(strict.hits) == strict.total:
            return strict.hits
        return self.execute(EngineQuery(plan, plan.strict(), 0, MIN_STRICT_HITS)).hits

    def _widened(self, plan: Plan, node: AnyNode, above: tuple[Hit, ...]) -> EngineResult:
        """The page of a wider question, with these hits above all others where the order is by relevance."""
        query = plan.query
        start, end, facets = (query.page - 1) * query.per_page, query.page * query.per_page, tuple(query.facets)
        if query.sort != "relevance":
            return self.execute(EngineQuery(plan, node, start, query.per_page, facets=facets))
        ids = tuple(hit.id for hit in above)
        shown = above[start:end]
        rest = EngineQuery(plan, node, max(0, start - len(above)), query.per_page - len(shown), ids, facets)
        below = self.execute(rest)
        return EngineResult(below.total + len(above), (*shown, *below.hits), below.facets)


def _page(found: EngineResult, strict: Page, node: AnyNode, forgiven: Forgiven | None, guesses: Guesses) -> Page:
    used = guesses.by_word if forgiven else {}
    return Page(found.total, found.hits, found.facets, strict.also_called, forgiven, guesses.mended, tokens_by_view(node), used)


def tokens_by_view(node: AnyNode) -> frozenset[tuple[str, str]]:
    """Every token that a node looks for, with its view."""
    found: set[tuple[str, str]] = set()
    left = [node]
    while left:
        match left.pop():
            case Tokens(field_name, tokens):
                view = field_name.rsplit("_", 1)[1]
                found.update([(view, token) for token in tokens])
            case DisMax(nodes) | And(nodes) | AtLeast(_, nodes):
                left += nodes
    return frozenset(found)
