"""Reading files for import: lines in the record format or of an export, or any JSON, CSV or XLSX that a recipe maps."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crawlers.adapters.base import read_each
from crawlers.adapters.table import read_rows, read_sheets, tables_to_raws
from crawlers.errors import BadContent
from crawlers.importing.tables import table_rows
from crawlers.importing.texts import text_of
from crawlers.normalise import Normaliser
from crawlers.reading.json_lists import find_objects
from crawlers.reading.json_objects import object_to_raw
from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord, Record
from crawlers.record_checks import NO_JSON, NO_OBJECT, InvalidField, InvalidRecord, check, check_field, parse, storable
from crawlers.texts.foreign import parse_json
from vocabulary.messages import N_

NO_KIND = N_("the name ends in .jsonl, .json, .geojson, .csv or .xlsx")
NO_RECIPE = N_("without --recipe only .jsonl in the record format can be read")
SAME_NAME = N_("line %(line)s has the same one")


@dataclass(frozen=True, slots=True)
class MappedFields:
    """The raw record that a recipe made of a row, and what the normaliser did not understand in it."""

    raw: RawRecord
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class MappedRecord:
    """A record that a recipe made of a row, with what it was made of."""

    record: Record
    fields: MappedFields


def file_lines(path: Path, recipe: Recipe | None, columns: Collection[str]) -> Iterator[Any]:
    """Yield what a file holds, in its order.

    By a recipe these are MappedRecords and Problems. Without one they are numbered lines: the JSON value or Problem of each
    line of JSON, or the cells of each row of a table with these `columns`, the header first. Raises BadContent.
    """
    if recipe is not None:
        mapped: dict[str, MappedFields] = {}
        for item in read_file(path, recipe, mapped):
            yield MappedRecord(item, mapped[item.remote_id]) if isinstance(item, Record) else item
    else:
        yield from table_rows(path, columns) if path.suffix.lower() == ".csv" else json_lines(path)


def read_file(path: Path, recipe: Recipe | None, mapped: dict[str, MappedFields] | None = None) -> Iterator[Record | Problem]:
    """Yield the records and problems of a file in its order. A problem's `remote_id` is its line, such as `line 12`.

    With a recipe, `mapped` is filled with what each record was made of, by remote id. Raises BadContent if the file as a
    whole cannot be read.
    """
    if recipe is not None:
        yield from _mapped_records(path, recipe, {} if mapped is None else mapped)
    elif path.suffix.lower() == ".jsonl":
        for number, data in json_lines(path):
            yield data if isinstance(data, Problem) else to_record(data, number)
    else:
        raise BadContent(path.name, NO_RECIPE)


def json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield the number and JSON value of each line that is not empty; a Problem in place of a value that is invalid."""
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if line.strip():
            yield number, _parsed(line, number)


def to_record(data: Any, number: int) -> Record | Problem:
    """Return the record of a line's JSON value, or the first reason why it is none."""
    if invalid_fields := check(data):
        return invalid_fields[0].refusal(number)
    return Record.from_json({name: value for name, value in data.items() if value != ""})


def _mapped_records(path: Path, recipe: Recipe, mapped: dict[str, MappedFields]) -> Iterator[Record | Problem]:
    """Yield a record for each row that the recipe maps. A value that is not understood is a warning, the row comes in."""
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
        if invalid := _invalid_id(record, row, lines, mapped):
            yield invalid.refusal(number)
        elif record.remote_id not in mapped:
            lines[record.remote_id] = number
            mapped[record.remote_id] = MappedFields(row, problems)
            yield record


def _invalid_id(record: Record, row: RawRecord, lines: dict[str, int], mapped: dict[str, MappedFields]) -> InvalidField | None:
    """Return why a row's remote id cannot be used: it is malformed, or that of an earlier row with other content."""
    if invalid := next(check_field("remote_id", record.remote_id), None):
        return invalid
    earlier = mapped.get(record.remote_id)
    is_other = earlier is not None and earlier.raw.source != row.source
    return InvalidField("remote_id", SAME_NAME, {"line": str(lines[record.remote_id])}) if is_other else None


def _rows(path: Path, recipe: Recipe) -> Iterator[tuple[int, RawRecord | Problem]]:
    """Yield a file's rows or objects as raw records, with the number of the line, row (as spreadsheets show it) or object."""
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        yield from tables_to_raws(read_sheets(path.read_bytes(), path.name, recipe), recipe, None)
    elif suffix == ".csv":
        yield from tables_to_raws(read_rows(text_of(path), path.name, recipe), recipe, None)
    elif suffix == ".jsonl":
        yield from ((number, _raw(data, number, recipe)) for number, data in json_lines(path))
    elif suffix in (".json", ".geojson"):
        objects = find_objects(_json(path), recipe.records)
        yield from ((number, _raw(data, number, recipe)) for number, data in enumerate(objects, start=1))
    else:
        raise BadContent(path.name, NO_KIND)


def _parsed(line: str, number: int) -> Any:
    """Return a line's JSON value, or the Problem why it is none."""
    try:
        return parse(line)
    except InvalidRecord as error:
        return error.invalid_field.refusal(number)


def _raw(data: object, number: int, recipe: Recipe) -> RawRecord | Problem:
    """Return the raw record of a JSON value, or the Problem why it is none."""
    if isinstance(data, Problem):
        return data
    if not isinstance(data, dict):
        return InvalidField("", NO_OBJECT).refusal(number)
    try:
        stored = storable(data)
    except InvalidRecord as error:
        return error.invalid_field.refusal(number)
    return next(read_each([stored], lambda thing: object_to_raw(thing, recipe, number, None), f"object {number}"))


def _json(path: Path) -> Any:
    """Return the JSON value of a file; its objects are checked later, one by one. Raises BadContent."""
    try:
        return parse_json(text_of(path))
    except (ValueError, RecursionError) as error:
        raise BadContent(path.name, NO_JSON, values={"error": str(error)}) from error
