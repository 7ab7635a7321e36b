"""Guessing the encoding of a text that declares none: the code page in which its letters make sense."""

from __future__ import annotations

import codecs
import re
from collections import Counter

MAX_BYTES = 100_000
"""The length of the beginning of a text that is looked at."""
CODE_PAGES = ("cp1257", "cp1252", "cp1250", "cp1251", "iso8859-13", "iso8859-4", "iso8859-2", "iso8859-15", "koi8-u")
"""Encodings of old programs around the Baltic Sea, the likeliest first; the first of those that fit equally well is taken."""
LETTERS = (
    "āčēģīķļņšūž", "ąčęėįšųūž", "äõöüšž", "ąćęłńóśźż", "äöüß", "æøåé", "åäöé", "áðéíóúýþæö", "àâæçéèêëîïôùûüœ",
    "áéíñóúü¿¡", "àèéìòù", "ãáâàçéêíóõôú", "áčďéěíňóřšťúůýž", "áéíóöőúüű", "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ",
)  # fmt: skip
"""The letters besides a to z of lv, lt, et, pl, de, da and nb, sv and fi, is, fr, es, it, pt, cs and sk, hu, ru and uk."""
FIT_STEP = 0.02
"""Fits are rounded to this step, so that nearly equal ones count as equal."""
MIN_VALID_PER_BROKEN = 10
"""The number of valid UTF-8 sequences for each broken one in a text that counts as UTF-8 with errors."""
_MARKS = frozenset("„“”‘’‚–—…«»‹›°€£§№•·´¨ ­½¼¾®™©²³±×†")
_SWAPPED_CASE = re.compile(r"(?<=[a-zà-öø-ÿа-яіїєґ])[À-ÖØ-ÞĀČĒĢĪĶĻŅŠŪŽŁĄĘŚŹŻА-ЯІЇЄҐ]")
_MIXED_SCRIPTS = re.compile(r"[A-Za-z](?=[А-Яа-яіїєґІЇЄҐ])|[А-Яа-яіїєґІЇЄҐ](?=[A-Za-z])")
_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def guessed(body: bytes) -> str:
    """Return the name of the likeliest encoding of bytes that are not valid UTF-8; "utf-8" if most of their sequences are."""
    head = body[:MAX_BYTES]
    broken = head.decode("utf-8", "replace").count("\ufffd")
    if len(_SEQUENCE.findall(head)) >= MIN_VALID_PER_BROKEN * broken:
        return "utf-8"
    fits = {name: round(fit(head.decode(name, "replace")) / FIT_STEP) for name in CODE_PAGES}
    return max(fits, key=lambda name: fits[name])


def fit(text: str) -> float:
    """Return how well the letters beyond a to z fit the alphabet of one language: 1 if all do, -1 or less if none does.

    Each line is measured alone, because a register may hold texts in many languages, while a line seldom does.
    """
    lines = [letters for line in text.splitlines() if (letters := [c for c in line if not c.isascii() and c not in _MARKS])]
    total = sum(map(len, lines))
    errors = len(_SWAPPED_CASE.findall(text)) + len(_MIXED_SCRIPTS.findall(text))
    return (sum(map(_fit_of_line, lines)) - 3 * errors) / total if total else 0.0


def _fit_of_line(letters: list[str]) -> int:
    counts = Counter("".join(letters).lower())
    penalty = sum(count * (1 if c.isalpha() else 4) for c, count in counts.items())
    best = max(sum(counts[c] * 2 for c in alphabet) for alphabet in LETTERS)
    return best - penalty


def wide(body: bytes) -> str:
    """Return the name of UTF-16 without a byte order mark, recognised by the zero bytes of Latin letters; else ""."""
    head = body[:MAX_BYTES]
    half = max(1, len(head) // 2)
    for name, zeros in (("utf-16-le", head[1::2].count(0)), ("utf-16-be", head[::2].count(0))):
        if zeros > 0.5 * half:
            return name
    return ""


_WIDE_BEGINNINGS = {
    codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", b"<\x00\x00\x00": "utf-32-le", b"\x00\x00\x00<": "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip


def codec_of_markup(body: bytes) -> str:
    """The name of a codec in which the tags of HTML or XML can be read: UTF-16 or UTF-32, else Latin-1, which keeps all bytes."""
    marked = (codec for beginning, codec in _WIDE_BEGINNINGS.items() if body.startswith(beginning))
    return next(marked, "") or wide(body) or "latin-1"
