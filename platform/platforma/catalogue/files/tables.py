"""An export as a table: a row a listing, a column a field, and one more for each language of a text."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from crawlers.errors import BadContent
from crawlers.messages import N_
from crawlers.record import Problem
from crawlers.record_checks import FIELDS, LANGUAGE_TAG
from platforma.catalogue.files.cells import json_cell, json_of_cell, list_cell, list_of_cell, safe_cell, text_of_cell
from platforma.catalogue.files.exchange import ListingPart
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS

Lines = Callable[[], Iterator[dict[str, Any]]]
LISTS = tuple(name for name in LIST_FIELDS if name != "identifiers")
JSON = ("identifiers", "derived", "sources", "joined", "platforms")
NUMBERS = ("lat", "lon")
AFTER = ("state", "reason", "published_at", "created_at", "changed_at", "edited", "about_platform", "remote_id")
COLUMNS = (*FIELDS - {*TEXT_FIELDS}, *ListingPart.model_fields)
DELIMITERS = ",;\t"
MAX_CELL_CHARACTERS = 2**31 - 1
BY_OWNER = "=owner"
"""Behind a field of `edited` that its owner said; the desk said the others."""
BROKEN = N_("this table is broken (%(error)s); save it again as CSV")
NO_COLUMN = N_("there is no field for the column %(columns)s; say with --recipe how the columns map to ours")
TWO_COLUMNS = N_("the column %(columns)s is there twice")
TOO_MANY_CELLS = N_("the row has more cells than the table has columns")


def write_csv(file: TextIO, lines: Lines, tags: Mapping[str, list[str]]) -> int:
    """Write the lines; what the sources said beyond our fields (`raw`) is left out, for it does not fit into cells."""
    texts = [f"{name}_{tag}" for name in TEXT_FIELDS for tag in tags[name]]
    columns = ["public_id", "platform", "url", *texts, *PLAIN_FIELDS, *LISTS, *AFTER, *JSON]
    writer = csv.DictWriter(file, columns)
    writer.writeheader()
    total = 0
    for total, line in enumerate(lines(), start=1):  # noqa: B007 - the last number is the count
        writer.writerow(_cells(line))
    return total


def read_csv(path: Path) -> Iterator[tuple[int, Any]]:
    """The number of each row as spreadsheets count them, and its JSON value; a Problem for a row that is too long.

    Raises BadContent for what is no table, or has columns that are no fields.
    """
    header, rows = _table(path)
    for number, row in rows:
        if len(row) > len(header) and any(row[len(header) :]):
            yield number, Problem("refused", TOO_MANY_CELLS, remote_id=f"line {number}")
        elif any(row):
            yield number, _object(dict(zip(header, row, strict=False)))


def _cells(line: Mapping[str, Any]) -> dict[str, str]:
    cells = {name: safe_cell(line[name]) for name in ("public_id", "platform", "url", *PLAIN_FIELDS, *AFTER) if name != "edited"}
    cells |= {f"{name}_{tag}": safe_cell(text) for name in TEXT_FIELDS for tag, text in line[name].items()}
    cells |= {name: list_cell(line[name]) for name in LISTS}
    cells |= {name: json_cell(line[name]) for name in JSON if name != "sources"}
    bare = [{**source, "differs": {k: v for k, v in source["differs"].items() if k != "raw"}} for source in line["sources"]]
    edited = [key if by == "curator" else key + BY_OWNER for key, by in line["edited"].items()]
    return cells | {"sources": json_cell(bare), "edited": list_cell(edited)}


def _object(row: Mapping[str, str]) -> dict[str, Any]:
    """The JSON object that a row's cells are of; an empty cell says nothing."""
    found: dict[str, Any] = {}
    for column, cell in row.items():
        name, _, tag = column.partition("_")
        if not cell:
            continue
        if name in TEXT_FIELDS and tag:
            found.setdefault(name, {})[tag] = text_of_cell(cell)
        else:
            found[column] = _value(column, cell)
    return found


def _value(column: str, cell: str) -> Any:
    if column in (*JSON, "raw"):
        return json_of_cell(cell)
    if column in LISTS:
        return list_of_cell(cell)
    if column == "edited":
        said = list_of_cell(cell)
        return {key.removesuffix(BY_OWNER): "owner" if key.endswith(BY_OWNER) else "curator" for key in said}
    text = text_of_cell(cell)
    return _number(text) if column in NUMBERS else text


def _number(text: str) -> Any:
    """The number that a text is, else the text."""
    try:
        return float(text)
    except ValueError:
        return text


def _table(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The header and the numbered rows below it."""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError as error:
        raise BadContent(path.name, N_("this is no UTF-8 text; save it as UTF-8")) from error
    former = csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        head = text.partition("\n")[0].strip()
        delimiter = max(DELIMITERS, key=lambda one: sum(map(_is_column, head.split(one))))
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadContent(path.name, BROKEN, values={"error": str(error)}) from error
    finally:
        csv.field_size_limit(former)
    header = [cell.strip() for cell in rows[0]] if rows else []
    _refuse_columns(path, header)
    return header, enumerate(rows[1:], start=2)


def _refuse_columns(path: Path, header: list[str]) -> None:
    """Raise BadContent for columns that are no fields, or that are there twice."""
    if unknown := [column for column in header if not _is_column(column)]:
        raise BadContent(path.name, NO_COLUMN, values={"columns": ", ".join(map(repr, unknown[:10]))})
    if doubled := [column for column, times in Counter(header).items() if times > 1]:
        raise BadContent(path.name, TWO_COLUMNS, values={"columns": ", ".join(map(repr, doubled))})


def _is_column(name: str) -> bool:
    field, _, tag = name.strip().strip('"').partition("_")
    return name.strip().strip('"') in COLUMNS or bool(field in TEXT_FIELDS and LANGUAGE_TAG.fullmatch(tag))
