"""Guesses at what a word may have been meant as: typos, unfinished words, compounds, words of other languages.

They are looked for beside the word, below what has it; search.query.mending tells what is offered in its place. Typos are
corrected among the index's own words and stems, not among lemmas, by Damerau-Levenshtein distance (optimal string alignment):
one edit in words of four to seven letters, two in longer ones, and the first letter must be right.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from search.analysis import stems_in_other_languages
from search.index.boosts import WORD_BOOSTS
from search.port import Guess, View
from search.query.parser import Part
from search.query.plan import Plan
from search.query.span_nodes import GuessesByWord
from search.query.spelling import MAX_WORDS, TermLookup, max_edits, split_compound

MAX_CORRECTIONS = 5
MAX_COMPLETIONS = 40
MIN_PREFIX_LETTERS = 2


def make_guesses(plan: Plan, terms: TermLookup) -> GuessesByWord:
    """Guess at every word of a question; phrases are taken as they are."""
    parts = plan.parsed.included
    if len(parts) > MAX_WORDS:
        return {}
    guesses: dict[str, list[Guess]] = defaultdict(list)
    for part in parts:
        if part.is_quoted:
            continue
        corrections = _corrections(part.surface[0], "surface", terms)
        guesses[part.text] += corrections + _stem_corrections(part, terms) + _stems_of_other_languages(part.text, terms)
        if not _is_known(part, terms):
            guesses[part.text] += _split_compound(part.surface[0], terms)
    if plan.parsed.is_last_word_open and parts:
        guesses[parts[-1].text] += _completions(parts[-1].surface[0], terms)
    for first, second in pairwise(parts):
        if compound := _join_compound(first, second, terms):
            guesses[first.text].append(compound)
            guesses[second.text].append(compound)
    return guesses


def _corrections(token: str, view: View, terms: TermLookup) -> list[Guess]:
    """The nearest tokens of the index; the farther one is, the less it counts."""
    limit = max_edits(token)
    if not limit:
        return []
    near = terms(view, token[0]).within_distance(token, limit)
    return [_guess(view, (correction,), "typo", distance) for distance, correction in near[:MAX_CORRECTIONS]]


def _stem_corrections(part: Part, terms: TermLookup) -> list[Guess]:
    """Corrections of a word's stems: a misspelled form that is in no text may be near another form of the same word."""
    stems = dict.fromkeys(variant.analysis.light[0] for variant in part.variants)
    return [correction for stem in stems for correction in _corrections(stem, "light", terms)]


def _stems_of_other_languages(word: str, terms: TermLookup) -> list[Guess]:
    """The stems in the region's other languages of a word that no interface language has, and their corrections."""
    stems = stems_in_other_languages(word)
    corrections = [correction for stem in stems for correction in _corrections(stem, "light", terms)]
    return [*(_guess("light", (stem,), "elsewhere") for stem in stems), *corrections]


def _guess(view: View, tokens: tuple[str, ...], boost: str, distance: int = 1) -> Guess:
    return Guess(view, tokens, boost, WORD_BOOSTS[boost].weight / distance)


def _completions(word: str, terms: TermLookup) -> list[Guess]:
    """The most frequent words of the index that begin with a word and are longer."""
    if len(word) < MIN_PREFIX_LETTERS:
        return []
    dictionary = terms("surface", word[0])
    ranked = sorted((-dictionary.count(token), token) for token in dictionary.with_prefix(word) if token != word)
    return [_guess("surface", (token,), "beginning") for _, token in ranked[:MAX_COMPLETIONS]]


def _split_compound(word: str, terms: TermLookup) -> list[Guess]:
    """The two words of the index that a word is most likely made of."""
    parts = split_compound(word, terms)
    return [_guess("surface", parts, "compound")] if parts else []


def _join_compound(first: Part, second: Part, terms: TermLookup) -> Guess | None:
    """Two words written as one; None if the index has no such word."""
    if first.is_quoted or second.is_quoted:
        return None
    compound = first.surface[0] + second.surface[0]
    return _guess("surface", (compound,), "compound") if terms("surface", compound[0]).count(compound) else None


def _is_known(part: Part, terms: TermLookup) -> bool:
    """Whether the index has the word, or its stem in some variant."""
    if terms("surface", part.surface[0][0]).count(part.surface[0]):
        return True
    return any(terms("light", (stem := variant.analysis.light[0])[0]).count(stem) for variant in part.variants)
