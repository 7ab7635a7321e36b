"""Folding, comparison keys and collation: how texts are compared, and how names are sorted."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "ß": "ss", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h"}
    | dict.fromkeys("„“”«»‟❝❞″", '"')
    | dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
)
_MARKS = dict.fromkeys(range(0x300, 0x370))
"""The combining marks of Latin letters, removed first because translate is fast."""
_ORDER = "aābcčdeēfgģhiīyjkķlļmnņoōpqrŗsštuūvwxzž"
_RANK = {letter: f"{number:02d}" for number, letter in enumerate(_ORDER, start=20)}


def fold(text: str) -> str:
    """The text for comparison: NFKD, without case and diacritics, with plain quotes and hyphens."""
    if text.isascii():
        return text.lower().replace("`", "'")
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS))
    plain = plain.translate(_MARKS)
    if not plain.isascii():
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain.translate(_LETTERS)


@lru_cache(maxsize=10_000)
def collation_key(text: str) -> str:
    """A sort key whose byte order is the Latvian alphabetical order: a ā b c č …, y after ī, digits before letters.

    Case and punctuation do not count. Other letters sort as their folded letter where it is in the alphabet, else after z.
    The text itself ends the key, so that the order is total.
    """
    lowered = unicodedata.normalize("NFC", text.casefold())
    return "".join(_weight(c) for c in lowered) + "\x00" + text


def name_key(text: str, lang: str) -> str:
    """A sort key for names on pages in an interface language: the Latvian alphabetical order, or letters without their marks."""
    return collation_key(text) if lang == "lv" else f"{fold(text)}\x00{text}"


def title_key(text: str) -> str:
    """A title for comparison: folded, with one blank for each run of white space. Stored hashes depend on this form."""
    return " ".join(fold(text).split())


def word_key(text: str) -> str:
    """A name for look-up: its sort_words separated by blanks."""
    return " ".join(sort_words(text))


def sort_words(text: str) -> list[str]:
    """The folded words of a text in their order, without punctuation."""
    return re.findall(r"\w+", fold(text))


def _weight(character: str) -> str:
    """The part of a collation key for one character; "" for punctuation."""
    if character in _RANK:
        return _RANK[character]
    if character.isspace():
        return "01"
    if character.isdigit():
        return f"1{unicodedata.digit(character, 0)}"
    if not character.isalpha():
        return ""
    plain = fold(character)
    return "".join(_RANK.get(c, "99" + c) for c in plain)
