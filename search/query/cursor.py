"""Cursors: where a page ended, as an opaque text."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from search.port import BadQuery

MAX_CURSOR_CHARACTERS = 200
_TEXT = re.compile(r"(\d{1,9}):(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last result that was seen: its rank, counted from 1, and its id, which tells where it stands now."""

    rank: int
    id: str


def cursor_text(cursor: Cursor) -> str:
    """The cursor as letters, digits, - and _."""
    return base64.urlsafe_b64encode(f"{cursor.rank}:{cursor.id}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """The cursor that a text stands for. Raises BadQuery where it stands for none."""
    try:
        short = text[:MAX_CURSOR_CHARACTERS]
        plain = base64.b64decode(short + "=" * (-len(short) % 4), altchars=b"-_", validate=True)
        match = _TEXT.fullmatch(plain.decode())
    except (binascii.Error, ValueError) as error:
        raise BadQuery("this cursor is not understood; begin again without it") from error
    if match is None or not int(match[1]):
        raise BadQuery("this cursor is not understood; begin again without it")
    return Cursor(int(match[1]), match[2])
