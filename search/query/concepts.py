"""The concepts of the vocabulary and the thesaurus: what each is called, and the index by which words find them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from threading import Lock

from search.analysis import analyse, is_word, lemma, words
from search.query.parser import Part, Variant
from vocabulary import Vocabulary, fold, load
from vocabulary.languages import LANGUAGES

MAX_NAMES = 12
"""At most so many other names of one concept are looked for, those of interface languages first."""
MAX_NARROWER_NAMES = 4
"""At most so many names of what is a part of a concept are looked for, the first of each part first."""
FORM_KINDS = frozenset({"organisation", "social_enterprise"})
"""Kinds that tell how something is organised, not what it does."""
NameTokens = tuple[str, ...]
"""The tokens of a name in one variant: folded words, or keys."""


@dataclass(frozen=True, slots=True)
class Concept:
    """Something with several names, each with its language in `languages` (None: not known).

    `facet` and `value` tell under what listings of the concept are filed; both are empty for a concept of the thesaurus, and
    `id` for all others.
    `is_wider`: that is wider than what was typed, which is a part of it; such a concept has no names. `narrower` are names of
    its parts, which are looked for, too, but not the other way round.
    """

    names: tuple[Part, ...]
    languages: tuple[str | None, ...]
    facet: str = ""
    value: str = ""
    is_wider: bool = False
    narrower: tuple[Part, ...] = ()
    id: str = ""

    @property
    def is_form(self) -> bool:
        """Whether it is a form of organisation, or the kind of which that is a part."""
        return self.facet == "kind" and self.value in FORM_KINDS

    def other_names(self, typed: Sequence[Part]) -> list[Part]:
        """Its names other than the one typed, those of interface languages first, at most MAX_NAMES."""
        tokens = _token_variants(typed)
        return [name for name in self.names if tokens.isdisjoint(_token_variants([name]))][:MAX_NAMES]

    def names_with_languages(self) -> list[tuple[str, str | None]]:
        """The texts of its names, each with its language; None where it is not known."""
        return list(zip((name.text for name in self.names), self.languages, strict=True))

    def other_names_with_language(self, typed: Sequence[Part]) -> list[tuple[str, str | None]]:
        """The texts of its other names, each with its language; None where it is not known."""
        languages = dict(zip((name.text for name in self.names), self.languages, strict=True))
        return [(name.text, languages[name.text]) for name in self.other_names(typed)]

    def display_names(self, typed: Sequence[Part], lang: str) -> list[str]:
        """Its other names in the interface languages, for readers to see; those in the reader's language `lang` last."""
        other_names = {name.text for name in self.other_names(typed)}
        names = [(code == lang, name.text) for code, name in zip(self.languages, self.names, strict=True) if code]
        return [text for _, text in sorted(names, key=lambda name: name[0]) if text in other_names]


@dataclass(frozen=True, slots=True)
class ThesaurusEntry:
    """A concept of a thesaurus: its names by interface language, the ids of concepts, or of terms as in “theme:housing”, of
    which it is a part, and those of concepts near it; unknown ids count for nothing."""

    id: str
    names: Mapping[str, Sequence[str]]
    broader: Sequence[str] = ()
    related: Sequence[str] = ()


ThesaurusEntries = Iterable[ThesaurusEntry]


@dataclass(frozen=True, eq=False)
class ConceptIndex:
    """Immutable: concepts by the tokens of their names, and the entries of the thesaurus by id."""

    concepts: Mapping[NameTokens, Sequence[Concept]]
    max_name_tokens: int
    entries: Mapping[str, ThesaurusEntry]

    def find(self, parts: Sequence[Part]) -> list[Concept]:
        """The concepts that a run of words names, by its tokens in some variant."""
        matches = (concept for tokens in sorted(_tokens_of_question(parts)) for concept in self.concepts.get(tokens, ()))
        return list({id(concept): concept for concept in matches}.values())

    def all(self) -> list[Concept]:
        """Each concept once."""
        return list({id(concept): concept for concepts in self.concepts.values() for concept in concepts}.values())

    @cached_property
    def related_from(self) -> Mapping[str, Sequence[str]]:
        """For each id those of the entries that name it as related, in the order of the entries."""
        return _named_by((entry.id, entry.related) for entry in self.entries.values())

    @cached_property
    def parts_of(self) -> Mapping[str, Sequence[str]]:
        """For each id those of its parts, in the order of the entries."""
        return _named_by((entry.id, entry.broader) for entry in self.entries.values())

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the names that are in an interface language, in small letters."""
        names = (pair for concept in self.all() for pair in zip(concept.names, concept.languages, strict=True))
        return frozenset(word for name, lang in names if lang in LANGUAGES for word in name.written)


def all_names() -> list[list[tuple[str, str | None]]]:
    """The names of each concept in force, of the vocabulary and the thesaurus, with their languages; None where not known."""
    return [concept.names_with_languages() for concept in current_index().all()]


def words_of_names() -> frozenset[str]:
    """The words of the names of concepts in force that are in an interface language; the same object for the same concepts."""
    return current_index().words


def _token_variants(parts: Sequence[Part]) -> set[NameTokens]:
    """The tokens of words that stand together: their folded words, and their keys in each variant."""
    variants = [[part.surface for part in parts]]
    count = min(len(part.variants) for part in parts)
    variants += [[part.variants[number].analysis.keys for part in parts] for number in range(count)]
    return {tuple(token for tokens in variant for token in tokens) for variant in variants if all(variant)}


def _tokens_of_question(parts: Sequence[Part]) -> set[NameTokens]:
    """By what words of a question are found among the names of concepts: as they are written, folded only where they were
    typed without diacritics (Viļņa is no wool), and by their keys, but not by what a word that is spelled right may mean
    without its diacritics. A form that is mostly another word is found only as it is written."""
    written = tuple(word for part in parts for word in part.written)
    if len(written) == 1 and written[0] in load().homographs:
        return {tuple(map(_as_written, written))}
    is_plain = all(fold(word) == word for word in written)
    variants = [list(part.readings if part.is_spelled_right or not is_plain else part.variants) for part in parts]
    keys = [[part_variants[number].analysis.keys for part_variants in variants] for number in range(min(map(len, variants)))]
    tokens = {tuple(token for tokens in each for token in tokens) for each in keys if all(each)}
    return {*tokens, tuple(map(_as_written, written)), *([written] if is_plain else [])}


def _tokens_of_name(name: Part) -> set[NameTokens]:
    """Under what a name of a concept is found: as it is written, folded, and by its keys, unless these mean something else."""
    analysis, written = name.variants[0].analysis, name.written
    has_keys = bool(analysis.keys) and not (len(written) == 1 and _is_misread(written[0], analysis.keys[0]))
    return {tuple(map(_as_written, written)), analysis.surface, *([analysis.keys] if has_keys else [])}


def _is_misread(word: str, key: str) -> bool:
    """Whether the key of a name stands for another word: the verb of an English one in -ing, or what a Latvian one that the
    dictionary lacks (velo) would mean with diacritics."""
    lang, _, headword = key.partition(":")
    return (word.endswith("ing") and headword != word) or (lemma(word, lang) == headword and not is_word(word, lang))


def _as_written(word: str) -> str:
    """A token that stands for a word with its diacritics, which is no key and no folded word."""
    return f"={word}"


class _Thesaurus:
    """The concepts that questions go by. Their index, which takes a second, is made when it is first asked for."""

    def __init__(self, entries: ThesaurusEntries) -> None:
        self._entries = tuple(entries)
        self._making = Lock()
        self._index: ConceptIndex | None = None

    def index(self) -> ConceptIndex:
        """The index, whole; threads that ask while it is made wait for it."""
        with self._making:
            if self._index is None:
                self._index = _index(self._entries)
            return self._index


class _Current:
    """The thesaurus of this process; the reference is replaced at once, so that each question meets one whole index."""

    thesaurus: _Thesaurus | None = None


_draft: ContextVar[ConceptIndex | None] = ContextVar("draft", default=None)


def use_thesaurus(entries: ThesaurusEntries) -> None:
    """From now on expand all questions of this process by these concepts, beside those of the vocabulary."""
    _Current.thesaurus = _Thesaurus(entries)


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
    by_id = {entry.id: entry for entry in entries}
    named = {id: _thesaurus_concept(_names_of(entry)) for id, entry in by_id.items()}
    parts = _named_by((entry.id, entry.broader) for entry in by_id.values())
    for id, entry in by_id.items():
        narrower = _narrower_names(named[id], [named[part] for part in _all_parts(id, parts)])
        _add(replace(named[id], narrower=narrower, id=id), concepts)
        for facet, _, value in (broader.partition(":") for broader in entry.broader if ":" in broader):
            if value in load().ids(facet):
                _enter(Concept((), (), facet, value, is_wider=True), named[id].names, concepts)
    return ConceptIndex(dict(concepts), max(map(len, concepts), default=1), by_id)


def _names_of(entry: ThesaurusEntry) -> tuple[tuple[str, str], ...]:
    return tuple((lang, name) for lang in LANGUAGES for name in entry.names.get(lang, ()))


def _named_by(naming: Iterable[tuple[str, Sequence[str]]]) -> Mapping[str, Sequence[str]]:
    """The ids that name others, by these."""
    by: dict[str, list[str]] = defaultdict(list)
    for id, named in naming:
        for other in named:
            by[other].append(id)
    return dict(by)


def _all_parts(id: str, parts: Mapping[str, Sequence[str]]) -> list[str]:
    """The ids of the parts of a concept and of their parts, the nearest first; each once, also where they go in a circle."""
    found = [id]
    for one in found:
        found += [part for part in dict.fromkeys(parts.get(one, ())) if part not in found]
    return found[1:]


def _narrower_names(whole: Concept, parts: Sequence[Concept]) -> tuple[Part, ...]:
    """Names of parts to look for, of each part the first in each language before the others; none that holds a name of the
    whole, as that is looked for anyway."""
    known = [set(name.variants[0].analysis.keys or name.surface) for name in whole.names]
    firsts = [name for part in parts for name in _first_names(part)]
    others = [name for part in parts for name in part.names if name not in firsts]
    new = (one for one in (*firsts, *others) if not any({*one.surface, *one.variants[0].analysis.keys} >= each for each in known))
    return tuple(dict.fromkeys(new))[:MAX_NARROWER_NAMES]


def _first_names(concept: Concept) -> list[Part]:
    by_language = dict(reversed([*zip(concept.languages, concept.names, strict=True)]))
    return [by_language[lang] for lang in dict.fromkeys(concept.languages)]


def use_shipped_thesaurus() -> None:
    """From now on expand questions by the concepts of the thesaurus as it is shipped."""
    use_thesaurus(ThesaurusEntry(id, one.names, one.broader, one.related) for id, one in load().thesaurus.items())


def current_index() -> ConceptIndex:
    """The index in use: a draft's within its block, else of the shipped thesaurus until `use_thesaurus` is called."""
    if draft := _draft.get():
        return draft
    if _Current.thesaurus is None:
        use_shipped_thesaurus()
    assert _Current.thesaurus is not None
    return _Current.thesaurus.index()


@lru_cache(maxsize=1)
def _vocabulary_concepts(vocabulary: Vocabulary) -> dict[NameTokens, list[Concept]]:
    """The concepts of the vocabulary's closed lists, by the tokens of their names."""
    concepts: dict[NameTokens, list[Concept]] = defaultdict(list)
    for dimension in ("theme", "kind", "sector", "country"):
        for term in vocabulary.terms(dimension):
            _add(_term_concept(tuple(vocabulary.names_in_searches(dimension, term)), dimension, term.id), concepts)
            wider = Concept((), (), dimension, term.id, is_wider=True)
            _enter(wider, _concept([(None, name) for name in term.narrower], dimension, term.id).names, concepts)
    return dict(concepts)


def _add(concept: Concept, concepts: dict[NameTokens, list[Concept]]) -> None:
    """Enter a concept under the tokens of each of its names."""
    _enter(concept, concept.names, concepts)


def _enter(concept: Concept, names: Iterable[Part], concepts: dict[NameTokens, list[Concept]]) -> None:
    """Enter a concept under the tokens of each of these names."""
    for tokens in set[NameTokens]().union(*map(_tokens_of_name, names)):
        if not (concept.is_wider and concept in concepts[tokens]):
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
    """A name as something to look for; one of no known language, or in quotation marks (“AI”), has no keys and is looked for as
    it is written."""
    analysis = analyse(text, lang)
    has_keys = lang is not None and not text.startswith('"')
    return Part(text.strip('"'), (Variant(analysis if has_keys else replace(analysis, keys=()), 1.0),))


def _language_of(text: str) -> str | None:
    """The interface language whose dictionary has all words of a text as they are spelled; None if none has.

    Where several have it, one in which it is no inflected form: “arts” is English, though in Latvian it is ploughed.
    """
    plain_words = [word.text for word in words(text)]
    codes = [code for code in LANGUAGES if all(is_word(word, code) for word in plain_words)]
    as_headwords = (code for code in codes if all(lemma(word, code) == word for word in plain_words))
    return next(as_headwords, codes[-1] if codes else None)
