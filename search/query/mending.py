"""A question with its misspelled words mended: what is offered to readers, and searched for where nothing has the words typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.analysis import is_word
from search.query.concepts import words_of_names
from search.query.parser import Part, as_question
from search.query.plan import Plan
from search.query.spelling import MAX_WORDS, Speller, Spelling, TermLookup, name_words
from vocabulary.languages import LANGUAGES

Spellings = Mapping[str, Spelling]
"""What words are meant as, by the word or phrase as typed."""


@dataclass(frozen=True, slots=True)
class MendedQuestion:
    """A question with its misspelled words mended, in the syntax of queries, with its filters. `is_sure`: all of them were
    mended for sure, so that it is worth asking in the place of what was typed."""

    text: str
    is_sure: bool


def mend(plan: Plan, terms: TermLookup) -> MendedQuestion | None:
    """The question mended; None where nothing is misspelled, or nobody knows what it may have been."""
    speller = _speller(plan, terms)
    if speller is None:
        return None
    parts = [part for part in plan.parsed.included if not (part.contacts or part.is_beginning)]
    joined = _joined(parts, speller)
    spellings = {part.text: spelling for part in parts if (spelling := _corrected(part, speller, is_open=_is_open(part, plan)))}
    return _mended(plan, {**spellings, **joined}, speller)


def mend_alike(plan: Plan, terms: TermLookup) -> MendedQuestion | None:
    """The question with those words mended that differ from others by their diacritics alone, or sound as a name of a concept.

    The index is looked into only for such words, so that a question without them costs next to nothing.
    """
    speller = _speller(plan, terms)
    if speller is None:
        return None
    words = (part.text for part in plan.parsed.included if not part.is_quoted)
    return _mended(plan, {word: spelling for word in words if (spelling := speller.alike(word))}, speller)


def _speller(plan: Plan, terms: TermLookup) -> Speller | None:
    """A speller for the words of a question; None where it has too many."""
    parts = plan.parsed.included
    if len(parts) > MAX_WORDS:
        return None
    is_word_alone = sum(len(part.written) for part in parts) == 1
    return Speller(_languages(parts, plan.query.lang), terms, name_words(words_of_names()), is_word_alone=is_word_alone)


def _languages(parts: Sequence[Part], lang: str) -> list[str]:
    """The interface languages: first the one that most words of a question are spelled in, of equal ones the page's."""
    words = [word for part in parts for word in part.written]
    return sorted(LANGUAGES, key=lambda code: (-sum(is_word(word, code) for word in words), code != lang))


def _joined(parts: Sequence[Part], speller: Speller) -> dict[str, Spelling]:
    """Words that are one: the first stands for both, and the second for nothing."""
    joined: dict[str, Spelling] = {}
    for first, second in pairwise(parts):
        is_apart = not (first.is_quoted or second.is_quoted or first.text in joined)
        if is_apart and (spelling := speller.joined(first.text, second.text)):
            joined |= {first.text: spelling, second.text: Spelling("", spelling.is_sure)}
    return joined


def _is_open(part: Part, plan: Plan) -> bool:
    """Whether a word may not be finished yet."""
    return plan.parsed.is_last_word_open and part is plan.parsed.included[-1]


def _corrected(part: Part, speller: Speller, *, is_open: bool) -> Spelling | None:
    """What a word is meant as, or a phrase with all its words; None for one that is not misspelled. One that may not be finished
    is misspelled only if it begins no word, or by its diacritics."""
    spell = speller.alike if is_open and speller.begins_a_word(part.surface[0]) else speller.corrected
    corrected = {word: spelling for word in part.written if (spelling := spell(word))}
    if not corrected:
        return None
    text = " ".join(corrected[word].text if word in corrected else word for word in part.written)
    return Spelling(text, all(spelling.is_sure for spelling in corrected.values()))


def _mended(plan: Plan, spellings: Spellings, speller: Speller) -> MendedQuestion | None:
    """The question with these spellings, and with right diacritics in the others of its words; None if there are none."""
    if not spellings:
        return None
    texts = {part.text: _text_of(part, spellings, speller) for part in plan.parsed.parts}
    question = as_question([part for part in plan.parsed.parts if texts[part.text]], texts)
    text = " ".join((question, *_filters(plan)))
    return MendedQuestion(text, all(spelling.is_sure for spelling in spellings.values()))


def _text_of(part: Part, spellings: Spellings, speller: Speller) -> str:
    """What a part is mended to; empty for one that has become a part of another."""
    text = spellings[part.text].text if part.text in spellings else part.text
    return text if part.is_quoted or not text else speller.spelled(text)


def _filters(plan: Plan) -> Iterator[str]:
    """The filters that were typed."""
    for name, chosen in plan.parsed.filters.items():
        yield from (f"{name}:{value}" for value in chosen.any_of)
        yield from (f"-{name}:{value}" for value in chosen.none_of)
