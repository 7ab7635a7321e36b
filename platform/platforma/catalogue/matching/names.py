"""Names as they are compared: the words that tell, apart from legal forms, words that only join, and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from vocabulary import fold, load
from vocabulary.latin import latin

COMMON_WEIGHT, SHORT_WEIGHT = 0.25, 0.6
"""What a word that many names share, and one of at most two letters, weigh beside any other (1)."""
MAX_WORDS = 24
"""Longer names are sentences; the rest of them is not compared."""
MIN_WORD_ANYWHERE = 8
"""Legal forms of so many letters are told from words wherever they stand; shorter ones only at either end of a name."""
BRACKETS = {"(": True, ")": False}
"""Whether what follows is in brackets."""
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)\b")
_COOP = re.compile(r"\bco-(?=op)")
_ELISION = re.compile(r"\b[ld]'\s?(?=\w)")
_DOTTED = re.compile(r"(?<!\w)(?:[^\W\d_]\.\s?){2,}")
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[()]")
_ROMAN = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})")
_ONES = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}


@dataclass(frozen=True, slots=True)
class Name:
    """A name, read. All words are folded and in Latin letters.

    `words` are those that tell, in their order; where there are none but legal forms and joining words, all of them.
    `forms` are groups of legal forms, `numbers` the numbers as digits, `asides` the words in brackets, `initials` the first
    letters of all words outside brackets.
    """

    text: str
    words: tuple[str, ...]
    forms: frozenset[str]
    numbers: frozenset[str]
    asides: frozenset[str]
    initials: str

    @property
    def key(self) -> str:
        """The words in the order of the alphabet, then the numbers: names with one key differ in legal form and order only."""
        return " ".join((*sorted(set(self.words)), *sorted(self.numbers)))

    @property
    def compact(self) -> str:
        """The words in their order, without blanks."""
        return "".join(self.words)


NOTHING = "-"
"""The word of a name of which nothing can be read; no word is empty."""


@lru_cache(maxsize=20_000)
def read_name(text: str) -> Name:
    """Read a name as it is written."""
    tokens, asides = _tokens(text)
    words, forms = _without_forms(_joined_letters(tokens))
    words, numbers = _without_numbers(words)
    telling = [word for word in words if word not in _word_lists().link_words]
    if not telling and not numbers:
        telling = words or tokens or [fold(text).strip() or text or NOTHING]
    initials = "".join(word[0] for word in words if word not in asides)
    return Name(text, tuple(telling[:MAX_WORDS]), frozenset(forms), frozenset(numbers), frozenset(asides), initials)


@lru_cache(maxsize=50_000)
def weight(word: str) -> float:
    """How much a word tells: 1, or less for short words and for those that many names share."""
    if word in _word_lists().common_words:
        return COMMON_WEIGHT
    return SHORT_WEIGHT if len(word) <= 2 else 1.0


def is_common(word: str) -> bool:
    """Whether many names share the word."""
    return word in _word_lists().common_words


def is_of_streets(word: str) -> bool:
    """Whether the word only says that something is a street."""
    return word in _word_lists().street_words


def plain_words(text: str) -> list[str]:
    """The folded words of any text in Latin letters."""
    return re.findall(r"\w+", latin(fold(text)))


@dataclass(frozen=True, slots=True)
class _WordLists:
    forms: Mapping[tuple[str, ...], str]
    link_words: frozenset[str]
    common_words: frozenset[str]
    numbers: Mapping[str, int]
    street_words: frozenset[str]


@cache
def _word_lists() -> _WordLists:
    data: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("name_words.yaml").read_text(encoding="utf-8"))
    forms = {tuple(_writing(text)): group for group, entry in data["forms"].items() for text in _writings(entry)}
    for text in data["not_forms"]:
        forms.pop(tuple(_writing(text)), None)
    return _WordLists(
        forms, frozenset(data["link_words"]), frozenset(data["common_words"]), data["numbers"], frozenset(data["street_words"])
    )


def _writings(entry: Mapping[str, list[str]]) -> Iterable[str]:
    synonyms = {term.id: term.synonyms for term in load().forms.terms}
    return (*entry["also"], *(text for id in entry["ids"] for text in synonyms[id]))


def _writing(text: str) -> list[str]:
    return _joined_letters(_tokens(text)[0])


def _tokens(text: str) -> tuple[list[str], list[str]]:
    """The folded words and numbers of a text, and those of them that stand in brackets."""
    plain = _ORDINAL.sub(r"\1", _ELISION.sub(" ", latin(fold(text))).replace("'", ""))
    plain = _COOP.sub("co", plain)
    plain = _DOTTED.sub(lambda match: re.sub(r"[.\s]", "", match[0]) + " ", plain)
    tokens: list[str] = []
    asides: list[str] = []
    is_aside = False
    for piece in _TOKEN.findall(plain):
        if piece in BRACKETS:
            is_aside = BRACKETS[piece]
            continue
        tokens.append(piece)
        if is_aside:
            asides.append(piece)
    return tokens, asides


def _joined_letters(tokens: list[str]) -> list[str]:
    """The words with letters that follow each other made one: s, a, r, l is sarl."""
    joined: list[str] = []
    is_open = False
    for token in tokens:
        is_letter = len(token) == 1 and token.isalpha()
        if is_letter and is_open:
            joined[-1] += token
        else:
            joined.append(token)
        is_open = is_letter
    return joined


def _without_forms(words: list[str]) -> tuple[list[str], set[str]]:
    """The words that are no legal form, and the groups of those that are; all words where nothing that tells would be left."""
    forms = _word_lists().forms
    found: set[str] = set()
    rest = list(words)
    position = 0
    while position < len(rest):
        length = _form_length(rest, position)
        if length == 0:
            position += 1
            continue
        found.add(forms[tuple(rest[position : position + length])])
        del rest[position : position + length]
        position = max(0, position - 3)
    has_telling = any(word not in _word_lists().link_words for word in rest)
    return (rest, found) if has_telling else (words, set())


def _form_length(words: list[str], position: int) -> int:
    """How many words the longest legal form at a position has; 0 where there is none that counts there."""
    forms = _word_lists().forms
    for length in range(min(6, len(words) - position), 0, -1):
        piece = tuple(words[position : position + length])
        is_at_end = position == 0 or position + length == len(words)
        if piece in forms and (is_at_end or length > 1 or len(piece[0]) >= MIN_WORD_ANYWHERE) and length < len(words):
            return length
    return 0


def _without_numbers(words: list[str]) -> tuple[list[str], list[str]]:
    """The words that are no numbers, and the numbers; Roman ones count from II on, I, V and X only at the end of a name."""
    rest: list[str] = []
    numbers: list[str] = []
    tens = 0
    for position, word in enumerate(words):
        number = _number(word, is_last=position == len(words) - 1 and position > 0)
        if number is None:
            rest.append(word)
        elif tens and 0 < number < 10:
            numbers[-1] = str(tens + number)
        else:
            numbers.append(str(number))
        tens = number if number is not None and word.isalpha() and number >= 20 and number % 10 == 0 else 0
    return rest, numbers


def _number(word: str, *, is_last: bool) -> int | None:
    if word.isdecimal():
        return int(word[:12])
    if word in (numbers := _word_lists().numbers):
        return numbers[word]
    match = _ROMAN.fullmatch(word) if len(word) > 1 or is_last else None
    return 10 * len(match[1]) + _ONES[match[2]] if match else None
