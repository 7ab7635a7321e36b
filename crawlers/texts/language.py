"""The language of a text, identified from its words (py3langid)."""

from __future__ import annotations

import re
from copy import copy
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

REGION_LANGUAGES = ("lv", "lt", "et", "en", "de", "pl", "sv", "da", "fi", "no", "ru", "uk", "is", "be")
"""The languages in which people of the region write; py3langid's `no` is returned as BCP 47's `nb`."""
OTHER_LANGUAGES = ("fr", "es", "it", "pt", "nl", "ro", "hu", "el", "bg", "cs", "sk", "sl", "hr", "ca")
"""Languages that are considered only for long texts: a short title would too often be taken for one of them."""
MIN_LETTERS_FOR_OTHERS = 80
MAX_CHARACTERS = 500
MIN_SHARE = 0.4
HINT_ODDS = 50
"""The factor by which a language is likelier when the address or the markup names it: that is right four times in five."""
_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[\d_]+")


def language_of(text: str, hint: str | None = None) -> str:
    """The language of a text as a BCP 47 tag, `und` where it is not clear; both forms of Norwegian are `nb`.

    `hint` is a language tag or locale, or None. It raises the probability of its language, and is the answer where the text
    has no letters or no language is probable enough.
    """
    hinted = _code(hint)
    words = _NOT_WORDS.sub(" ", text[:MAX_CHARACTERS]).lower()
    letters = sum(c.isalpha() for c in words)
    candidates = (*REGION_LANGUAGES, *OTHER_LANGUAGES) if letters >= MIN_LETTERS_FOR_OTHERS else REGION_LANGUAGES
    fallback = _tag(hinted) if hinted in candidates else "und"
    if not letters:
        return fallback
    odds = {code: float(p) * (HINT_ODDS if code == hinted else 1) for code, p in _identifier(candidates).rank(words)}
    likeliest = max(odds, key=lambda code: odds[code])
    return _tag(likeliest) if odds[likeliest] >= MIN_SHARE * sum(odds.values()) else fallback


def language_of_tag(tag: str | None) -> str | None:
    """The language of a tag or locale as language_of writes it; None where language_of cannot tell it from a text."""
    code = _code(tag)
    return _tag(code) if code in (*REGION_LANGUAGES, *OTHER_LANGUAGES) else None


def _code(tag: str | None) -> str:
    """The language of a tag or locale as py3langid writes it."""
    code = re.split("[-_]", tag or "")[0].lower()
    return "no" if code in ("nb", "nn") else code


def _tag(code: str) -> str:
    return "nb" if code == "no" else code


@cache
def _identifier(candidates: tuple[str, ...]) -> Any:
    """An identifier (py3langid, untyped) that knows only these languages; all share one model."""
    identifier = copy(_model())
    identifier.set_languages(list(candidates))
    return identifier


@cache
def _model() -> Any:
    """The identifier of all languages; loading its model takes a while, and 80 MB of memory."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
