"""What a workbook would take when it is opened, found out by a streaming XML parser before anything is opened.

The cells of a sheet are opened as a full rectangle, and each text anew for each cell that refers to it, so that few bytes
may stand for many. Places are read as the reader of workbooks (calamine) reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.parsers import expat

MAX_CELLS = 10_000_000
MAX_COLUMNS, MAX_ROWS = 16_384, 1_048_576
MAX_CHARACTERS = 200_000_000
"""The number of characters in all cells of all sheets."""
_PLACE = re.compile(r"([A-Za-z]{0,6})([0-9]{0,10})")


class TooMuch(Exception):
    """The parts of a workbook stand for too many cells, or too much text."""


class NoSheet(Exception):
    """A part of a workbook is no XML that all readers read in the same way."""


class WorkbookMeter:
    """Measures the parts of one workbook; the texts that cells share are to be measured before the sheets."""

    def __init__(self) -> None:
        self._text_lengths: list[int] = []
        self._characters = 0

    def measure(self, chunks: Iterable[bytes]) -> None:
        """Measure a part. Raises TooMuch and NoSheet."""
        part = _Part(self._text_lengths)
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = part.start, part.end
        parser.CharacterDataHandler = part.text
        parser.StartDoctypeDeclHandler = _refuse_declarations
        try:
            for chunk in chunks:
                parser.Parse(chunk, False)
                self._check(part)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise NoSheet(str(error)) from error
        self._check(part)
        self._characters += part.characters

    def _check(self, part: _Part) -> None:
        is_large = part.rows > MAX_ROWS or part.columns > MAX_COLUMNS or part.rows * part.columns > MAX_CELLS
        if is_large or part.merged_cells > MAX_CELLS or self._characters + part.characters > MAX_CHARACTERS:
            raise TooMuch


class _Part:
    """Handlers of a parser that measure a part as it is read.

    `rows` and `columns` are those of the last cell, `merged_cells` the sum of all merged rectangles, `characters` the length
    of all texts in cells, those of shared texts at each cell.
    """

    def __init__(self, text_lengths: list[int]) -> None:
        self.rows = self.columns = self.merged_cells = self.characters = 0
        self._text_lengths = text_lengths
        self._row = self._column = 0
        self._is_shared = False
        self._number = ""
        self._is_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = tag.rpartition(":")[2]
        if name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "is", "t"):
            self._is_value, self._number = True, ""
        elif name == "row":
            self._row = _row_of(attributes.get("r", "")) or self._row + 1
            self._column = 0
            self.rows = max(self.rows, self._row)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "si":
            self._text_lengths.append(0)

    def end(self, tag: str) -> None:
        """An element ends."""
        name = tag.rpartition(":")[2]
        if name == "v" and self._is_shared and self._number.strip().isdecimal() and len(self._number) < 12:
            number = int(self._number)
            self.characters += self._text_lengths[number] if number < len(self._text_lengths) else 0
        elif name == "si":
            self.characters += self._text_lengths[-1]
        elif name in ("v", "is", "t"):
            self._is_value = False

    def text(self, text: str) -> None:
        """A piece of text in the current element."""
        if self._is_shared and self._is_value:
            self._number += text[:12]
        elif self._text_lengths and self._row == 0:
            self._text_lengths[-1] += len(text)
        else:
            self.characters += len(text)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        """A cell begins at its own place, else after the last one."""
        letters, digits = _letters_and_digits(attributes.get("r", ""))
        self._column = _column_of(letters) or self._column + 1
        self.columns = max(self.columns, self._column)
        self.rows = max(self.rows, int(digits or 0), self._row, 1)
        self._row = self._row or 1
        self._is_shared = attributes.get("t") == "s"

    def _merge(self, reference: str) -> None:
        """A merged rectangle, as far as the sheet has cells."""
        places = [_letters_and_digits(corner) for corner in reference.split(":")]
        columns = [min(_column_of(letters), self.columns) for letters, _ in places]
        rows = [min(int(digits or 0), self.rows) for _, digits in places]
        self.merged_cells += (max(columns) - min(columns) + 1) * (max(rows) - min(rows) + 1)


def _refuse_declarations(*_: object) -> None:
    raise NoSheet("a document type is declared")


def _letters_and_digits(place: str) -> tuple[str, str]:
    """The letters and digits of a place such as `B12`; both empty for a text that is none, which the reader refuses."""
    match = _PLACE.fullmatch(place)
    return (match[1], match[2]) if match else ("", "")


def _row_of(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0


def _column_of(letters: str) -> int:
    """The number of a column, from 1 for `A`; 0 without letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
