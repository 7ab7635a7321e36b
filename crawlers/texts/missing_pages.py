"""Titles of pages that only say that nothing is there, in the languages of the region, which many sites send with status 200."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from crawlers.texts.wordlists import data_beside
from vocabulary import sort_words, word_key
from vocabulary.messages import N_

NOTHING_THERE = N_(
    "The page only says that nothing is there, so what is known of it stays as it was; bring the page back, or take it off"
    " the site's list and let its address answer 404"
)
_SEPARATOR = re.compile(r"\s+[|–—·»«•-]+\s+|\s*[|»«•]\s*")


@dataclass(frozen=True, slots=True)
class _Sayings:
    """What such titles consist of, as word_key writes it.

    `pages` count also beside the name of a site, `alone` only as the whole title. Words of `around` do not count;
    one of `codes` is enough where no other word is left.
    """

    pages: frozenset[str]
    alone: frozenset[str]
    around: frozenset[str]
    codes: frozenset[str]


def says_nothing_is_there(title: str) -> bool:
    """Whether a title is, as a whole, the notice that a page was not found; also with the name of its site beside it."""
    return _is_notice(title, is_whole=True) or any(_is_notice(part, is_whole=False) for part in _ends(title))


def _ends(title: str) -> tuple[str, ...]:
    """The first and last part of a title that a separator parts; none for a title without one."""
    parts = _SEPARATOR.split(title)
    return (parts[0], parts[-1]) if len(parts) > 1 else ()


def _is_notice(text: str, *, is_whole: bool) -> bool:
    sayings, words = _sayings(), sort_words(text)
    rest = " ".join(word for word in words if word not in sayings.around and word not in sayings.codes)
    if rest in sayings.pages:
        return True
    return is_whole and (rest in sayings.alone if rest else not sayings.codes.isdisjoint(words))


@cache
def _sayings() -> _Sayings:
    """The sayings of missing_pages.yaml."""
    data: Mapping[str, Any] = data_beside(__file__)
    pages, alone = (frozenset(map(word_key, _all(data[name].values()))) for name in ("pages", "alone"))
    around = frozenset(word for text in data["around"] for word in sort_words(text))
    return _Sayings(pages, alone, around, frozenset(data["codes"]))


def _all(lists: Iterable[Iterable[str]]) -> Iterable[str]:
    return (text for texts in lists for text in texts)
