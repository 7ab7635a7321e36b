"""Acronyms of names: the initials by which people call an organisation though it does not write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from search.analysis import words
from vocabulary import fold

MIN_LETTERS, MAX_LETTERS = 3, 8
"""Fewer letters stand for too much; of more nobody makes an acronym."""
MAX_LETTERS_OF_PARTICLES = 3
"""Words in small letters of so many letters (un, for, of) may be left out."""
_QUOTED = re.compile(r"[„“”«»\"]([^„“”«»\"]+)[„“”«»\"]")


def acronyms(titles: Iterable[str]) -> list[str]:
    """The distinct folded initials of titles: of all words, without particles, without the first word (biedrība, the), and of
    what stands in quotation marks."""
    names = [name for title in titles for name in (title, *_QUOTED.findall(title))]
    return list(dict.fromkeys(initials for name in names for initials in _initials(name)))


def _initials(name: str) -> Iterator[str]:
    every = [name[word.start : word.end] for word in words(name)]
    main = [word for word in every if len(word) > MAX_LETTERS_OF_PARTICLES or not word.islower()]
    for chosen in (every, main, main[1:]):
        initials = fold("".join(word[0] for word in chosen))
        if MIN_LETTERS <= len(initials) <= MAX_LETTERS and initials.isalpha():
            yield initials
