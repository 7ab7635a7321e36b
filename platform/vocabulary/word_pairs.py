"""Everyday words of the field in one interface language, with what they are in the other one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class WordPair:
    """Words that stand for each other, by interface language; those of one language are not paired among themselves."""

    words: Mapping[str, tuple[str, ...]]


def read_word_pairs(columns: Sequence[str], pairs: Mapping[Any, Any]) -> tuple[WordPair, ...]:
    """The pairs of a data file; `columns` are the languages of what stands before a colon, and behind it.

    Raises ValueError with the line for one that has no word on a side, or more than one between two commas.
    """
    return tuple(_pair(columns, line) for line in pairs.items())


def _pair(columns: Sequence[str], line: tuple[object, object]) -> WordPair:
    try:
        return WordPair({lang: _words(words) for lang, words in zip(columns, line, strict=True)})
    except ValueError:
        raise ValueError(f"pairs of words: “{line[0]}: {line[1]}” is not “word, word: word, word”") from None


def _words(column: object) -> tuple[str, ...]:
    words = tuple(column.split(", ")) if isinstance(column, str) else ()
    if not words or not all(re.fullmatch(r"[^\s,]+", word) for word in words):
        raise ValueError
    return words
