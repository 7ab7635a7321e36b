"""What a reader typed, taken apart: words, "phrases", -exclusions; whatever was typed, there is an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from search.analysis import Analysis, analyse, words

INTERFACE_LANGUAGES = ("lv", "en")
_PART = re.compile(r'(?P<minus>(?<![\w])-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("„“”«»", '"'))
MOST_WORDS = 32
"""Words beyond these are not looked at: no question of a person needs them, and a pasted page costs nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    """One word, or one phrase of several, in each language it may be in; every variant has as many tokens."""

    variants: tuple[Analysis, ...]
    is_excluded: bool = False

    @property
    def is_phrase(self) -> bool:
        return len(self.variants[0].surface) > 1


@dataclass(frozen=True, slots=True)
class Parsed:
    """All parts of a query; `is_blank` when nothing was typed, so that everything is asked for."""

    parts: tuple[Part, ...]
    is_blank: bool


def parse(text: str, lang: str) -> Parsed:
    """Take a query apart. Words are read in the reader's language and the other interface language."""
    parts: list[Part] = []
    for match in _PART.finditer(text.translate(_QUOTES)):
        piece, is_excluded = match["phrase"] or match["word"] or "", bool(match["minus"])
        found = [word.text for word in words(piece)]
        pieces = [" ".join(found)] if match["phrase"] is not None else found
        parts += [_part(one, lang, is_excluded) for one in pieces if one]
        if len(parts) >= MOST_WORDS:
            break
    return Parsed(tuple(parts[:MOST_WORDS]), is_blank=not text.strip())


def _part(piece: str, lang: str, is_excluded: bool) -> Part:
    languages = dict.fromkeys((lang, *INTERFACE_LANGUAGES))
    return Part(tuple(analyse(piece, code) for code in languages), is_excluded)
