"""What queues need to know of a listing's texts and dates, stored beside what is composed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from platforma.catalogue.listings.days import last_day
from platforma.catalogue.shapes import Composed

TEXTS = ("summary", "description")
"""Fields that say what a listing is; a title alone, which is often a name, says it in no language."""
ENDING = {"funding": ("end_date",), "event": ("end_date", "start_date")}
"""Kinds that are over one day, with the fields that say when, the first that is there."""


def text_languages(composed: Composed) -> str:
    """The languages in which a listing says what it is, as ` en lv `; empty where it says so in none."""
    return languages_of(composed.get("texts", {}))


def languages_of(texts: Mapping[str, Mapping[str, str]]) -> str:
    """The same by the texts of its fields, by BCP 47 tag."""
    codes = sorted({code for name in TEXTS for code, text in texts.get(name, {}).items() if text})
    return f" {' '.join(codes)} " if codes else ""


def open_until(composed: Composed) -> str:
    """The last day of a call or an event as YYYY-MM-DD; empty where it is not known, and for other kinds."""
    fields = cast(Mapping[str, str], composed.get("fields", {}))
    days = (last_day(fields.get(name)) for name in ENDING.get(fields.get("kind", ""), ()))
    day = next((day for day in days if day), None)
    return day.isoformat() if day else ""
