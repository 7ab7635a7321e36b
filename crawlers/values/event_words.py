"""Words for events, calls and deadlines in the region's languages, from event_words.yaml."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from crawlers.texts.wordlists import data_beside
from vocabulary import fold

MAX_WORDS_CHARACTERS = 80


@cache
def _words() -> dict[str, Any]:
    return dict(data_beside(__file__))


@cache
def words_of(name: str) -> re.Pattern[str]:
    """A pattern of the words under this name in event_words.yaml, for folded texts; a word that ends in * may go on."""
    words = sorted((fold(str(word)) for by_lang in _words()[name].values() for word in by_lang), key=len, reverse=True)
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(_pattern(word) for word in words)})(?![^\W\d_])")


def is_about_events(text: str) -> bool:
    """Whether a class, a path, a heading or the name of a list has a word for events."""
    return bool(words_of("events").search(_separated(text)))


def is_call(text: str) -> bool:
    """Whether a title has a word for a call, in which one can apply for something."""
    return bool(words_of("calls").search(_separated(text)))


def is_of_page_itself(text: str) -> bool:
    """Whether a class, or what stands before a date, shows that it is the day on which a page was published or changed."""
    return bool(words_of("published").search(_separated(text)))


def ends_with_deadline(text: str) -> bool:
    """Whether a text ends with words for the last day on which one can apply, so that a date behind it is that day."""
    folded = _separated(text)[-MAX_WORDS_CHARACTERS:].strip(" :–-")
    return any(match.end() == len(folded) for match in words_of("deadlines").finditer(folded))


def _separated(text: str) -> str:
    """The folded text with blanks for what joins the words of classes, keys and addresses."""
    return re.sub(r"[_/.-]+", " ", fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text[:2000])))


def _pattern(word: str) -> str:
    """The pattern of a folded word or phrase, in which a * stands for any ending."""
    return re.escape(word).replace(r"\*", r"[^\W\d_]{0,12}").replace(r"\ ", r"\s{1,3}")
