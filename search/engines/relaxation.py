"""The relaxation of one question with few strict hits: weaker matches follow below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from search.engines.engine_query import EngineQuery, EngineResult, Execute
from search.engines.outcome import Outcome, below, with_documents
from search.engines.relaxed_words import RelaxedWords
from search.port import MIN_STRICT_HITS, Hit
from search.query.nodes import AnyNode
from search.query.plan import Plan, SomeWords

WORTHWHILE_SHARE = 0.45
"""What lacks some of the words and scores less than this share of the best such result is not worth showing beside it."""
MAX_IN_PLACE = 10
"""So many results that lack some of the words, but are in the place that the question names, stand above all others."""
MAX_LACKING = 100
"""So many results that lack some of the words are shown at most; of those that score alike a few more."""
ROUNDED_DOWN = 0.99999
"""Engines compare a least score with their own, which have fewer digits."""


@dataclass(frozen=True, slots=True)
class Found:
    """What an engine found for a node, below better hits."""

    node: AnyNode
    result: EngineResult


@dataclass(frozen=True)
class Relaxation:
    """One query being relaxed: its plan, the result of the strict search, the ranks that are asked for, and its words."""

    execute: Execute
    plan: Plan
    strict: EngineResult
    start: int
    size: int
    words: RelaxedWords

    def outcome(self) -> Outcome:
        """What has all the words, or words like them; where that is little, what has most of the words follows below it: first
        the best of what is in the place that the question names, and then what is elsewhere."""
        complete = self._complete()
        has_one_word = self.plan.counted_words == 1 and not self.plan.has_words_left_out
        if has_one_word or complete.result.total >= MIN_STRICT_HITS:
            return complete
        first = self._first_hits(complete.node, complete.result, complete.above)
        nearest = self._most_words(SomeWords(1, in_place=True), first) if self.plan.names_place_of_words else None
        here = (*first, *(self._best(nearest.node, first, MAX_IN_PLACE) if nearest else ()))
        anywhere = self._most_words(SomeWords(1), here)
        if anywhere:
            some = self._with_some_words(anywhere, here, len(first))
            is_parted = bool(here) and self.plan.names_place_of_words
            return replace(some, elsewhere=some.result.total - len(here) if is_parted else 0)
        return self._with_some_words(nearest, first, len(first)) if nearest else complete

    def _complete(self) -> Outcome:
        """What has all the words, and below it what has words like them."""
        node = self.words.node()
        above = self._first_hits(self.plan.strict, self.strict) if self._is_by_relevance else ()
        similar = self._below(above, node)
        if similar.total > self.strict.total:
            return Outcome(self.plan, node, similar, "similar", self.words.guesses, above)
        return Outcome(self.plan, self.plan.strict, self.strict)

    @property
    def _is_by_relevance(self) -> bool:
        """Whether better hits stand above the others; else all are sorted together."""
        return self.plan.query.sort == "relevance"

    def _first_hits(self, node: AnyNode, result: EngineResult, above: tuple[Hit, ...] = ()) -> tuple[Hit, ...]:
        """All hits of a result, below those `above`, which are fewer than MIN_STRICT_HITS."""
        if len(result.hits) == result.total:
            return result.hits
        without_ids = tuple(hit.id for hit in above)
        return (*above, *self.execute(EngineQuery(self.plan, node, 0, MIN_STRICT_HITS, without_ids)).hits)

    def _most_words(self, some: SomeWords, better: tuple[Hit, ...]) -> Found | None:
        """What has as many of the words as enough has, below better hits; None if nothing more has one.

        At least half of them where there are better hits. A binary search: the fewer words are needed, the more is found. So 32
        words cost five queries.
        """
        number = self.plan.counted_words
        low, high = (number + 1) // 2 if better else 1, number if self.plan.has_words_left_out else number - 1
        above = better if self._is_by_relevance else ()
        enough: Found | None = None
        little: Found | None = None
        while low <= high:
            middle = (low + high + 1) // 2
            node = with_documents(self.words.node(replace(some, count=middle)), [hit.id for hit in better])
            found = Found(node, self._below(above, node))
            if found.result.total >= len(better) + MIN_STRICT_HITS:
                enough, low = found, middle + 1
            else:
                little, high = found if found.result.total > len(better) else little, middle - 1
        return enough or little

    def _best(self, node: AnyNode, better: tuple[Hit, ...], most: int) -> tuple[Hit, ...]:
        """The best of what a node finds beside better hits, whatever the order of results, and what is worth showing with it."""
        by_relevance = replace(self.plan, query=replace(self.plan.query, sort="relevance"))
        hits = self.execute(EngineQuery(by_relevance, node, 0, most, tuple(hit.id for hit in better))).hits
        least = least_worthwhile([hit.score for hit in hits], max(1, MIN_STRICT_HITS - len(better)))
        return tuple(hit for hit in hits if hit.score >= least)

    def _with_some_words(self, found: Found, better: tuple[Hit, ...], complete: int) -> Outcome:
        """The better hits, and below them the best of what was found."""
        above = better if self._is_by_relevance else ()
        some = Outcome(self.plan, found.node, found.result, "some", self.words.guesses, above, complete)
        if found.result.total <= max(MIN_STRICT_HITS, len(better) + 1):
            return some
        least = self._best(found.node, better, MAX_LACKING)[-1].score * ROUNDED_DOWN
        return replace(some, result=self._below(above, found.node, least), min_score=least)

    def _below(self, above: tuple[Hit, ...], node: AnyNode, min_score: float = 0.0) -> EngineResult:
        """The hits for a wider node: below others if sorted by relevance, else sorted together with them."""
        count = partial(self.words.count, execute=self.execute)
        return below(above, EngineQuery(self.plan, node, self.start, self.size, min_score=min_score), count)


def least_worthwhile(scores: Sequence[float], certain: int) -> float:
    """The least score that is worth showing, of the best ones, the best first: of so many as are `certain`, all."""
    return min(scores[0] * WORTHWHILE_SHARE, scores[certain - 1]) if len(scores) > certain else 0.0
