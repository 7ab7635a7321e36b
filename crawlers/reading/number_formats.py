"""Numbers that a workbook shows by a format of zeros, such as 0000012345: the reader of workbooks loses the zeros."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from itertools import islice
from xml.parsers import expat

from crawlers.reading.workbook_parts import Place, elements, part_named, place_of, sheet_parts

MAX_FORMAT_CHARACTERS = 60
MAX_STYLES = 65_000
_LITERAL = re.compile(r'\\(.)|"([^"]*)"')
_ZEROS = re.compile(r"[0 /()+-]*0[0 /()+-]*")
"""A pattern of digits that are all shown, with signs between them, which are written as they are."""


def digit_patterns(archive: zipfile.ZipFile) -> dict[str, dict[Place, str]]:
    """By the name of a sheet, the pattern (`000-000`) of the cells whose format shows a fixed number of digits, two at least."""
    styles = part_named(archive, "xl/styles.xml")
    patterns = _patterns_by_style(elements(archive, styles)) if styles else {}
    if not patterns:
        return {}
    return {name: _styled_cells(archive, part, patterns) for name, part in sheet_parts(archive)}


def with_digits(text: str, pattern: str) -> str:
    """A whole number as a pattern of digits shows it, filled up with zeros; any other text unchanged."""
    places = pattern.count("0")
    if not re.fullmatch(r"\d{1,20}", text) or len(text) > places:
        return text
    digits = iter(text.zfill(places))
    return "".join(next(digits) if sign == "0" else sign for sign in pattern)


def pattern_of(code: str) -> str | None:
    """The pattern of digits that a format code shows; None for formats of other kinds (ECMA-376, part 1, 18.8.30)."""
    first = code[:MAX_FORMAT_CHARACTERS].partition(";")[0]
    plain = _LITERAL.sub(lambda match: match[1] or match[2] or "", re.sub(r"\[[^\]]*\]", "", first))
    return plain.strip() if _ZEROS.fullmatch(plain) and plain.count("0") > 1 else None


def _patterns_by_style(styles: list[tuple[str, dict[str, str]]]) -> dict[str, str]:
    """The pattern by the index of a style, as cells refer to it."""
    codes = {one.get("numFmtId"): one.get("formatCode", "") for tag, one in styles if tag == "numFmt"}
    patterns = {id: pattern for id, code in codes.items() if (pattern := pattern_of(code))}
    cell_styles: list[dict[str, str]] = []
    is_of_cells = False
    for tag, attributes in styles:
        if tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            is_of_cells = tag == "cellXfs"
        elif tag == "xf" and is_of_cells:
            cell_styles.append(attributes)
    indexed = enumerate(islice(cell_styles, MAX_STYLES))
    return {str(index): pattern for index, one in indexed if (pattern := patterns.get(one.get("numFmtId")))}


def _styled_cells(archive: zipfile.ZipFile, part: str, patterns: Mapping[str, str]) -> dict[Place, str]:
    """The pattern of each cell of a sheet that has one."""
    found: dict[Place, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        pattern = patterns.get(attributes.get("s", "")) if tag.rpartition(":")[2] == "c" else None
        if pattern and (place := place_of(attributes.get("r", ""))) is not None:
            found[place] = pattern

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with archive.open(part) as file:
        parser.ParseFile(file)
    return found
