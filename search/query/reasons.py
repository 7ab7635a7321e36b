"""Reasons: why the results of a question are these, in this order. The site knows no other module of plans and boosts.

They are read from the question, the page of results and the listings' own texts; no engine is asked. They tell where words
are and which boosts apply, not how much of a score each brings, which only the engine knows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from search.index.boosts import BOOSTS, ROLE_BOOSTS, TOP_BOOSTS, VIEW_BOOSTS, WORD_BOOSTS, Boost
from search.index.fields import ROLES, StoredValue, stored_document
from search.port import Document, Filter, Page, Query
from search.query.describe import describe
from search.query.mentions import (
    Mention,
    Target,
    TextsByRole,
    first_mention,
    mentions_of_name,
    mentions_of_pair,
    mentions_of_words,
    texts_by_role,
)
from search.query.nodes import AnyNode, ExactTerm, Prefix, Range, Tokens
from search.query.parser import Part
from search.query.plan import Plan, make_plan
from search.query.readings import Reading, read_span
from search.query.span_nodes import GuessesByWord, distinctive_keys
from search.query.spans import Span

__all__ = [
    "BOOSTS",
    "ROLE_BOOSTS",
    "TOP_BOOSTS",
    "VIEW_BOOSTS",
    "WORD_BOOSTS",
    "Boost",
    "Mention",
    "Reading",
    "Reasoner",
    "Reasons",
    "WordReason",
]


@dataclass(frozen=True, slots=True)
class WordReason:
    """Where a listing has one word, or a run of words that names a concept; nowhere when both lists are empty.

    `filed_under`: (facet, value) that the words name and under which the listing is filed.
    """

    typed: str
    mentions: tuple[Mention, ...]
    filed_under: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why one listing stands where it does: where it has the words, and the name of each boost that applies, with its
    weight for this question and listing."""

    words: tuple[WordReason, ...]
    boosts: tuple[tuple[str, float], ...]


class Reasoner:
    """Gives the reasons for one page of results."""

    def __init__(self, query: Query, page: Page) -> None:
        self._plan, self._page = make_plan(replace(query, text=page.corrected_to or query.text)), page

    @property
    def has_words(self) -> bool:
        """Whether the question has words to look for, beside filters and exclusions."""
        return bool(self._plan.spans)

    @property
    def order(self) -> str:
        """How results are sorted: `relevance`, `newest`, `soonest` or `name`."""
        return self._plan.order

    @property
    def excluded_words(self) -> tuple[str, ...]:
        """The words and phrases that no result may have."""
        return tuple(part.text for part in self._plan.parsed.excluded)

    @property
    def filters(self) -> Mapping[str, Filter]:
        """The filters by facet, also those that were typed as field:value."""
        return self._plan.query.filters

    def readings(self) -> list[Reading]:
        """How the words of the question were read."""
        required = [leaf for span in self._plan.required_spans for leaf in span.leaves]
        return [read_span(span, self._page.guesses, is_required=span in required) for span in self._plan.leaves]

    def reasons(self, document: Document) -> Reasons:
        """Why a listing of this page of results was found, and what raises it."""
        texts = texts_by_role(document, self._plan.query.lang)
        words = (_word_reason(unit, self._page.guesses, texts, document) for unit in _search_units(self._plan, self._page))
        return Reasons(tuple(words), tuple(_applying_boosts(self._plan, document)))

    def plan_lines(self) -> list[str]:
        """What an engine is asked first, in lines of English for programmers."""
        return list(describe(self._plan.strict))


@dataclass(frozen=True, slots=True)
class _SearchUnit:
    """What is looked for as one: a span, its other names, those of its parts, the keys of its pairs, those of single words of
    the names, and where it is filed."""

    span: Span
    names: tuple[Part, ...]
    narrower: tuple[Part, ...]
    pair_keys: tuple[str, ...]
    name_keys: tuple[str, ...]
    filed_under: tuple[tuple[str, str], ...]


def _search_units(plan: Plan, page: Page) -> Iterator[_SearchUnit]:
    """A unit for each span of a question; where some of the words were enough, for each word of a span."""
    for span in plan.leaves:
        whole = _unit_of(span)
        if page.relaxation != "some":
            yield whole
            continue
        name_keys = tuple(key for concept in span.concepts for key in distinctive_keys(concept, span))
        for word in map(_unit_of, plan.split_span(span)):
            filed_under = (*word.filed_under, *whole.filed_under)
            yield _SearchUnit(
                word.span, (*word.names, *whole.names), (*word.narrower, *whole.narrower), word.pair_keys, name_keys, filed_under
            )


def _unit_of(span: Span) -> _SearchUnit:
    names = tuple(name for concept in span.concepts for name in concept.other_names(span.parts))
    filed_under = tuple((concept.facet, concept.value) for concept in span.concepts if concept.facet)
    narrower = tuple(name for concept in span.concepts for name in concept.narrower)
    return _SearchUnit(span, names, narrower, span.pair_keys, (), filed_under)


def _word_reason(unit: _SearchUnit, guesses: GuessesByWord, texts: TextsByRole, document: Document) -> WordReason:
    """In each role the words as typed or guessed; where it lacks some, the first other name that it has, or else that of a
    part, or what an everyday word is in the other language. If nothing of all that is found, any single word of another name."""
    typed = mentions_of_words(unit.span.parts, guesses, texts)
    is_found_as_typed = any(typed.values())
    names = [mentions_of_name(name, texts, only_whole=is_found_as_typed) for name in unit.names]
    names += [mentions_of_name(name, texts, only_whole=is_found_as_typed, boost="narrower_name") for name in unit.narrower]
    names += [mentions_of_pair(key, texts) for key in unit.pair_keys]
    mentions: list[Mention] = []
    for role in ROLES:
        mentions += typed[role]
        if len(typed[role]) < len(unit.span.parts):
            mentions += next((by_role[role] for by_role in names if by_role[role]), [])
    if not mentions:
        targets = [Target("word_of_other_name", "keys", (key,)) for key in unit.name_keys]
        mentions += [mention for role_texts in texts.values() if (mention := first_mention(role_texts, targets))]
    filed_under = dict.fromkeys(pair for pair in unit.filed_under if pair[1] in document.facets.get(pair[0], ()))
    return WordReason(unit.span.text, tuple(dict.fromkeys(mentions)), tuple(filed_under))


def _applying_boosts(plan: Plan, document: Document) -> Iterator[tuple[str, float]]:
    """The name and weight of each boost that applies to a document; none where results are not sorted by relevance."""
    if plan.order != "relevance":
        return
    values = stored_document(document)
    if plan.name_prefix:
        (prefix,) = plan.name_prefix.nodes
        if _holds(prefix, values):
            yield "name_begun", _weight(prefix)
            if nearly_whole := sum(_weight(node) for node in plan.name_prefix.optional if _holds(node, values)):
                yield "name_nearly_whole", nearly_whole
    yield from ((name, _weight(node)) for name, node in plan.boost_clauses.items() if _holds(node, values))
    prior = values["prior"]
    if isinstance(prior, float) and prior:
        yield "fullness", math.log2(2 + prior)


def _holds(node: AnyNode, values: Mapping[str, StoredValue]) -> bool:
    """Whether a document, as engines store it, matches a node that has no others in it."""
    match node:
        case Tokens(field, tokens):
            return f" {' '.join(tokens)} " in f" {values[field]} "
        case ExactTerm(field, value):
            return value in _each_value(values[field])
        case Prefix(field, prefix):
            return any(str(value).startswith(prefix) for value in _each_value(values[field]))
        case Range(field, minimum, maximum):
            return any(isinstance(value, int) and minimum <= value <= maximum for value in _each_value(values[field]))
    return False


def _each_value(value: StoredValue) -> list[str | int | float]:
    return [*value] if isinstance(value, list) else [value]


def _weight(node: AnyNode) -> float:
    return node.weight if isinstance(node, Tokens | ExactTerm | Prefix | Range) else 0.0
