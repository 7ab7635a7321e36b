"""Files as a source, for import: JSON lines in the record's own form, or any JSON, JSON lines, CSV or XLSX by a recipe."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crawlers.adapters.table import read_rows, read_sheets, rows_to_raws
from crawlers.errors import BadContent
from crawlers.messages import N_
from crawlers.normalise import Normaliser
from crawlers.reading.json_objects import find_objects, object_to_raw
from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord, Record
from crawlers.record_checks import NO_JSON, NO_OBJECT, InvalidField, InvalidRecord, check, check_field, checked_record, parse

NO_KIND = N_("the name ends in .jsonl, .json, .geojson, .csv or .xlsx")
NO_RECIPE = N_("without --recipe only .jsonl in the record format can be read")
SAME_NAME = N_("line %(line)s has the same one")


@dataclass(frozen=True, slots=True)
class MappedFields:
    """What a recipe made a record of, and what was not understood of it."""

    raw: RawRecord
    problems: tuple[Problem, ...]


def read_file(path: Path, recipe: Recipe | None, mapped: dict[str, MappedFields] | None = None) -> Iterator[Record | Problem]:
    """Records and problems of a file in its order; a problem's `remote_id` is its line, `line 12`.

    `mapped`, where it is given, receives for each record that the recipe made, by remote id, what it was made of. Raises
    BadContent when the whole file cannot be read.
    """
    if recipe is not None:
        yield from _mapped(path, recipe, {} if mapped is None else mapped)
    elif path.suffix.lower() == ".jsonl":
        for number, data in json_lines(path):
            yield data if isinstance(data, Problem) else to_record(data, number)
    else:
        raise BadContent(path.name, NO_RECIPE)


def json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    """Line number and JSON value of each line that is not empty; a Problem where it holds none."""
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if line.strip():
            yield number, _parsed(line, number)


def to_record(data: Any, number: int) -> Record | Problem:
    """The record that a line's JSON value is, or the first thing that is wrong with it."""
    if wrong := check(data):
        return wrong[0].refusal(number)
    return Record.from_json({name: value for name, value in data.items() if value != ""})


def text_of(path: Path) -> str:
    """A file's text, without a byte order mark and without NUL. Raises BadContent when it is no UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError as error:
        raise BadContent(path.name, N_("this is no UTF-8 text; save it as UTF-8")) from error


def _mapped(path: Path, recipe: Recipe, mapped: dict[str, MappedFields]) -> Iterator[Record | Problem]:
    """Rows through the recipe's mapping; what a row cannot say properly is a warning, the row comes in."""
    normaliser = Normaliser(recipe)
    lines: dict[str, int] = {}
    for number, row in _rows(path, recipe):
        if isinstance(row, Problem):
            yield row
            continue
        record = normaliser.record(row)
        problems = tuple(normaliser.take_problems())
        yield from (replace(problem, remote_id=f"line {number}") for problem in problems)
        if record is None:
            continue
        if wrong := _wrong_name(record, row, lines, mapped):
            yield wrong.refusal(number)
        elif record.remote_id not in mapped:
            lines[record.remote_id] = number
            mapped[record.remote_id] = MappedFields(row, problems)
            yield record


def _wrong_name(record: Record, row: RawRecord, lines: dict[str, int], mapped: dict[str, MappedFields]) -> InvalidField | None:
    """What is wrong with a row's remote id: it is no name, or that of a row that says something else."""
    if wrong := next(check_field("remote_id", record.remote_id), None):
        return wrong
    former = mapped.get(record.remote_id)
    is_other = former is not None and former.raw.source != row.source
    return InvalidField("remote_id", SAME_NAME, {"line": str(lines[record.remote_id])}) if is_other else None


def _rows(path: Path, recipe: Recipe) -> Iterator[tuple[int, RawRecord | Problem]]:
    """A file's rows or objects as raw records, in its order, with the number of the line, row or object."""
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        yield from enumerate(rows_to_raws(read_sheets(path.read_bytes(), path.name, recipe), recipe, None), start=1)
    elif suffix == ".csv":
        yield from enumerate(rows_to_raws(read_rows(text_of(path), path.name, recipe), recipe, None), start=1)
    elif suffix == ".jsonl":
        yield from ((number, _raw(data, number, recipe)) for number, data in json_lines(path))
    elif suffix in (".json", ".geojson"):
        objects = find_objects(_json(path), recipe.records)
        yield from ((number, _raw(one, number, recipe)) for number, one in enumerate(objects, start=1))
    else:
        raise BadContent(path.name, NO_KIND)


def _parsed(line: str, number: int) -> Any:
    try:
        return parse(line)
    except InvalidRecord as error:
        return error.wrong.refusal(number)


def _raw(one: Any, number: int, recipe: Recipe) -> RawRecord | Problem:
    if isinstance(one, Problem):
        return one
    if not isinstance(one, dict):
        return InvalidField("", NO_OBJECT).refusal(number)
    try:
        return object_to_raw(checked_record(one), recipe, number, None)
    except InvalidRecord as error:
        return error.wrong.refusal(number)


def _json(path: Path) -> Any:
    """The one JSON value of a file; whether its objects can be kept is seen one by one. Raises BadContent."""
    try:
        return json.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        raise BadContent(path.name, NO_JSON, values={"error": str(error)}) from error
