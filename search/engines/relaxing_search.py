"""The search that both engines share: strict first; a query with few hits is relaxed, and weaker matches follow below."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from search.engines.by_meaning import CLOSE_CANDIDATES, FEW_COMPLETE, MAX_CLOSE, ByMeaning
from search.engines.engine_query import EngineQuery, EngineResult
from search.engines.kept import KeptUntilChange
from search.engines.outcome import Outcome, any_of_documents
from search.engines.relaxation import Relaxation
from search.engines.relaxed_words import RelaxedWords
from search.engines.whole_order import MAX_ORDERS_KEPT, WholeOrder
from search.meaning.nearness import Nearness
from search.port import MAX_RESULTS, MIN_STRICT_HITS, Hit, Page, PositionCount, Query, View
from search.query.cursor import Cursor, cursor_text, read_cursor
from search.query.mending import MendedQuestion, mend_alike
from search.query.plan import Plan, make_plan
from search.query.term_dictionary import TermDictionary
from search.query.validation import validate


class RelaxingSearch(ABC):
    """The part of search.port.SearchEngine that is the same for every engine."""

    def __init__(self, nearness: Nearness | None = None) -> None:
        self._nearness = nearness
        self._orders: KeptUntilChange[str, WholeOrder] = KeptUntilChange(MAX_ORDERS_KEPT)

    def search(self, query: Query) -> Page:
        """See SearchEngine.search. Every strict hit stands above all hits of the relaxed query."""
        validate(query)
        plan = make_plan(query)
        if query.after is not None:
            return self._page_after(plan, read_cursor(query.after))
        start = (query.page - 1) * query.per_page
        return _with_cursor(self._outcome(plan, start, query.per_page).page(), start)

    @property
    def finds_by_meaning(self) -> bool:
        """Whether it has vectors to find by."""
        return self._nearness is not None

    def totals(self, queries: Sequence[Query]) -> list[int]:
        """See SearchEngine.totals."""
        by_words: dict[tuple[object, ...], RelaxedWords] = {}
        plans: dict[tuple[object, ...], Plan] = {}
        totals = [0] * len(queries)
        for number, query in sorted(enumerate(queries), key=lambda pair: _number_of_conditions(pair[1])):
            validate(query)
            words = (query.text, query.lang, query.expand, query.is_being_typed, query.today)
            plan = plans[words].narrowed(query) if words in plans else make_plan(query)
            relaxed = by_words.setdefault(words, RelaxedWords(plans.setdefault(words, plan), self.terms))
            totals[number] = self._outcome(plan, 0, 0, relaxed).result.total
        return totals

    def scan(self, query: Query) -> Iterator[str]:
        """See SearchEngine.scan."""
        return (hit.id for hit in self._all_hits(make_plan(_without_page(query))))

    def like(self, id: str, query: Query) -> list[Hit]:
        """See SearchEngine.like."""
        validate(query)
        near = self._nearness.near_document(id, CLOSE_CANDIDATES) if self._nearness else []
        return self._let_through(make_plan(replace(query, text="")), [one.id for one in near])[: query.per_page]

    def positions(self, query: Query) -> list[PositionCount]:
        """See SearchEngine.positions."""
        validate(query)
        plan = make_plan(replace(_without_page(query), sort="newest"))
        outcome = self._outcome(plan, 0, 0)
        return list(self.count_positions(EngineQuery(outcome.plan, outcome.node, 0, 0, min_score=outcome.min_score)))

    @abstractmethod
    def execute(self, engine_query: EngineQuery) -> EngineResult:
        """Run one query."""

    @abstractmethod
    def stream(self, engine_query: EngineQuery) -> Iterator[Hit]:
        """All hits of a query in its order, of one state of the index; `start`, `size` and `facets` are ignored.

        Errors are raised before the first hit where the engine can know them.
        """

    @abstractmethod
    def count_positions(self, engine_query: EngineQuery) -> Iterator[PositionCount]:
        """The positions that results of a query have, each once; `start`, `size` and `facets` are ignored."""

    @abstractmethod
    def stamp(self) -> str:
        """See SearchEngine.stamp."""

    @abstractmethod
    def terms(self, view: View, prefix: str) -> TermDictionary:
        """The tokens of a view that begin with a prefix, the MAX_TERMS most frequent ones."""

    def _outcome(self, plan: Plan, start: int, size: int, relaxed: RelaxedWords | None = None) -> Outcome:
        """The results from a rank on: by their words and, where few have them all, below these by their meaning."""
        outcome = self._by_words(plan, start, size, relaxed)
        if not outcome.result.total:
            outcome = replace(outcome, plan=plan, node=plan.strict)  # marks and dashes were ignored in vain
        if outcome.with_all_words >= FEW_COMPLETE or not (close := self._close(outcome.plan)):
            return outcome
        return ByMeaning(self.execute, outcome, close, start, size).outcome()

    def _close(self, plan: Plan) -> list[Hit]:
        """What is nearest to a question in meaning, the nearest first; none for one that is to be taken literally."""
        query, parts = plan.query, plan.parsed.included
        is_literal = not (query.by_meaning and query.relax and query.expand) or any(part.is_quoted for part in parts)
        if self._nearness is None or is_literal or not plan.spans:
            return []
        near = self._nearness.near_question(" ".join(part.text for part in parts), query.lang, CLOSE_CANDIDATES)
        return self._let_through(plan, [one.id for one in near])[:MAX_CLOSE]

    def _let_through(self, plan: Plan, ids: Sequence[str]) -> list[Hit]:
        """Of these documents, in their order, those that meet all conditions of a query but for its words."""
        if not ids:
            return []
        found = self.execute(EngineQuery(plan, any_of_documents(ids), 0, len(ids))).hits
        by_id = {hit.id: replace(hit, score=0.0) for hit in found}
        return [by_id[id] for id in ids if id in by_id]

    def _by_words(self, plan: Plan, start: int, size: int, relaxed: RelaxedWords | None = None) -> Outcome:
        """The results by their words: of the question as typed, or as it is mended where nothing has the words typed."""
        words = relaxed or RelaxedWords(plan, self.terms)
        strict = self._strict(plan, start, size, words)
        if not plan.query.relax or not plan.spans:
            return Outcome(plan, plan.strict, strict)
        if strict.total >= MIN_STRICT_HITS:
            return Outcome(plan, plan.strict, strict, did_you_mean=_text(mend_alike(plan, self.terms)))
        corrected = None if strict.total else self._corrected(plan, start, size, words)
        if corrected and corrected.with_all_words:
            return corrected
        outcome = replace(self._relaxed(plan, strict, start, size, words), did_you_mean=_text(words.mended))
        if corrected and not outcome.with_all_words:
            return corrected
        if outcome.result.total or plan.plain is None:
            return outcome
        plain = self._by_words(plan.plain, start, size)
        return replace(plain, step=plain.step or "similar", did_you_mean=outcome.did_you_mean or plain.did_you_mean)

    def _corrected(self, plan: Plan, start: int, size: int, words: RelaxedWords) -> Outcome | None:
        """The results of the question as it is mended; None where it is not mended for sure, or nothing has its words either."""
        if (corrected := words.corrected) is None:
            return None
        text = corrected.plan.query.text
        mended = corrected.plan.narrowed(replace(plan.query, text=text))
        outcome = self._relaxed(mended, self._strict(mended, start, size, corrected), start, size, corrected)
        return replace(outcome, did_you_mean=text, corrected_to=text) if outcome.result.total else None

    def _strict(self, plan: Plan, start: int, size: int, words: RelaxedWords) -> EngineResult:
        return words.count(EngineQuery(plan, plan.strict, start, size, facets=tuple(plan.query.facets)), self.execute)

    def _relaxed(self, plan: Plan, strict: EngineResult, start: int, size: int, words: RelaxedWords) -> Outcome:
        """The strict results, and weaker ones below them where these are few."""
        if strict.total >= MIN_STRICT_HITS:
            return Outcome(plan, plan.strict, strict)
        return Relaxation(self.execute, plan, strict, start, size, words).outcome()

    def _all_hits(self, plan: Plan) -> Iterator[Hit]:
        """All results in their order."""
        validate(plan.query)
        outcome = self._outcome(plan, 0, MIN_STRICT_HITS)
        without_ids = tuple(hit.id for hit in outcome.above)
        rest = self.stream(EngineQuery(outcome.plan, outcome.node, 0, 0, without_ids, outcome.min_score))
        return chain(outcome.above, rest)

    def _page_after(self, plan: Plan, cursor: Cursor) -> Page:
        """The page that follows a result: at its rank, if it stands there still, else where it stands in the order of all."""
        size = plan.query.per_page
        if cursor.rank + size <= MAX_RESULTS:
            page = self._outcome(plan, cursor.rank - 1, size + 1).page()
            if page.hits and page.hits[0].id == cursor.id:
                return _with_cursor(replace(page, hits=page.hits[1:]), cursor.rank)
        whole = _without_page(plan.query)
        ordered = self._orders.get(self.stamp(), repr(whole), lambda: WholeOrder(list(self._all_hits(make_plan(whole)))))
        rank = ordered.rank_after(cursor)
        page = self._outcome(plan, 0, 1).page()
        return _with_cursor(replace(page, hits=tuple(ordered.hits[rank : rank + size])), rank)


def _text(mended: MendedQuestion | None) -> str | None:
    return mended.text if mended else None


def _number_of_conditions(query: Query) -> int:
    """How much a query asks for beside its words; one with fewer is asked first, as what it does not find no other finds."""
    return len(query.filters) + sum(one is not None for one in (query.near, query.area))


def _without_page(query: Query) -> Query:
    """The query for all results, without counts."""
    return replace(query, page=1, per_page=MIN_STRICT_HITS, after=None, facets=())


def _with_cursor(page: Page, start: int) -> Page:
    """The page with the cursor of the one that follows; `start` is the rank of its first hit, counted from 0."""
    end = start + len(page.hits)
    if not page.hits or end >= page.total:
        return page
    return replace(page, cursor=cursor_text(Cursor(end, page.hits[-1].id)))
