"""Rarity: how much it tells that a document has a token, shared among the names of one concept.

An engine scores a token by its rarity (the inverse document frequency of BM25), so that of several names of one thing the rarest
would count most, whatever was typed. So each name is weighed as if it were as common as the commonest one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from search.index.fields import role_of_field, view_of_field
from search.query.nodes import AnyNode, DisMax, SharedRarity, Tokens, children, with_children


class Term(NamedTuple):
    """One token of a text field."""

    field: str
    token: str


class Frequencies(NamedTuple):
    """How many documents an index has, and how many of them hold each of some terms."""

    documents: int
    counts: Mapping[Term, int]

    def rarity(self, count: int) -> float:
        """The inverse document frequency of what so many documents hold (BM25 of Lucene and of tantivy)."""
        return math.log(1 + (max(0, self.documents - count) + 0.5) / (count + 0.5))

    def count(self, tokens: Tokens) -> int:
        """How many documents hold a token; of a phrase, its rarest word."""
        return min(self.counts[term] for term in _terms(tokens))

    def scored_rarity(self, tokens: Tokens) -> float:
        """The rarity by which an engine scores: of a phrase, that of all its words together."""
        return sum(self.rarity(self.counts[term]) for term in _terms(tokens))


FrequencyLookup = Callable[[Collection[Term]], Frequencies]
"""Looks up how many documents of an index hold each of some terms."""


def with_shared_rarity(node: AnyNode, frequencies: FrequencyLookup) -> AnyNode:
    """The node with weights in place of each SharedRarity. Frequencies are looked up once, and only where there is one."""
    terms = {term for group in _groups(node) for term in terms_of(group)}
    return _weighed(node, frequencies(terms)) if terms else node


def terms_of(node: AnyNode) -> set[Term]:
    """The terms of all tokens in a node."""
    return {term for tokens in _tokens(node) for term in _terms(tokens)}


def _groups(node: AnyNode) -> Iterator[SharedRarity]:
    if isinstance(node, SharedRarity):
        yield node
        return
    for child in children(node):
        yield from _groups(child)


def _tokens(node: AnyNode) -> Iterator[Tokens]:
    if isinstance(node, Tokens):
        yield node
    for child in children(node):
        yield from _tokens(child)


def _terms(tokens: Tokens) -> tuple[Term, ...]:
    return tuple(Term(tokens.field, token) for token in tokens.tokens)


def _weighed(node: AnyNode, frequencies: Frequencies) -> AnyNode:
    if isinstance(node, SharedRarity):
        shared = _shared_rarities(node, frequencies)
        return DisMax(tuple(_alike(one, shared, frequencies) for one in node.nodes))
    return with_children(node, lambda child: _weighed(child, frequencies))


def _shared_rarities(group: SharedRarity, frequencies: Frequencies) -> Mapping[str, float]:
    """In each role the rarity of the commonest name; light stems do not count, as other words have the same."""
    counts: dict[str, int] = defaultdict(int)
    for tokens in _tokens(group):
        if view_of_field(tokens.field) != "light":
            role = role_of_field(tokens.field)
            counts[role] = max(counts[role], frequencies.count(tokens))
    return {role: frequencies.rarity(count) for role, count in counts.items()}


def _alike(node: AnyNode, shared: Mapping[str, float], frequencies: Frequencies) -> AnyNode:
    """The node with what is rarer than the shared rarity of its role weighed down to that."""
    if isinstance(node, Tokens):
        rarity = shared.get(role_of_field(node.field), math.inf)
        return node._replace(weight=node.weight * min(1.0, rarity / frequencies.scored_rarity(node)))
    return with_children(node, lambda child: _alike(child, shared, frequencies))
