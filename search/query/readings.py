"""How the words of a question were read: their forms, other names, and guesses, for people to see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search.analysis import latvian, lemma, words
from search.port import Guess
from search.query.parser import Part
from search.query.span_nodes import GuessesByWord
from search.query.spans import Span
from vocabulary.languages import LANGUAGES


@dataclass(frozen=True, slots=True)
class Reading:
    """How one word, a phrase, or a run of words that names a concept was read; a language of None is not known.

    `is_required`: whether a strict hit needs it. `lemmas`: (lemma, language) of its words by the dictionaries, empty where
    none has them. `other_names`: (name, language). `narrower`: those of its parts. `pairs`: (lemma, language) of what an
    everyday word is in the other language. `filed_under`: (facet, value) that it names. `guesses`: (name of the
    boost, text) of what it may have been meant as; a stem ends with an ellipsis.
    """

    typed: str
    is_phrase: bool
    is_required: bool
    lemmas: tuple[tuple[str, str], ...]
    other_names: tuple[tuple[str, str | None], ...]
    narrower: tuple[tuple[str, str | None], ...]
    pairs: tuple[tuple[str, str], ...]
    filed_under: tuple[tuple[str, str], ...]
    guesses: tuple[tuple[str, str], ...]


def read_span(span: Span, guesses: GuessesByWord, *, is_required: bool) -> Reading:
    """How one span of a question was read."""
    concepts = span.concepts
    other_names = dict.fromkeys(pair for concept in concepts for pair in concept.other_names_with_language(span.parts))
    guessed = [guess for part in span.parts for guess in guesses.get(part.text, ())]
    return Reading(
        typed=span.text,
        is_phrase=any(part.is_quoted for part in span.parts),
        is_required=is_required,
        lemmas=tuple(_lemmas(span)),
        other_names=tuple(other_names),
        narrower=tuple(dict.fromkeys((name.text, _language_of(name)) for concept in concepts for name in concept.narrower)),
        pairs=tuple((word_lemma, code) for code, _, word_lemma in (key.partition(":") for key in span.pair_keys)),
        filed_under=tuple(dict.fromkeys((concept.facet, concept.value) for concept in concepts if concept.facet)),
        guesses=tuple(dict.fromkeys((guess.boost, _guess_text(guess)) for guess in guessed)),
    )


def _lemmas(span: Span) -> Iterator[tuple[str, str]]:
    """The lemmas of each word in the interface languages, as the dictionaries spell them."""
    for word in (word.text for part in span.parts for word in words(part.text)):
        yield from ((word_lemma, code) for code in LANGUAGES if (word_lemma := lemma(word, code)))


def _language_of(name: Part) -> str | None:
    """The language by which a name is analysed; None where it is looked for as it is written."""
    keys = name.variants[0].analysis.keys
    return keys[0].partition(":")[0] if keys else None


def _guess_text(guess: Guess) -> str:
    """A guess as people write it; of a stem, its beginning."""
    if guess.view == "light":
        return f"{guess.tokens[0]}…"
    return " ".join(latvian.restore_diacritics(token) or token for token in guess.tokens)
