"""What words that stand together match: as typed, or by the other names of the concepts that they name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from search.index.boosts import ROLE_BOOSTS, TOP_BOOSTS, VIEW_BOOSTS, WORD_BOOSTS
from search.index.fields import ROLES, text_field
from search.port import Guess, View
from search.query.concepts import Concept
from search.query.nodes import And, AnyNode, DisMax, ExactTerm, SharedRarity, Tokens
from search.query.parser import Part, general_keys
from search.query.spans import PLACE_FACETS, Span
from search.query.word_nodes import WEIGHTED_FIELDS, side_by_side, token_node, word_node

GuessesByWord = Mapping[str, Sequence[Guess]]
"""Guesses by the word as typed."""
APART_SHARE = 0.2
"""How much of the weight of a name each of its words has where they stand apart."""
NEAR_MOVES = 4
"""The words of a name are near each other when so many moves bring them together: “bank of food” is near a food bank."""
MIN_DISTINCTIVE_LETTERS = 4
"""A shorter word of a name does not tell what the name stands for."""
PAIR_ROLES = tuple(role for role in ROLES if role != "body")
"""Where an everyday word counts by what it is in the other language; in a long text it is met by accident."""
_PAIR_FIELDS = [(text_field(role, "keys"), ROLE_BOOSTS[role].weight * VIEW_BOOSTS["keys"].weight) for role in PAIR_ROLES]


def span_node(span: Span, guesses: GuessesByWord, *, is_loose: bool = True) -> AnyNode:
    """All words of a span, each as typed or guessed; or any of its concepts; or any of its alternatives."""
    if span.alternatives:
        return _any_of(span, lambda one: span_node(one, guesses, is_loose=is_loose))
    typed = _typed(span, guesses, WORD_BOOSTS["name_of_place"].weight if span.is_place else 1.0)
    names = (node for concept in span.concepts for node in _concept(concept, span, is_loose=is_loose))
    others = (*names, *pair_nodes(span), *_initials(span))
    if not others:
        return typed
    named = SharedRarity((typed, *others))
    filed = [ExactTerm(one.facet, one.value, filed_weight(one.facet)) for one in span.concepts if one.facet and not one.is_wider]
    return And((named,), tuple(filed[:1])) if filed else named


def strict_node(span: Span) -> AnyNode:
    """All words of a span as typed; or any of its concepts, the words of a name near each other."""
    return span_node(span, {}, is_loose=False)


def typed_node(span: Span) -> AnyNode:
    """All words of a span as typed, of one of its alternatives where it has some."""
    return _any_of(span, typed_node) if span.alternatives else _typed(span, {})


def _any_of(span: Span, node: Callable[[Span], AnyNode]) -> AnyNode:
    """Any of a span's alternatives, each of them with all its spans as these nodes."""
    nodes = [tuple(map(node, alternative)) for alternative in span.alternatives]
    return DisMax(tuple(all_of[0] if len(all_of) == 1 else And(all_of) for all_of in nodes))


def _typed(span: Span, guesses: GuessesByWord, weight: float = 1.0) -> AnyNode:
    """All words of a span as typed or guessed; side by side they count more."""
    words = tuple(word_node(part, guesses.get(part.text, ()), weight) for part in span.parts)
    return words[0] if len(words) == 1 else And(words, (side_by_side(span.parts),))


def pair_nodes(span: Span) -> Iterator[AnyNode]:
    """What an everyday word is in the other interface language, where that tells something."""
    weight = WORD_BOOSTS["plain_pair"].weight
    return (Tokens(field, (key,), boost * weight) for key in span.pair_keys for field, boost in _PAIR_FIELDS)


def _initials(span: Span) -> Iterator[AnyNode]:
    """What bears a word as the initials of its name, below what has the word."""
    if span.initials:
        yield ExactTerm("acronyms", span.initials, WORD_BOOSTS["acronym_too"].weight)


def loose_names(concept: Concept, span: Span) -> Iterator[AnyNode]:
    """The other names of a concept, their words anywhere, and single words of them."""
    yield from _concept(concept, span, is_loose=True)
    yield from _name_words(concept, span)


def _concept(concept: Concept, span: Span, *, is_loose: bool) -> Iterator[AnyNode]:
    """The other names of a concept, names of its parts, and the facet value under which listings of it are filed; under what is
    wider, if loose."""
    for name in concept.other_names(span.parts):
        yield from _other_name(name, WORD_BOOSTS["other_name"].weight, is_loose=is_loose)
    for name in concept.narrower:
        yield from _other_name(name, WORD_BOOSTS["narrower_name"].weight, is_loose=is_loose)
    if concept.facet and (not concept.is_wider or (is_loose and not concept.is_form)):
        boost = WORD_BOOSTS["filed_under_wider" if concept.is_wider else "filed_under"]
        yield ExactTerm(concept.facet, concept.value, boost.weight)


def _other_name(name: Part, weight: float, *, is_loose: bool) -> Iterator[AnyNode]:
    """Another name: its words near each other, or for a part of its weight anywhere if loose."""
    view: View = "keys" if name.variants[0].analysis.keys else "surface"
    tokens = name.variants[0].analysis.view(view)
    if len(tokens) == 1:
        yield token_node(tokens[0], view, weight)
        return
    yield DisMax(tuple(Tokens(field, tokens, boost * weight, NEAR_MOVES) for field, boost in WEIGHTED_FIELDS[view]))
    if is_loose:
        yield And(tuple(token_node(token, view, weight * APART_SHARE) for token in tokens))


def _name_words(concept: Concept, span: Span) -> Iterator[AnyNode]:
    weight = WORD_BOOSTS["word_of_other_name"].weight
    return (token_node(key, "keys", weight) for key in distinctive_keys(concept, span))


def distinctive_keys(concept: Concept, span: Span) -> Iterator[str]:
    """The keys of the longer words in other names of several words, but for general words such as “people”; looked for only where
    some of the words are enough."""
    for name in concept.other_names(span.parts):
        keys = name.variants[0].analysis.keys
        if len(keys) > 1:
            long = (key for key in keys if len(key.partition(":")[2]) >= MIN_DISTINCTIVE_LETTERS)
            yield from (key for key in long if key not in general_keys())


def filed_weight(facet: str) -> float:
    """How much it counts that a listing is filed under the value of a facet that the question names, beside all else."""
    name = "filed_place" if facet in PLACE_FACETS else f"filed_{facet}"
    return TOP_BOOSTS[name].weight
