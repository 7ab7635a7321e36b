"""The chain of analysis: words of a text, folded, stemmed and lemmatised by language; the same for index and query."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import Stemmer

from search.analysis import latvian, lemmas
from search.port import View
from vocabulary import fold
from vocabulary.languages import LANGUAGES

ANALYSED_LANGUAGES = ("lv", "en", "lt", "et", "pl", "sv", "da", "fi", "nb", "no", "de", "ru", "uk", "is")
_SNOWBALL_NAMES = {
    "en": "english", "lt": "lithuanian", "et": "estonian", "pl": "polish", "sv": "swedish", "da": "danish",
    "fi": "finnish", "nb": "norwegian", "no": "norwegian", "de": "german", "ru": "russian",
}  # fmt: skip
_INVISIBLE = "\u00ad\u200b-\u200d\u2060"
"""Soft hyphens and characters without width: they may stand in a word and are ignored when words are compared."""
_LETTER = r"[^\W\d_]"
_ELIDED = r"(?<![^\W_])(?i:[cdjlmnst]|qu|dell|nell|all|sull)(?=['’](?i:[aeiouyhéèêàâîôû]))"
_DOTTED = rf"(?<![^\W_]){_LETTER}(?:\.{_LETTER}(?![^\W_]))+"
_PLAIN = rf"[^\W_]+(?:[\u0300-\u036f{_INVISIBLE}]+[^\W_]+|['’][^\W_]+)*"
WORD = re.compile(f"{_DOTTED}|{_ELIDED}|{_PLAIN}")
"""A word in a text that is in NFC; single letters with dots between them (e.V., z.s.) are one, what is elided before a vowel
(c'est, l'orto) is a word of its own."""
_HYPHENATED = re.compile(rf"(?<![\w-]){_LETTER}+(?:[-\u2010\u2011]{_LETTER}+)+(?![\w-])")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]")
_MAX_WORD_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Analysis:
    """The tokens of a text in three views (search.port.View), one token for each word in each view.

    `keys` are lemmas with their language (`lv:projekts`), or light stems where no dictionary has the word; `light` are
    folded light stems without the language; `surface` are the folded words. Where the text's language is not known,
    a word has the key of the interface language whose dictionary has it as it is spelled (`und:` if none has) and the
    stem of Latvian.
    """

    keys: tuple[str, ...]
    light: tuple[str, ...]
    surface: tuple[str, ...]

    def view(self, name: View) -> tuple[str, ...]:
        """The tokens of one view."""
        match name:
            case "keys":
                return self.keys
            case "light":
                return self.light
            case "surface":
                return self.surface


class Word(NamedTuple):
    """A word in lower case with its place: characters from `start` up to `end` of the text's NFC form."""

    start: int
    end: int
    text: str


def analyse(text: str, lang: str | None) -> Analysis:
    """The tokens of a text. `lang` is a BCP 47 tag; None or `und` where the language is not known."""
    code = (lang or "und").split("-")[0].lower()
    tokens = [_tokens(word.text, code) for word in words(text)]
    keys, lights, surfaces = zip(*tokens, strict=True) if tokens else ((), (), ())
    return Analysis(keys, lights, surfaces)


def words(text: str) -> Iterator[Word]:
    """The words of a text in order; one of more than 60 characters is cut."""
    for match in WORD.finditer(unicodedata.normalize("NFC", text)):
        yield Word(match.start(), match.end(), plain_word(match[0]))


def hyphenated(text: str) -> Iterator[str]:
    """The words of letters with hyphens (start-up, e-pakalpojumi), each written as one word in lower case."""
    return (plain_word(match[0]) for match in _HYPHENATED.finditer(unicodedata.normalize("NFC", text)))


@lru_cache(maxsize=100_000)
def plain_word(written: str) -> str:
    """A word as written, in lower case, without invisible characters and punctuation, with its diacritics."""
    return _NOT_ALPHANUMERIC.sub("", unicodedata.normalize("NFKC", written).lower())[:_MAX_WORD_CHARACTERS]


def key_tokens(line: str, lang: str) -> list[str]:
    """The keys of a text: the tokens that decide whether two words of the language match in the main text field."""
    return list(analyse(line, lang).keys)


def key(word: str, code: str) -> str:
    """The key of one lower-case word."""
    return _tokens(word, code)[0]


@lru_cache(maxsize=100_000)
def surface_and_stem(word: str, code: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """The surface and light tokens of one lower-case word as (view, token) pairs; loads no dictionary."""
    surface = fold(word)
    return ("surface", surface), ("light", _stemmer(code)(surface))


def lemma(word: str, code: str) -> str | None:
    """The lemma of a word in small letters; None where the language's dictionary does not know it, or there is none."""
    return latvian.lemma(word) if code == "lv" else lemmas.lemma(word, code)


def is_word(word: str, code: str) -> bool:
    """Whether the language's dictionary has a word in small letters just as it is spelt."""
    return latvian.is_word(word) if code == "lv" else lemmas.lemma(word, code) is not None


def alternative_keys(word: str, lang: str) -> tuple[str, ...]:
    """Keys besides the first that a Latvian word may have, as it is ambiguous or lacks its diacritics; () for others."""
    if lang != "lv":
        return ()
    first = _tokens(word, lang)[0]
    return tuple(key for other in latvian.lemmas(word) if (key := f"lv:{other}") != first)


def stems_in_other_languages(word: str) -> tuple[str, ...]:
    """The light stems of a lower-case word in the region's other languages; () if Latvian or English has the word.

    Uses stemmers only: the dictionaries of those languages would take more memory than all else.
    """
    if any(lemma(word, code) for code in LANGUAGES):
        return ()
    surface = fold(word)
    return tuple(dict.fromkeys(_stemmer(code)(surface) for code in _SNOWBALL_NAMES if code not in LANGUAGES))


@lru_cache(maxsize=100_000)
def _tokens(word: str, code: str) -> tuple[str, str, str]:
    """Key, light stem and surface of one lower-case word."""
    surface = fold(word)
    light = _stemmer(code)(surface)
    if code == "und":
        code = _language_of(word) or code
    return f"{code}:{lemma(word, code) or light}", light, surface


def _language_of(word: str) -> str | None:
    """The interface language whose dictionary has a word as it is spelled; None if none has."""
    return next((code for code in LANGUAGES if is_word(word, code)), None)


@cache
def _stemmer(code: str) -> Callable[[str], str]:
    """A light stemmer of folded words; one that changes nothing for a language without."""
    if code in ("lv", "und"):
        return latvian.stem
    name = _SNOWBALL_NAMES.get(code)
    if name is None or name not in Stemmer.algorithms():
        return str
    snowball = Stemmer.Stemmer(name)
    return lambda word: fold(snowball.stemWord(word))
