"""The nodes of a plan: what an engine is to look for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """A token, or several one after the other, in a text field; scored by BM25 times weight."""

    field: str
    tokens: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class ExactTerm:
    """A value in a field of whole values; always scored by weight."""

    field: str
    value: str
    weight: float


@dataclass(frozen=True, slots=True)
class Prefix:
    """A beginning of a value in a field of whole values; always scored by weight."""

    field: str
    beginning: str
    weight: float


@dataclass(frozen=True, slots=True)
class Range:
    """A number from `least` to `most` in a field of whole numbers; always scored by weight."""

    field: str
    least: int
    most: int
    weight: float


@dataclass(frozen=True, slots=True)
class DisMax:
    """Any of these; the best counts."""

    nodes: tuple[AnyNode, ...]


@dataclass(frozen=True, slots=True)
class And:
    """Every one of these, added up, and `also` on top where they match."""

    nodes: tuple[AnyNode, ...]
    also: tuple[AnyNode, ...] = ()


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of these, added up."""

    count: int
    nodes: tuple[AnyNode, ...]


@dataclass(frozen=True, slots=True)
class MatchAll:
    """All documents."""


@dataclass(frozen=True, slots=True)
class MatchNone:
    """No document."""


AnyNode = Tokens | ExactTerm | Prefix | Range | DisMax | And | AtLeast | MatchAll | MatchNone
