"""Folding and collation: how words are compared, and how names are sorted."""

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
"""The combining marks of Latin letters, in one quick step."""
_ORDER = "aābcčdeēfgģhiīyjkķlļmnņoōpqrŗsštuūvwxzž"
_RANK = {letter: f"{number:02d}" for number, letter in enumerate(_ORDER, start=20)}


def fold(text: str) -> str:
    """The text as it is compared: compatibility forms resolved, case and diacritics gone, quotes and hyphens plain."""
    if text.isascii():
        return text.lower().replace("`", "'")
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS))
    plain = plain.translate(_MARKS)
    if not plain.isascii():
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain.translate(_LETTERS)


@lru_cache(maxsize=10_000)
def collation_key(text: str) -> str:
    """A string whose byte order is the Latvian order of names: a ā b c č …, y after ī, digits before letters.

    Case and punctuation do not count, letters of other alphabets sort by their plain letter, else after z; texts that
    are the same so far keep the order of their own characters, so that the order is total.
    """
    lowered = unicodedata.normalize("NFC", text.casefold())
    return "".join(_weight(c) for c in lowered) + "\x00" + text


def title_key(text: str) -> str:
    """A title as it is compared with others: folded, every run of white space one blank. Stored hashes hang on this form."""
    return " ".join(fold(text).split())


def word_key(text: str) -> str:
    """A name as it is looked up: its sort_words parted by blanks."""
    return " ".join(sort_words(text))


def sort_words(text: str) -> list[str]:
    """Folded words of a text, without punctuation."""
    return re.findall(r"\w+", fold(text))


def _weight(character: str) -> str:
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
