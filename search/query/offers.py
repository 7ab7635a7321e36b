"""Offers: filters that a question names, each with what is left of the question for words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from search.port import Query
from search.query.concepts import Span
from search.query.parser import as_question
from search.query.plan import make_plan


class Offer(NamedTuple):
    """A value of a filter that words of a question name, and the other words, without those of grammar."""

    facet: str
    value: str
    other_words: str


def offers(query: Query) -> Iterator[Offer]:
    """The values that the words of a question name, in their order; one for each run of words."""
    plan = make_plan(query)
    for span in plan.spans:
        named = next(((one.facet, one.value) for one in span.concepts if one.facet and not one.is_wider), None)
        if named:
            yield Offer(*named, _other_words(plan.spans, span))


def _other_words(spans: tuple[Span, ...], named: Span) -> str:
    others = (part for span in spans if span is not named for part in span.parts if not part.is_function_word)
    return as_question(tuple(others))
