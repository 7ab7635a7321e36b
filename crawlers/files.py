"""Files as a source, for import: JSON lines in the record's own form, or any JSON, JSON lines, CSV or XLSX by a recipe."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from dataclasses import field as default
from pathlib import Path
from typing import Any

from crawlers.adapters.table import read_rows, read_sheets, rows_to_raws
from crawlers.errors import BadContent
from crawlers.messages import N_
from crawlers.normalise import Normaliser
from crawlers.raw import Raw
from crawlers.reading.objects import find_objects, object_to_raw
from crawlers.recipe import Recipe
from crawlers.record import Problem, Record
from crawlers.values.dates import parse_date
from vocabulary import load

TEXTS = ("title", "summary", "description")
LISTS = {
    "countries": "country",
    "sectors": "sector",
    "themes": "theme",
    "tags": None,
    "same_as": None,
    "languages": None,
}
NUMBERS = {"lat": 90.0, "lon": 180.0}
OPEN = ("raw", "derived", "identifiers")
NO_KIND = N_("the name ends in .jsonl, .json, .geojson, .csv or .xlsx")
NO_JSON = N_("this is no JSON (%(error)s)")
NO_OBJECT = N_("a line is one JSON object")
NO_FIELD = N_("there is no such field")
NO_NAME = N_("a text that names the record for good is needed")
NO_TITLE = N_('a title is needed, such as {"lv": "Nosaukums"}')
NO_TEXT = N_("this is a text")
NO_TEXTS = N_('texts stand by language, such as {"lv": "…"}, none of them empty')
NO_LIST = N_("this is a list of texts")
NO_DEGREES = N_("this is a number of degrees")
NO_DATE = N_("a date is written as 2024, 2024-05 or 2024-05-31")
NO_IDENTIFIERS = N_('an identifier has a scheme and a value, such as {"scheme": "LV-RE", "value": "…"} (%(error)s)')
UNLISTED = N_("not in our list: %(ids)s")


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a recipe made a record of, and what was not understood of it."""

    raw: Raw
    problems: tuple[Problem, ...]


def read_file(path: Path, recipe: Recipe | None, mapped: dict[str, Mapped] | None = None) -> Iterator[Record | Problem]:
    """Records and problems of a file in its order; a problem's `remote_id` is its line, `line 12`.

    `mapped`, where it is given, receives for each record that the recipe made, by remote id, what it was made of. Raises
    BadContent when the whole file cannot be read.
    """
    if recipe is not None:
        yield from _mapped(path, recipe, {} if mapped is None else mapped)
    elif path.suffix.lower() == ".jsonl":
        yield from _records(_text(path))
    else:
        raise BadContent(path.name, N_("without --recipe only .jsonl in the record format can be read"))


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field, or with all when it is empty; `reason` and `values` as in Problem."""

    field: str
    reason: str
    values: Mapping[str, str] = default(default_factory=dict)


def check(data: Any) -> list[Wrong]:
    """What is wrong with a JSON object as a record; nothing when Record.from_json takes it."""
    if not isinstance(data, dict):
        return [Wrong("", NO_OBJECT)]
    known = {f.name for f in fields(Record)}
    wrong = [Wrong(name, NO_FIELD) for name in sorted(data.keys() - known)]
    if not isinstance(data.get("remote_id"), str) or not data["remote_id"]:
        wrong.append(Wrong("remote_id", NO_NAME))
    if not data.get("title"):
        wrong.append(Wrong("title", NO_TITLE))
    return wrong + [one for name, value in data.items() if value is not None and name in known for one in _field(name, value)]


def _field(name: str, value: Any) -> Iterator[Wrong]:
    checks: dict[str, Callable[[str, Any], str | None]] = dict.fromkeys(TEXTS, _wrong_texts) | dict.fromkeys(LISTS, _wrong_list)
    checks |= dict.fromkeys(NUMBERS, _wrong_number) | dict.fromkeys(("start_date", "end_date"), _wrong_date)
    checks |= dict.fromkeys(OPEN, lambda *_: None) | dict.fromkeys(("kind", "country"), _wrong_text)
    reason = checks.get(name, _wrong_text)(name, value)
    if reason is None and (unlisted := _unlisted(name, value)):
        yield Wrong(name, UNLISTED, {"ids": ", ".join(unlisted)})
    elif reason:
        yield Wrong(name, reason)


def _wrong_text(_name: str, value: Any) -> str | None:
    return None if isinstance(value, str) else NO_TEXT


def _wrong_texts(_name: str, value: Any) -> str | None:
    is_good = isinstance(value, dict) and all(isinstance(text, str) and text.strip() for text in value.values())
    return None if is_good else NO_TEXTS


def _wrong_list(_name: str, value: Any) -> str | None:
    return None if isinstance(value, list) and all(isinstance(text, str) for text in value) else NO_LIST


def _unlisted(name: str, value: Any) -> list[str]:
    """What should be ids of a closed list and is none."""
    dimension = LISTS.get(name) or (name if name in ("kind", "country") else None)
    ids = {value} if isinstance(value, str) else set(value)
    return sorted(ids - load().ids(dimension)) if dimension else []


def _wrong_number(name: str, value: Any) -> str | None:
    is_good = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= NUMBERS[name]
    return None if is_good else NO_DEGREES


def _wrong_date(_name: str, value: Any) -> str | None:
    return None if isinstance(value, str) and parse_date(value) == value else NO_DATE


def _records(text: str) -> Iterator[Record | Problem]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _record(line, number)


def _record(line: str, number: int) -> Record | Problem:
    data = _parsed(line, number)
    if isinstance(data, Problem):
        return data
    if wrong := check(data):
        return _refusal(number, wrong[0])
    try:
        return Record.from_json(data)
    except (TypeError, ValueError) as error:
        return _refusal(number, Wrong("identifiers", NO_IDENTIFIERS, {"error": str(error)}))


def _mapped(path: Path, recipe: Recipe, mapped: dict[str, Mapped]) -> Iterator[Record | Problem]:
    """Rows through the recipe's mapping; what a row cannot say properly is a warning, the row comes in."""
    normaliser = Normaliser(recipe)
    for number, row in enumerate(_rows(path, recipe), start=1):
        if isinstance(row, Problem):
            yield row
            continue
        record = normaliser.record(row)
        yield from (replace(p, remote_id=f"line {number}") for p in normaliser.problems)
        if record is not None:
            mapped[record.remote_id] = Mapped(row, tuple(normaliser.problems))
            yield record
        normaliser.problems.clear()


def _rows(path: Path, recipe: Recipe) -> Iterable[Raw | Problem]:
    """A file's rows or objects as raw records, in its order."""
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return rows_to_raws(read_sheets(path.read_bytes(), path.name, recipe), recipe, None)
    if suffix == ".csv":
        return rows_to_raws(read_rows(_text(path), path.name, recipe), recipe, None)
    if suffix == ".jsonl":
        lines = enumerate(_text(path).split("\n"), start=1)
        return (_raw(_parsed(line, n), n, recipe) for n, line in lines if line.strip())
    if suffix in (".json", ".geojson"):
        objects = find_objects(_json(path), recipe.records)
        return (_raw(one, n, recipe) for n, one in enumerate(objects, start=1))
    raise BadContent(path.name, NO_KIND)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadContent(path.name, N_("this is no UTF-8 text; save it as UTF-8")) from error


def _parsed(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        return _refusal(number, Wrong("", NO_JSON, {"error": str(error)}))


def _raw(one: Any, number: int, recipe: Recipe) -> Raw | Problem:
    if isinstance(one, Problem):
        return one
    return object_to_raw(one, recipe, number, None) if isinstance(one, dict) else _refusal(number, Wrong("", NO_OBJECT))


def _json(path: Path) -> Any:
    try:
        return json.loads(_text(path))
    except (ValueError, RecursionError) as error:
        raise BadContent(path.name, NO_JSON, values={"error": str(error)}) from error


def _refusal(number: int, wrong: Wrong) -> Problem:
    return Problem("refused", wrong.reason, remote_id=f"line {number}", field=wrong.field or None, values=dict(wrong.values))
