"""Concepts: what the vocabulary and the thesaurus call by several names, found in a question in any of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from search.analysis import analyse, is_word, words
from search.query.parser import Part, Variant
from vocabulary import fold, load
from vocabulary.languages import LANGUAGES

MAX_NAMES = 12
"""So many other names of one concept are looked for, the interface languages' first."""


@dataclass(frozen=True, slots=True)
class Concept:
    """Something with several names. `facet` and `value` say under what it is filed, None where it is a mere concept."""

    names: tuple[Part, ...]
    languages: tuple[str | None, ...]
    facet: str = ""
    value: str = ""

    def other_names(self, span: Span) -> list[Part]:
        """Its names other than the one typed, the interface languages' first."""
        typed = _readings(span.parts)
        return [name for name in self.names if typed.isdisjoint(_readings([name]))][:MAX_NAMES]

    def other_names_by_language(self, span: Span) -> list[tuple[str, str | None]]:
        """Its other names, each with its language; None where it is not known."""
        codes = dict(zip((name.text for name in self.names), self.languages, strict=True))
        return [(name.text, codes[name.text]) for name in self.other_names(span)]

    def display_names(self, span: Span, lang: str) -> list[str]:
        """Those of its other names that a reader is told of: in the interface languages, the other than the reader's first."""
        others = {name.text for name in self.other_names(span)}
        pairs = [(code == lang, name.text) for code, name in zip(self.languages, self.names, strict=True) if code]
        return [text for _, text in sorted(pairs, key=lambda pair: pair[0]) if text in others]


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a question that stand together: one word or phrase, or a run that names concepts."""

    parts: tuple[Part, ...]
    concepts: tuple[Concept, ...] = ()


def find_spans(parts: Sequence[Part], *, expand: bool) -> Iterator[Span]:
    """Take a question's words together into runs that name a concept, the longest first; all others stand alone."""
    start = 0
    while start < len(parts):
        for end in range(min(len(parts), start + _longest()), start, -1):
            run = tuple(parts[start:end])
            if found := expand and _concepts_of(run):
                yield Span(run, tuple(found))
                start = end
                break
        else:
            yield Span((parts[start],))
            start += 1


def _concepts_of(run: Sequence[Part]) -> list[Concept]:
    """The concepts that a run of words names, by its tokens in some reading."""
    index = _index()
    return list({id(one): one for tokens in sorted(_readings(run)) for one in index.get(tokens, ())}.values())


def _readings(parts: Sequence[Part]) -> set[tuple[str, ...]]:
    """The tokens of words that stand together, as written and by their lemmas in each reading."""
    readings = [[part.surface for part in parts]]
    readings += [[part.variants[n].analysis.keys for part in parts] for n in range(min(len(part.variants) for part in parts))]
    return {tuple(token for tokens in reading for token in tokens) for reading in readings if all(reading)}


Index = dict[tuple[str, ...], list[Concept]]
Entries = Iterable[Mapping[str, Sequence[str]]]
"""Concepts of a thesaurus: the names of each by interface language."""


class _Thesaurus:
    """What this process finds concepts by; replaced as a whole, so that a question meets either the old one or the new one."""

    index: Index | None = None
    longest = 1


def use_thesaurus(entries: Entries) -> None:
    """Find these concepts from now on, beside the closed lists, in all questions of this process."""
    index: Index = defaultdict(list, {tokens: list(found) for tokens, found in _closed().items()})
    for entry in entries:
        _file(_of_thesaurus(tuple((lang, name) for lang in LANGUAGES for name in entry.get(lang, ()))), index)
    _Thesaurus.longest = max(map(len, index), default=1)
    _Thesaurus.index = dict(index)


def use_shipped_thesaurus() -> None:
    """Find the concepts of the thesaurus as it is shipped from now on."""
    use_thesaurus(concept.names for concept in load().thesaurus.values())


def _index() -> Index:
    """What is in use; the shipped thesaurus where nobody chose another."""
    if _Thesaurus.index is None:
        use_shipped_thesaurus()
    return _Thesaurus.index or {}


def _longest() -> int:
    _index()
    return _Thesaurus.longest


@cache
def _closed() -> Index:
    """The concepts of the closed lists."""
    index: Index = defaultdict(list)
    for dimension in ("theme", "kind", "sector", "country"):
        for term in load().terms(dimension):
            names = [*term.labels.items(), *((None, name) for name in term.synonyms)]
            _file(_concept(names, dimension, term.id), index)
    return dict(index)


def _file(concept: Concept, index: Index) -> None:
    """Enter a concept under the tokens of each of its names in each reading."""
    for tokens in set[tuple[str, ...]]().union(*(_readings([name]) for name in concept.names)):
        index[tokens].append(concept)


@lru_cache(maxsize=5_000)
def _of_thesaurus(names: tuple[tuple[str, str], ...]) -> Concept:
    """A concept by its names, each with its language; cached, because a change of the thesaurus leaves most concepts alone."""
    return _concept(names, "", "")


def _concept(names: Sequence[tuple[str | None, str]], facet: str, value: str) -> Concept:
    """Names whose words are not known to be of a language are taken as they are written; other forms of a name are that name."""
    plain: dict[str, tuple[str | None, str]] = {}
    for lang, text in names:
        if any(words(text)):
            plain.setdefault(fold(text), (lang or _language_of(text), text))
    distinct: dict[tuple[str, ...], tuple[Part, str | None]] = {}
    for lang, text in sorted(plain.values(), key=lambda pair: pair[0] is None):
        name = _name(text, lang)
        analysis = name.variants[0].analysis
        distinct.setdefault(analysis.keys or analysis.surface, (name, lang))
    found = distinct.values()
    return Concept(tuple(name for name, _ in found), tuple(lang for _, lang in found), facet, value)


def _name(text: str, lang: str | None) -> Part:
    """A name as something to look for; one of no known language has no keys."""
    found = analyse(text, lang)
    return Part(text, (Variant(found if lang else replace(found, keys=()), 1.0),))


def _language_of(text: str) -> str | None:
    """The interface language whose dictionary has all words just as they are spelt."""
    spelt = [word.text for word in words(text)]
    return next((code for code in LANGUAGES if all(is_word(word, code) for word in spelt)), None)
