"""The language of a text, told from the text itself."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

REGION = ("lv", "lt", "et", "en", "de", "pl", "sv", "da", "fi", "no", "ru", "uk", "is", "be")
"""What people of the region write in; py3langid's `no` is BCP 47's `nb` here."""
ELSEWHERE = ("fr", "es", "it", "pt", "nl", "ro", "hu", "el", "bg", "cs", "sk", "sl", "hr", "ca")
"""Told only where the text is long: among these, too, a short title is easily taken for a neighbour's."""
LONG_LETTERS = 80
MAX_CHARACTERS = 500
SURE = 0.4
HINT_ODDS = 50
"""How much likelier a language is when the address or the markup names it: right four times in five."""
_NO_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[\d_]+")


def language_of(text: str, hint: str | None = None) -> str:
    """The language of a text (BCP 47), `und` where it is not clear; Norwegian of both forms is `nb`.

    The text decides; `hint`, a language tag or locale, weighs in where the text is short, and stands alone where the
    text has no letter or leaves it open.
    """
    hinted = re.split("[-_]", hint or "")[0].lower()
    hinted = "no" if hinted in ("nb", "nn") else hinted
    words = _NO_WORDS.sub(" ", text[:MAX_CHARACTERS]).lower()
    letters = sum(c.isalpha() for c in words)
    among = (*REGION, *ELSEWHERE) if letters >= LONG_LETTERS else REGION
    fallback = _tag(hinted) if hinted in among else "und"
    if not letters:
        return fallback
    odds = {code: float(p) * (HINT_ODDS if code == hinted else 1) for code, p in _identifier(among).rank(words)}
    best = max(odds, key=lambda code: odds[code])
    return _tag(best) if odds[best] >= SURE * sum(odds.values()) else fallback


def _tag(code: str) -> str:
    return "nb" if code == "no" else code


@cache
def _identifier(among: tuple[str, ...]) -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(among))
    return identifier
