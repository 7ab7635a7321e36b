"""The vocabulary as a value: labels for ids, ids for whatever a source wrote, conclusions from forms and types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from vocabulary.countries import Box, CountryFinder, Spellings, country_names
from vocabulary.folding import sort_words
from vocabulary.likeness import Near, nearest

UNKNOWN = "unknown"
_UNKNOWN_LABELS = {"lv": "nav zināms", "en": "unknown"}
_FILES = {"kind": "kinds", "sector": "sectors", "theme": "themes"}


@dataclass(frozen=True, slots=True)
class Term:
    """One id of a closed list, with a label per interface language and what sources write for it in any language."""

    id: str
    labels: Mapping[str, str]
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """A conclusion, and the words that it was drawn from."""

    value: str
    from_: str


class Vocabulary:
    """All terms; made once by load() and never changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._terms = {name: _read_terms(folder / f"{file}.yaml") for name, file in _FILES.items()}
        self._countries = _read(folder / "countries.yaml")
        self._derivations = _read(folder / "derivations.yaml")
        self._ids_by_words = {name: _index(terms) for name, terms in self._terms.items()}
        self._labels = {(name, term.id): term.labels for name, terms in self._terms.items() for term in terms}

    def terms(self, dimension: str) -> tuple[Term, ...]:
        """The terms of kind, sector, theme or country; countries of the region first, then by code."""
        if dimension == "country":
            return tuple(Term(code, {lang: country_names(lang)[code] for lang in _UNKNOWN_LABELS}) for code in self._codes)
        return self._terms[dimension]

    def ids(self, dimension: str) -> frozenset[str]:
        """The ids of a closed list."""
        return frozenset(self._codes) if dimension == "country" else frozenset(t.id for t in self._terms[dimension])

    def label(self, dimension: str, id: str, lang: str) -> str:
        """What a reader of `lang` sees for an id; an id that nobody knows stands for itself."""
        if id == UNKNOWN:
            return _UNKNOWN_LABELS[lang]
        if dimension == "country":
            return country_names(lang).get(id, id)
        labels = self._labels.get((dimension, id))
        return labels[lang] if labels else id

    def find(self, dimension: str, text: str) -> str | None:
        """The id that a text stands for (id, label or synonym in any language); None where none or more than one."""
        return self.find_country(text) if dimension == "country" else self._ids_by_words[dimension].get(_words(text))

    def find_country(self, text: str) -> str | None:
        """The alpha-2 code of the country that the whole text names, in any language; None rather than a guess."""
        return self._finder.find(text)

    def find_countries(self, text: str) -> tuple[str, ...]:
        """The alpha-2 codes of all countries that a text names, in its order; empty rather than a guess."""
        return self._finder.find_all(text)

    def nearest(self, dimension: str, text: str) -> Near | None:
        """The id whose name, in any language, a text misspells, for people to decide on; None rather than a wild guess."""
        return nearest(text, self._finder.names if dimension == "country" else self._ids_by_words[dimension])

    def country_box(self, code: str | None) -> Box | None:
        """Where a country lies; None where we do not know."""
        return Box(*self._boxes[code]) if code and code in self._boxes else None

    def legal_form_in(self, text: str) -> str | None:
        """The legal form that stands in a name, as the vocabulary writes it; None where none does, or a mere public word."""
        return next((name for name in self.legal_forms if name not in self._no_forms and _has_words(text, name)), None)

    def sector_of_legal_form(self, text: str) -> Derived | None:
        """The sector that a legal form in a name or a field of its own tells; None for forms that tell nothing."""
        forms: dict[str, list[str]] = self._derivations["legal_forms"]
        for sector, names in forms.items():
            for name in names:
                if _has_words(text, name):
                    return Derived(sector, name)
        return None

    def sector_of_schema_type(self, type_name: str) -> Derived | None:
        """The sector that a schema.org type tells, such as NGO."""
        return _derived(self._derivations["schema_sectors"], type_name)

    def kind_of_schema_type(self, type_name: str) -> Derived | None:
        """The kind that a schema.org type tells, such as Event; its own subtypes by their ending."""
        found = _derived(self._derivations["schema_kinds"], type_name)
        return Derived("event", type_name) if found is None and type_name.endswith("Event") else found

    @property
    def legal_forms(self) -> tuple[str, ...]:
        """Every legal form known, as names are written with them."""
        forms: dict[str, list[str]] = self._derivations["legal_forms"]
        unknown: list[str] = self._derivations["unknown_forms"]
        return (*(name for names in forms.values() for name in names), *unknown)

    @cached_property
    def thesaurus(self) -> dict[str, dict[str, Any]]:
        """The field's concepts beyond the closed lists by id: names in `lv` and `en`, and `source`, where the pair is from."""
        return _read(self._folder / "thesaurus.yaml")

    @cached_property
    def _no_forms(self) -> frozenset[str]:
        return frozenset(self._derivations["no_forms"])

    @cached_property
    def _boxes(self) -> dict[str, Any]:
        return _read(self._folder / "boxes.yaml")

    @cached_property
    def _codes(self) -> tuple[str, ...]:
        region: list[str] = self._countries["region"]
        return (*region, *sorted(set(country_names("en")) - set(region)))

    @cached_property
    def _finder(self) -> CountryFinder:
        return CountryFinder(Spellings(**{name: said for name, said in self._countries.items() if name != "region"}))


@cache
def load() -> Vocabulary:
    """The vocabulary that comes with the package."""
    return Vocabulary(Path(__file__).parent / "data")


def _read(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # type: ignore[no-any-return]  # noqa: S506 - a safe loader either way


def _read_terms(path: Path) -> tuple[Term, ...]:
    return tuple(Term(id, {"lv": entry["lv"], "en": entry["en"]}, tuple(entry["also"])) for id, entry in _read(path).items())


def _index(terms: tuple[Term, ...]) -> dict[str, str]:
    """Folded words to id; words that stand for two ids are left out."""
    pairs = [(_words(name), term.id) for term in terms for name in _names(term)]
    unsure = {words for words, id in pairs if any(w == words and other != id for w, other in pairs)}
    return {words: id for words, id in pairs if words not in unsure}


def _names(term: Term) -> Iterator[str]:
    yield term.id
    yield from term.labels.values()
    yield from term.synonyms


def _words(text: str) -> str:
    return " ".join(sort_words(text.replace("_", " ")))


def _has_words(text: str, words: str) -> bool:
    """Whole words; abbreviations in capitals count only in capitals (SIA, not Sia)."""
    is_abbreviation = words[:2].isupper()
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, 0 if is_abbreviation else re.IGNORECASE))


def _derived(table: Mapping[str, str], type_name: str) -> Derived | None:
    return Derived(table[type_name], type_name) if type_name in table else None
