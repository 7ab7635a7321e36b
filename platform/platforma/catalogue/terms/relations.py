"""Relations of a concept of the thesaurus as curators write them: names of what it is a part of, and of what is near it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from platforma.catalogue.audit import HistoryEntry
from platforma.catalogue.errors import BadValue
from vocabulary import load, sort_words
from vocabulary.messages import N_

BROADER, RELATED = "broader", "related"
MAX_RELATIONS = 12
TERM_FACETS = ("theme", "kind", "sector")
"""The closed lists of which a term may be what a concept is a part of; its id is written as in “theme:housing”."""


@dataclass(frozen=True)
class Relations:
    """What a concept (`own_id`; None: a new one) may stand in a relation to: the other concepts' names and what each is a part
    of, by id."""

    own_id: str | None
    names: Mapping[str, Sequence[str]]
    broader_ids: Mapping[str, Sequence[str]]

    def broader(self, lines: Iterable[str]) -> list[str]:
        """The ids of the concepts and terms that lines name, each once. Raises BadValue for an unknown one, and for one that is
        a part of this concept."""
        ids = self._ids(BROADER, lines, has_terms=True)
        for id in ids:
            if self._is_part_of_own(id):
                raise BadValue(BROADER, N_("“%(name)s” is itself a part of this concept"), name=self.names[id][0])
        return ids

    def related(self, lines: Iterable[str]) -> list[str]:
        """The ids of the concepts that lines name, each once. Raises BadValue for an unknown one."""
        return self._ids(RELATED, lines, has_terms=False)

    def _ids(self, field: str, lines: Iterable[str], *, has_terms: bool) -> list[str]:
        ids = list(dict.fromkeys(self._id(field, line.strip(), has_terms) for line in lines if line.strip()))
        if len(ids) > MAX_RELATIONS:
            raise BadValue(field, N_("Write at most %(most)s names"), most=MAX_RELATIONS)
        return ids

    def _id(self, field: str, line: str, has_terms: bool) -> str:
        id = line if line in self.names or (has_terms and is_term(line)) else self._by_name.get(_folded(line))
        if id is None and has_terms:
            id = _themes().get(_folded(line))
        if id is None:
            of_both = N_("“%(name)s” is the name of no other concept and of no theme")
            raise BadValue(field, of_both if has_terms else N_("“%(name)s” is the name of no other concept"), name=line[:80])
        return id

    def _is_part_of_own(self, id: str) -> bool:
        """Whether a concept is a part of this one, or a part of its parts."""
        wholes = [id]
        for whole in wholes:
            wholes.extend(broader for broader in self.broader_ids.get(whole, ()) if broader not in wholes)
        return self.own_id in wholes

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        return {_folded(name): id for id, names in self.names.items() for name in names}


def is_term(id: str) -> bool:
    """Whether an id is that of a term, as in “theme:housing”."""
    facet, _, term = id.partition(":")
    return facet in TERM_FACETS and term in load().ids(facet)


def term_label(id: str, lang: str) -> str:
    """What the term of such an id is called."""
    facet, _, term = id.partition(":")
    return load().label(facet, term, lang)


def _themes() -> dict[str, str]:
    """The ids of the themes that are offered by what they are called, but not by the names of their parts."""
    themes = load().terms("theme")
    return {_folded(name): f"theme:{theme.id}" for theme in themes for name in (*theme.labels.values(), *theme.synonyms)}


def _folded(name: str) -> str:
    return " ".join(sort_words(name))


def relations_in(history: Iterable[HistoryEntry]) -> list[str]:
    """The ids of all that a concept was a part of, or near to, after each of these events."""
    lists = (event.after.get(name) for event in history for name in (BROADER, RELATED))
    return [str(id) for ids in lists if isinstance(ids, list) for id in ids]
