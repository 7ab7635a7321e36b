"""Lettering: texts of strangers in the typeface that comes with the site, cut and broken so that they fit."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from PIL import ImageFont

REGULAR, BOLD = 400, 700
MAX_CHARACTERS = 180
"""Longer texts are cut before they are measured."""
UNDRAWN_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn")
"""Control characters, marks that turn the direction of the text, private and unassigned ones."""
MAX_MARKS = 2
"""So many accents at most stand on one letter."""


@lru_cache(maxsize=32)
def typeface(pixels: int, weight: int) -> ImageFont.FreeTypeFont:
    """Open Sans in a size and a weight (REGULAR or BOLD)."""
    path = files("fontpkg_open_sans") / "files" / "OpenSans[wdth,wght].ttf"
    font = ImageFont.truetype(io.BytesIO(path.read_bytes()), pixels)
    font.set_variation_by_axes([weight, 100])
    return font


def drawable(text: str) -> str:
    """The text in one line of what can be drawn: no signs without a shape in the typeface, nothing that turns it around."""
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text[: 2 * MAX_CHARACTERS]):
        is_mark = unicodedata.combining(character) != 0
        marks = marks + 1 if is_mark else 0
        if unicodedata.category(character) not in UNDRAWN_CATEGORIES and marks <= MAX_MARKS and _has_shape(character):
            kept.append(character)
        elif not is_mark:
            kept.append(" ")
    line = " ".join("".join(kept).split())
    return line if len(line) <= MAX_CHARACTERS else f"{line[: MAX_CHARACTERS - 1].rstrip()}…"


def fitted(text: str, width: int, sizes: Sequence[int], max_lines: int) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest of the sizes (in pixels, the largest first) in which the text takes at most so many lines, and the lines.

    In the smallest size what is left over is cut, and an ellipsis says so.
    """
    for pixels in sizes:
        font = typeface(pixels, BOLD)
        lines = list(_lines(text, font, width))
        if len(lines) <= max_lines:
            return font, lines
    return font, [*lines[: max_lines - 1], shortened(f"{lines[max_lines - 1]}…", font, width)]


def shortened(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """The text, cut so that it is at most so many pixels wide, with an ellipsis where something is cut."""
    whole, text = text, text.rstrip("… ")
    if font.getlength(whole) <= width:
        return whole
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1].rstrip()
    return f"{text}…"


def _lines(text: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """The lines of a text, broken between words, and within a word that is wider than a line."""
    line = ""
    for word in _short_words(text, font, width):
        longer = f"{line} {word}".strip()
        if font.getlength(longer) <= width:
            line = longer
            continue
        yield line
        line = word
    yield line


def _short_words(text: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    for word in text.split():
        while font.getlength(word) > width:
            end = next(end for end in range(len(word), 0, -1) if end == 1 or font.getlength(word[:end]) <= width)
            yield word[:end]
            word = word[end:]
        if word:
            yield word


@cache
def _shape_of_missing() -> bytes:
    """What the typeface draws for a character that it does not have."""
    return bytes(typeface(40, REGULAR).getmask("\U0010fffd"))


@lru_cache(maxsize=4_000)
def _has_shape(character: str) -> bool:
    if character.isspace():
        return True
    mask = typeface(40, REGULAR).getmask(character)
    return mask.getbbox() is not None and bytes(mask) != _shape_of_missing()
