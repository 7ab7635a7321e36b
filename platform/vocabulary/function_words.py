"""Function words (stop words) of the region's languages, and words so general that they tell little."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vocabulary.folding import fold
from vocabulary.languages import LANGUAGES


@dataclass(frozen=True)
class FunctionWords:
    """The lists of a data file: `function` and `ambiguous` hold words divided by blanks, by language; `general` lemmas."""

    function: Mapping[str, str]
    ambiguous: Mapping[str, str]
    general: Mapping[str, Any]

    def on_page(self, lang: str) -> frozenset[str]:
        """The folded function words of the interface languages, on a page in one of them."""
        return self._on_page[lang]

    @cached_property
    def _on_page(self) -> Mapping[str, frozenset[str]]:
        words = self._folded(self.function, set(LANGUAGES))
        return {lang: words - self._folded(self.ambiguous, {code for code in LANGUAGES if code != lang}) for lang in LANGUAGES}

    @cached_property
    def of_region(self) -> frozenset[str]:
        """The folded function words of the region's other languages, of which some are words of an interface language, too."""
        return self._folded(self.function, self.function.keys() - set(LANGUAGES))

    @staticmethod
    def _folded(lists: Mapping[str, str], codes: set[str]) -> frozenset[str]:
        return frozenset(fold(word) for code in codes for word in lists.get(code, "").split())
