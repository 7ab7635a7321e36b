"""The files of an export, by suffix: how lines are written, and how an import reads them again.

A line is a JSON object as exporting.line_of makes it, or a record of the record contract.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from crawlers.importing import json_lines
from platforma.catalogue.files import tables

Lines = Callable[[], Iterator[dict[str, Any]]]
"""Gives all lines anew each time."""


@dataclass(frozen=True, slots=True)
class Format:
    """`write` gives how many lines it wrote; its tags are the languages that occur in each text field. `read` gives the
    number and the JSON value of each line, or a Problem; it raises BadContent when the whole file cannot be read."""

    write: Callable[[TextIO, Lines, Mapping[str, list[str]]], int]
    read: Callable[[Path], Iterator[tuple[int, Any]]]


def suffixes() -> str:
    """The suffixes as a sentence has them."""
    return " or ".join(FORMATS)


def _write_jsonl(file: TextIO, lines: Lines, _tags: Mapping[str, list[str]]) -> int:
    total = 0
    for total, line in enumerate(lines(), start=1):  # noqa: B007 - the last number is the count
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return total


FORMATS = {
    ".jsonl": Format(_write_jsonl, json_lines),
    ".csv": Format(tables.write_csv, tables.read_csv),
}
