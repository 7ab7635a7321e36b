"""Monograms: what stands in place of a picture, letters of a title on one of a few tints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from zlib import crc32

from vocabulary import load

TINTS = 5
MAX_LETTERS = 2
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Monogram:
    """At most two letters, none for a title without letters, and a tint from 0 to TINTS - 1."""

    letters: str
    tint: int


def monogram(title: str, public_id: str) -> Monogram:
    """The first letters of a title's first and second word, legal forms left out; the tint follows from the id alone."""
    words = _WORD.findall(_legal_forms().sub(" ", title)) or _WORD.findall(title)
    letters = "".join(word[0] for word in words[:MAX_LETTERS]).upper()[:MAX_LETTERS]
    return Monogram(letters, crc32(public_id.encode()) % TINTS)


@cache
def _legal_forms() -> re.Pattern[str]:
    """Any legal form as a word of its own, the longest first; `As` of an English title is none, `AS` is one."""
    names = {name for name in load().legal_forms if load().legal_form_in(name)}
    names |= {name[0].upper() + name[1:] for name in names}
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?!\w)")
