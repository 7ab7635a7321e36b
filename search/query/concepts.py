"""Query expansion: finds concepts of the vocabulary and the thesaurus in a question, with their other names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache

from search.analysis import analyse, is_word, words
from search.query.parser import Part, Variant
from vocabulary import Vocabulary, fold, load
from vocabulary.languages import LANGUAGES

MAX_NAMES = 12
"""At most so many other names of one concept are looked for, those of interface languages first."""
NameTokens = tuple[str, ...]
"""The tokens of a name in one variant: folded words, or keys."""


@dataclass(frozen=True, slots=True)
class Concept:
    """Something with several names, each with its language in `languages` (None: not known).

    `facet` and `value` tell under what listings of the concept are filed; both are empty for a concept of the thesaurus.
    """

    names: tuple[Part, ...]
    languages: tuple[str | None, ...]
    facet: str = ""
    value: str = ""

    def other_names(self, span: Span) -> list[Part]:
        """Its names other than the one typed, those of interface languages first, at most MAX_NAMES."""
        typed = _token_variants(span.parts)
        return [name for name in self.names if typed.isdisjoint(_token_variants([name]))][:MAX_NAMES]

    def other_names_with_language(self, span: Span) -> list[tuple[str, str | None]]:
        """The texts of its other names, each with its language; None where it is not known."""
        languages = dict(zip((name.text for name in self.names), self.languages, strict=True))
        return [(name.text, languages[name.text]) for name in self.other_names(span)]

    def display_names(self, span: Span, lang: str) -> list[str]:
        """Its other names in the interface languages, for readers to see; those in the reader's language `lang` last."""
        other_names = {name.text for name in self.other_names(span)}
        names = [(code == lang, name.text) for code, name in zip(self.languages, self.names, strict=True) if code]
        return [text for _, text in sorted(names, key=lambda name: name[0]) if text in other_names]


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a question that stand together: one word or phrase, or a run of them that names `concepts`."""

    parts: tuple[Part, ...]
    concepts: tuple[Concept, ...] = ()

    @property
    def text(self) -> str:
        """The words as they were typed, phrases in quotation marks."""
        return " ".join(f'"{part.text}"' if part.is_phrase else part.text for part in self.parts)


ThesaurusEntries = Iterable[Mapping[str, Sequence[str]]]
"""Concepts of a thesaurus: the names of each by interface language."""


@dataclass(frozen=True, slots=True)
class ConceptIndex:
    """Immutable: concepts by the tokens of their names."""

    concepts: Mapping[NameTokens, Sequence[Concept]]
    max_name_tokens: int

    def find(self, parts: Sequence[Part]) -> list[Concept]:
        """The concepts that a run of words names, by its tokens in some variant."""
        matches = (concept for tokens in sorted(_token_variants(parts)) for concept in self.concepts.get(tokens, ()))
        return list({id(concept): concept for concept in matches}.values())


def all_names() -> list[list[tuple[str, str | None]]]:
    """The names of each concept in force, of the vocabulary and the thesaurus, with their languages; None where not known."""
    known = {id(concept): concept for concepts in _current_index().concepts.values() for concept in concepts}
    return [list(zip((name.text for name in one.names), one.languages, strict=True)) for one in known.values()]


def find_spans(parts: Sequence[Part], *, expand: bool) -> Iterator[Span]:
    """Part a question's words into spans: the longest runs that name a concept, and every other word alone.

    Without `expand` every word stands alone and has no concepts.
    """
    index = _current_index()
    start = 0
    while start < len(parts):
        for end in range(min(len(parts), start + index.max_name_tokens), start, -1):
            run = tuple(parts[start:end])
            if concepts := expand and index.find(run):
                yield Span(run, tuple(concepts))
                start = end
                break
        else:
            yield Span((parts[start],))
            start += 1


def _token_variants(parts: Sequence[Part]) -> set[NameTokens]:
    """The tokens of words that stand together: their folded words, and their keys in each variant."""
    variants = [[part.surface for part in parts]]
    count = min(len(part.variants) for part in parts)
    variants += [[part.variants[number].analysis.keys for part in parts] for number in range(count)]
    return {tuple(token for tokens in variant for token in tokens) for variant in variants if all(variant)}


class _Current:
    """The index of this process; the reference is replaced at once, so that each question meets one whole index."""

    index: ConceptIndex | None = None


_draft: ContextVar[ConceptIndex | None] = ContextVar("draft", default=None)


def use_thesaurus(entries: ThesaurusEntries) -> None:
    """From now on expand all questions of this process by these concepts, beside those of the vocabulary."""
    _Current.index = _index(entries)


@contextmanager
def draft_thesaurus(entries: ThesaurusEntries) -> Iterator[None]:
    """Within this block, and in this thread alone, expand questions by these concepts."""
    token = _draft.set(_index(entries))
    try:
        yield
    finally:
        _draft.reset(token)


def _index(entries: ThesaurusEntries) -> ConceptIndex:
    """The concepts of the vocabulary, and these."""
    concepts: dict[NameTokens, list[Concept]] = defaultdict(list)
    concepts.update({tokens: list(of_vocabulary) for tokens, of_vocabulary in _vocabulary_concepts(load()).items()})
    for entry in entries:
        _add(_thesaurus_concept(tuple((lang, name) for lang in LANGUAGES for name in entry.get(lang, ()))), concepts)
    return ConceptIndex(dict(concepts), max(map(len, concepts), default=1))


def use_shipped_thesaurus() -> None:
    """From now on expand questions by the concepts of the thesaurus as it is shipped."""
    use_thesaurus(concept.names for concept in load().thesaurus.values())


def _current_index() -> ConceptIndex:
    """The index in use: a draft's within its block, else of the shipped thesaurus until `use_thesaurus` is called."""
    if draft := _draft.get():
        return draft
    if _Current.index is None:
        use_shipped_thesaurus()
    assert _Current.index is not None
    return _Current.index


@lru_cache(maxsize=1)
def _vocabulary_concepts(vocabulary: Vocabulary) -> dict[NameTokens, list[Concept]]:
    """The concepts of the vocabulary's closed lists, by the tokens of their names."""
    concepts: dict[NameTokens, list[Concept]] = defaultdict(list)
    for dimension in ("theme", "kind", "sector", "country"):
        for term in vocabulary.terms(dimension):
            _add(_term_concept(tuple(vocabulary.names_in_searches(dimension, term)), dimension, term.id), concepts)
    return dict(concepts)


def _add(concept: Concept, concepts: dict[NameTokens, list[Concept]]) -> None:
    """Enter a concept under the tokens of each of its names."""
    for tokens in set[NameTokens]().union(*(_token_variants([name]) for name in concept.names)):
        concepts[tokens].append(concept)


@lru_cache(maxsize=500)
def _term_concept(names: tuple[tuple[str | None, str], ...], facet: str, value: str) -> Concept:
    """A concept of a closed list; cached, as a change of one term leaves the others."""
    return _concept(names, facet, value)


@lru_cache(maxsize=5_000)
def _thesaurus_concept(names: tuple[tuple[str, str], ...]) -> Concept:
    """A concept by its names, each with its language; cached, as a change of one concept leaves the others."""
    return _concept(names, "", "")


def _concept(names: Sequence[tuple[str | None, str]], facet: str, value: str) -> Concept:
    """A concept by its names with their languages. Names that fold alike, or are forms of the same words, count once."""
    by_folded: dict[str, tuple[str | None, str]] = {}
    for lang, text in names:
        if any(words(text)):
            by_folded.setdefault(fold(text), (lang or _language_of(text), text))
    by_tokens: dict[NameTokens, tuple[Part, str | None]] = {}
    for lang, text in sorted(by_folded.values(), key=lambda pair: pair[0] is None):
        part = _name_part(text, lang)
        analysis = part.variants[0].analysis
        by_tokens.setdefault(analysis.keys or analysis.surface, (part, lang))
    distinct = by_tokens.values()
    return Concept(tuple(part for part, _ in distinct), tuple(lang for _, lang in distinct), facet, value)


def _name_part(text: str, lang: str | None) -> Part:
    """A name as something to look for; one of no known language has no keys and is looked for as it is written."""
    analysis = analyse(text, lang)
    return Part(text, (Variant(analysis if lang else replace(analysis, keys=()), 1.0),))


def _language_of(text: str) -> str | None:
    """The interface language whose dictionary has all words of a text as they are spelled; None if none has."""
    plain_words = [word.text for word in words(text)]
    return next((code for code in LANGUAGES if all(is_word(word, code) for word in plain_words)), None)
