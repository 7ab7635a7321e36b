"""Legal forms: the one that a text names, by the countries where it may be."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vocabulary.folding import word_key
from vocabulary.languages import LANGUAGES
from vocabulary.terms import Term


@dataclass(frozen=True)
class LegalForms:
    """The legal forms of a data file by id, which begins with the country (ISO 3166-1 alpha-2)."""

    entries: Mapping[str, Mapping[str, Any]]

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """Every form; its writings where it is at home are its synonyms."""
        return tuple(
            Term(id, {lang: entry[lang] for lang in LANGUAGES if lang in entry}, (entry["local"], *entry["also"]))
            for id, entry in self.entries.items()
        )

    def find(self, text: str, countries: Collection[str] = ()) -> str | None:
        """The id of the form that a text is the name of, in one of these countries; None where it may be several."""
        found = self._ids_by_name.get(word_key(text), ())
        ids = [id for id in found if id[:2] in countries] or (list(found) if not countries else [])
        return ids[0] if len(ids) == 1 else None

    def ids_named(self, text: str) -> tuple[str, ...]:
        """The ids of all forms that a text is the name of, in whatever country."""
        return tuple(self._ids_by_name.get(word_key(text), ()))

    @cached_property
    def _ids_by_name(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        for term in self.terms:
            for key in {word_key(name) for name in term.synonyms}:
                names.setdefault(key, []).append(term.id)
        return names
