"""The outcome of a search: results from one rank to another, some of them above the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from search.engines.engine_query import EngineQuery, EngineResult, Execute
from search.index.fields import ROLES, text_field, view_of_field
from search.port import Hit, Page, RelaxationStep, Token
from search.query.nodes import And, AnyNode, AtLeast, DisMax, ExactTerm, MatchAll, Prefix, SharedRarity, Tokens
from search.query.plan import Plan
from search.query.span_nodes import GuessesByWord

BEGUN_FIELDS = frozenset(text_field(role, "surface") for role in ROLES)
"""The fields in which the beginnings of words are looked for."""
ABOVE_ALL = 1e6
"""A score above that of any match."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The results from one rank to another, and what all results are: the hits `above`, and then what an engine finds for
    `node` without them. `complete` of them have all the words, where the others lack some, or are among the `close` ones, which
    stand there for their meaning. `min_score`: see EngineQuery. `elsewhere`, `did_you_mean` and `corrected_to`: see Page."""

    plan: Plan
    node: AnyNode
    result: EngineResult
    step: RelaxationStep | None = None
    guesses: GuessesByWord = field(default_factory=dict)
    above: tuple[Hit, ...] = ()
    complete: int = 0
    close: int = 0
    elsewhere: int = 0
    min_score: float = 0.0
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
            elsewhere=self.elsewhere,
            did_you_mean=self.did_you_mean,
            corrected_to=self.corrected_to,
            highlight_tokens=tokens_of(self.node),
            guesses=self.guesses,
            sort=self.plan.order,
        )


def below(above: tuple[Hit, ...], wanted: EngineQuery, execute: Execute) -> EngineResult:
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


def with_documents(node: AnyNode, ids: Sequence[str]) -> AnyNode:
    """A node that these documents match too, with a score above each `min_score`."""
    return DisMax((node, And((any_of_documents(ids), MatchAll(ABOVE_ALL))))) if ids else node


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
            case DisMax(children) | SharedRarity(children) | And(children) | AtLeast(_, children):
                nodes += children
    return frozenset(tokens)
