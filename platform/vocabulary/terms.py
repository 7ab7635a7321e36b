"""A term of a closed list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vocabulary.languages import best_language


@dataclass(frozen=True, slots=True)
class Term:
    """One id of a closed list, with labels by interface language and what sources write for it in any language."""

    id: str
    labels: Mapping[str, str]
    synonyms: tuple[str, ...] = ()

    def label(self, lang: str) -> str:
        """The label in an interface language; where it has none, that of best_language()."""
        return self.labels[best_language(lang, self.labels)]
