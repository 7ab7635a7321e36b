"""Offers: the filters that a question names, with what is left of the question for words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from search.port import Query
from search.query.parser import as_question
from search.query.plan import make_plan
from search.query.spans import Span


class Offer(NamedTuple):
    """By filter the value that words of a question name, and the other words, without those of grammar and general ones."""

    values: Mapping[str, str]
    other_words: str


def offer(query: Query) -> Offer:
    """The filters that the words of a question name: the first value of each filter; what names another one stays words."""
    values: dict[str, str] = {}
    others: list[Span] = []
    for span in make_plan(query).spans:
        facet, value = next(((one.facet, one.value) for one in span.concepts if one.facet and not one.is_wider), ("", ""))
        if facet and facet not in values:
            values[facet] = value
        else:
            others.append(span)
    parts = (part for span in others for part in span.parts if not (part.is_function_word or part.is_general))
    return Offer(values, as_question(tuple(parts)))
