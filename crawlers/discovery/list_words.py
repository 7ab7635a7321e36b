"""What the title of a list says of all that it holds: the kind of “Social enterprises”, the country of “UK organisations”, the
sector of “Associations”."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from crawlers.recipe import Recipe
from crawlers.texts.wordlists import data_beside
from vocabulary import load, sort_words

MAX_WORDS = 12
MAX_COUNTRY_WORDS = 3
_SEPARATOR = re.compile(r"\s+[-–—]\s+|[|·•:»/]")


def with_said_defaults(recipe: Recipe, titles: Iterable[str]) -> Recipe:
    """The recipe with the kind, country and sector that these titles say of all entries as defaults, where it has none."""
    said: dict[str, Any] = said_of_all(titles)
    if sector := said.pop("sector", None):
        said["sectors"] = [sector]
    return recipe.model_copy(update={"defaults": said | recipe.defaults})


def said_of_all(titles: Iterable[str]) -> dict[str, str]:
    """Kind, country and sector that the titles name, each where it is one only. A title with any other word says nothing, and a
    sector is that of all only where every title that says a kind says it."""
    found: dict[str, set[str]] = {"kind": set(), "country": set(), "sector": set()}
    for title in titles:
        for part in _SEPARATOR.split(title):
            for name, value in _said(part):
                found[name].add(value)
    return {name: value for name, values in found.items() if len(values) == 1 and (value := values.pop())}


def _said(title: str) -> list[tuple[str, str]]:
    """Field and value that a title of nothing but known words names; none without a word for what is listed."""
    words, said = sort_words(title), list[tuple[str, str]]()
    if len(words) > MAX_WORDS:
        return []
    while words:
        name, value, length = next(_readings(words, title), ("", "", 0))
        if not length:
            return []
        said += _implied(name, value) if value else []
        words = words[length:]
    return said if any(name == "kind" for name, _ in said) else []


def _implied(name: str, value: str) -> list[tuple[str, str]]:
    """What a phrase says: words for organisations of a sector are a kind, too; others for a kind leave the sector open ("")."""
    if name == "sector":
        return [("kind", "organisation"), (name, value)]
    return [(name, value), ("sector", "")] if name == "kind" else [(name, value)]


def _readings(words: Sequence[str], title: str) -> Iterator[tuple[str, str, int]]:
    """Field, value and number of words of what the beginning of these words may be, the longest phrases first."""
    for stems, name, value in _phrases():
        if len(stems) <= len(words) and all(word.startswith(stem) for word, stem in zip(words, stems, strict=False)):
            yield name, value, len(stems)
    for length in range(MAX_COUNTRY_WORDS, 0, -1):
        written = re.search(r"\W+".join(map(re.escape, words[:length])), title, re.IGNORECASE)
        text = written[0] if written else " ".join(words[:length])
        if len(words) >= length and (code := load().find_lone_country(text)):
            yield "country", code, length
    if (
        words[0].isdigit()
        or words[0] in _other_words()
        or any(words[0].startswith(word) for word in _other_words() if len(word) > 3)
    ):
        yield "", "", 1


@cache
def _phrases() -> tuple[tuple[tuple[str, ...], str, str], ...]:
    phrases = [
        (tuple(sort_words(phrase)), name, value)
        for name in ("kind", "sector", "country")
        for value, entries in _words()[name].items()
        for phrase in entries
    ]
    return tuple(sorted(phrases, key=lambda phrase: -len(phrase[0])))


@cache
def _other_words() -> frozenset[str]:
    return frozenset(word for entry in _words()["other"] for word in sort_words(str(entry)))


@cache
def _words() -> dict[str, Any]:
    data: dict[str, Any] = data_beside(__file__)
    return data
