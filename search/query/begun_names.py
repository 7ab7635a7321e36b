"""Names found by their beginnings: what somebody types may lack its diacritics, and its words may stand in another form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Generic, TypeVar

from search.analysis import surface_and_stem, words
from search.query.concepts import ConceptIndex, current_index
from vocabulary import fold
from vocabulary.languages import LANGUAGES

V = TypeVar("V")
BUCKET_LETTERS = 2
"""Names are looked up by so many first letters of their words; a single letter begins too many."""
MIN_STEM_LETTERS = 4
"""A shorter word is no form of another one, but an unfinished word."""


class Fit(IntEnum):
    """How well a name fits what was typed, the best first: the label begins so, or words of it do; another name of the same thing
    begins so, or words of that do; a name of a part of it does."""

    LABEL = 0
    WORDS_OF_LABEL = 1
    OTHER_NAME = 2
    WORDS_OF_OTHER_NAME = 3
    PART = 4


_BY_WORDS = {Fit.LABEL: Fit.WORDS_OF_LABEL, Fit.OTHER_NAME: Fit.WORDS_OF_OTHER_NAME, Fit.PART: Fit.PART}
"""How well a name fits of which only words do, by how well it would fit from its beginning."""


@dataclass(frozen=True, slots=True)
class BegunName:
    """A name, or what somebody typed, as it is compared: its folded words, and the stems of each in the interface languages.

    `written` are the words in small letters, with their diacritics and single blanks.
    """

    written: str
    words: tuple[str, ...]
    stems: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, text: str) -> BegunName:
        """The words of a text, without signs."""
        plain = tuple(word.text for word in words(text))
        return cls(" ".join(plain), tuple(map(fold, plain)), tuple(map(_stems, plain)))

    @property
    def text(self) -> str:
        """The folded words with single blanks."""
        return " ".join(self.words)

    def fit(self, name: BegunName, best: Fit = Fit.LABEL) -> Fit | None:
        """How well a name fits that begins or goes on so: `best` from its beginning, less where only words of it do. Another name
        that was typed to its end is as good as the label.

        All words but the last are in the name, in any form; a word of it begins as the last one, or is a form of that.
        """
        if name.text.startswith(self.text):
            return Fit.LABEL if name.text == self.text and best == Fit.OTHER_NAME else best
        *finished, last = zip(self.words, self.stems, strict=True)
        fits = all(_is_in(name, *word) for word in finished) and (
            any(word.startswith(last[0]) for word in name.words) or (len(last[0]) >= MIN_STEM_LETTERS and _is_in(name, *last))
        )
        return _BY_WORDS[best] if fits else None


class BegunNames(Generic[V]):
    """Immutable: the names of some values, to be found by their beginnings."""

    def __init__(self, names: Iterable[tuple[V, str, Fit]]) -> None:
        """Each name with the value it means, and how well it fits from its beginning."""
        buckets = defaultdict[str, list[tuple[V, BegunName, Fit]]](list)
        for value, text, best in names:
            name = BegunName.of(text)
            for letters in {word[:BUCKET_LETTERS] for word in name.words}:
                buckets[letters].append((value, name, best))
        self._buckets = dict(buckets)

    def find(self, typed: BegunName) -> dict[V, Fit]:
        """The values of which a name fits what was typed, each with its best fit."""
        longest = max(typed.words, key=len)
        found: dict[V, Fit] = {}
        for value, name, best in self._buckets.get(longest[:BUCKET_LETTERS], ()):
            fit = typed.fit(name, best)
            if fit is not None and fit < found.get(value, len(Fit)):
                found[value] = fit
        return found


ConceptName = tuple[int, str]
"""The number of a concept, and a name by which a search finds it."""


def concept_names(lang: str) -> BegunNames[ConceptName]:
    """The names of the concepts of the thesaurus in force. Each means a name to search for: itself where it is in the reader's
    language `lang`, else the first one that is."""
    return _concept_names(current_index(), lang)


@lru_cache(maxsize=len(LANGUAGES))
def _concept_names(index: ConceptIndex, lang: str) -> BegunNames[ConceptName]:
    names: list[tuple[ConceptName, str, Fit]] = []
    for number, concept in enumerate(one for one in index.all() if not one.facet):
        texts = concept.names_with_languages()
        own = [text for text, code in texts if code == lang] or [text for text, _code in texts]
        names += [((number, text), text, Fit.LABEL) for text in own]
        names += [((number, own[0]), text, Fit.OTHER_NAME) for text, _code in texts if text not in own]
    return BegunNames(names)


def _is_in(name: BegunName, word: str, stems: frozenset[str]) -> bool:
    """Whether a name has a word in any form."""
    return word in name.words or any(stems & own for own in name.stems)


def _stems(word: str) -> frozenset[str]:
    """The stems that a word has in the interface languages."""
    return frozenset(surface_and_stem(word, code)[1][1] for code in LANGUAGES)
