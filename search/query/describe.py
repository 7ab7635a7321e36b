"""A plan as indented lines of English, for people who want to know what an engine is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from search.index.boosts import BOOSTS
from search.port import Query
from search.query.nodes import And, AnyNode, AtLeast, DisMax, ExactTerm, MatchAll, MatchNone, Prefix, Range, SharedRarity, Tokens
from search.query.plan import make_plan


def explain(query: Query) -> Iterator[str]:
    """The lines of a query's strict plan, a blank line, and a line for each boost with its reason."""
    yield from describe(make_plan(query).strict)
    yield ""
    for name, boost in BOOSTS.items():
        yield f"{name} ×{boost.weight:g}: {boost.reason}"


def describe(node: AnyNode, depth: int = 0) -> Iterator[str]:
    """The lines of a node and the nodes in it, indented by two blanks for each level."""
    indent = "  " * depth
    match node:
        case Tokens(field, tokens, weight, moves):
            yield f"{indent}{field} has {' '.join(tokens)!r}{' or near' if moves else ''} ×{weight:g}"
        case ExactTerm(field, value, weight):
            yield f"{indent}{field} is {value!r} +{weight:g}"
        case Prefix(field, prefix, weight):
            yield f"{indent}{field} begins as {prefix!r} +{weight:g}"
        case Range(field, minimum, maximum, weight):
            yield f"{indent}{field} from {minimum} to {maximum} +{weight:g}"
        case DisMax(nodes) | SharedRarity(nodes):
            yield f"{indent}the best of{', as common as the commonest' if isinstance(node, SharedRarity) else ''}"
            yield from _describe_each(nodes, depth + 1)
        case And(nodes, optional):
            yield f"{indent}every one of"
            yield from _describe_each(nodes, depth + 1)
            if optional:
                yield f"{indent}and better with"
                yield from _describe_each(optional, depth + 1)
        case AtLeast(count, nodes):
            yield f"{indent}at least {count} of"
            yield from _describe_each(nodes, depth + 1)
        case MatchAll() | MatchNone():
            yield f"{indent}{'everything' if isinstance(node, MatchAll) else 'nothing'}"


def _describe_each(nodes: Iterable[AnyNode], depth: int) -> Iterator[str]:
    for node in nodes:
        yield from describe(node, depth)
