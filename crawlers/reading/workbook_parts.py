"""The parts of a workbook: which part holds which sheet, and their elements.

Call these only for a workbook that reading.workbook has opened or measured: its sizes are checked there, and no part declares a
document type.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from posixpath import normpath
from xml.parsers import expat

_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
Place = tuple[int, int]
"""Row and column, both from 0."""


def sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name and part of each sheet."""
    book, relations = part_named(archive, "xl/workbook.xml"), part_named(archive, "xl/_rels/workbook.xml.rels")
    if book is None or relations is None:
        return
    names = {part.lower(): part for part in archive.namelist()}
    targets = {one.get("Id"): one.get("Target", "") for tag, one in elements(archive, relations) if tag == "Relationship"}
    for tag, sheet in elements(archive, book):
        id = next((value for name, value in sheet.items() if name == "id" or name.endswith(":id")), None)
        target = targets.get(id) if tag == "sheet" else None
        if target:
            path = normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}").lower()
            if path in names:
                yield sheet.get("name", ""), names[path]


def part_named(archive: zipfile.ZipFile, name: str) -> str | None:
    """The part with a name in small letters, as the archive writes it; None where there is none."""
    return next((part for part in archive.namelist() if part.lower() == name), None)


def elements(archive: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of a small part, as name and attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: found.append((tag.rpartition(":")[2], attributes))
    parser.Parse(archive.read(part), True)
    return found


def place_of(reference: str) -> Place | None:
    """The place of a cell such as `B12`; None for a text that is none."""
    match = _PLACE.fullmatch(reference.upper())
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
