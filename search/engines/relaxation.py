"""The search that both engines share: strict first; a query with few hits is relaxed, and weaker matches follow below."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain

from search.engines.kept import KeptUntilChange
from search.engines.whole_order import MAX_ORDERS_KEPT, WholeOrder
from search.index.fields import ROLES, name_order_field, text_field, view_of_field
from search.meaning.fusion import fused
from search.meaning.nearness import Nearness
from search.port import (
    MAX_RESULTS,
    MIN_STRICT_HITS,
    FacetCount,
    Filter,
    Hit,
    Near,
    Page,
    PositionCount,
    Query,
    RelaxationStep,
    Token,
    View,
)
from search.query.corrections import make_guesses
from search.query.cursor import Cursor, cursor_text, read_cursor
from search.query.mending import MendedQuestion, mend, mend_alike
from search.query.nodes import And, AnyNode, AtLeast, DisMax, ExactTerm, Prefix, Tokens
from search.query.plan import GuessesByWord, Plan, make_plan
from search.query.spelling import TermLookup
from search.query.term_dictionary import TermDictionary
from search.query.validation import validate

MAX_TERMS = 20_000
"""The most tokens with one prefix that an engine returns, by frequency."""
BEGUN_FIELDS = frozenset(text_field(role, "surface") for role in ROLES)
"""The fields in which the beginnings of words are looked for."""
MAX_COUNTED: Mapping[str, int] = {"place": 200}
"""Facets of which only the most frequent values are counted, and how many; a page of thousands of towns helps nobody."""
FEW_COMPLETE = 10
"""With fewer results that have all the words, what is near in meaning is looked for, too."""
MAX_CLOSE = 10
"""So many results may stand there for their meaning alone."""
CLOSE_CANDIDATES = 100
"""So many of the nearest are looked at for those that the filters let through."""


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
    def by_distance_from(self) -> Near | None:
        """From where results are sorted by distance; None where they are sorted otherwise."""
        return self.query.near if self.plan.order == "distance" else None

    @property
    def order_field(self) -> str:
        """The field by which results are sorted where it is not by relevance; of those equally far away, by newness."""
        order, is_past = self.plan.order, self.query.when == "past" and self.query.today is not None
        by_order = {"name": name_order_field(self.query.lang), "distance": "order_newest"}
        by_order |= {"soonest": "order_ended"} if is_past else {}
        return by_order.get(order, f"order_{order}")

    def counted(self, facet: str) -> int:
        """How many values of a facet an engine is to count: all of one that is filtered by, so that no chosen one is missing."""
        return MAX_RESULTS if facet in self.query.filters else MAX_COUNTED.get(facet, MAX_RESULTS)

    def counts(self, facet: str, values: Iterable[tuple[str, int]]) -> tuple[FacetCount, ...]:
        """The counts of a facet in their order, of what an engine counted."""
        ordered = [FacetCount(value, count) for value, count in sorted(values, key=lambda pair: (-pair[1], pair[0]))]
        most = MAX_COUNTED.get(facet, MAX_RESULTS)
        chosen = self.query.filters.get(facet, Filter())
        return (*ordered[:most], *(one for one in ordered[most:] if one.value in (*chosen.any_of, *chosen.none_of)))


@dataclass(frozen=True, slots=True)
class EngineResult:
    """What an engine returns; `total` does not count the documents left out. An engine may count facets when they are first
    read, as those of a query that is relaxed never are."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)


class RelaxedWords:
    """The words of a question being relaxed: guesses at them, nodes with these, and the question mended. Each is made when first
    asked for, and shared by questions that have the same words, with what finds nothing."""

    def __init__(self, plan: Plan, terms: TermLookup) -> None:
        self.plan, self._terms = plan, terms
        self._nodes: dict[int | None, AnyNode] = {}
        self._vain: list[EngineQuery] = []

    def count(self, engine_query: EngineQuery, execute: Callable[[EngineQuery], EngineResult]) -> EngineResult:
        """Run a query, but not one whose hits are not wanted and which is narrower than one that found nothing."""
        if not engine_query.size and any(_is_within(engine_query, vain) for vain in self._vain):
            return EngineResult(0, ())
        result = execute(engine_query)
        if not (result.total or engine_query.without_ids):
            self._vain.append(engine_query)
        return result

    @cached_property
    def guesses(self) -> GuessesByWord:
        return make_guesses(self.plan, self._terms)

    @cached_property
    def mended(self) -> MendedQuestion | None:
        return mend(self.plan, self._terms)

    @cached_property
    def corrected(self) -> RelaxedWords | None:
        """The words of the question as it is mended for sure; None where it is not, or only what was typed is wanted."""
        query = self.plan.query
        if not (query.expand and self.mended and self.mended.is_sure):
            return None
        return RelaxedWords(make_plan(replace(query, text=self.mended.text)), self._terms)

    def node(self, min_words: int | None = None) -> AnyNode:
        """See Plan.relaxed."""
        if min_words not in self._nodes:
            self._nodes[min_words] = self.plan.relaxed(self.guesses, min_words)
        return self._nodes[min_words]


def _is_within(narrow: EngineQuery, wide: EngineQuery) -> bool:
    """Whether all that one query finds another one would find: of the same node, with the same or fewer conditions."""
    if narrow.node is not wide.node or not wide.query.filters.items() <= narrow.query.filters.items():
        return False
    pairs = ((getattr(wide.query, name), getattr(narrow.query, name)) for name in ("near", "area"))
    return wide.query.when in ("all", narrow.query.when) and all(one in (None, other) for one, other in pairs)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The results from one rank to another, and what all results are: the hits `above`, and then what an engine finds for
    `node` without them. `complete` of them have all the words, where the others lack some, or are among the `close` ones, which
    stand there for their meaning. `did_you_mean` and `corrected_to`: see Page."""

    plan: Plan
    node: AnyNode
    result: EngineResult
    step: RelaxationStep | None = None
    guesses: GuessesByWord = field(default_factory=dict)
    above: tuple[Hit, ...] = ()
    complete: int = 0
    close: int = 0
    did_you_mean: str | None = None
    corrected_to: str | None = None

    @property
    def with_all_words(self) -> int:
        """How many results have all the words, or words like them."""
        return self.complete if self.step == "some" else self.result.total

    def page(self) -> Page:
        """The page of these results, without a cursor; it has guesses only where these were looked for."""
        return Page(
            total=self.result.total,
            hits=self.result.hits,
            facets=dict(self.result.facets),
            also_called=self.plan.expansions,
            relaxation=self.step,
            complete=self.complete,
            close=self.close,
            did_you_mean=self.did_you_mean,
            corrected_to=self.corrected_to,
            highlight_tokens=tokens_of(self.node),
            guesses=self.guesses,
            sort=self.plan.order,
        )


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
        return list(self.count_positions(EngineQuery(outcome.plan, outcome.node, 0, 0)))

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
        return ByMeaning(self, outcome, close, start, size).outcome()

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
        return Relaxation(self, plan, strict, start, size, words).outcome()

    def _all_hits(self, plan: Plan) -> Iterator[Hit]:
        """All results in their order."""
        validate(plan.query)
        outcome = self._outcome(plan, 0, MIN_STRICT_HITS)
        without_ids = tuple(hit.id for hit in outcome.above)
        rest = self.stream(EngineQuery(outcome.plan, outcome.node, 0, 0, without_ids=without_ids))
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


@dataclass(frozen=True)
class Relaxation:
    """One query being relaxed: its plan, the result of the strict search, the ranks that are asked for, and its words."""

    engine: RelaxingSearch
    plan: Plan
    strict: EngineResult
    start: int
    size: int
    words: RelaxedWords

    def outcome(self) -> Outcome:
        """What has all the words, or words like them; where that is little, what has most of the words follows below it."""
        node, guesses = self.words.node(), self.words.guesses
        similar = self._below(self._strict_hits, node)
        is_similar = similar.total > self.strict.total
        complete = Outcome(self.plan, node, similar, "similar", guesses, self._strict_hits) if is_similar else self._strict_only
        if complete.result.total >= MIN_STRICT_HITS or not (some := self._most_words(complete)):
            return complete
        return some

    @property
    def _strict_only(self) -> Outcome:
        return Outcome(self.plan, self.plan.strict, self.strict)

    @cached_property
    def _strict_hits(self) -> tuple[Hit, ...]:
        """All strict hits, which are fewer than MIN_STRICT_HITS, where they stand above the others; none where all are sorted
        together."""
        return self._first_hits(self.plan.strict, self.strict)

    def _first_hits(self, node: AnyNode, result: EngineResult, above: tuple[Hit, ...] = ()) -> tuple[Hit, ...]:
        """All hits of a result, below those `above`, which are fewer than MIN_STRICT_HITS; none where all are sorted together."""
        if self.plan.query.sort != "relevance":
            return ()
        if len(result.hits) == result.total:
            return result.hits
        without_ids = tuple(hit.id for hit in above)
        return (*above, *self.engine.execute(EngineQuery(self.plan, node, 0, MIN_STRICT_HITS, without_ids)).hits)

    def _most_words(self, complete: Outcome) -> Outcome | None:
        """Below what has all words: what has most of them, of so many that enough is found; None if nothing has.

        At least half of them where something has all. A binary search: the fewer words are needed, the more is found. So 32
        words cost five queries.
        """
        above = self._first_hits(complete.node, complete.result, complete.above)
        number = self.plan.counted_words
        is_elsewhere_enough = len(self.plan.counted_spans) < len(self.plan.required_spans)
        low, high = (number + 1) // 2 if complete.result.total else 1, number if is_elsewhere_enough else number - 1
        enough: tuple[AnyNode, EngineResult] | None = None
        little: tuple[AnyNode, EngineResult] | None = None
        while low <= high:
            middle = (low + high + 1) // 2
            node = self.words.node(middle)
            result = self._below(above, node)
            if result.total >= complete.result.total + MIN_STRICT_HITS:
                enough, low = (node, result), middle + 1
            else:
                little, high = (node, result) if result.total > complete.result.total else little, middle - 1
        if best := enough or little:
            node, result = best
            return Outcome(self.plan, node, result, "some", self.words.guesses, above, complete.result.total)
        return None

    def _below(self, above: tuple[Hit, ...], node: AnyNode) -> EngineResult:
        """The hits for a wider node: below others if sorted by relevance, else sorted together with them."""
        count = partial(self.words.count, execute=self.engine.execute)
        return _below(above, EngineQuery(self.plan, node, self.start, self.size), count)


@dataclass(frozen=True)
class ByMeaning:
    """The outcome of a search by words, and the documents nearest in meaning, which are to stand below what has all words."""

    engine: RelaxingSearch
    by_words: Outcome
    close: Sequence[Hit]
    start: int
    size: int

    def outcome(self) -> Outcome:
        """What has all words stands above, in its order; below it, what lacks some and what is close are fused by their ranks."""
        complete, loose = self._complete_and_loose()
        close = [hit for hit in self.close if hit.id not in {one.id for one in complete}]
        if not close:
            return self.by_words
        plan, of_words = self.by_words.plan, self.by_words.node
        node = DisMax((of_words, any_of_documents([hit.id for hit in close])))
        hits = {hit.id: hit for hit in (*close, *loose)}
        order = fused([hit.id for hit in loose], [hit.id for hit in close])
        above = (*complete, *(hits[id] for id in order)) if plan.query.sort == "relevance" else ()
        result = _below(above, EngineQuery(plan, node, self.start, self.size), self.engine.execute)
        number = self.by_words.with_all_words
        return replace(self.by_words, node=node, result=result, above=above, complete=number, close=len(close))

    def _complete_and_loose(self) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
        """All results that have all words, and the first of those that lack some; both empty where all are sorted together."""
        plan, above = self.by_words.plan, self.by_words.above
        if plan.query.sort != "relevance":
            return (), ()
        without_ids = tuple(hit.id for hit in above)
        rest = self.engine.execute(EngineQuery(plan, self.by_words.node, 0, FEW_COMPLETE - len(above), without_ids)).hits
        first, number = (*above, *rest), self.by_words.with_all_words
        return first[:number], first[number:]


def _below(above: tuple[Hit, ...], wanted: EngineQuery, execute: Callable[[EngineQuery], EngineResult]) -> EngineResult:
    """The ranks that are wanted of the hits above others and of those of a query below them."""
    shown = above[wanted.start : wanted.start + wanted.size]
    rest = replace(
        wanted,
        start=max(0, wanted.start - len(above)),
        size=wanted.size - len(shown),
        without_ids=tuple(hit.id for hit in above),
        facets=tuple(wanted.query.facets),
    )
    result = execute(rest)
    return EngineResult(result.total + len(above), (*shown, *result.hits), result.facets)


def any_of_documents(ids: Sequence[str]) -> AnyNode:
    """A node for these documents, which all score the same."""
    return DisMax(tuple(ExactTerm("id", id, 0.0) for id in ids))


def tokens_of(node: AnyNode) -> frozenset[Token]:
    """Every token that a node needs or may match, with its view, a beginning with an asterisk; not those of optional nodes, which
    only raise a match."""
    tokens: set[Token] = set()
    nodes = [node]
    while nodes:
        match nodes.pop():
            case Tokens(field_name, texts):
                view = view_of_field(field_name)
                tokens.update([Token(view, text) for text in texts])
            case Prefix(field_name, beginning) if field_name in BEGUN_FIELDS:
                tokens.add(Token("surface", f"{beginning}*"))
            case DisMax(children) | And(children) | AtLeast(_, children):
                nodes += children
    return frozenset(tokens)
