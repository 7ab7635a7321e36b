"""Which code page a text without a declared one is written in: the one in which its letters make sense."""

from __future__ import annotations

import re
from collections import Counter

MAX_BYTES = 100_000
CODE_PAGES = ("cp1257", "cp1252", "cp1250", "cp1251", "iso8859-13", "iso8859-4", "iso8859-2", "iso8859-15", "koi8-u")
"""What old programs around the Baltic Sea write, the likeliest first; of two that read a text as well the first is taken."""
LETTERS = (
    "āčēģīķļņšūž", "ąčęėįšųūž", "äõöüšž", "ąćęłńóśźż", "äöüß", "æøåé", "åäöé", "áðéíóúýþæö", "àâæçéèêëîïôùûüœ",
    "áéíñóúü¿¡", "àèéìòù", "ãáâàçéêíóõôú", "áčďéěíňóřšťúůýž", "áéíóöőúüű", "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ",
)  # fmt: skip
"""The letters beside a to z of lv, lt, et, pl, de, da and nb, sv and fi, is, fr, es, it, pt, cs and sk, hu, ru and uk."""
TIE = 0.02
"""Fits that differ by less are as good."""
GOOD_SEQUENCES = 10
"""So many whole UTF-8 sequences for each broken one make a text UTF-8 with a broken place."""
_MARKS = frozenset("„“”‘’‚–—…«»‹›°€£§№•·´¨ ­½¼¾®™©²³±×†")
_SWAPPED_CASE = re.compile(r"(?<=[a-zà-öø-ÿа-яіїєґ])[À-ÖØ-ÞĀČĒĢĪĶĻŅŠŪŽŁĄĘŚŹŻА-ЯІЇЄҐ]")
_MIXED_SCRIPTS = re.compile(r"[A-Za-z](?=[А-Яа-яіїєґІЇЄҐ])|[А-Яа-яіїєґІЇЄҐ](?=[A-Za-z])")
_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def guessed(body: bytes) -> str:
    """The name of the encoding in which bytes that are no whole UTF-8 are best read; "utf-8" where nothing is known."""
    head = body[:MAX_BYTES]
    broken = head.decode("utf-8", "replace").count("\ufffd")
    if len(_SEQUENCE.findall(head)) >= GOOD_SEQUENCES * broken:
        return "utf-8"
    fits = {name: round(fit(head.decode(name, "replace")) / TIE) for name in CODE_PAGES}
    return max(fits, key=lambda name: fits[name])


def fit(text: str) -> float:
    """How well the letters beyond a to z fit one language, line by line: 1 for each letter that does, per letter.

    A register may hold texts of many languages, a line seldom does.
    """
    lines = [own for line in text.splitlines() if (own := [c for c in line if not c.isascii() and c not in _MARKS])]
    letters = sum(map(len, lines))
    wrong = len(_SWAPPED_CASE.findall(text)) + len(_MIXED_SCRIPTS.findall(text))
    return (sum(map(_fit_of_line, lines)) - 3 * wrong) / letters if letters else 0.0


def _fit_of_line(own: list[str]) -> int:
    counts = Counter("".join(own).lower())
    strange = sum(count * (1 if c.isalpha() else 4) for c, count in counts.items())
    known = (sum(counts[c] * 2 for c in letters) for letters in LETTERS)
    return max(known) - strange


def wide(body: bytes) -> str:
    """UTF-16 without a byte order mark, by where the zeros of its Latin letters stand; "" where it is none."""
    head = body[:MAX_BYTES]
    half = max(1, len(head) // 2)
    for name, zeros in (("utf-16-le", head[1::2].count(0)), ("utf-16-be", head[::2].count(0))):
        if zeros > 0.5 * half:
            return name
    return ""
