"""The vocabulary as a value: labels of ids, ids for what a source wrote, conclusions from legal forms and schema.org types."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml

from vocabulary.countries import Box, CountryFinder, Spellings, country_names
from vocabulary.function_words import FunctionWords
from vocabulary.languages import LANGUAGES, best_language
from vocabulary.legal_forms import LegalForms
from vocabulary.likeness import Near, name_key, nearest
from vocabulary.regions import Regions
from vocabulary.terms import Term, TermChange
from vocabulary.word_pairs import WordPair, read_word_pairs

T = TypeVar("T")
UNKNOWN = "unknown"
_FILES = {"kind": "kinds", "sector": "sectors", "theme": "themes"}


@dataclass(frozen=True, slots=True)
class ShippedConcept:
    """A concept of the thesaurus: its names by interface language, the most common first, and the source of the translation.

    `broader` are ids of concepts of which it is a part, or of terms, as in “theme:housing”; `related` are ids of concepts (SKOS).
    """

    names: Mapping[str, tuple[str, ...]]
    source: str
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """An id that was concluded, and the words in the source that it was concluded from."""

    value: str
    from_: str


class Vocabulary:
    """All terms of a folder of YAML files, with what people made of them; immutable. load() gives the one in use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._terms = {name: _read_terms(folder / f"{file}.yaml") for name, file in _FILES.items()}
        plurals = _read(folder / "phrases.yaml")["kinds"]
        self._terms["kind"] = tuple(replace(term, plurals=_by_language(plurals[term.id], str)) for term in self._terms["kind"])
        self._countries = _read(folder / "countries.yaml")
        self._derivations = _read(folder / "derivations.yaml")
        self._ids_by_words = {name: _index(terms) for name, terms in self._terms.items()}
        self.regions = Regions(_read(folder / "regions.yaml"))
        self.forms = LegalForms(_read(folder / "legal_forms.yaml"))
        towns = ((id, _by_language(entry, str)) for id, entry in _read(folder / "towns.yaml").items())
        self._terms |= {"region": self.regions.terms, "legal_form": self.forms.terms}
        self._terms["place"] = tuple(Term(id, labels) for id, labels in towns)
        self._terms_by_id = {(name, term.id): term for name, terms in self._terms.items() for term in terms}

    def with_changes(self, changes: Iterable[TermChange]) -> Vocabulary:
        """The vocabulary as people made it of this one: terms changed, no longer offered, or added behind the others."""
        made = copy(self)
        made.__dict__.pop("_ids", None)
        made._terms = dict(self._terms)
        for change in changes:
            terms, dimension = made._terms[change["dimension"]], change["dimension"]
            known = self._terms_by_id.get((dimension, change["id"]))
            term = (known or Term(change["id"], {})).changed(change)
            made._terms[dimension] = tuple(term if one.id == term.id else one for one in terms) if known else (*terms, term)
        made._ids_by_words = {name: _index(made._terms[name]) for name in _FILES}
        made._terms_by_id = {(name, term.id): term for name, terms in made._terms.items() for term in terms}
        return made

    def terms(self, dimension: str) -> tuple[Term, ...]:
        """The terms of kind, sector, theme, country, region or legal_form that are offered; countries of the region first,
        then by code. Of place, those towns only that have other names in an interface language."""
        if dimension == "country":
            return tuple(Term(code, {lang: country_names(lang)[code] for lang in LANGUAGES}) for code in self._codes)
        return tuple(term for term in self._terms[dimension] if term.is_offered)

    def every_term(self, dimension: str) -> tuple[Term, ...]:
        """The terms of kind, sector or theme, also those that are no longer offered."""
        return self._terms[dimension]

    def term(self, dimension: str, id: str) -> Term | None:
        """A term of kind, sector, theme, region or legal_form, also one that is no longer offered; None where there is none."""
        return self._terms_by_id.get((dimension, id))

    def ids(self, dimension: str) -> frozenset[str]:
        """The ids of a closed list, also those that are no longer offered."""
        return self._ids[dimension]

    def successors(self, dimension: str, id: str) -> tuple[str, ...]:
        """The ids that stand in the place of an id: itself where it is offered or none of ours; none where nothing does."""
        found: dict[str, None] = {}
        waiting, seen = [id], set[str]()
        while waiting:
            term = self._terms_by_id.get((dimension, one := waiting.pop(0)))
            if term is None or term.is_offered:
                found[one] = None
            elif one not in seen:
                waiting += term.replaced_by
            seen.add(one)
        return tuple(found)

    def names_in_searches(self, dimension: str, term: Term) -> list[tuple[str | None, str]]:
        """What a term is searched by, each with its language, None where it is not known: also by the names of each term in
        whose place it alone stands."""
        former = [
            name
            for other in self._terms.get(dimension, ())
            if not other.is_offered and self.successors(dimension, other.id) == (term.id,)
            for name in (*other.labels.values(), *other.synonyms)
        ]
        return [*term.labels.items(), *((None, name) for name in (*term.synonyms, *former))]

    def label(self, dimension: str, id: str, lang: str) -> str:
        """The label of an id in an interface language; the id itself where it is none of ours."""
        if id == UNKNOWN:
            return self._unknown.label(lang)
        if dimension == "country":
            return country_names(lang).get(id, id)
        term = self._terms_by_id.get((dimension, id))
        return term.label(lang) if term else id

    def find(self, dimension: str, text: str) -> str | None:
        """The id that a text names by id, label or synonym in any language; None where it names none or more than one."""
        finders = {"country": self.find_country, "region": self.regions.find, "legal_form": self.forms.find}
        return finders[dimension](text) if dimension in finders else self._ids_by_words[dimension].get(name_key(text))

    def find_country(self, text: str) -> str | None:
        """The ISO 3166-1 alpha-2 code of the one country that a text names, in any language; None where that is not sure."""
        return self._finder.find(text)

    def find_lone_country(self, text: str) -> str | None:
        """As find_country, where the text holds no other words."""
        return self._finder.find_alone(text)

    def find_countries(self, text: str) -> tuple[str, ...]:
        """The alpha-2 codes of all countries that a text names, in its order; those that are not sure are left out."""
        return self._finder.find_all(text)

    def country_of_postcode(self, text: str) -> str | None:
        """The alpha-2 code of the country of a postal code in an address, such as LV-1010; None where that is not sure."""
        return self._finder.of_postcode(text)

    def nearest(self, dimension: str, text: str) -> Near | None:
        """The id whose name, in any language, a text misspells, as a suggestion for people; None where no name is near."""
        return nearest(text, self._finder.names if dimension == "country" else self._ids_by_words[dimension])

    def country_box(self, code: str | None) -> Box | None:
        """The rectangle in which a country lies; None where the vocabulary has none for it."""
        return Box(*self._boxes[code]) if code and code in self._boxes else None

    def legal_form_in(self, text: str) -> str | None:
        """The legal form that stands in a name, as the vocabulary writes it; None where none does. Words that only say who owns
        something (`no_forms`) are no legal form."""
        return next((name for name, _ in self._forms_in(text) if name not in self._no_forms), None)

    def with_short_forms(self, text: str) -> str:
        """A name with the legal form as the vocabulary writes it, where the name has it written out or in the genitive."""
        return self._long_forms.sub(lambda match: self._short_forms[match[0].lower()], text)

    def sector_of_legal_form(self, text: str) -> Derived | None:
        """The sector that follows from a legal form in a text; None where there is no form, or one of no certain sector."""
        return next((Derived(sector, name) for name, sector in self._forms_in(text) if sector), None)

    def sector_of_form_alone(self, text: str) -> Derived | None:
        """The sector of the legal form that a text is the name of, with nothing else; None where the countries that have such a
        form, or the sectors that follow from it, differ."""
        entries = [self.forms.entries[id] for id in self.forms.ids_named(text)]
        found = [self._sector_of_entry(entry) for entry in entries]
        return Derived(found[0] or "", entries[0]["local"]) if len(set(found)) == 1 and found[0] else None

    def _sector_of_entry(self, entry: Mapping[str, Any]) -> str | None:
        derived = self.sector_of_legal_form(entry["local"])
        return entry.get("sector") or (derived.value if derived else None)

    def one_sector_of_legal_forms(self, text: str) -> Derived | None:
        """The sector on which all legal forms in a text agree, also those of several names; None without one certain sector."""
        found = [Derived(sector or "", name) for name, sector in self._forms_in(text)]
        sectors = {derived.value for derived in found}
        return found[0] if len(sectors) == 1 and found[0].value else None

    def _forms_in(self, text: str) -> Iterator[tuple[str, str | None]]:
        """The legal forms that a text holds, in the order of the data, each with its sector; None where that is not certain."""
        short = self.with_short_forms(text)
        if self._any_form.search(short):
            yield from ((name, sector) for name, sector in self._sectors_by_form if _has_words(short, name))

    def sector_of_schema_type(self, type_name: str) -> Derived | None:
        """The sector that follows from a schema.org type such as NGO; None for others."""
        return _derived(self._derivations["schema_sectors"], type_name)

    def kind_of_schema_type(self, type_name: str) -> Derived | None:
        """The kind that follows from a schema.org type such as Project or MusicEvent; None for others."""
        derived = _derived(self._derivations["schema_kinds"], type_name)
        return Derived("event", type_name) if derived is None and type_name.endswith("Event") else derived

    @cached_property
    def _ids(self) -> Mapping[str, frozenset[str]]:
        ids = {name: frozenset(term.id for term in terms) for name, terms in self._terms.items()}
        return {**ids, "country": frozenset(self._codes)}

    @property
    def legal_forms(self) -> tuple[str, ...]:
        """Every legal form known, as names are written with them."""
        forms: dict[str, list[str]] = self._derivations["legal_forms"]
        unknown: list[str] = self._derivations["unknown_forms"]
        return (*(name for names in forms.values() for name in names), *unknown)

    @cached_property
    def thesaurus(self) -> Mapping[str, ShippedConcept]:
        """The field's concepts beyond the closed lists, by id."""
        entries = _read(self._folder / "thesaurus.yaml")
        return {
            id: ShippedConcept(
                _by_language(entry, tuple), entry["source"], tuple(entry.get("broader", ())), tuple(entry.get("related", ()))
            )
            for id, entry in entries.items()
        }

    @cached_property
    def function_words(self) -> FunctionWords:
        """The words that questions have for grammar alone, and those that tell little."""
        return FunctionWords(**_read(self._folder / "function_words.yaml"))

    @cached_property
    def homographs(self) -> frozenset[str]:
        """Forms of names of concepts that are mostly another word, in small letters; as they are written they still name one that
        has the form itself among its names."""
        forms: Mapping[str, str] = _read(self._folder / "homographs.yaml")
        return frozenset(form for of_language in forms.values() for form in of_language.split())

    @cached_property
    def word_pairs(self) -> tuple[WordPair, ...]:
        """Everyday words with what they are in the other interface language, beside the names of concepts."""
        return read_word_pairs(**_read(self._folder / "word_pairs.yaml"))

    def example_searches(self, lang: str) -> tuple[str, tuple[str, ...]]:
        """Questions to try, with the language that they are in: best_language() of those that have any."""
        examples: dict[str, list[str]] = self._interface["example_searches"]
        code = best_language(lang, examples)
        return code, tuple(examples[code])

    @cached_property
    def _interface(self) -> dict[str, Any]:
        return _read(self._folder / "interface.yaml")

    @cached_property
    def _unknown(self) -> Term:
        return Term(UNKNOWN, _by_language(self._interface[UNKNOWN], str))

    @cached_property
    def _no_forms(self) -> frozenset[str]:
        return frozenset(self._derivations["no_forms"])

    @cached_property
    def _sectors_by_form(self) -> tuple[tuple[str, str | None], ...]:
        forms: dict[str, list[str]] = self._derivations["legal_forms"]
        known = [(name, sector) for sector, names in forms.items() for name in names]
        return (*known, *((name, None) for name in self._derivations["unknown_forms"]))

    @cached_property
    def _any_form(self) -> re.Pattern[str]:
        """Any legal form in any case: most names hold none, and are not searched for each."""
        return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(name) for name in self.legal_forms)})(?!\w)", re.IGNORECASE)

    @cached_property
    def _short_forms(self) -> dict[str, str]:
        """The short form by its writing in small letters."""
        lists = [entry for key in ("written_out", "genitives") for entry in self._derivations[key].items()]
        return {writing.lower(): short for short, writings in lists for writing in writings}

    @cached_property
    def _long_forms(self) -> re.Pattern[str]:
        """Any form written out, and any genitive that is alone or before a quotation mark; the longest first."""
        written_out, genitives = (
            "|".join(
                sorted((re.escape(name) for names in self._derivations[key].values() for name in names), key=len, reverse=True)
            )
            for key in ("written_out", "genitives")
        )
        quoted = r"(?=\s*[\"'„“”«»‘’‚‹›])"
        return re.compile(rf"(?<!\w)(?:(?:{written_out})(?!\w)|(?:{genitives}){quoted})|^(?:{genitives})$", re.IGNORECASE)

    @cached_property
    def _boxes(self) -> dict[str, Any]:
        return _read(self._folder / "boxes.yaml")

    @cached_property
    def _codes(self) -> tuple[str, ...]:
        region: list[str] = self._countries["region"]
        return (*region, *sorted(set(country_names("en")) - set(region)))

    @cached_property
    def _finder(self) -> CountryFinder:
        return CountryFinder(Spellings(**{name: entries for name, entries in self._countries.items() if name != "region"}))


class _Current:
    """The vocabulary of this process; the reference is replaced at once, so that each reader meets one whole vocabulary."""

    vocabulary: Vocabulary | None = None
    changes: tuple[TermChange, ...] = ()


def load() -> Vocabulary:
    """The vocabulary in use: the shipped one until `use_changes` is called."""
    return _Current.vocabulary or shipped()


@cache
def shipped() -> Vocabulary:
    """The vocabulary as it is shipped, read once a process."""
    return Vocabulary(Path(__file__).parent / "data")


def use_changes(changes: Sequence[TermChange]) -> None:
    """From now on this process goes by the shipped vocabulary with these changes."""
    _Current.vocabulary = shipped().with_changes(changes) if changes else None
    _Current.changes = tuple(changes)


def changes_in_use() -> tuple[TermChange, ...]:
    """What `use_changes` was called with last, for other processes that are to go by the same."""
    return _Current.changes


def _read(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        data: dict[str, Any] = yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader either way
    return data


def _read_terms(path: Path) -> tuple[Term, ...]:
    return tuple(
        Term(
            id, _by_language(entry, str), tuple(entry["also"]), tuple(entry.get("narrower", ())), tuple(entry.get("written", ()))
        )
        for id, entry in _read(path).items()
    )


def _by_language(entry: Mapping[str, Any], kind: Callable[[Any], T]) -> dict[str, T]:
    """The values of an entry that stand under codes of interface languages, in the order of LANGUAGES."""
    return {code: kind(entry[code]) for code in LANGUAGES if code in entry}


def _index(terms: tuple[Term, ...]) -> dict[str, str]:
    """Folded words to id; words that stand for two ids are left out. A term that is offered goes before one that is not."""
    offered, former = ([term for term in terms if term.is_offered == is_offered] for is_offered in (True, False))
    known = {name_key(name) for term in offered for name in term.names()}
    return _unambiguous(offered) | {words: id for words, id in _unambiguous(former).items() if words not in known}


def _unambiguous(terms: Sequence[Term]) -> dict[str, str]:
    ids: dict[str, set[str]] = {}
    for term in terms:
        for name in term.names():
            ids.setdefault(name_key(name), set()).add(term.id)
    return {words: next(iter(found)) for words, found in ids.items() if len(found) == 1}


def _has_words(text: str, words: str) -> bool:
    """Whole words; abbreviations in capitals count only in capitals (SIA, not Sia)."""
    is_abbreviation = words[:2].isupper()
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, 0 if is_abbreviation else re.IGNORECASE))


def _derived(table: Mapping[str, str], type_name: str) -> Derived | None:
    return Derived(table[type_name], type_name) if type_name in table else None
