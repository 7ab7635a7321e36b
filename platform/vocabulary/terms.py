"""A term of a closed list, and what people made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NotRequired, TypedDict

from vocabulary.languages import LANGUAGES, best_language


class Words(TypedDict):
    """The words of a term: by interface language the label, the plural (of kinds) and the description, its other names, and
    narrower ones."""

    labels: dict[str, str]
    plurals: dict[str, str]
    descriptions: dict[str, str]
    also: list[str]
    narrower: NotRequired[list[str]]


class TermChange(TypedDict):
    """What people made of a term of a dimension, as plain data. `words` None: as shipped.

    A term that is not offered is chosen for nothing new; `replaced_by` are the ids that stand in its place.
    """

    dimension: str
    id: str
    words: Words | None
    is_offered: bool
    replaced_by: list[str]


@dataclass(frozen=True, slots=True)
class Term:
    """One id of a closed list, with labels by interface language and what sources write for it in any language.

    `plurals` and `descriptions` are by interface language, too, where there are any. A term that is not offered is chosen
    for nothing new; `replaced_by` are the ids that stand in its place. `narrower` are names of a part of it (SKOS: narrower),
    `written` is what sources write for it, though in a question it means something else.
    """

    id: str
    labels: Mapping[str, str]
    synonyms: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    plurals: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    is_offered: bool = True
    replaced_by: tuple[str, ...] = ()

    def label(self, lang: str) -> str:
        """The label in an interface language; where it has none, that of best_language()."""
        return self.labels[best_language(lang, self.labels)]

    def names(self) -> Iterator[str]:
        """Whatever is filed under it: its id, labels and other names, and the names of its parts."""
        yield self.id
        yield from self.labels.values()
        yield from (*self.synonyms, *self.narrower, *self.written)

    def words(self) -> Words:
        """Its words as plain data."""
        return {
            "labels": dict(self.labels),
            "plurals": dict(self.plurals),
            "descriptions": dict(self.descriptions),
            "also": list(self.synonyms),
            "narrower": list(self.narrower),
        }

    def changed(self, change: TermChange) -> Term:
        """The term as people made it."""
        words = change["words"] or self.words()
        labels, plurals, descriptions = (
            {code: of[code] for code in LANGUAGES if of.get(code)}
            for of in (words["labels"], words["plurals"], words["descriptions"])
        )
        return replace(
            self, labels=labels, plurals=plurals, descriptions=descriptions, synonyms=tuple(words["also"]),
            narrower=tuple(words.get("narrower", ())),
            is_offered=change["is_offered"], replaced_by=tuple(change["replaced_by"]),
        )  # fmt: skip
