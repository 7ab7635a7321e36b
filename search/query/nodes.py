"""The nodes of a plan: what an engine is to look for, in terms that both engines translate one for one."""

from __future__ import annotations

from dataclasses import dataclass
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
AnyNode = Tokens | ExactTerm | Prefix | Range | DisMax | And | AtLeast | MatchAll | MatchNone
