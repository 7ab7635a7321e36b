"""Regions: planning regions and municipalities of Latvia, counties and their like elsewhere around the Baltic Sea."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vocabulary.folding import word_key
from vocabulary.languages import LANGUAGES
from vocabulary.terms import Term


@dataclass(frozen=True)
class Regions:
    """The regions of a data file by country (ISO 3166-1 alpha-2) and id."""

    entries: Mapping[str, Mapping[str, Mapping[str, Any]]]

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """Every region in the order of the file: larger ones before those that they hold."""
        return tuple(
            Term(id, {lang: entry[lang] for lang in LANGUAGES if lang in entry}, tuple(entry.get("also", ())))
            for regions in self.entries.values()
            for id, entry in regions.items()
        )

    def of_town(self, country: str, admin1: str) -> tuple[str, ...]:
        """The ids of the regions that hold a town, the largest first, by the code that GeoNames has for its first-level
        division; none where it is not known."""
        id = self._ids_by_code.get((country, admin1))
        return self.with_parents(id) if id else ()

    def with_parents(self, id: str) -> tuple[str, ...]:
        """A region after those that hold it, the largest first."""
        parent = self.entries[id[:2]][id].get("parent")
        return (*self.with_parents(parent), id) if parent else (id,)

    def find(self, text: str, countries: Collection[str] = ()) -> str | None:
        """The id of the one region, in these countries or in any, that a text names in any language; else None."""
        ids = [id for id in self._ids_by_name.get(word_key(text), ()) if not countries or id[:2] in countries]
        return ids[0] if len(ids) == 1 else None

    @cached_property
    def _ids_by_code(self) -> dict[tuple[str, str], str]:
        entries = ((id, entry) for regions in self.entries.values() for id, entry in regions.items())
        return {(id[:2], code): id for id, entry in entries for code in entry.get("geonames", ())}

    @cached_property
    def _ids_by_name(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        for term in self.terms:
            for key in {word_key(name) for name in (*term.labels.values(), *term.synonyms)}:
                names.setdefault(key, []).append(term.id)
        return names
