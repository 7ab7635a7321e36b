"""What is near in meaning, below what has all the words of a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.engines.engine_query import EngineQuery, Execute
from search.engines.outcome import Outcome, any_of_documents, below, with_documents
from search.meaning.fusion import fused
from search.port import Hit
from search.query.nodes import DisMax

FEW_COMPLETE = 10
"""With fewer results that have all the words, what is near in meaning is looked for, too."""
MAX_CLOSE = 10
"""So many results may stand there for their meaning alone."""
CLOSE_CANDIDATES = 100
"""So many of the nearest are looked at for those that the filters let through."""


@dataclass(frozen=True)
class ByMeaning:
    """The outcome of a search by words, and the documents nearest in meaning, which are to stand below what has all words."""

    execute: Execute
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
        plan, of_words, min_score = self.by_words.plan, self.by_words.node, self.by_words.min_score
        hits = {hit.id: hit for hit in (*close, *loose)}
        order = fused([hit.id for hit in loose], [hit.id for hit in close])
        above = (*complete, *(hits[id] for id in order)) if plan.query.sort == "relevance" else ()
        close_ids = [hit.id for hit in close]
        node = with_documents(of_words, [*close_ids, *order]) if min_score else DisMax((of_words, any_of_documents(close_ids)))
        result = below(above, EngineQuery(plan, node, self.start, self.size, min_score=min_score), self.execute)
        elsewhere = result.total - self._number_above if self.by_words.elsewhere else 0
        return replace(
            self.by_words,
            node=node,
            result=result,
            above=above,
            complete=self.by_words.with_all_words,
            close=len(close),
            elsewhere=elsewhere,
        )

    @property
    def _number_above(self) -> int:
        """How many results by words stand above all others: those with all words, or those in the place."""
        words = self.by_words
        return words.result.total - words.elsewhere if words.elsewhere else words.with_all_words

    def _complete_and_loose(self) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
        """All results that have all words, and the first of those that lack some; both empty where all are sorted together."""
        plan, above = self.by_words.plan, self.by_words.above
        if plan.query.sort != "relevance":
            return (), ()
        without_ids = tuple(hit.id for hit in above)
        size, min_score = FEW_COMPLETE - len(above), self.by_words.min_score
        rest = self.execute(EngineQuery(plan, self.by_words.node, 0, size, without_ids, min_score)).hits
        first, number = (*above, *rest), self._number_above
        return first[:number], first[number:]
