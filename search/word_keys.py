"""The keys of texts, for programs that search a few texts by themselves, such as a browser without a network."""

from __future__ import annotations

from collections.abc import Iterable

from search.analysis import analyse, latvian
from search.query.concepts import all_names
from vocabulary.languages import LANGUAGES


class WordKeys:
    """Numbers of the keys of all texts that it was asked for, as they came."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.by_word: dict[str, dict[int, None]] = {}
        """Folded words, each with the numbers of its keys: more than one where languages have the word in common."""

    def of(self, texts: Iterable[tuple[str, str | None]]) -> list[int]:
        """The numbers of the keys of texts with their languages (BCP 47, None where not known), each once, as they come."""
        found: dict[int, None] = {}
        for text, lang in texts:
            analysis = analyse(text, lang)
            for surface, key in zip(analysis.surface, analysis.keys, strict=True):
                number = self._numbers.setdefault(key, len(self._numbers))
                self.by_word.setdefault(surface, {})[number] = None
                found[number] = None
        return list(found)

    def names_alike(self) -> list[list[list[int]]]:
        """Concepts with several names, each name as the numbers of its words' keys, in their order; ask after all texts.

        Of the names in other than interface languages only those are there whose words some text has.
        """
        concepts = [[self._name(text, lang) for text, lang in names] for names in all_names()]
        distinct = [list({tuple(name): name for name in names if name}.values()) for names in concepts]
        return [names for names in distinct if len(names) > 1]

    def _name(self, text: str, lang: str | None) -> list[int]:
        if lang in LANGUAGES:
            self.of([(text, lang)])
        keys = analyse(text, lang).keys
        return [self._numbers[key] for key in keys] if all(key in self._numbers for key in keys) else []


def light_stemming() -> dict[str, object]:
    """The rule of Latvian stems as data: `endings` from the longest, `ends` as (end, replacement), the least `letters` of a stem.

    Of the endings the first that leaves so many letters is taken off; then the first end that fits is replaced, where
    more letters are left.
    """
    return {"endings": latvian.ENDINGS, "ends": latvian.PALATALISED_ENDS, "letters": latvian.MIN_STEM_LETTERS}
