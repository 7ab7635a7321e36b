"""What a reader typed, taken apart: words, "phrases", -exclusions, field:value; whatever was typed, there is an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from search.analysis import Analysis, analyse, other_keys, words
from search.port import FACETS, Filter
from vocabulary import fold, load
from vocabulary.languages import LANGUAGES

MAX_WORDS = 32
"""Words beyond these are not looked at: no question of a person needs them, and a pasted page costs nothing."""
_FIELD = rf"(?P<field>{'|'.join(FACETS)}):(?P<value>[^\s\"]+)"
_PART = re.compile(rf'(?P<minus>(?<![\w])-)?(?:{_FIELD}|"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("„“”«»", '"'))
_SIGNS = {"õ": "et", "ėįų": "lt", "łąęśźżćń": "pl", "øæ": "da", "å": "sv", "ß": "de", "ыэъё": "ru", "іїєґ": "uk", "þð": "is"}
"""Letters that suggest one language of the region more than all others."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One reading of a word or phrase, and how much a match of it counts."""

    analysis: Analysis
    weight: float


@dataclass(frozen=True, slots=True)
class Part:
    """One word, or one phrase of several, in each reading it may have; every variant has as many tokens."""

    text: str
    variants: tuple[Variant, ...]
    is_excluded: bool = False

    @property
    def surface(self) -> tuple[str, ...]:
        return self.variants[0].analysis.surface

    @property
    def is_phrase(self) -> bool:
        return len(self.surface) > 1

    @property
    def is_legal_form(self) -> bool:
        """Whether it only says SIA, MTÜ or the like, which a name is found without."""
        return self.surface[0] in _legal_forms()


@dataclass(frozen=True, slots=True)
class Parsed:
    """All parts of a query. `is_blank`: nothing was typed, so that everything is asked for; `ends_open`: the last word
    may go on, for no blank follows it."""

    parts: tuple[Part, ...]
    filters: dict[str, Filter]
    is_blank: bool
    ends_open: bool

    @property
    def wanted(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if not part.is_excluded)

    @property
    def excluded(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.is_excluded)


def parse(text: str, lang: str) -> Parsed:
    """Take a query apart. Words are read in the reader's language, the other interface language, and one that their
    letters suggest."""
    parts: list[Part] = []
    filters: dict[str, Filter] = {}
    for match in _PART.finditer(text.translate(_QUOTES)):
        if match["field"]:
            filters[match["field"]] = _with_value(filters.get(match["field"], Filter()), match["value"], bool(match["minus"]))
            continue
        found = [word.text for word in words(match["phrase"] or match["word"] or "")]
        pieces = [" ".join(found)] if match["phrase"] is not None else found
        parts += [_part(one, lang, bool(match["minus"])) for one in pieces if one]
        if len(parts) >= MAX_WORDS:
            break
    ends_open = bool(parts) and not parts[-1].is_phrase and text[-1:].isalnum()
    return Parsed(tuple(parts[:MAX_WORDS]), filters, not text.strip() or (not parts and bool(filters)), ends_open)


@lru_cache(maxsize=2_000)
def _part(piece: str, lang: str, is_excluded: bool) -> Part:
    return Part(piece, tuple(_variants(piece, lang)), is_excluded)


def _variants(piece: str, lang: str) -> Iterator[Variant]:
    """The reader's language counts most; then the other one; then what the word may have meant without diacritics."""
    suggested = (code for letters, code in _SIGNS.items() if any(letter in piece for letter in letters))
    for number, code in enumerate(dict.fromkeys((lang, *LANGUAGES, *suggested))):
        yield Variant(analyse(piece, code), 1.0 if number == 0 else 0.9)
    if " " not in piece:
        plain = analyse(piece, "lv")
        yield from (Variant(Analysis((key,), plain.light, plain.surface), 0.8) for key in other_keys(piece, "lv"))


def _with_value(chosen: Filter, value: str, is_excluded: bool) -> Filter:
    if is_excluded:
        return Filter(chosen.any_of, (*chosen.none_of, value))
    return Filter((*chosen.any_of, value), chosen.none_of)


@cache
def _legal_forms() -> frozenset[str]:
    return frozenset(folded for form in load().legal_forms if " " not in (folded := fold(form).replace(".", "")))
