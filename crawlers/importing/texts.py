"""The text of a file."""

from __future__ import annotations

from pathlib import Path

from crawlers.errors import BadContent
from vocabulary.characters import without_controls
from vocabulary.messages import N_


def text_of(path: Path, newline: str | None = None) -> str:
    """Return a file's text without a byte order mark and control characters. Raises BadContent if it is not UTF-8.

    Line ends become `\\n` unless `newline` is "", as in open().
    """
    try:
        with path.open(encoding="utf-8-sig", newline=newline) as file:
            return without_controls(file.read())
    except UnicodeDecodeError as error:
        raise BadContent(path.name, N_("this is no UTF-8 text; save it as UTF-8")) from error
