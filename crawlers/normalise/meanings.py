"""The meanings of the source's words: kinds, sectors, themes and countries as ids of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Callable

from crawlers.basis import Basis, BasisKind
from crawlers.normalise.sectors import concluded_sector
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.values.raw_fields import all_texts, split_texts, tags_of, text_of
from vocabulary import Box, Derived, Dimension, load
from vocabulary.messages import N_

BAD_COUNTRY = N_("This is not understood as a country; write the name of one country, or ask a curator to map it")
BAD_KIND = N_("This kind is not in our list; write one that is, or ask a curator to map it")
BAD_VALUE = N_("This value is not in our list; write one that is, or ask a curator to map it")
KINDS_OF_ORGANISATIONS = ("social_enterprise", "support_organisation", "network", "platform")
"""Kinds that types of schema.org and WordPress do not have: a recipe's default tells them better than the type Organization."""
Warn = Callable[[str, str, str], None]
"""Reports a value that is not understood: our field's name, the source's value and the reason, a message id."""


class Meanings:
    """The meanings of words in one platform: those that its recipe maps, else those of the vocabulary.

    Methods that conclude a value also return its basis, as in Record.derived; it is empty where the source states the value.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._recipe, self._words = recipe, load()

    def countries(self, raw: RawRecord, warn: Warn) -> tuple[str | None, tuple[str, ...], dict[str, str]]:
        """Return the country if the source names exactly one, all countries that it names, and their basis.

        If the source has no field for the country, the end of its address or place may name it.
        """
        codes: list[str] = []
        for text in all_texts(raw.fields.get("country")):
            named = self._country_codes(text)
            if named is None:
                warn("country", text, BAD_COUNTRY)
            codes += named or []
        if codes or all_texts(raw.fields.get("country")):
            unique = tuple(dict.fromkeys(codes))
            return (unique[0] if len(unique) == 1 else None), unique, {}
        return self._country_of_address(raw)

    def _country_codes(self, text: str) -> list[str] | None:
        """Return the codes by the recipe's mapping of the text or its parts, else by the vocabulary; None if unknown."""
        mapping = self._recipe.values.get("country", {})
        parts = [part.strip() for part in re.split(r"[,;/|]", text)]
        if text.strip() in mapping:
            parts = [text.strip()]
        if not mapping.keys() & set(parts):
            return list(self._words.find_countries(text)) or None
        codes = [mapping[part] if part in mapping else self._words.find_country(part) for part in parts]
        return [code for code in codes if code]

    def _country_of_address(self, raw: RawRecord) -> tuple[str | None, tuple[str, ...], dict[str, str]]:
        """Return what `countries` does, for the last part of the address or place."""
        for field in ("address", "place"):
            _, comma, last = (text_of(raw, field) or "").rpartition(",")
            if comma and (code := self._words.find_country(last)):
                return code, (code,), {"country": str(Basis(BasisKind.FIELD, field))}
        return None, (), {}

    def kind(self, raw: RawRecord, warn: Warn) -> tuple[str | None, dict[str, str]]:
        """Return the kind and its basis; None where the recipe's default tells it, or tells it better."""
        for text in all_texts(raw.fields.get("kind")):
            if kind := self._id_of("kind", text):
                return kind, {}
            if self._words.legal_form_in(text) or self._words.forms.ids_named(text):
                return self._concluded_kind(Derived("organisation", text))
            if not self._id_of("sector", text):
                warn("kind", text, BAD_KIND)
        derived = next((derived for name in raw.types if (derived := self._kind_of_type(name))), None)
        return self._concluded_kind(derived) if derived else (None, {})

    def _concluded_kind(self, derived: Derived) -> tuple[str | None, dict[str, str]]:
        """Return the kind and its basis; None where the recipe's default tells better what an organisation is."""
        is_told_better = derived.value == "organisation" and self._recipe.defaults.get("kind") in KINDS_OF_ORGANISATIONS
        return (None, {}) if is_told_better else (derived.value, {"kind": str(Basis(BasisKind.TERM, derived.from_))})

    def _kind_of_type(self, name: str) -> Derived | None:
        kind = self._words.find("kind", name)
        return Derived(kind, name) if kind else self._words.kind_of_schema_type(name)

    def sectors(self, raw: RawRecord, title: str, kind: str | None, warn: Warn) -> tuple[tuple[str, ...], dict[str, str]]:
        """Return the sectors and their basis: those that the source states, also as a kind ("NGO"), else see concluded_sector."""
        if chosen := self.ids(raw, "sectors", "sector", warn):
            return chosen, {}
        as_kinds = (self._id_of("sector", text) for text in all_texts(raw.fields.get("kind")))
        if chosen := tuple(dict.fromkeys(id for id in as_kinds if id)):
            return chosen, {}
        concluded = concluded_sector(raw, title, kind)
        return ((concluded[0],), {"sectors": str(concluded[1])}) if concluded else ((), {})

    def legal_form(self, raw: RawRecord, title: str) -> tuple[str | None, dict[str, str]]:
        """Return the legal form as the vocabulary writes it, else as the source does, and its basis if a name holds it."""
        stated = text_of(raw, "legal_form")
        if stated and stated != title:
            return self._words.legal_form_in(stated) or stated, {}
        for name, text in (("title", title), ("legal_name", text_of(raw, "legal_name") or "")):
            if form := self._words.legal_form_in(text):
                return form, {"legal_form": str(Basis(BasisKind.FIELD, name))}
        return None, {}

    def box(self, country: str | None) -> Box | None:
        """Return the bounding box of a country; None if unknown."""
        return self._words.country_box(country)

    def ids(self, raw: RawRecord, field: str, dimension: Dimension, warn: Warn) -> tuple[str, ...]:
        """Return the ids of the values in the source's field, and of those tags that are words of the vocabulary."""
        ids = []
        for text in split_texts(raw.fields.get(field)):
            id = self._id_of(dimension, text)
            if id is None:
                warn(field, text, BAD_VALUE)
            ids.append(id)
        ids += [self._id_of(dimension, tag) for tag in tags_of(raw)]
        return tuple(dict.fromkeys(id for id in ids if id))

    def _id_of(self, dimension: Dimension, text: str) -> str | None:
        """Return the id of a word, by the recipe's mapping, else by the vocabulary; None if unknown."""
        mapping = self._recipe.values.get(dimension, {})
        stripped = text.strip()
        return mapping[stripped] if stripped in mapping else self._words.find(dimension, stripped)
