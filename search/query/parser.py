"""The parser of queries: words, "phrases", -exclusions, field:value; any text has a parse, none is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from search.analysis import Analysis, alternative_keys, analyse, is_word, words
from search.port import FACETS, Filter
from vocabulary import fold, load
from vocabulary.languages import LANGUAGES

MAX_WORDS = 32
"""Words beyond these are ignored: no question of a person needs them, and a pasted page stays cheap."""
READER_WEIGHT, OTHER_LANGUAGE_WEIGHT, ALTERNATIVE_WEIGHT = 1.0, 0.9, 0.8
"""How much a match counts of a word read in the reader's language, in another one, or by an alternative key."""
FIELD_NAMES: Mapping[str, str] = {name: name for name in FACETS} | {
    "valsts": "country", "sektors": "sector", "nozare": "theme", "tēma": "theme", "tema": "theme", "veids": "kind",
    "platforma": "platform", "valoda": "language", "reģions": "region", "regions": "region", "vieta": "place",
}  # fmt: skip
"""The facets by what may be typed before a colon."""
_FIELD = rf"(?P<field>{'|'.join(FIELD_NAMES)}):(?P<value>[^\s\"]+)"
_PART = re.compile(rf'(?P<minus>(?<!\S)-(?=[\w"]))?(?:{_FIELD}|"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)|")', re.IGNORECASE)
_MARKS = re.compile(r'"|(?<!\S)-')
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
    """One word, or one phrase of several, in each variant; all variants have the same number of tokens.

    `is_function_word`: it stands in a question for grammar alone, such as “for”. `is_quoted`: it stood in quotation marks.
    `is_capitalised`: it begins with a capital, and not as the first word.
    """

    text: str
    variants: tuple[Variant, ...]
    is_excluded: bool = False
    is_function_word: bool = False
    is_quoted: bool = False
    is_capitalised: bool = False

    @property
    def surface(self) -> tuple[str, ...]:
        """The folded words, which are the same in all variants."""
        return self.variants[0].analysis.surface

    @property
    def written(self) -> tuple[str, ...]:
        """The words in small letters, with their diacritics."""
        return tuple(word.text for word in words(self.text))

    @property
    def readings(self) -> tuple[Variant, ...]:
        """The variants but for what a word may mean without its diacritics."""
        return tuple(variant for variant in self.variants if variant.weight != ALTERNATIVE_WEIGHT)

    @property
    def is_spelled_right(self) -> bool:
        """Whether a dictionary of an interface language has all words as they are written."""
        return all(any(is_word(word, code) for code in LANGUAGES) for word in self.written)

    @property
    def is_phrase(self) -> bool:
        return len(self.surface) > 1

    @property
    def is_general(self) -> bool:
        """Whether it is a word such as “people”, which tells little beside others."""
        return not self.is_quoted and any(key in general_keys() for variant in self.variants for key in variant.analysis.keys)

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


def parse(text: str, lang: str, *, is_plain: bool = False) -> ParsedQuery:
    """Parse a query's text. Words are analysed in the reader's language `lang`, the other interface language, and one
    that their letters suggest. `is_plain`: quotation marks and dashes mean nothing."""
    parts: list[Part] = []
    filters: dict[str, Filter] = {}
    text = text.translate(_STRAIGHT_QUOTES)
    for match in _PART.finditer(_MARKS.sub(" ", text) if is_plain else text):
        is_excluded = bool(match["minus"])
        if match["field"]:
            field = FIELD_NAMES[match["field"].lower()]
            filters[field] = _with_value(filters.get(field, Filter()), _id_of(field, match["value"]), is_excluded)
            continue
        plain_words = [word.text for word in words(match["phrase"] or match["word"] or "")]
        if match["phrase"] is not None:
            parts += [_quoted(" ".join(plain_words), lang, is_excluded)] if plain_words else []
        elif match["word"]:
            is_function_word = (
                len(plain_words) == 1 and not _is_acronym(match["word"], text) and _is_function_word(plain_words[0], lang)
            )
            is_capitalised = bool(parts) and match["word"][0].isupper()
            parts += [_part(one, lang, is_excluded, is_function_word, is_capitalised) for one in plain_words]
        if len(parts) >= MAX_WORDS:
            break
    parts = _without_contradictions(parts)
    is_last_word_open = bool(parts) and not parts[-1].is_quoted and text[-1:].isalnum()
    is_blank = not text.strip() or (not parts and bool(filters))
    return ParsedQuery(tuple(parts[:MAX_WORDS]), filters, is_blank, is_last_word_open)


@lru_cache(maxsize=2_000)
def _part(text: str, lang: str, is_excluded: bool, is_function_word: bool, is_capitalised: bool) -> Part:
    return Part(text, tuple(_variants(text, lang)), is_excluded, is_function_word, is_capitalised=is_capitalised)


@lru_cache(maxsize=2_000)
def _quoted(text: str, lang: str, is_excluded: bool) -> Part:
    """A phrase in quotation marks: its words as they are written, and no other form of them."""
    surface = analyse(text, lang).surface
    return Part(text, (Variant(Analysis((), (), surface), READER_WEIGHT),), is_excluded, is_quoted=True)


def _without_contradictions(parts: Sequence[Part]) -> list[Part]:
    """The parts, with nothing left out that is also wanted: such a dash is one of a name."""
    wanted = {part.surface for part in parts if not part.is_excluded}
    return [replace(part, is_excluded=False) if part.surface in wanted else part for part in parts]


def _id_of(field: str, value: str) -> str:
    """The id that a value means which was typed for a field: the id itself in any case, or a name of it; else as typed."""
    if field in ("platform", "place", "language"):
        return value
    return next((id for id in load().ids(field) if id.lower() == value.lower()), None) or load().find(field, value) or value


def _is_acronym(word: str, question: str) -> bool:
    """Whether a word stands in capitals in a question that does not: IT, not it."""
    return len(word) > 1 and word.isupper() and not question.isupper()


def _is_function_word(word: str, lang: str) -> bool:
    """Whether a word in small letters is one of grammar; those of the region's other languages where no interface language has
    the word."""
    lists, folded = load().function_words, fold(word)
    return folded in lists.on_page(lang) or (folded in lists.of_region and not any(is_word(word, code) for code in LANGUAGES))


def _variants(text: str, lang: str) -> Iterator[Variant]:
    """First in the reader's language, then in other likely ones, then by what a Latvian word without diacritics may mean."""
    suggested = (code for letters, code in _LETTERS_OF_LANGUAGES.items() if any(letter in text for letter in letters))
    for code in dict.fromkeys((lang, *LANGUAGES, *suggested)):
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
def general_keys() -> frozenset[str]:
    """The keys of words so general that they tell little beside others."""
    general = load().function_words.general
    return frozenset(key for code, lemmas in general.items() for lemma in lemmas for key in analyse(lemma, code).keys)


@cache
def _legal_forms() -> frozenset[str]:
    """The folded legal forms of one word, without dots."""
    return frozenset(folded for form in load().legal_forms if " " not in (folded := fold(form).replace(".", "")))
