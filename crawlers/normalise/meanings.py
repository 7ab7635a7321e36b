"""What the source's own words mean: kinds, sectors, themes and countries as ids of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from crawlers.basis import Basis, BasisKind
from crawlers.messages import N_
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.values.fields import many, split, tags_of, text_of
from vocabulary import Box, load

BAD_COUNTRY = N_("This is not understood as a country; write one country's name, or map it in the recipe")
BAD_KIND = N_("This kind is not in our list; map it in the recipe")
BAD_VALUE = N_("This value is not in our list; map it in the recipe")
Tell = Callable[[str, str, str], None]
"""Told what was not understood: our field's name, the source's value and the reason, a message id."""


class Meanings:
    """The meanings of one recipe: what it maps itself, else what the vocabulary knows."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe, self._words = recipe, load()

    def countries(self, raw: RawRecord, tell: Tell) -> tuple[str | None, tuple[str, ...], dict[str, str]]:
        """The country where the source names just one, all that it names, and what they were concluded from.

        Where the source has no word for the country, the end of its address or place may name it.
        """
        found = []
        for text in many(raw.fields.get("country")):
            named = self._codes(text)
            if named is None:
                tell("country", text, BAD_COUNTRY)
            found += named or []
        if found or many(raw.fields.get("country")):
            codes = tuple(dict.fromkeys(found))
            return (codes[0] if len(codes) == 1 else None), codes, {}
        return self._country_of_address(raw)

    def _codes(self, text: str) -> list[str] | None:
        """Codes by the recipe's mapping of the whole text or of its parts, else by the vocabulary; None where unknown."""
        mapping = self._recipe.values.get("country", {})
        parts = [part.strip() for part in re.split(r"[,;/|]", text)]
        if text.strip() in mapping:
            parts = [text.strip()]
        if not mapping.keys() & set(parts):
            return list(self._words.find_countries(text)) or None
        known = [mapping[part] if part in mapping else self._words.find_country(part) for part in parts]
        return [code for code in known if code]

    def _country_of_address(self, raw: RawRecord) -> tuple[str | None, tuple[str, ...], dict[str, str]]:
        for field in ("address", "place"):
            _, comma, last = (text_of(raw, field) or "").rpartition(",")
            if comma and (code := self._words.find_country(last)):
                return code, (code,), {"country": str(Basis(BasisKind.FIELD, field))}
        return None, (), {}

    def kind(self, raw: RawRecord, tell: Tell) -> tuple[str | None, dict[str, str]]:
        """The kind, and what it was concluded from where the source does not say it."""
        for text in many(raw.fields.get("kind")):
            if kind := self._mapped("kind", text):
                return kind, {}
            tell("kind", text, BAD_KIND)
        for name in raw.types:
            if kind := self._words.find("kind", name):
                return kind, {"kind": str(Basis(BasisKind.TERM, name))}
            if derived := self._words.kind_of_schema_type(name):
                return derived.value, {"kind": str(Basis(BasisKind.TERM, derived.from_))}
        return None, {}

    def sectors(self, raw: RawRecord, title: str, tell: Tell) -> tuple[tuple[str, ...], dict[str, str]]:
        """The sectors, and what they were concluded from where the source does not say them."""
        if chosen := self.ids(raw, "sectors", "sector", tell):
            return chosen, {}
        for name in raw.types:
            if (derived := self._words.sector_of_schema_type(name)) and name not in ("Corporation", "LocalBusiness"):
                return (derived.value,), {"sectors": str(Basis(BasisKind.SCHEMA_TYPE, derived.from_))}
        for text in (text_of(raw, "legal_form") or "", title, text_of(raw, "legal_name") or ""):
            if derived := self._words.sector_of_legal_form(text):
                return (derived.value,), {"sectors": str(Basis(BasisKind.LEGAL_FORM, derived.from_))}
        return (), {}

    def legal_form(self, raw: RawRecord, title: str) -> tuple[str | None, dict[str, str]]:
        """The legal form as the vocabulary writes it, else as the source does; from a name where no field says it."""
        said = text_of(raw, "legal_form")
        if said and said != title:
            return self._words.legal_form_in(said) or said, {}
        for name, text in (("title", title), ("legal_name", text_of(raw, "legal_name") or "")):
            if form := self._words.legal_form_in(text):
                return form, {"legal_form": str(Basis(BasisKind.FIELD, name))}
        return None, {}

    def box(self, country: str | None) -> Box | None:
        """Where a country lies, as far as we know."""
        return self._words.country_box(country)

    def ids(self, raw: RawRecord, field: str, dimension: str, tell: Tell) -> tuple[str, ...]:
        """Ids of what the source lists, and of those tags that happen to be words of ours."""
        found = []
        for text in split(raw.fields.get(field)):
            id = self._mapped(dimension, text)
            if id is None:
                tell(field, text, BAD_VALUE)
            found.append(id)
        found += [self._mapped(dimension, tag) for tag in tags_of(raw)]
        return tuple(dict.fromkeys(id for id in found if id))

    def _mapped(self, dimension: Any, text: str) -> str | None:
        mapping = self._recipe.values.get(dimension, {})
        stripped = text.strip()
        return mapping[stripped] if stripped in mapping else self._words.find(dimension, stripped)
