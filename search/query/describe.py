"""A plan in lines of English, for people who want to know why."""

from __future__ import annotations

from collections.abc import Iterator

from search.index.fields import NAMED_BOOSTS, ROLE_BOOSTS, VIEW_BOOSTS
from search.port import Query
from search.query.nodes import And, AnyNode, AtLeast, DisMax, ExactTerm, MatchAll, MatchNone, Prefix, Range, Tokens
from search.query.plan import make_plan


def explain(query: Query) -> Iterator[str]:
    """What a question looks for first, in lines of English, and then each boost with its reason."""
    yield from describe(make_plan(query).strict())
    yield ""
    for name, boost in {**ROLE_BOOSTS, **VIEW_BOOSTS, **NAMED_BOOSTS}.items():
        yield f"{name} ×{boost.weight:g}: {boost.reason}"


def describe(node: AnyNode, depth: int = 0) -> Iterator[str]:
    """A node in lines, for people who want to know why."""
    pad = "  " * depth
    match node:
        case Tokens(field, tokens, weight):
            yield f"{pad}{field} has {' '.join(tokens)!r} ×{weight:g}"
        case ExactTerm(field, value, weight):
            yield f"{pad}{field} is {value!r} +{weight:g}"
        case Prefix(field, beginning, weight):
            yield f"{pad}{field} begins as {beginning!r} +{weight:g}"
        case Range(field, least, most, weight):
            yield f"{pad}{field} from {least} to {most} +{weight:g}"
        case DisMax(nodes):
            yield f"{pad}the best of"
            yield from (line for one in nodes for line in describe(one, depth + 1))
        case And(nodes, also):
            yield f"{pad}every one of"
            yield from (line for one in nodes for line in describe(one, depth + 1))
            if also:
                yield f"{pad}and better with"
                yield from (line for one in also for line in describe(one, depth + 1))
        case AtLeast(count, nodes):
            yield f"{pad}at least {count} of"
            yield from (line for one in nodes for line in describe(one, depth + 1))
        case MatchAll() | MatchNone():
            yield f"{pad}{'everything' if isinstance(node, MatchAll) else 'nothing'}"
