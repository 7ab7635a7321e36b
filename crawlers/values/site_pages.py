"""Pages that speak of the site itself: legal pages, "about us", "join us", lists; by the words of site_pages.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from crawlers.texts.wordlists import data_beside
from vocabulary import fold

MAX_WORDS = 12
"""A title of more words is none of these."""
MAX_WORDS_OF_CALL = 5
MAX_WORDS_OF_HEADING = 6
MIN_BEGINNING = 6
_SEPARATOR = re.compile(r"\s[|–—·•:»-]\s|\s?[|»]\s?")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_FILE = re.compile(r"\.(html?|php|aspx?|md|jsp)$")


@dataclass(frozen=True, slots=True)
class _Words:
    """The folded words of site_pages.yaml: beginnings of words (`legal`, `beside`), whole phrases (`pages`), whole words."""

    legal: frozenset[str]
    beside: frozenset[str]
    pages: frozenset[str]
    calls: frozenset[str]
    lists: frozenset[str]
    events: frozenset[str]
    around: frozenset[str]
    own: frozenset[str]


@lru_cache(maxsize=20_000)
def is_legal(text: str) -> bool:
    """Whether a text is the title of a legal page, such as "Privātuma un sīkdatņu politika", as a whole or beside a separator."""
    return any(map(_is_legal, (text, *_ends(text))))


def _is_legal(text: str) -> bool:
    words, said = _words_in(text), _said()
    is_short = 0 < len(words) <= MAX_WORDS
    return is_short and any(_begins(word, said.legal) for word in words) and all(_may_be_legal(word, said) for word in words)


def _may_be_legal(word: str, said: _Words) -> bool:
    return _begins(word, said.legal) or _begins(word, said.beside)


def _begins(word: str, beginnings: frozenset[str]) -> bool:
    """Whether a word begins so; a beginning of fewer than MIN_BEGINNING letters must be the whole word."""
    return word in beginnings or any(word[:length] in beginnings for length in range(MIN_BEGINNING, len(word)))


@lru_cache(maxsize=20_000)
def is_own_page(text: str) -> bool:
    """Whether a text is the title of a page about the site itself: a legal one, "About us", "Join us", "Our projects".

    A title may have the site's name before or after a separator.
    """
    parts = (text, *_ends(text))
    return is_legal(text) or any(map(_is_phrase, parts)) or _is_call(text) or any(map(is_list_title, parts))


def legal_part(path: str) -> str:
    """The part of a path that names a legal page; "" without one."""
    return next((part for part in path.split("/") if part and is_legal(_FILE.sub("", part))), "")


def _is_phrase(text: str) -> bool:
    return " ".join(_words_in(text)) in _said().pages


def _is_call(text: str) -> bool:
    words = _words_in(text)
    return 1 < len(words) <= MAX_WORDS_OF_CALL and words[0] in _said().calls


@lru_cache(maxsize=20_000)
def is_list_title(text: str) -> bool:
    """Whether a title says nothing but what is listed, such as "Visi projekti"."""
    words = _words_in(text)
    said = _said()
    is_one = not said.lists.isdisjoint(words) or not said.events.isdisjoint(words)
    return 0 < len(words) <= MAX_WORDS and is_one and (said.lists | said.events | said.around).issuperset(words)


@lru_cache(maxsize=20_000)
def names_list(text: str) -> bool:
    """Whether a short heading names a list, such as "Projekti Vidzemē"; a question does not."""
    words = _words_in(text)
    return 0 < len(words) <= MAX_WORDS_OF_HEADING and "?" not in text and not _said().lists.isdisjoint(words)


@lru_cache(maxsize=20_000)
def names_own(folder: str) -> bool:
    """Whether a folder of an address is called as an organisation calls itself ("oi-yhdistys")."""
    words = _words_in(folder)
    return bool(words) and words[-1] in _said().own


def parts_of_title(text: str) -> list[str]:
    """The parts of a title between its separators, such as the page's and the site's name; the title without one."""
    return _SEPARATOR.split(text)


def _ends(text: str) -> tuple[str, ...]:
    """The first and last part of a title that a separator parts; none for a title without one."""
    parts = parts_of_title(text)
    return (parts[0], parts[-1]) if len(parts) > 1 else ()


def _words_in(text: str) -> list[str]:
    return _WORD.findall(fold(text[:400]).replace("_", " "))


@cache
def _said() -> _Words:
    data: dict[str, Any] = data_beside(__file__)
    words = {name: {fold(text) for text in _texts(data[name])} for name in data}
    phrases = frozenset(" ".join(_WORD.findall(text)) for text in words["pages"])
    return _Words(pages=phrases, **{name: frozenset(words[name]) for name in words if name != "pages"})


def _texts(lists: dict[str, list[str]] | list[str]) -> Iterable[str]:
    return lists if isinstance(lists, list) else (text for texts in lists.values() for text in texts)
