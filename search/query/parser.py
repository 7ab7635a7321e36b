"""The parser of queries: words, "phrases", -exclusions, field:value; any text has a parse, none is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from search.analysis import Analysis, alternative_keys, analyse, words
from search.port import FACETS, Filter
from vocabulary import fold, load

INTERFACE_LANGUAGES = ("lv", "en")
MAX_WORDS = 32
"""Words beyond these are ignored: no question of a person needs them, and a pasted page stays cheap."""
READER_WEIGHT, OTHER_LANGUAGE_WEIGHT, ALTERNATIVE_WEIGHT = 1.0, 0.9, 0.8
"""How much a match counts of a word read in the reader's language, in another one, or by an alternative key."""
_FIELD = rf"(?P<field>{'|'.join(FACETS)}):(?P<value>[^\s\"]+)"
_PART = re.compile(rf'(?P<minus>(?<![\w])-)?(?:{_FIELD}|"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_STRAIGHT_QUOTES = str.maketrans(dict.fromkeys("„“”«»", '"'))
_LETTERS_OF_LANGUAGES = {
    "õ": "et", "ėįų": "lt", "łąęśźżćń": "pl", "øæ": "da", "å": "sv", "ß": "de", "ыэъё": "ru", "іїєґ": "uk", "þð": "is"
}  # fmt: skip
"""Letters that suggest one language of the region more than all others."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The tokens of a word or phrase in one language, and how much a match of them counts."""

    analysis: Analysis
    weight: float


@dataclass(frozen=True, slots=True)
class Part:
    """One word, or one phrase of several, in each variant; all variants have the same number of tokens."""

    text: str
    variants: tuple[Variant, ...]
    is_excluded: bool = False

    @property
    def surface(self) -> tuple[str, ...]:
        """The folded words, which are the same in all variants."""
        return self.variants[0].analysis.surface

    @property
    def is_phrase(self) -> bool:
        return len(self.surface) > 1

    @property
    def is_legal_form(self) -> bool:
        """Whether it is a legal form (SIA, MTÜ …), without which a name is found too."""
        return self.surface[0] in _legal_forms()


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """The parts of a query and the filters typed in it.

    `is_blank`: only blanks or filters were typed, so that everything is asked for. `is_last_word_open`: the last word may
    be unfinished, as no blank follows it.
    """

    parts: tuple[Part, ...]
    filters: dict[str, Filter]
    is_blank: bool
    is_last_word_open: bool

    @property
    def included(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if not part.is_excluded)

    @property
    def excluded(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.is_excluded)


def parse(text: str, lang: str) -> ParsedQuery:
    """Parse a query's text. Words are analysed in the reader's language `lang`, the other interface language, and one
    that their letters suggest."""
    parts: list[Part] = []
    filters: dict[str, Filter] = {}
    for match in _PART.finditer(text.translate(_STRAIGHT_QUOTES)):
        is_excluded = bool(match["minus"])
        if field := match["field"]:
            filters[field] = _with_value(filters.get(field, Filter()), match["value"], is_excluded)
            continue
        plain_words = [word.text for word in words(match["phrase"] or match["word"] or "")]
        texts = plain_words if match["phrase"] is None else [" ".join(plain_words)]
        parts += [_part(text_of_part, lang, is_excluded) for text_of_part in texts if text_of_part]
        if len(parts) >= MAX_WORDS:
            break
    is_last_word_open = bool(parts) and not parts[-1].is_phrase and text[-1:].isalnum()
    is_blank = not text.strip() or (not parts and bool(filters))
    return ParsedQuery(tuple(parts[:MAX_WORDS]), filters, is_blank, is_last_word_open)


@lru_cache(maxsize=2_000)
def _part(text: str, lang: str, is_excluded: bool) -> Part:
    return Part(text, tuple(_variants(text, lang)), is_excluded)


def _variants(text: str, lang: str) -> Iterator[Variant]:
    """First in the reader's language, then in other likely ones, then by what a Latvian word without diacritics may mean."""
    suggested = (code for letters, code in _LETTERS_OF_LANGUAGES.items() if any(letter in text for letter in letters))
    for code in dict.fromkeys((lang, *INTERFACE_LANGUAGES, *suggested)):
        yield Variant(analyse(text, code), READER_WEIGHT if code == lang else OTHER_LANGUAGE_WEIGHT)
    if " " not in text:
        latvian = analyse(text, "lv")
        for key in alternative_keys(text, "lv"):
            yield Variant(Analysis((key,), latvian.light, latvian.surface), ALTERNATIVE_WEIGHT)


def _with_value(chosen: Filter, value: str, is_excluded: bool) -> Filter:
    if is_excluded:
        return Filter(chosen.any_of, (*chosen.none_of, value))
    return Filter((*chosen.any_of, value), chosen.none_of)


@cache
def _legal_forms() -> frozenset[str]:
    """The folded legal forms of one word, without dots."""
    return frozenset(folded for form in load().legal_forms if " " not in (folded := fold(form).replace(".", "")))
