"""The grammar of headings, labels and keys: what their words do, such as name a thing, ask for its name, or add nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from crawlers.texts.wordlists import data_beside
from vocabulary import fold

MAX_CHARACTERS = 200
"""Longer texts are no headings."""
MAX_WORDS = 8
ORGANISATION, PROJECT = "organisations", "projects"
_CAMEL = re.compile(r"(?<=[a-zа-яāčēģīķļņšūž0-9])(?=[A-ZА-ЯĀČĒĢĪĶĻŅŠŪŽ])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_NUMBERING = re.compile(r"^\s*(?:\(?\d{1,3}(?:\.\d{1,2}){0,2}[.):]\s*|\(?[A-Za-z]\)\s*|Q\d{1,3}[.:)]?\s+|#\s*(?=\w))")
_BRACKETS = re.compile(r"[(\[{][^()\[\]{}]{0,100}[)\]}]")
_LINKING = ("", "s", "n", "e", "en", "-")
"""What may stand between the parts of a compound."""
_MIN_COMPOUND = 2


@dataclass(frozen=True, slots=True)
class Parts:
    """The words of a heading by what they do.

    `thing` is ORGANISATION or PROJECT where it names one, `has_name` tells whether it asks for a name, `others` are words that
    belong to persons, places and files, `rest` are all further words in their order.
    """

    thing: str | None = None
    has_name: bool = False
    others: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()


def words_of(heading: str) -> tuple[str, ...]:
    """The folded words of a heading or key, without numbering, asterisks, and what stands in brackets."""
    plain = _BRACKETS.sub(" ", _NUMBERING.sub("", heading[:MAX_CHARACTERS]))
    plain = re.sub(r"(?<=\w)['’]s?(?=\s)", "", plain)
    spaced = re.sub(r"[_.,;:/|*?!\"„“”«»\s]+|-(?=[\s\d])|(?<=\s)-", " ", _CAMEL.sub(" ", plain))
    return tuple(fold(spaced).split())[:MAX_WORDS]


def in_brackets(heading: str) -> str:
    """What stands in the first brackets of a heading; "" without any."""
    match = _BRACKETS.search(heading[:MAX_CHARACTERS])
    return match[0][1:-1] if match else ""


def parts_of(words: Sequence[str]) -> Parts:
    """The words of a heading by what they do; two words that together name a thing come before each of them."""
    thing: str | None = None
    has_name = False
    others: list[str] = []
    rest: list[str] = []
    index = 0
    while index < len(words):
        pair, word = " ".join(words[index : index + 2]), words[index]
        index += 2 if pair != word and pair in _things() else 1
        if found := _things().get(pair) or _things().get(word):
            thing = thing or found
        elif word in word_group("name"):
            has_name = True
        elif compound := _compound(word):
            thing, has_name = thing or compound, True
        elif word in word_group("others"):
            others.append(word)
        elif word not in word_group("fillers"):
            rest.append(word)
    return Parts(thing, has_name, tuple(others), tuple(rest))


def name_ending(word: str) -> str:
    """What stands before the word for a name at the end of a compound (`skole` of `skolenavn`); "" where there is none."""
    ending = next((ending for ending in _name_endings() if word.endswith(ending) and len(word) > len(ending)), None)
    return word.removesuffix(ending) if ending else ""


def thing_before(word: str, ending: str) -> str | None:
    """The kind of thing of which a compound with this ending tells something (`projekt` of `projektbeskrivning`)."""
    return _named_thing(word.removesuffix(ending)) if word.endswith(ending) else None


def _compound(word: str) -> str | None:
    """The kind of thing that the name in a compound is of, such as `firmenname`; None for other words."""
    return _named_thing(name_ending(word))


def _named_thing(head: str) -> str | None:
    """The kind of thing that the first part of a compound names, with or without what links the parts."""
    heads = (head.removesuffix(linking) for linking in _LINKING if head.endswith(linking))
    return next((found for head in heads if len(head) >= _MIN_COMPOUND and (found := _things().get(head))), None)


@cache
def word_group(group: str) -> frozenset[str]:
    """The words of a group of heading_words.yaml."""
    return frozenset(map(str, _groups()[group]))


@cache
def near_names() -> frozenset[tuple[str, str]]:
    """Field and name of the names that count only where no column has a nearer one."""
    return frozenset((field, str(name)) for field, names in _groups()["near"].items() for name in names)


@cache
def column_names() -> Mapping[str, str]:
    """Our field by a name that counts only as the heading of a column."""
    return {str(name): field for field, names in _groups()["columns"].items() for name in names}


@cache
def _name_endings() -> tuple[str, ...]:
    """Words for a name that may end a compound, the longest first."""
    return tuple(sorted((word for word in word_group("name") if len(word) > 3 and word.isascii()), key=lambda word: -len(word)))


@cache
def _things() -> Mapping[str, str]:
    return {str(word): kind for kind in (PROJECT, ORGANISATION) for word in _groups()[kind]}


@cache
def _groups() -> Mapping[str, Any]:
    data: dict[str, Any] = data_beside(__file__, "heading_words.yaml")
    return data
