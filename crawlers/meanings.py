"""What the source's own words mean: kinds, sectors, themes and countries as ids of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from crawlers.fields import many, split, text_of
from crawlers.raw import Raw
from crawlers.recipe import Recipe
from vocabulary import load

Tell = Callable[[str, str, str], None]
"""Told what was not understood: our field's name, the source's value and the reason, a message id."""


class Meanings:
    """The meanings of one recipe: what it maps itself, else what the vocabulary knows."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe, self._words = recipe, load()

    def countries(self, raw: Raw, tell: Tell) -> tuple[str | None, tuple[str, ...]]:
        """The country where the source names just one, and all that it names."""
        found = []
        for text in many(raw.fields.get("country")):
            whole = self._mapped("country", text)
            parts = [whole] if whole else [self._mapped("country", p) for p in re.split(r"[,;/]| un | and ", text)]
            if not any(parts) and text.strip():
                tell("country", text, "This country is not understood; write one country's name")
            found += [code for code in parts if code]
        codes = tuple(dict.fromkeys(found))
        return (codes[0] if len(codes) == 1 else None), codes

    def kind(self, raw: Raw, tell: Tell) -> tuple[str | None, dict[str, str]]:
        """The kind, and what it was concluded from where the source does not say it."""
        for text in many(raw.fields.get("kind")):
            if kind := self._mapped("kind", text):
                return kind, {}
            tell("kind", text, "This kind is not in our list; map it in the recipe")
        for name in raw.types:
            if kind := self._words.find("kind", name):
                return kind, {"kind": name}
            if derived := self._words.kind_of_schema_type(name):
                return derived.value, {"kind": derived.from_}
        return None, {}

    def sectors(self, raw: Raw, title: str, tell: Tell) -> tuple[tuple[str, ...], dict[str, str]]:
        """The sectors, and what they were concluded from where the source does not say them."""
        if chosen := self.ids(raw, "sectors", "sector", tell):
            return chosen, {}
        for name in raw.types:
            if (derived := self._words.sector_of_schema_type(name)) and name not in ("Corporation", "LocalBusiness"):
                return (derived.value,), {"sectors": f"schema.org type {derived.from_}"}
        for text in (text_of(raw, "legal_form") or "", title):
            if derived := self._words.sector_of_legal_form(text):
                return (derived.value,), {"sectors": f"legal form {derived.from_}"}
        return (), {}

    def ids(self, raw: Raw, field: str, dimension: str, tell: Tell) -> tuple[str, ...]:
        """Ids of what the source lists, and of those tags that happen to be words of ours."""
        found = []
        for text in split(raw.fields.get(field)):
            id = self._mapped(dimension, text)
            if id is None:
                tell(field, text, "This value is not in our list; map it in the recipe")
            found.append(id)
        found += [self._mapped(dimension, tag) for tag in many(raw.fields.get("tags"))]
        return tuple(dict.fromkeys(id for id in found if id))

    def _mapped(self, dimension: Any, text: str) -> str | None:
        mapping = self._recipe.values.get(dimension, {})
        stripped = text.strip()
        return mapping[stripped] if stripped in mapping else self._words.find(dimension, stripped)
