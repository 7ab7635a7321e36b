"""An export as a CSV table: a row for each listing, a column for each field, and for each language of a text field."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from crawlers.importing.isolation import lines_apart
from crawlers.record import Problem
from crawlers.record_checks import FIELDS
from platforma.catalogue.files.cells import json_cell, json_of_cell, list_cell, list_of_cell, safe_cell, text_of_cell
from platforma.catalogue.files.exchange import ListingPart
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from vocabulary.messages import N_

Lines = Callable[[], Iterator[dict[str, Any]]]
"""Each call gives all lines from the start."""
LIST_COLUMNS = tuple(name for name in LIST_FIELDS if name != "identifiers")
JSON_COLUMNS = ("identifiers", "derived", "sources", "joined", "judged", "platforms")
NUMBER_COLUMNS = ("lat", "lon")
STATE_COLUMNS = ("state", "reason", "published_at", "created_at", "changed_at", "edited", "about_platform", "remote_id")
KNOWN_COLUMNS = (*FIELDS - {*TEXT_FIELDS}, *ListingPart.model_fields)
OWNER_SUFFIX = "=owner"
"""The suffix of a field in the column `edited` that its owner edited; curators edited the others."""
ROW_TOO_LONG = N_("the row has more cells than the table has columns")


def write_csv(file: TextIO, lines: Lines, tags: Mapping[str, list[str]]) -> int:
    """Write the lines; return how many. The sources' own fields (`raw`) are left out, since they may not fit into a cell."""
    texts = [f"{name}_{tag}" for name in TEXT_FIELDS for tag in tags[name]]
    columns = ["public_id", "platform", "url", *texts, *PLAIN_FIELDS, *LIST_COLUMNS, *STATE_COLUMNS, *JSON_COLUMNS]
    writer = csv.DictWriter(file, columns)
    writer.writeheader()
    total = 0
    for total, line in enumerate(lines(), start=1):  # noqa: B007 - the last number is the count
        writer.writerow(_cells(line))
    return total


def read_csv(path: Path) -> Iterator[tuple[int, Any]]:
    """The number of each row, as spreadsheets count them, with its JSON object; a Problem for a row that is too long.

    Raises BadContent for a file that is no table, or has unknown or repeated columns.
    """
    rows = lines_apart(path, columns=KNOWN_COLUMNS)
    _, header = next(rows)
    for number, row in rows:
        if len(row) > len(header) and any(row[len(header) :]):
            yield number, Problem("refused", ROW_TOO_LONG, remote_id=f"line {number}")
        elif any(row):
            yield number, _object(dict(zip(header, row, strict=False)))


def _cells(line: Mapping[str, Any]) -> dict[str, str]:
    cells = {
        name: safe_cell(line[name])
        for name in ("public_id", "platform", "url", *PLAIN_FIELDS, *STATE_COLUMNS)
        if name != "edited"
    }
    cells |= {f"{name}_{tag}": safe_cell(text) for name in TEXT_FIELDS for tag, text in line[name].items()}
    cells |= {name: list_cell(line[name]) for name in LIST_COLUMNS}
    cells |= {name: json_cell(line[name]) for name in JSON_COLUMNS if name != "sources"}
    sources = [{**source, "differs": {k: v for k, v in source["differs"].items() if k != "raw"}} for source in line["sources"]]
    edited = [key if by == "curator" else key + OWNER_SUFFIX for key, by in line["edited"].items()]
    return cells | {"sources": json_cell(sources), "edited": list_cell(edited)}


def _object(row: Mapping[str, str]) -> dict[str, Any]:
    """The JSON object of a row; empty cells are left out."""
    data: dict[str, Any] = {}
    for column, cell in row.items():
        name, _, tag = column.partition("_")
        if not cell:
            continue
        if name in TEXT_FIELDS and tag:
            data.setdefault(name, {})[tag] = text_of_cell(cell)
        else:
            data[column] = _value(column, cell)
    return data


def _value(column: str, cell: str) -> Any:
    if column in (*JSON_COLUMNS, "raw"):
        return json_of_cell(cell)
    if column in LIST_COLUMNS:
        return list_of_cell(cell)
    if column == "edited":
        keys = list_of_cell(cell)
        return {key.removesuffix(OWNER_SUFFIX): "owner" if key.endswith(OWNER_SUFFIX) else "curator" for key in keys}
    text = text_of_cell(cell)
    return _number(text) if column in NUMBER_COLUMNS else text


def _number(text: str) -> float | str:
    """The text as a number; the text itself where it is none."""
    try:
        return float(text)
    except ValueError:
        return text
