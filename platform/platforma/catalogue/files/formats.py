"""File formats by suffix: how an export writes lines, and how an import reads them.

A line is a JSON object: a listing as exporting.line_of makes it, or a record in the record format.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from crawlers.importing.isolation import lines_apart
from platforma.catalogue.files import tables
from platforma.catalogue.files.tables import Lines


@dataclass(frozen=True, slots=True)
class Format:
    """One file format.

    `write` gets the lines and the language tags that occur in each text field, and returns the number of lines written.
    `read` gives the number of each line with its JSON value or a Problem; it raises BadContent where the file is unreadable.
    """

    write: Callable[[TextIO, Lines, Mapping[str, list[str]]], int]
    read: Callable[[Path], Iterator[tuple[int, Any]]]


def suffixes() -> str:
    """The known suffixes, joined for a sentence."""
    return " or ".join(FORMATS)


def _write_jsonl(file: TextIO, lines: Lines, _tags: Mapping[str, list[str]]) -> int:
    total = 0
    for total, line in enumerate(lines(), start=1):  # noqa: B007 - the last number is the count
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return total


FORMATS = {
    ".jsonl": Format(_write_jsonl, lines_apart),
    ".csv": Format(tables.write_csv, tables.read_csv),
}
