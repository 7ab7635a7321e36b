"""The interface languages: the one table that a new language is entered in."""

from __future__ import annotations

from collections.abc import Container

LANGUAGES = {"lv": "Latviešu", "en": "English"}
"""BCP 47 code of each interface language to its own name, the default first. A new one is a line here, a catalogue of
messages (translations/<code>) and data: labels in vocabulary/data and pages in templates/pages/texts."""
THREE_LETTER_CODES = {"lv": "lav", "en": "eng"}
"""ISO 639-3 codes of interface languages, for records of open data; a language without one is left out there."""
DEFAULT_LANGUAGE = next(iter(LANGUAGES))
FALLBACK_LANGUAGE = "en"
"""The language of message ids, and the one that most people around the Baltic Sea read."""


def best_language(lang: str, available: Container[str]) -> str:
    """The language in which a reader of `lang` is shown what exists in `available` only: their own, the fallback, the default."""
    return next((code for code in (lang, FALLBACK_LANGUAGE) if code in available), DEFAULT_LANGUAGE)
