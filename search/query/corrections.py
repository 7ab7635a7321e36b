"""What a word may have been meant as: typos, words cut short, words written together or apart, words of other languages.

Corrections are sought among the index's own words and stems, before any lemma: Damerau-Levenshtein distance with
transpositions (optimal string alignment), one edit in four to seven letters, two beyond, the first letter kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.analysis import is_word, latvian, stems_elsewhere
from search.index.fields import WORD_BOOSTS
from search.port import Guess
from search.query.dictionary import TermDictionary
from search.query.parser import Part
from search.query.plan import Plan
from vocabulary.languages import LANGUAGES

Terms = Callable[[str, str], TermDictionary]
"""From a view and the first letter of tokens to those that the index holds."""
MAX_WORDS = 8
"""A question of more words is not guessed at: one unknown word among so many is better left out."""
CORRECTIONS = 5
COMPLETIONS = 40
MIN_CORRECTED_LETTERS = 4
MIN_PART_LETTERS = 3
MIN_PREFIX_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Guesses:
    """Guesses by the word as typed; `mended` is the question with its unknown words replaced, None if nothing was."""

    by_word: Mapping[str, Sequence[Guess]]
    mended: str | None


def guess(plan: Plan, terms: Terms) -> Guesses:
    """Guess at every single word of a question."""
    wanted = plan.parsed.wanted
    if len(wanted) > MAX_WORDS:
        return Guesses({}, None)
    found: dict[str, list[Guess]] = defaultdict(list)
    meant: dict[str, str] = {}
    for part in wanted:
        if part.is_phrase:
            continue
        corrected = _corrections(part.surface[0], "surface", terms)
        found[part.text] += corrected + _stem_corrections(part, terms) + _elsewhere(part.text, terms)
        if not _is_known(part, terms):
            found[part.text] += _apart(part.surface[0], terms)
            if corrected and not _is_spelt(part.text):
                meant[part.text] = corrected[0].tokens[0]
    if plan.parsed.ends_open and wanted:
        found[wanted[-1].text] += _completions(wanted[-1].surface[0], terms)
        if _begins_something(wanted[-1], terms):
            meant.pop(wanted[-1].text, None)
    for first, second in pairwise(wanted):
        for joined in _together(first, second, terms):
            found[first.text].append(joined)
            found[second.text].append(joined)
    return Guesses(found, _mended(plan, meant))


def edits(word: str) -> int:
    """How many edits a word may be away from what was meant."""
    if len(word) < MIN_CORRECTED_LETTERS or not word.isalpha():
        return 0
    return 1 if len(word) <= 7 else 2


def _corrections(word: str, view: str, terms: Terms) -> list[Guess]:
    most = edits(word)
    if not most:
        return []
    near = terms(view, word[0]).near(word, most)
    return [_guess(view, (token,), "typo", distance) for distance, token in near[:CORRECTIONS]]


def _stem_corrections(part: Part, terms: Terms) -> list[Guess]:
    """A form that stands nowhere may be near to another form of the same word: their stems are compared."""
    stems = dict.fromkeys(variant.analysis.light[0] for variant in part.variants)
    return [found for stem in stems for found in _corrections(stem, "light", terms)]


def _elsewhere(word: str, terms: Terms) -> list[Guess]:
    """The stems of a word that neither interface language knows in the region's other languages, and what is near to them."""
    stems = stems_elsewhere(word)
    near = [found for stem in stems for found in _corrections(stem, "light", terms)]
    return [*(_guess("light", (stem,), "elsewhere") for stem in stems), *near]


def _guess(view: str, tokens: tuple[str, ...], boost: str, distance: int = 1) -> Guess:
    return Guess(view, tokens, boost, WORD_BOOSTS[boost].weight / distance)


def _completions(word: str, terms: Terms) -> list[Guess]:
    if len(word) < MIN_PREFIX_LETTERS:
        return []
    known = terms("surface", word[0])
    ranked = sorted((-known.count(token), token) for token in known.beginning(word) if token != word)
    return [_guess("surface", (token,), "beginning") for _, token in ranked[:COMPLETIONS]]


def _apart(word: str, terms: Terms) -> list[Guess]:
    """The two words that it is most likely made of."""
    pairs = []
    for cut in range(MIN_PART_LETTERS, len(word) - MIN_PART_LETTERS + 1):
        first, second = word[:cut], word[cut:]
        count = min(terms("surface", first[0]).count(first), terms("surface", second[0]).count(second))
        pairs.append((-count, first, second))
    return [_guess("surface", (first, second), "compound") for count, first, second in sorted(pairs)[:1] if count]


def _together(first: Part, second: Part, terms: Terms) -> list[Guess]:
    if first.is_phrase or second.is_phrase:
        return []
    joined = first.surface[0] + second.surface[0]
    is_known = terms("surface", joined[0]).count(joined)
    return [_guess("surface", (joined,), "compound")] if is_known else []


def _is_known(part: Part, terms: Terms) -> bool:
    if terms("surface", part.surface[0][0]).count(part.surface[0]):
        return True
    return any(terms("light", (stem := variant.analysis.light[0])[0]).count(stem) for variant in part.variants)


def _is_spelt(word: str) -> bool:
    """Whether a dictionary of an interface language has it just so: it is right, though no listing has it."""
    return any(is_word(word, code) for code in LANGUAGES)


def _begins_something(part: Part, terms: Terms) -> bool:
    return any(terms("surface", part.surface[0][0]).beginning(part.surface[0]))


def _mended(plan: Plan, meant: Mapping[str, str]) -> str | None:
    """The question as typed, with corrected words spelt as they are written."""
    if not meant:
        return None
    words = [_as_typed(part, meant) for part in plan.parsed.parts]
    fields = [f"{name}:{value}" for name, chosen in plan.parsed.filters.items() for value in chosen.any_of]
    return " ".join((*words, *fields))


def _as_typed(part: Part, meant: Mapping[str, str]) -> str:
    word = meant.get(part.text)
    text = part.text if word is None else latvian.spelled(word) or word
    return ("-" if part.is_excluded else "") + (f'"{text}"' if part.is_phrase else text)
