"""What no document of an index holds, left out of a node: of the many names and forms that a question may stand for, few are in
one index, and each that is translated and looked for costs time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from search.query.nodes import And, AnyNode, AtLeast, DisMax, MatchNone, SharedRarity, Tokens
from search.query.rarity import Frequencies, FrequencyLookup, terms_of, with_shared_rarity


def with_rarity_of_present(node: AnyNode, frequencies: FrequencyLookup) -> AnyNode:
    """The node that matches the same documents with the same scores, without tokens that none of them holds, and with weights in
    place of each SharedRarity (search.query.rarity). Frequencies must be those of the state of the index that is searched, and
    are looked up once."""
    counted = frequencies(terms_of(node))
    present = _present(node, counted)
    return with_shared_rarity(present, lambda _: counted) if present else MatchNone()


def _present(node: AnyNode, counted: Frequencies) -> AnyNode | None:
    """The node without tokens that no document holds; None where it then matches nothing."""
    match node:
        case Tokens():
            return node if counted.count(node) else None
        case DisMax(nodes):
            present = tuple(_all_present(nodes, counted))
            return DisMax(present) if present else None
        case SharedRarity(nodes):
            present = tuple(_all_present(nodes, counted))
            return SharedRarity(present) if present else None
        case AtLeast(count, nodes):
            present = tuple(_all_present(nodes, counted))
            return AtLeast(count, present) if len(present) >= count else None
        case And(nodes, optional):
            present = tuple(_all_present(nodes, counted))
            return And(present, tuple(_all_present(optional, counted))) if len(present) == len(nodes) else None
    return node


def _all_present(nodes: Iterable[AnyNode], counted: Frequencies) -> Iterator[AnyNode]:
    return (present for node in nodes if (present := _present(node, counted)))
