"""What a misspelled word is meant as: the nearest spellings that listings, names of concepts and the dictionaries have.

Nearest first, by slips of the hand: letters that are missing, too many, others, or swapped, and diacritics last (Damerau-
Levenshtein distance, optimal string alignment). Letters in another order, doubled letters and letters of one sound (i, j, y)
are one slip. Of equally near ones, a word of the question's language, then the commonest one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from string import ascii_lowercase

from rapidfuzz.distance import OSA

from search.analysis import is_word, latvian, lemma, surface_and_stem
from search.index.fields import spelled_term
from search.port import View
from search.query.term_dictionary import TermDictionary
from vocabulary import fold
from vocabulary.languages import LANGUAGES

TermLookup = Callable[[View, str], TermDictionary]
"""The tokens of a view in the live index that begin with a letter."""
MAX_WORDS = 8
"""In a longer question nothing is guessed at or mended: of so many words an unknown one is better left out."""
MIN_CORRECTED_LETTERS = 4
MIN_SURE_LETTERS = 5
"""A shorter word is near too many others, but for mere slips; one without other words beside it needs one letter more."""
MIN_SURE_PART_LETTERS = 4
MIN_LETTERS_OF_SAME_SOUND = 5
MAX_LETTERS_FOR_ONE_EDIT = 7
MIN_LETTERS_SWAPPED_APART = 6
MIN_COMPOUND_PART_LETTERS = 3
MAX_MENDED_STEMS = 10
_LETTERS = frozenset(f"{ascii_lowercase}āčēģīķļņōŗšūž")
"""A word with another letter is of another language: no slip in one of ours."""
_SOUNDS = str.maketrans("jyw", "iiv")
NO_TERMS = TermDictionary({})


@dataclass(frozen=True, slots=True)
class Spelling:
    """What a word may be meant as: in small letters with diacritics, two words where it stands for two. `is_sure`: an interface
    language has it, so that it is worth searching for in the place of what was typed."""

    text: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class NameWords:
    """The words of the names of concepts in the interface languages: all, by their first letter, and by their sound."""

    words: frozenset[str]
    by_letter: Mapping[str, TermDictionary]
    by_sound: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A spelling, how many slips it is away, and how many listings have it."""

    text: str
    slips: int
    listings: int


@lru_cache(maxsize=2)
def name_words(words: frozenset[str]) -> NameWords:
    """Words in small letters laid out for corrections; for the words of one thesaurus the same object."""
    by_letter, by_sound = defaultdict[str, dict[str, int]](dict), defaultdict[str, list[str]](list)
    for word in sorted(words):
        folded = fold(word)
        by_letter[folded[0]][spelled_term(word)] = 0
        by_sound[sound(folded)].append(word)
    return NameWords(words, {letter: TermDictionary(terms) for letter, terms in by_letter.items()}, dict(by_sound))


def max_edits(word: str) -> int:
    """How many edits a word may be away from what was meant; 0 for a short word or one with digits."""
    if len(word) < MIN_CORRECTED_LETTERS or not word.isalpha():
        return 0
    return 1 if len(word) <= MAX_LETTERS_FOR_ONE_EDIT else 2


def sound(folded: str) -> str:
    """A folded word with one letter for those of one sound, each once where it is doubled."""
    return _without_doubled_letters(folded.translate(_SOUNDS))


def split_compound(word: str, terms: TermLookup) -> tuple[str, str] | None:
    """The two folded words of the index that a folded word is most likely made of; None if there are no such words."""
    splits = []
    for cut in range(MIN_COMPOUND_PART_LETTERS, len(word) - MIN_COMPOUND_PART_LETTERS + 1):
        first, second = word[:cut], word[cut:]
        count = min(terms("surface", first[0]).count(first), terms("surface", second[0]).count(second))
        splits.append((-count, first, second))
    negative_count, first, second = min(splits, default=(0, "", ""))
    return (first, second) if negative_count else None


class Speller:
    """Corrects the words of one question. `langs` are the interface languages, that of the question first; `is_word_alone`: it
    is of one word."""

    def __init__(self, langs: Sequence[str], terms: TermLookup, names: NameWords, *, is_word_alone: bool = False) -> None:
        self._langs, self._terms, self._names = langs, terms, names
        self._min_sure_letters = MIN_SURE_LETTERS + is_word_alone

    def is_listed(self, folded: str) -> bool:
        """Whether a listing has a folded word."""
        return folded in self._terms("surface", folded[0])

    def begins_a_word(self, folded: str) -> bool:
        """Whether a word of a listing or of the name of a concept begins with a folded word, or is it."""
        return any(any(terms.with_prefix(folded)) for terms in self._dictionaries(folded[0]))

    def corrected(self, word: str) -> Spelling | None:
        """What a word in small letters is meant as; None where it is not misspelled, or nothing is near."""
        folded = fold(word)
        if not max_edits(folded):
            return None
        if self.is_listed(folded):
            return self._with_right_diacritics(word, folded)
        if self._is_word(word, folded):
            return self.alike(word)
        candidates = list(self._candidates(word, folded))
        if not candidates:
            return None
        least = min(one.slips for one in candidates)
        nearest = (one for one in candidates if one.slips == least)
        best = min(nearest, key=lambda one: self._order(one, word, folded))
        is_sure = self._is_sure(word, folded, best.text)
        return Spelling(best.text, is_sure) if is_sure or not self._has_listed_stem(word) else None

    def alike(self, word: str) -> Spelling | None:
        """A word that differs from one which no listing has only by diacritics, or is of the name of a concept and sounds as it.

        The index is looked into only where there is such a word.
        """
        folded = fold(word)
        return (self._with_right_diacritics(word, folded) or self._of_same_sound(folded)) if max_edits(folded) else None

    def joined(self, first: str, second: str) -> Spelling | None:
        """One word that was written as two in small letters; None where both are words by themselves."""
        whole = first + second
        if all(map(self._is_known, (first, second))) or not self._is_known(whole):
            return None
        spelled = self.spelled(whole)
        return Spelling(spelled, is_sure=has_lemma(spelled))

    def spelled(self, word: str) -> str:
        """A word with the diacritics that most listings give it, if it has none and no interface language has it without."""
        if not word.isascii() or any(is_word(word, code) for code in LANGUAGES):
            return word
        spellings = self._terms("surface", word[0]).spellings(word) or [(one, 0) for one in latvian.spellings(word)]
        right = [(-count, text) for text, count in spellings if is_word(text, "lv")]
        return min(right)[1] if right else word

    def _is_sure(self, word: str, folded: str, text: str) -> bool:
        """Whether a word is near enough to what it is meant as, and this a word of ours, for one to stand for the other."""
        is_long = len(folded) >= self._min_sure_letters and min(map(len, text.split())) >= MIN_SURE_PART_LETTERS
        is_near = is_long or _is_mere_slip(folded, fold(text))
        return is_near and self._language_rank(text) <= len(LANGUAGES) and _LETTERS.issuperset(word)

    def _is_word(self, word: str, folded: str) -> bool:
        """Whether an interface language or the name of a concept has a word; or Latvian has it with other diacritics: with one
        other, or with none, where the question is Latvian or listings have its stem."""
        if any(is_word(word, code) for code in LANGUAGES) or folded in self._names.by_letter.get(folded[0], NO_TERMS):
            return True
        if word == folded:
            return bool(latvian.spellings(folded)) and (self._langs[0] == "lv" or self._has_listed_stem(word))
        return any(OSA.distance(word, text) == 1 for text in latvian.spellings(folded))

    def _candidates(self, word: str, folded: str) -> Iterator[_Candidate]:
        """What is near enough: as listings spell it, of names, with a mended stem, or written apart."""
        limit = max_edits(folded)
        for terms in self._dictionaries(folded[0]):
            near = (near for _, near in terms.within_distance(folded, self._reach(folded)))
            for other, slips in ((other, _slips(folded, other)) for other in near):
                yield from (_Candidate(text, slips, count) for text, count in terms.spellings(other) if slips <= limit)
        for other in (folded[1] + folded[0] + folded[2:], _without_doubled_letters(folded)):
            for terms in self._dictionaries(other[0]):
                yield from (_Candidate(text, 1, count) for text, count in terms.spellings(other))
        yield from self._mended_stems(word, folded)
        if (parts := split_compound(folded, self._terms)) and any(all(map(_in(code), parts)) for code in LANGUAGES):
            yield _Candidate(" ".join(map(self.spelled, parts)), 1, 0)

    def _dictionaries(self, letter: str) -> tuple[TermDictionary, TermDictionary]:
        """The words of listings and of names of concepts that begin with a letter."""
        return self._terms("surface", letter), self._names.by_letter.get(letter, NO_TERMS)

    @staticmethod
    def _reach(folded: str) -> int:
        """How many edits away is looked for what is one slip away: letters swapped over another one are two edits."""
        return max(max_edits(folded), 2 if len(folded) >= MIN_LETTERS_SWAPPED_APART else 1)

    def _mended_stems(self, word: str, folded: str) -> Iterator[_Candidate]:
        """The word with a stem that listings have in the place of its own, and with its ending, if that is a word."""
        for code in LANGUAGES:
            (_, stem) = surface_and_stem(word, code)[1]
            if not (folded.startswith(stem) and max_edits(stem)):
                continue
            for _, near in self._terms("light", stem[0]).within_distance(stem, max_edits(stem))[:MAX_MENDED_STEMS]:
                form = near + folded[len(stem) :]
                spellings = latvian.spellings(form) if code == "lv" else (form,) if is_word(form, code) else ()
                yield from (_Candidate(text, _slips(folded, form), 0) for text in spellings)

    def _order(self, one: _Candidate, word: str, folded: str) -> tuple[object, ...]:
        """A key by which, of what is equally near, the likeliest comes first."""
        other = fold(one.text)
        diacritics = 0 if word == folded else OSA.distance(word, one.text)
        return self._language_rank(one.text), not _is_mere_slip(folded, other), diacritics, -one.listings, one.text

    def _language_rank(self, text: str) -> int:
        """The place of the first interface language that has all words as they are spelled; after them a word of the name of a
        concept, then all others."""
        ranks = (rank for rank, code in enumerate(self._langs) if all(is_word(word, code) for word in text.split()))
        return next(ranks, len(LANGUAGES) + (text not in self._names.words))

    def _with_right_diacritics(self, word: str, folded: str) -> Spelling | None:
        """The word with its right diacritics, if it has wrong ones that no listing has."""
        if word == folded or any(is_word(word, code) for code in LANGUAGES) or not (spellings := latvian.spellings(folded)):
            return None
        listed = dict(self._terms("surface", folded[0]).spellings(folded))
        if word in listed:
            return None
        right = min(spellings, key=lambda text: (OSA.distance(word, text), -listed.get(text, 0), text))
        return Spelling(right, is_sure=False)

    def _of_same_sound(self, folded: str) -> Spelling | None:
        """A word of the name of a concept that sounds as one which no listing has, but is written otherwise."""
        names = self._names.by_sound.get(sound(folded), ()) if len(folded) >= MIN_LETTERS_OF_SAME_SOUND else ()
        if not names or folded in map(fold, names) or self.is_listed(folded):
            return None
        return Spelling(min(names, key=lambda name: (self._language_rank(name), name)), is_sure=True)

    def _has_listed_stem(self, word: str) -> bool:
        stems = (surface_and_stem(word, code)[1][1] for code in LANGUAGES)
        return any(stem in self._terms("light", stem[0]) for stem in stems)

    def _is_known(self, word: str) -> bool:
        """Whether a listing has a word, or has its stem and an interface language the word."""
        return self.is_listed(fold(word)) or (has_lemma(word) and self._has_listed_stem(word))


def has_lemma(word: str) -> bool:
    """Whether an interface language has a word, be it without its diacritics."""
    return any(lemma(word, code) for code in LANGUAGES)


def _in(code: str) -> Callable[[str], bool]:
    return lambda word: lemma(word, code) is not None


def _without_doubled_letters(folded: str) -> str:
    return "".join(letter for letter, _ in groupby(folded))


def _slips(folded: str, other: str) -> int:
    """How many slips one folded word is away from another."""
    return 1 if _is_mere_slip(folded, other) else int(OSA.distance(folded, other))


def _is_mere_slip(folded: str, other: str) -> bool:
    """Whether two words have the same letters in another order, or differ by doubled letters or by those of one sound."""
    return sorted(folded) == sorted(other) or sound(folded) == sound(other)
