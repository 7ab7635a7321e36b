"""Error values of a workbook, such as #N/A, by sheet and place; the reader of workbooks gives empty cells for them.

Call it only for a workbook that reading.workbook has opened: its sizes are checked there, and no part declares a document type.
"""

from __future__ import annotations

import io
import zipfile
from xml.parsers import expat

from crawlers.reading.workbook_parts import Place, place_of, sheet_parts


def error_values(body: bytes) -> dict[str, dict[Place, str]]:
    """By the name of a sheet, the error values that stand in its cells."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = dict(sheet_parts(archive))
        return {name: found for name, part in parts.items() if (found := _errors(archive, part))}


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
            self._place = place_of(attributes.get("r", "")) if attributes.get("t") == "e" else None
        self._is_value = name == "v"

    def end(self, _tag: str) -> None:
        """An element ends."""
        self._is_value = False

    def text(self, text: str) -> None:
        """A piece of text in the current element."""
        if self._is_value and self._place is not None:
            self.found[self._place] = self.found.get(self._place, "") + text
