"""The chain: words of a text, folded, and brought to keys per language, the same for index and query."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import Stemmer

from search.analysis import latvian
from vocabulary import fold

ANALYSIS_VERSION = 1
"""Raise it whenever tokens change: indexes made by another version are rebuilt."""
LANGUAGES = ("lv", "en", "lt", "et", "pl", "sv", "da", "fi", "nb", "no", "de", "ru", "uk", "is")
_SNOWBALL = {
    "en": "english", "lt": "lithuanian", "et": "estonian", "pl": "polish", "sv": "swedish", "da": "danish",
    "fi": "finnish", "nb": "norwegian", "no": "norwegian", "de": "german", "ru": "russian",
}  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Analysis:
    """Three views of one text, word by word: `keys` carry their language (`lv:projek`), `light` are folded stems
    without it, `surface` are the folded words."""

    keys: tuple[str, ...]
    light: tuple[str, ...]
    surface: tuple[str, ...]


def analyse(text: str, lang: str | None) -> Analysis:
    """The tokens of a text in a language (BCP 47 tag; None or und: no keys, and light tokens without a stemmer)."""
    surface = words(text)
    code = (lang or "und").split("-")[0].lower()
    stem = _stemmer(code)
    light = tuple(stem(word) for word in surface)
    keys = () if code == "und" else tuple(f"{code}:{token}" for token in light)
    return Analysis(keys, light, surface)


def words(text: str) -> tuple[str, ...]:
    """Folded words in their order; apostrophes and full stops inside a word are dropped, over-long ones cut."""
    return tuple(re.sub(r"['’.]", "", match)[:_LONGEST] for match in _WORD.findall(fold(text)))


def key_tokens(line: str, lang: str) -> list[str]:
    """The tokens that decide whether two words of the language match in the main text field."""
    return list(analyse(line, lang).keys)


@cache
def _stemmer(code: str) -> Callable[[str], str]:
    if code == "lv":
        return latvian.stem
    name = _SNOWBALL.get(code)
    if name is None or name not in _available():
        return str
    snowball = Stemmer.Stemmer(name)
    return lambda word: fold(snowball.stemWord(word))


@cache
def _available() -> Mapping[str, None]:
    return dict.fromkeys(Stemmer.algorithms())
