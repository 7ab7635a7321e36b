"""The words of a question being relaxed: guesses, and the question mended."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from search.engines.engine_query import EngineQuery, EngineResult, Execute
from search.query.corrections import make_guesses
from search.query.mending import MendedQuestion, mend
from search.query.nodes import AnyNode
from search.query.plan import Plan, SomeWords, make_plan
from search.query.span_nodes import GuessesByWord
from search.query.spelling import TermLookup


class RelaxedWords:
    """The words of a question being relaxed: guesses at them, nodes with these, and the question mended. Each is made when first
    asked for, and shared by questions that have the same words, with what finds nothing."""

    def __init__(self, plan: Plan, terms: TermLookup) -> None:
        self.plan, self._terms = plan, terms
        self._nodes: dict[SomeWords | None, AnyNode] = {}
        self._vain: list[EngineQuery] = []

    def count(self, engine_query: EngineQuery, execute: Execute) -> EngineResult:
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

    def node(self, some: SomeWords | None = None) -> AnyNode:
        """See Plan.relaxed."""
        if some not in self._nodes:
            self._nodes[some] = self.plan.relaxed(self.guesses, some)
        return self._nodes[some]


def _is_within(narrow: EngineQuery, wide: EngineQuery) -> bool:
    """Whether all that one query finds another one would find: of the same node, with the same or fewer conditions."""
    if narrow.node is not wide.node or not wide.query.filters.items() <= narrow.query.filters.items():
        return False
    pairs = ((getattr(wide.query, name), getattr(narrow.query, name)) for name in ("near", "area"))
    return wide.query.when in ("all", narrow.query.when) and all(one in (None, other) for one, other in pairs)
