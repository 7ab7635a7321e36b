"""Workbooks of few bytes that stand for many: each is refused in words before it is opened."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from crawlers.errors import BadContent
from crawlers.reading.workbook import read_workbook
from tests.crawlers.limited import in_limits

OPEN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSE = "</sheetData></worksheet>"
MUCH, BROKEN, NO_ARCHIVE = "unpacks to too much", "cannot be read", "without a password"


def sheet(rows: str, *, head: str = OPEN, tail: str = CLOSE, texts: str = "") -> bytes:
    """A workbook whose only sheet has these rows, and whose shared texts are `texts` where given."""
    good, out = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(good, {"in_memory": True}) as book:
        book.add_worksheet("S").write(0, 0, "Nosaukums")
    with zipfile.ZipFile(good) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as forged:
        for part in archive.namelist():
            is_texts = texts and part.endswith("sharedStrings.xml")
            forged.writestr(
                part, head + rows + tail if part.endswith("sheet1.xml") else texts if is_texts else archive.read(part)
            )
    return out.getvalue()


def far(place: str) -> bytes:
    return sheet(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c {place}><v>1</v></c></row>')


def with_wrong_offset() -> bytes:
    """A workbook whose directory says that it lies before the beginning of the file."""
    body = bytearray(sheet(""))
    end = body.rindex(b"PK\x05\x06")
    body[end + 16 : end + 20] = (0xFFFFFF00).to_bytes(4, "little")
    return bytes(body)


def shared(count: int, length: int) -> bytes:
    cells = '<c t="s"><v>0</v></c>' * count
    return sheet(f"<row>{cells}</row>", texts=f'<sst xmlns="x" count="1"><si><t>{"x" * length}</t></si></sst>')


FORGED: dict[str, tuple[Callable[[], bytes], str]] = {
    "single quotes": (lambda: far("r='XFD1048576'"), MUCH),
    "small letters": (lambda: far('r="xfd1048576"'), MUCH),
    "blanks": (lambda: far('r = "XFD1048576"'), MUCH),
    "a line break": (lambda: far('s="1"\n\tr\n=\n"XFD1048576"'), MUCH),
    "a long attribute before": (lambda: far(f'x="{"y" * 500}" r="XFD1048576"'), MUCH),
    "a bracket before": (lambda: far('x="&gt;>" r="XFD1048576"'), MUCH),
    "too many rows": (lambda: far('r="A99999999"'), MUCH),
    "too many rows and columns": (lambda: far('r="ZZZZZZ99999999"'), MUCH),
    "ten million rows": (lambda: far('r="A10000000"'), MUCH),
    "a row of its own": (lambda: sheet('<row r="1"><c><v>1</v></c></row><row r="1048576"><c r="XFD1"><v>1</v></c></row>'), MUCH),
    "a row without cells": (lambda: sheet('<row r="1048577"/><row><c><v>1</v></c></row>'), MUCH),
    "a prefix": (lambda: sheet('<x:row r="1"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>', head=OPEN.replace("xmlns=", 'xmlns:x="y" xmlns=')), MUCH),
    "cells without a place": (lambda: sheet(f"<row>{'<c/>' * 20_000}</row>"), MUCH),
    "merged cells": (lambda: sheet('<row r="1"/><row r="9000"><c r="ALL9000"><v>1</v></c></row>', tail="</sheetData><mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 500 + "</mergeCells></worksheet>"), MUCH),
    "one text in many cells": (lambda: shared(16_000, 30_000), MUCH),
    "entities": (lambda: sheet('<row r="1"><c r="A1"><v>&b;</v></c></row>', head='<!DOCTYPE worksheet [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;">]>' + OPEN), BROKEN),
    "no XML": (lambda: sheet('<row r="1"><c r="A1"></row>'), BROKEN),
    "a directory elsewhere": (with_wrong_offset, NO_ARCHIVE),
}  # fmt: skip


def outcome(body: str) -> str:
    """What is said of a workbook (base64), or its number of rows."""
    try:
        return str(sum(len(rows) for _, rows in read_workbook(base64.b64decode(body), "a.xlsx")))
    except BadContent as error:
        return error.text


@pytest.fixture(scope="module")
def outcomes() -> dict[str, str]:
    bodies = [make() for make, _ in FORGED.values()]
    assert max(map(len, bodies)) < 30_000
    return dict(zip(FORGED, in_limits(outcome, [base64.b64encode(body).decode() for body in bodies]), strict=False))


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_workbook_is_refused_in_words(outcomes: dict[str, str], name: str) -> None:
    assert name in outcomes, "the process died of this or an earlier workbook"
    assert FORGED[name][1] in outcomes[name]


def test_what_tables_really_have_is_read() -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row><c><v>1</v></c><c r="D2"><v>2</v></c></row><row r="5"><c t="inlineStr"><is><t>x</t></is></c></row>'
    ((name, read),) = read_workbook(sheet(rows), "a.xlsx")
    assert (name, read) == ("S", [["Nosaukums", "", "", ""], ["1", "", "", "2"], [""] * 4, [""] * 4, ["x", "", "", ""]])
