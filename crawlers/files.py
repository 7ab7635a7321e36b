"""Files as a source, for import: JSON lines in the record's own form, or any JSON, JSON lines or CSV by a recipe."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from crawlers.adapters.table import read_rows, row_to_raw
from crawlers.dates import parse_date
from crawlers.errors import BadContent, CrawlError
from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import Problem, Record
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


def read_file(path: Path, recipe: Recipe | None) -> Iterator[Record | Problem]:
    """Records and problems of a file in its order; a problem's `remote_id` is its line, `line 12`.

    Raises BadContent when the whole file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadContent(path.name, "this is no UTF-8 text; save it as UTF-8") from error
    if recipe is not None:
        yield from _mapped(text, path, recipe)
    elif path.suffix.lower() == ".jsonl":
        yield from _records(text)
    else:
        raise BadContent(path.name, "without --recipe only .jsonl in the record format can be read")


def check(data: Any) -> list[tuple[str, str]]:
    """What is wrong with a JSON object as a record: (field, reason) pairs; none when Record.from_json takes it."""
    if not isinstance(data, dict):
        return [("", "a line is one JSON object")]
    known = {f.name for f in fields(Record)}
    wrong = [(name, "there is no such field") for name in sorted(data.keys() - known)]
    if not isinstance(data.get("remote_id"), str) or not data["remote_id"]:
        wrong.append(("remote_id", "a text that names the record for good is needed"))
    if not data.get("title"):
        wrong.append(("title", 'a title is needed, such as {"lv": "Nosaukums"}'))
    return wrong + [pair for name, value in data.items() if value is not None and name in known for pair in _field(name, value)]


def _field(name: str, value: Any) -> Iterator[tuple[str, str]]:
    checks: dict[str, Callable[[str, Any], str | None]] = dict.fromkeys(TEXTS, _wrong_texts) | dict.fromkeys(LISTS, _wrong_list)
    checks |= dict.fromkeys(NUMBERS, _wrong_number) | dict.fromkeys(("kind", "country"), _wrong_id)
    checks |= dict.fromkeys(("start_date", "end_date"), _wrong_date) | dict.fromkeys(OPEN, lambda *_: None)
    if reason := checks.get(name, _wrong_text)(name, value):
        yield name, reason


def _wrong_text(_name: str, value: Any) -> str | None:
    return None if isinstance(value, str) else "this is a text"


def _wrong_texts(_name: str, value: Any) -> str | None:
    is_good = isinstance(value, dict) and all(isinstance(text, str) and text.strip() for text in value.values())
    return None if is_good else 'texts stand by language, such as {"lv": "…"}, none of them empty'


def _wrong_list(name: str, value: Any) -> str | None:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        return "this is a list of texts"
    dimension = LISTS[name]
    unknown = sorted(set(value) - load().ids(dimension)) if dimension else []
    return f"not in our list: {', '.join(unknown)}" if unknown else None


def _wrong_id(name: str, value: Any) -> str | None:
    return None if isinstance(value, str) and value in load().ids(name) else f"not in our list: {value}"


def _wrong_number(name: str, value: Any) -> str | None:
    is_good = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= NUMBERS[name]
    return None if is_good else "this is a number of degrees"


def _wrong_date(_name: str, value: Any) -> str | None:
    is_good = isinstance(value, str) and parse_date(value) == value
    return None if is_good else "a date is written as 2024, 2024-05 or 2024-05-31"


def _records(text: str) -> Iterator[Record | Problem]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield _record(line, number)


def _record(line: str, number: int) -> Record | Problem:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _refusal(number, "", f"this is no JSON ({error})")
    if wrong := check(data):
        return _refusal(number, *wrong[0])
    try:
        return Record.from_json(data)
    except (TypeError, ValueError) as error:
        return _refusal(number, "identifiers", str(error))


def _mapped(text: str, path: Path, recipe: Recipe) -> Iterator[Record | Problem]:
    """Rows through the recipe's mapping; what a row cannot say properly is a warning, the row comes in."""
    normaliser = Normaliser(recipe)
    for number, row in enumerate(_rows(text, path, recipe), start=1):
        if isinstance(row, Problem):
            yield row
            continue
        raw = row_to_raw(row, recipe, number, None)
        record = normaliser.record(raw)
        yield from (replace(p, remote_id=f"line {number}") for p in normaliser.problems)
        normaliser.problems.clear()
        if record is not None:
            yield record


def _rows(text: str, path: Path, recipe: Recipe) -> Iterable[dict[str, Any] | Problem]:
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return read_rows(text, path.name, recipe)
    if suffix == ".jsonl":
        return (_row(line, n) for n, line in enumerate(text.splitlines(), start=1) if line.strip())
    if suffix == ".json":
        return _json_rows(text, path.name)
    raise CrawlError(f"{path.name}: the name ends in .jsonl, .json or .csv")


def _row(line: str, number: int) -> dict[str, Any] | Problem:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _refusal(number, "", f"this is no JSON ({error})")
    return data if isinstance(data, dict) else _refusal(number, "", "a line is one JSON object")


def _json_rows(text: str, name: str) -> list[dict[str, Any] | Problem]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadContent(name, f"this is no JSON ({error})") from error
    rows = data if isinstance(data, list) else next((v for v in data.values() if isinstance(v, list)), [])
    return [row if isinstance(row, dict) else _refusal(n, "", "a row is one JSON object") for n, row in enumerate(rows, 1)]


def _refusal(number: int, field: str, reason: str) -> Problem:
    return Problem("refused", reason, remote_id=f"line {number}", field=field or None)
