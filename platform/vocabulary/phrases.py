"""Phrases for headings in the interface languages: kinds in the plural, "in Estonia", "Igaunijā"."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from vocabulary.countries import country_names
from vocabulary.languages import best_language
from vocabulary.words import load

_LONG = {"a": "ā", "e": "ē"}


def plural_kind(kind: str, lang: str) -> str | None:
    """A kind in the plural and in small letters, as `social enterprises`; None for one that is none of ours."""
    term = load().term("kind", kind)
    return term.plurals[best_language(lang, term.plurals)] if term and term.plurals else None


def in_country(code: str, lang: str) -> str | None:
    """Where something is, by ISO 3166-1 alpha-2 code: `in the Netherlands`, `Nīderlandē`.

    None where the phrase is not certain: for unknown codes, for Latvian names of several words outside the region, and for
    other languages than Latvian and English.
    """
    name = country_names(lang).get(code)
    if name is None:
        return None
    if lang == "lv":
        return _phrases()["lv_countries"].get(code) or (None if " " in name else _locative(name))
    return in_place(f"the {name}" if code in _phrases()["en_with_article"] else name, lang)


def in_place(name: str, lang: str) -> str | None:
    """As in_country, for the name of a town or region in that language: `in Latgale`, `Latgalē`."""
    if lang == "lv":
        return _locative(name)
    return f"in {name}" if lang == "en" else None


def _locative(name: str) -> str | None:
    """The Latvian locative of a name by its last word; None where no rule gives it."""
    rest, space, last = name.rpartition(" ")
    words: Mapping[str, str] = _phrases()["lv_words"]
    ending = _LONG.get(last[-1:])
    found = words.get(last) or (f"{last[:-1]}{ending}" if ending else None)
    return f"{rest}{space}{found}" if found else None


@cache
def _phrases() -> Mapping[str, Any]:
    text = (Path(__file__).parent / "data" / "phrases.yaml").read_text(encoding="utf-8")
    phrases: Mapping[str, Any] = yaml.safe_load(text)
    return phrases
