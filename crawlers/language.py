"""The language of a text, told from the text itself."""

from __future__ import annotations

from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

LANGUAGES = ("lv", "lt", "et", "en", "de", "pl", "sv", "da", "fi", "no", "ru", "uk", "is")
"""What people of the region write in; py3langid's `no` is BCP 47's `nb` here."""
SURE, LIKELY = 0.95, 0.6
LONG_LETTERS = 20


def language_of(text: str, hint: str | None = None) -> str:
    """The language of a text (BCP 47): by the text where it is clear enough for its length, else the hint, else `und`."""
    base = (hint or "").split("-")[0].split("_")[0].lower()
    usable = _tag(base) if base in (*LANGUAGES, "nb") else None
    code, probability = _identifier().classify(text[:2000])
    is_long = sum(c.isalpha() for c in text) >= LONG_LETTERS
    enough = SURE if usable or not is_long else LIKELY
    return _tag(code) if probability >= enough and (is_long or not usable) else usable or "und"


def _tag(code: str) -> str:
    return "nb" if code == "no" else code


@cache
def _identifier() -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
