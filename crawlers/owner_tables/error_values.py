"""Error values of a workbook, such as #N/A, by sheet and place; the reader of workbooks gives empty cells for them.

Call it only for a workbook that reading.workbook has opened: its sizes are checked there, and no part declares a document type.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from posixpath import normpath
from xml.parsers import expat

_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
Place = tuple[int, int]
"""Row and column, both from 0."""


def error_values(body: bytes) -> dict[str, dict[Place, str]]:
    """By the name of a sheet, the error values that stand in its cells."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = dict(_parts(archive))
        return {name: found for name, part in parts.items() if (found := _errors(archive, part))}


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name and part of each sheet."""
    book = next((name for name in archive.namelist() if name.lower() == "xl/workbook.xml"), None)
    relations = next((name for name in archive.namelist() if name.lower() == "xl/_rels/workbook.xml.rels"), None)
    if book is None or relations is None:
        return
    names = {part.lower(): part for part in archive.namelist()}
    targets = {one.get("Id"): one.get("Target", "") for tag, one in _elements(archive, relations) if tag == "Relationship"}
    for tag, sheet in _elements(archive, book):
        id = next((value for name, value in sheet.items() if name == "id" or name.endswith(":id")), None)
        target = targets.get(id) if tag == "sheet" else None
        if target:
            path = normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}").lower()
            if path in names:
                yield sheet.get("name", ""), names[path]


def _elements(archive: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of a small part, as name and attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: found.append((tag.rpartition(":")[2], attributes))
    parser.Parse(archive.read(part), True)
    return found


def _errors(archive: zipfile.ZipFile, part: str) -> dict[Place, str]:
    handlers = _Errors()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = handlers.start, handlers.end
    parser.CharacterDataHandler = handlers.text
    with archive.open(part) as file:
        parser.ParseFile(file)
    return handlers.found


class _Errors:
    """Handlers of a parser that collect the cells of type `e`."""

    def __init__(self) -> None:
        self.found: dict[Place, str] = {}
        self._place: Place | None = None
        self._is_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = tag.rpartition(":")[2]
        if name == "c":
            match = _PLACE.fullmatch(attributes.get("r", "").upper())
            self._place = _place(match) if match and attributes.get("t") == "e" else None
        self._is_value = name == "v"

    def end(self, _tag: str) -> None:
        """An element ends."""
        self._is_value = False

    def text(self, text: str) -> None:
        """A piece of text in the current element."""
        if self._is_value and self._place is not None:
            self.found[self._place] = self.found.get(self._place, "") + text


def _place(match: re.Match[str]) -> Place:
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
