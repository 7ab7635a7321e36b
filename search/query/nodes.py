"""The nodes of a plan: what an engine is to look for, in terms that both engines translate one for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple


class Tokens(NamedTuple):
    """One token, or several as a phrase, in a text field; scores by BM25 times `weight`.

    `moves`: by how many places in all the tokens of a phrase may be moved (the slop of Lucene): 2 exchange two neighbours. It is
    a tuple because a plan has hundreds of them.
    """

    field: str
    tokens: tuple[str, ...]
    weight: float
    moves: int = 0


@dataclass(frozen=True, slots=True)
class ExactTerm:
    """A whole value in a field of untokenised values; scores `weight`."""

    field: str
    value: str
    weight: float


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a value in a field of untokenised values; scores `weight`."""

    field: str
    prefix: str
    weight: float


@dataclass(frozen=True, slots=True)
class Range:
    """A number from `minimum` to `maximum`, both included, in a field of whole numbers; scores `weight`."""

    field: str
    minimum: int
    maximum: int
    weight: float


@dataclass(frozen=True, slots=True)
class DisMax:
    """Any of these nodes; scores as the best of them (disjunction max)."""

    nodes: tuple[AnyNode, ...]


@dataclass(frozen=True, slots=True)
class SharedRarity:
    """Any of these nodes, which say one thing by several names; scores as the best of them, each token as if in each part of a
    document it were as common as the commonest of these names is there (search.query.rarity)."""

    nodes: tuple[AnyNode, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All of these nodes; scores their sum, and that of the `optional` nodes which match too."""

    nodes: tuple[AnyNode, ...]
    optional: tuple[AnyNode, ...] = ()


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` of these nodes; scores the sum of those that match."""

    count: int
    nodes: tuple[AnyNode, ...]


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every document; scores `weight`."""

    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class MatchNone:
    """No document."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Positions at most `km` from a point in degrees."""

    lat: float
    lon: float
    km: float


Condition = ExactTerm | Range | Circle
"""What narrows a query and scores nothing."""
AnyNode = Tokens | ExactTerm | Prefix | Range | DisMax | SharedRarity | And | AtLeast | MatchAll | MatchNone


def with_children(node: AnyNode, change: Callable[[AnyNode], AnyNode]) -> AnyNode:
    """The node with its children changed; one that has none as it is."""
    match node:
        case DisMax(nodes):
            return DisMax(tuple(map(change, nodes)))
        case SharedRarity(nodes):
            return SharedRarity(tuple(map(change, nodes)))
        case And(nodes, optional):
            return And(tuple(map(change, nodes)), tuple(map(change, optional)))
        case AtLeast(count, nodes):
            return AtLeast(count, tuple(map(change, nodes)))
    return node


def children(node: AnyNode) -> tuple[AnyNode, ...]:
    """The nodes in a node, also the optional ones."""
    match node:
        case DisMax(nodes) | SharedRarity(nodes) | AtLeast(_, nodes):
            return nodes
        case And(nodes, optional):
            return (*nodes, *optional)
    return ()


def weighted(node: AnyNode, factor: float) -> AnyNode:
    """The node with all that it scores times a factor."""
    match node:
        case Tokens():
            return node._replace(weight=node.weight * factor)
        case ExactTerm() | Prefix() | Range() | MatchAll():
            return replace(node, weight=node.weight * factor)
    return with_children(node, lambda child: weighted(child, factor))
