"""Likeness of two names: which of their words are the same or misspelt, and what each has that the other lacks."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
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
"""A word that begins another is its stem or abbreviation ("deli" of "delicatessen"): from how many letters on, and how alike."""
MIN_LIKENESS_AS_ONE = 0.9
"""Words that one name writes as one and the other apart are more alike than that."""
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
    if left.words > right.words:  # one order, so that ties are decided in the same way
        likeness = compare_names(right, left, same_place)
        return replace(likeness, left_only=likeness.right_only, right_only=likeness.left_only)
    both = set(left.words) & set(right.words)
    rest = _Rest(_without(left.words, both), _without(right.words, both))
    if rest.left and rest.right:
        rest.align()
    left_only = [word for word in rest.left if word not in both and not _is_short_for(word, right)]
    right_only = [word for word in rest.right if word not in both and not _is_short_for(word, left)]
    if left_only and right_only:  # "Berlin" beside "Deutschland" tells a chapter from the whole, even where both are in Berlin
        same_place = ()
    left_weight, right_weight = _rest_weight(left_only, left, same_place), _rest_weight(right_only, right, same_place)
    common = sum(map(weight, sorted(both))) + rest.gained + rest.lost
    total = 2 * common + left_weight + right_weight
    return NameLikeness(
        share=2 * (common - rest.lost) / total if total else 1.0,
        clash=math.sqrt(left_weight * right_weight),
        extra=abs(left_weight - right_weight),
        common=common,
        is_spelling=rest.gained > 0,
        left_only=tuple(left_only),
        right_only=tuple(right_only),
    )


@lru_cache(maxsize=50_000)
def word_likeness(left: str, right: str) -> float:
    """How alike two words are, from 0 to 1: 1 − slips ÷ letters of the longer; 0 where they are two words."""
    if likeness := letter_likeness(left, right):
        return likeness
    shorter, longer = sorted((left, right), key=len)
    is_stem = len(shorter) >= MIN_LETTERS_OF_STEM and longer.startswith(shorter)
    return STEM_LIKENESS if is_stem or _is_contraction(shorter, longer) else 0.0


def _is_contraction(shorter: str, longer: str) -> bool:
    """Whether a word is the other without letters from its middle, at most half as long: intl of international."""
    has_ends = len(shorter) >= MIN_INITIALS and (shorter[0], shorter[-1]) == (longer[0], longer[-1])
    return has_ends and 2 * len(shorter) <= len(longer) and _is_subsequence(shorter, longer)


def _is_subsequence(letters: str, word: str) -> bool:
    """Whether the letters stand in the word in their order."""
    rest = iter(word)
    return all(letter in rest for letter in letters)


def letter_likeness(left: str, right: str) -> float:
    """As word_likeness, but a stem is not like the whole word."""
    letters = max(len(left), len(right))
    if letters < MIN_LETTERS_OF_SLIP:
        return 0.0
    slips = OSA.distance(left, right)
    if slips <= 1:
        return 1 - SINGLE_SLIP * slips / letters
    likeness = 1 - slips / letters
    return likeness if likeness >= MIN_LIKENESS else 0.0


@dataclass(slots=True)
class _Rest:
    """The words that two names do not share. What is found alike is taken out: its weight, and what slips cost."""

    left: list[str]
    right: list[str]
    gained: float = 0.0
    lost: float = 0.0

    def align(self) -> None:
        """Take out words that are written apart in one name, that are misspelt, and that are the other's initials."""
        self._take_written_apart(self.left, self.right)
        self._take_written_apart(self.right, self.left)
        self._take_misspelt()
        self._take_initials(self.left, self.right)
        self._take_initials(self.right, self.left)

    def _take_written_apart(self, apart: list[str], as_one: list[str]) -> None:
        for position in range(len(apart) - 1, 0, -1):
            pair = apart[position - 1 : position + 1]
            word = max(as_one, key=lambda word: letter_likeness("".join(pair), word), default="")
            likeness = letter_likeness("".join(pair), word)
            if len(pair) == 2 and likeness >= MIN_LIKENESS_AS_ONE:
                del apart[position - 1 : position + 1]
                as_one.remove(word)
                self._add(max(sum(map(weight, pair)), weight(word)), likeness)

    def _take_misspelt(self) -> None:
        alike = [(likeness, a, b) for a in self.left for b in self.right if (likeness := word_likeness(a, b))]
        for likeness, a, b in sorted(alike, reverse=True):
            if a in self.left and b in self.right:
                self.left.remove(a)
                self.right.remove(b)
                self._add(max(weight(a), weight(b)), likeness)

    def _take_initials(self, short: list[str], long: list[str]) -> None:
        initials = "".join(word[0] for word in long)
        if len(initials) >= MIN_INITIALS and initials in short:
            short.remove(initials)
            self._add(sum(map(weight, long)), INITIALS_LIKENESS)
            long.clear()

    def _add(self, full: float, likeness: float) -> None:
        self.gained += full * likeness
        self.lost += full * (1 - likeness)


def _without(words: Sequence[str], both: Collection[str]) -> list[str]:
    """The words that are left when each of `both` is taken out once: a word that stands twice is left once."""
    rest = list(words)
    for word in both:
        rest.remove(word)
    return rest


def _is_short_for(word: str, name: Name) -> bool:
    """Whether a word is made of the initials of a name that stands beside it: ADMR – Aide à domicile en milieu rural."""
    if not MIN_INITIALS <= len(word) <= len(name.initials) or word[0] != name.initials[0]:
        return False
    return _is_subsequence(word, name.initials)


def _is_of_place(word: str, same_place: Collection[str]) -> bool:
    """Whether a word is the name of the place, also inflected: Liepājas for Liepāja."""
    if word in same_place:
        return True
    stems = (place[:-1] for place in same_place if len(place) >= MIN_LETTERS_OF_STEM and abs(len(word) - len(place)) <= 1)
    return any(word.startswith(stem) for stem in stems)


def _rest_weight(words: Sequence[str], name: Name, same_place: Collection[str]) -> float:
    total = 0.0
    for word in words:
        if _is_of_place(word, same_place):
            total += SAME_PLACE_WEIGHT
        else:
            total += weight(word) * (ASIDE_WEIGHT if word in name.asides else 1)
    return total
