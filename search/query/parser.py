"""The parser of queries: words, "phrases", -exclusions, field:value, a OR b, begin*, addresses and numbers; any text has a
parse, none is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

from search.analysis import Analysis, alternative_keys, analyse, is_word, words
from search.index.acronyms import MAX_LETTERS, MIN_LETTERS
from search.port import FACETS, Filter
from search.query import literals
from vocabulary import fold, load
from vocabulary.languages import LANGUAGES

MAX_WORDS = 32
"""Words beyond these are ignored: no question of a person needs them, and a pasted page stays cheap."""
READER_WEIGHT, OTHER_LANGUAGE_WEIGHT, ALTERNATIVE_WEIGHT = 1.0, 0.9, 0.8
"""How much a match counts of a word read in the reader's language, in another one, or by an alternative key."""
FIELD_NAMES: Mapping[str, str] = {name: name for name in FACETS} | {
    "valsts": "country", "sektors": "sector", "nozare": "theme", "joma": "theme", "tēma": "theme", "tema": "theme",
    "veids": "kind", "platforma": "platform", "valoda": "language", "reģions": "region", "regions": "region", "vieta": "place",
}  # fmt: skip
"""The facets by what may be typed before a colon."""
_FIELD = rf"(?P<field>{'|'.join(FIELD_NAMES)}):(?P<value>[^\s\"]+)"
_PART = re.compile(rf'(?P<minus>(?<!\S)-(?=[\w"]))?(?:{_FIELD}|"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)|")', re.IGNORECASE)
_MARKS = re.compile(r'["*]|(?<!\S)-')
_OPERATORS = re.compile(r"(?<!\S)(?:OR|VAI|AND|NOT|\|)(?!\S)")
_NOT = re.compile(r'(?<!\S)NOT\s+(?=[\w"])')
_AND = re.compile(r"(?<!\S)AND(?!\S)")
_OR = frozenset(("OR", "VAI", "|"))
_HYPHENATED = re.compile(r"\W*[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)+\W*")
MIN_BEGINNING_LETTERS = 3
"""Fewer letters before an asterisk begin too many words; the asterisk then means nothing."""
_STRAIGHT_QUOTES = str.maketrans(dict.fromkeys("„“”«»", '"'))
_LETTERS_OF_LANGUAGES = {
    "õ": "et", "ėįų": "lt", "łąęśźżćń": "pl", "øæ": "da", "å": "sv", "ß": "de", "ыэъё": "ru", "іїєґ": "uk", "þð": "is"
}  # fmt: skip
"""Letters that suggest one language of the region more than all others."""


Tie = Literal["", "or", "hyphen"]
"""How a word is tied to the one before it: not at all, as something that may stand in its place, or by a hyphen."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The tokens of a word or phrase in one language, and how much a match of them counts."""

    analysis: Analysis
    weight: float


@dataclass(frozen=True, slots=True)
class Part:
    """One word, or one phrase of several, in each variant; all variants have the same number of tokens.

    `is_function_word`: it stands in a question for grammar alone, such as “for”. `is_quoted`: it is looked for as it is
    written, as in quotation marks. `is_capitalised`: it begins with a capital, and not as the first word. `contacts`: what an
    address or a number means (search.query.literals). `is_beginning`: words that begin so are looked for. `joined`: what this
    and the words tied to it by hyphens are as one word. `is_in_capitals`: all of its letters are.
    """

    text: str
    variants: tuple[Variant, ...]
    is_excluded: bool = False
    is_function_word: bool = False
    is_quoted: bool = False
    is_capitalised: bool = False
    contacts: tuple[str, ...] = ()
    is_beginning: bool = False
    tie: Tie = ""
    joined: Part | None = None
    is_in_capitals: bool = False

    @property
    def query_text(self) -> str:
        """The part in the syntax of queries, without its tie."""
        return f'"{self.text}"' if self.is_quoted and not (self.contacts or self.is_beginning) else self.text

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
    def may_be_acronym(self) -> bool:
        """Whether it may stand for the initials of a name: it is in capitals, or no word of an interface language."""
        return self._is_short_word and (self.is_in_capitals or not self.is_spelled_right)

    @property
    def may_be_acronym_too(self) -> bool:
        """Whether it is a word with a meaning of its own that may stand for the initials of a name, too: “sic”."""
        return self._is_short_word and not (self.may_be_acronym or self.is_function_word or self.is_general)

    @property
    def _is_short_word(self) -> bool:
        is_one_word = len(self.surface) == 1 and self.surface[0].isalpha() and not self.is_quoted
        return is_one_word and MIN_LETTERS <= len(self.surface[0]) <= MAX_LETTERS

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


def as_question(parts: Sequence[Part], texts: Mapping[str, str] | None = None) -> str:
    """Parts in the syntax of queries, with other texts for some of them by their own."""
    signs: Mapping[Tie, str] = {"": " ", "or": " OR ", "hyphen": "-"}
    words = [replace(part, text=(texts or {}).get(part.text, part.text)) for part in parts]
    signed = [f"{signs[one.tie]}{'-' if one.is_excluded else ''}{one.query_text}" for one in words]
    return "".join(signed)[len(signs[words[0].tie]) :] if words else ""


def parse(text: str, lang: str, *, is_plain: bool = False) -> ParsedQuery:
    """Parse a query's text. Words are analysed in the reader's language `lang`, the other interface language, and one
    that their letters suggest. `is_plain`: quotation marks and dashes mean nothing."""
    parts: list[Part] = []
    filters: dict[str, Filter] = {}
    tie: Tie = ""
    text = text.translate(_STRAIGHT_QUOTES)
    for match in _PART.finditer(_prepared(text, is_plain=is_plain)):
        is_excluded = bool(match["minus"])
        if match["field"]:
            field = FIELD_NAMES[match["field"].lower()]
            filters[field] = _with_value(filters.get(field, Filter()), _id_of(field, match["value"]), is_excluded)
        elif match["word"] in _OR:
            tie = "or" if parts and not parts[-1].is_excluded else ""
        elif new_parts := _parts_of(match, text, lang, is_first=not parts, is_plain=is_plain):
            parts += [replace(new_parts[0], tie=tie), *new_parts[1:]] if tie else new_parts
            tie = ""
        if len(parts) >= MAX_WORDS:
            break
    parts = _without_contradictions(parts)
    is_last_word_open = bool(parts) and not parts[-1].is_quoted and text[-1:].isalnum()
    is_blank = not text.strip() or (not parts and bool(filters))
    return ParsedQuery(tuple(parts[:MAX_WORDS]), filters, is_blank, is_last_word_open)


def _prepared(text: str, *, is_plain: bool) -> str:
    """A question in which numbers of several groups are one word, and NOT is a dash. Operators mean nothing where all is in
    capitals; if it is to be plain, neither do they nor marks, and numbers stay apart."""
    if is_plain:
        return _OPERATORS.sub(" ", _MARKS.sub(" ", text))
    text = literals.with_whole_numbers(text)
    return _OPERATORS.sub(" ", text) if text.isupper() else _AND.sub(" ", _NOT.sub("-", text))


def _parts_of(match: re.Match[str], question: str, lang: str, *, is_first: bool, is_plain: bool) -> list[Part]:
    """The parts of a phrase, or of what stands between blanks: a literal, the beginning of a word, or one or more words."""
    is_excluded = bool(match["minus"])
    written = match["phrase"] if match["phrase"] is not None else match["word"] or ""
    plain_words = [word.text for word in words(written)]
    if not plain_words:
        return []
    if match["phrase"] is not None:
        return [_quoted(" ".join(plain_words), lang, is_excluded)]
    if contacts := literals.terms_of(written, is_sure=is_plain):
        return [_literal(written, lang, is_excluded, contacts)]
    if written.endswith("*") and len(plain_words) == 1 and len(plain_words[0]) >= MIN_BEGINNING_LETTERS:
        return [replace(_quoted(plain_words[0], lang, is_excluded), text=f"{plain_words[0]}*", is_beginning=True)]
    is_function_word = len(plain_words) == 1 and not _is_acronym(written, question) and _is_function_word(plain_words[0], lang)
    is_capitalised = not is_first and written[0].isupper()
    parts = [_part(one, lang, is_excluded, is_function_word, is_capitalised) for one in plain_words]
    if len(parts) == 1 and written.isupper():
        return [replace(parts[0], is_in_capitals=True)]
    return _tied_by_hyphens(parts, lang) if _HYPHENATED.fullmatch(written) else parts


def _tied_by_hyphens(parts: Sequence[Part], lang: str) -> list[Part]:
    first, *others = parts
    joined = _part("".join(part.text for part in parts), lang, first.is_excluded, False, False)
    return [replace(first, joined=joined), *(replace(part, tie="hyphen") for part in others)]


def _literal(written: str, lang: str, is_excluded: bool, contacts: tuple[str, ...]) -> Part:
    """An address or a number: one of its contacts, or its words one after the other as they are written, in any text."""
    shown = contacts[-1] if "@" not in contacts[0] else contacts[0]
    return replace(_quoted(shown, lang, is_excluded), text=written, contacts=contacts)


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
