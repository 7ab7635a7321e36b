"""Likeness of two names: which of their words are the same or misspelt, and what each has that the other lacks."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from platforma.catalogue.matching.names import Name, weight

MIN_LIKENESS = 0.7
"""Words that are less alike (1 − slips ÷ letters) are two words."""
SINGLE_SLIP = 0.5
"""How much of a slip a single one counts: most misspelt words have one."""
MIN_LETTERS_OF_SLIP = 3
"""Words with fewer letters are the same or not."""
MIN_LETTERS_OF_STEM, STEM_LIKENESS = 4, 0.8
"""A word that begins another is its stem or abbreviation ("deli" of "delicatessen") from so many letters on."""
MIN_INITIALS, INITIALS_LIKENESS = 3, 0.9
ASIDE_WEIGHT = 0.5
"""How much words in brackets weigh beside the others."""
SAME_PLACE_WEIGHT = 0.05
"""How much a word weighs that only names the place where both are."""


@dataclass(frozen=True, slots=True)
class NameLikeness:
    """How alike two names are.

    `share`: the share, from 0 to 1, of their words that they have in common, by weight, misspelt ones less. `clash`: the
    weight of words on *each* side that the other lacks (geometric mean), which makes "Convivium Kiel" and "Convivium Harz" two;
    `extra`: the weight that one side has more of these. `common`: the weight of the words in common. `left_only` and `right_only`
    are those words. `is_spelling`: whether some words are only alike.
    """

    share: float
    clash: float
    extra: float
    common: float
    is_spelling: bool
    left_only: tuple[str, ...]
    right_only: tuple[str, ...]


def compare_names(left: Name, right: Name, same_place: Collection[str] = ()) -> NameLikeness:
    """Compare two names; `same_place` are words for the place where both are, which then tell nothing."""
    both = set(left.words) & set(right.words)
    common = sum(map(weight, sorted(both)))
    rest_left, rest_right = _without(left.words, both), _without(right.words, both)
    gained = lost = 0.0
    if rest_left and rest_right:
        gained, lost = _align(rest_left, rest_right)
        if rest_left and rest_right:
            gained += _align_initials(rest_left, rest_right) or _align_initials(rest_right, rest_left)
    rest_left = [word for word in _without_initials(rest_left, right) if word not in both]
    rest_right = [word for word in _without_initials(rest_right, left) if word not in both]
    if rest_left and rest_right:  # "Berlin" beside "Deutschland" tells a chapter from the whole, even where both are in Berlin
        same_place = ()
    left_weight, right_weight = _rest_weight(rest_left, left, same_place), _rest_weight(rest_right, right, same_place)
    clash = math.sqrt(left_weight * right_weight)
    total = 2 * (common + gained + lost) + left_weight + right_weight
    return NameLikeness(
        share=2 * (common + gained) / total if total else 1.0,
        clash=clash,
        extra=abs(left_weight - right_weight),
        common=common + gained + lost,
        is_spelling=gained > 0,
        left_only=tuple(rest_left),
        right_only=tuple(rest_right),
    )


@lru_cache(maxsize=50_000)
def word_likeness(left: str, right: str) -> float:
    """How alike two words are, from 0 to 1: 1 − slips ÷ letters of the longer; 0 where they are two words."""
    if likeness := _likeness_of_letters(left, right):
        return likeness
    shorter, longer = sorted((left, right), key=len)
    is_stem = len(shorter) >= MIN_LETTERS_OF_STEM and longer.startswith(shorter)
    return STEM_LIKENESS if is_stem else 0.0


def _likeness_of_letters(left: str, right: str) -> float:
    letters = max(len(left), len(right))
    if letters < MIN_LETTERS_OF_SLIP:
        return 0.0
    slips = OSA.distance(left, right)
    if slips == 1:
        return 1 - SINGLE_SLIP / letters
    likeness = 1 - slips / letters
    return likeness if likeness >= MIN_LIKENESS else 0.0


def _without(words: Sequence[str], both: Collection[str]) -> list[str]:
    """The words that are left when each of `both` is taken out once: a word that stands twice is left once."""
    rest = list(words)
    for word in both:
        rest.remove(word)
    return rest


def _align(left: list[str], right: list[str]) -> tuple[float, float]:
    """Take words that are alike, or alike when written as one, out of both lists; the weight in common, and what slips cost."""
    if len(left) != len(right) and (likeness := _likeness_of_letters("".join(left), "".join(right))):
        full = max(sum(map(weight, left)), sum(map(weight, right)))
        left.clear()
        right.clear()
        return full * likeness, full * (1 - likeness)
    pairs = [(word_likeness(a, b), min(a, b), max(a, b), a, b) for a in left for b in right]
    gained = lost = 0.0
    for likeness, _, _, a, b in sorted((pair for pair in pairs if pair[0]), key=lambda pair: (-pair[0], *pair[1:3])):
        if a in left and b in right:
            left.remove(a)
            right.remove(b)
            full = max(weight(a), weight(b))
            gained, lost = gained + full * likeness, lost + full * (1 - likeness)
    return gained, lost


def _align_initials(short: list[str], long: list[str]) -> float:
    """Take a word that is the initials of the other list's words, with these, out of both; the weight in common, 0 for none."""
    initials = "".join(word[0] for word in long)
    if len(initials) < MIN_INITIALS or initials not in short:
        return 0.0
    full = sum(map(weight, long))
    short.remove(initials)
    long.clear()
    return full * INITIALS_LIKENESS


def _without_initials(rest: list[str], other: Name) -> list[str]:
    """The words without one that only repeats the other name's initials: ADMR – Aide à domicile en milieu rural."""
    initials = other.initials
    return [word for word in rest if word != initials or len(word) < MIN_INITIALS] if rest else rest


def _rest_weight(words: Sequence[str], name: Name, same_place: Collection[str]) -> float:
    total = 0.0
    for word in words:
        if word in same_place:
            total += SAME_PLACE_WEIGHT
        else:
            total += weight(word) * (ASIDE_WEIGHT if word in name.asides else 1)
    return total
