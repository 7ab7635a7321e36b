"""The chain: words of a text, folded, and brought to keys per language, the same for index and query."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import Stemmer

from search.analysis import latvian, lemmas
from vocabulary import fold
from vocabulary.languages import LANGUAGES

CHAIN_VERSION = 4
"""Raise it whenever tokens change: indexes made by another version are rebuilt."""
ANALYSIS_VERSION = f"{CHAIN_VERSION}{latvian.dictionary_mark()}"
ANALYSED_LANGUAGES = ("lv", "en", "lt", "et", "pl", "sv", "da", "fi", "nb", "no", "de", "ru", "uk", "is")
_SNOWBALL = {
    "en": "english", "lt": "lithuanian", "et": "estonian", "pl": "polish", "sv": "swedish", "da": "danish",
    "fi": "finnish", "nb": "norwegian", "no": "norwegian", "de": "german", "ru": "russian",
}  # fmt: skip
_INSIDE = "\u00ad\u200b-\u200d\u2060"
"""Soft hyphens and characters without width: part of a word, and not of how it is compared."""
WORD = re.compile(rf"[^\W_]+(?:[\u0300-\u036f{_INSIDE}]+[^\W_]+|['’.][^\W_]+)*")
"""Words, in text of NFC."""
_NO_LETTER = re.compile(r"[\W_]")
_MAX_WORD_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Analysis:
    """Three views of one text, word by word: `keys` carry their language (`lv:projekts`), `light` are folded stems
    without it, `surface` are the folded words.

    Where the text's language is not known, each word has the key of the interface language that has it as it is spelt
    (`und:` of none), and the stem of Latvian.
    """

    keys: tuple[str, ...]
    light: tuple[str, ...]
    surface: tuple[str, ...]


class Word(NamedTuple):
    """A word with its place in the text: characters from `start` up to `end`, counted in the text's NFC form."""

    start: int
    end: int
    text: str


def analyse(text: str, lang: str | None) -> Analysis:
    """The tokens of a text in a language (BCP 47 tag; of none where it is not known, None or und)."""
    code = (lang or "und").split("-")[0].lower()
    tokens = [_tokens(word.text, code) for word in words(text)]
    keys, lights, surfaces = zip(*tokens, strict=True) if tokens else ((), (), ())
    return Analysis(keys, lights, surfaces)


def words(text: str) -> Iterator[Word]:
    """The words of a text in their order, in small letters; over-long ones are cut."""
    for match in WORD.finditer(unicodedata.normalize("NFC", text)):
        yield Word(match.start(), match.end(), plain_word(match[0]))


@lru_cache(maxsize=100_000)
def plain_word(written: str) -> str:
    """A word as it is compared, except for its diacritics: in small letters, without what does not count."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", written).lower())[:_MAX_WORD_CHARACTERS]


def key_tokens(line: str, lang: str) -> list[str]:
    """The tokens that decide whether two words of the language match in the main text field."""
    return list(analyse(line, lang).keys)


def key(word: str, code: str) -> str:
    """The key of one word in small letters."""
    return _tokens(word, code)[0]


@lru_cache(maxsize=100_000)
def plain_views(word: str, code: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Surface and light stem of one word in small letters, each with its view's name; needs no dictionary."""
    surface = fold(word)
    return ("surface", surface), ("light", _stemmer(code)(surface))


def lemma(word: str, code: str) -> str | None:
    """The lemma of a word in small letters; None where the language's dictionary does not know it, or there is none."""
    return latvian.lemma(word) if code == "lv" else lemmas.lemma(word, code)


def is_word(word: str, code: str) -> bool:
    """Whether the language's dictionary has a word in small letters just as it is spelt."""
    return latvian.is_word(word) if code == "lv" else lemmas.lemma(word, code) is not None


def other_keys(word: str, lang: str) -> tuple[str, ...]:
    """Further keys that a Latvian word may have been meant to have: it may lack its diacritics, or be ambiguous."""
    if lang != "lv":
        return ()
    first = _tokens(word, lang)[0]
    return tuple(key for other in latvian.lemmas(word) if (key := f"lv:{other}") != first)


def stems_elsewhere(word: str) -> tuple[str, ...]:
    """The light stems that a word in small letters has in the region's other languages; none if an interface language knows it.

    Needs none of their dictionaries, which would take more memory than all else.
    """
    if any(lemma(word, code) for code in LANGUAGES):
        return ()
    surface = fold(word)
    return tuple(dict.fromkeys(_stemmer(code)(surface) for code in _SNOWBALL if code not in LANGUAGES))


@lru_cache(maxsize=100_000)
def _tokens(word: str, code: str) -> tuple[str, str, str]:
    """Key, light stem and surface of one word in small letters."""
    surface = fold(word)
    light = _stemmer(code)(surface)
    if code == "und":
        code = _language_of(word) or code
    return f"{code}:{lemma(word, code) or light}", light, surface


def _language_of(word: str) -> str | None:
    """The interface language that has a word just as it is spelt; of a name, a tag, a title too short to tell it by."""
    return next((code for code in LANGUAGES if is_word(word, code)), None)


@cache
def _stemmer(code: str) -> Callable[[str], str]:
    if code in ("lv", "und"):
        return latvian.stem
    name = _SNOWBALL.get(code)
    if name is None or name not in Stemmer.algorithms():
        return str
    snowball = Stemmer.Stemmer(name)
    return lambda word: fold(snowball.stemWord(word))
