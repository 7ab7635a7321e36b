"""Checks of the record contract: whether a JSON object is a record, and one reason for each field that is not valid.

JSON can hold what a database or a page cannot. Control characters and unpaired surrogates are repaired; NaN, Infinity, a
name that stands twice in an object, and too many levels of nesting are refused, because a repair would lose data.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from dataclasses import field as dataclass_field
from datetime import datetime
from functools import partial
from typing import Any, TypeGuard

from crawlers.record import MAX_ID_BYTES, Problem, Record
from crawlers.values.addresses import is_web_address
from crawlers.values.dates import parse_date
from crawlers.values.email_addresses import is_email
from vocabulary import FIELD_DIMENSIONS, load
from vocabulary.characters import without_controls
from vocabulary.messages import N_

TEXTS = ("title", "summary", "description")
MAX_LEVELS = 120
"""The number of nested objects and lists in a line of JSON."""
MAX_RAW_LEVELS = 100
"""The number of nested objects and lists in the field `raw`."""
LANGUAGE_TAG = re.compile(r"(?=.{2,35}$)[a-zA-Z]{2,3}(-[A-Za-z0-9]{1,8})*")
PLATFORM_ID = re.compile(r"[a-z0-9-]{1,60}")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z")
NO_JSON = N_("this is no JSON (%(error)s)")
TWICE = N_("this name is there twice in one object")
NOT_FINITE = N_("NaN and Infinity are no numbers of JSON")
TOO_DEEP = N_("this is nested too deeply")
NO_OBJECT = N_("a line is one JSON object")
NO_FIELD = N_("there is no such field")
NO_NAME = N_("a permanent id of the record is needed, as text")
LONG_NAME = N_("this is longer than %(bytes)s bytes")
NO_TITLE = N_('a title is needed, such as {"lv": "Nosaukums"}')
NO_TEXT = N_("this is a text")
NO_TEXTS = N_('texts are given by language, such as {"lv": "…"}, none of them empty')
NO_LIST = N_("this is a list of texts, none of them empty")
NO_LANGUAGE = N_("this is no BCP 47 tag of a language, such as lv: %(tags)s")
NO_DEGREES = N_("this is a number of degrees")
NO_DATE = N_("a date is written as 2024, 2024-05 or 2024-05-31")
NO_INSTANT = N_("an instant is written in UTC, such as 2024-05-31T12:00:00Z")
NO_ADDRESS = N_("an address begins with https:// or http://")
NO_EMAIL = N_("this is no mail address")
NO_IDENTIFIERS = N_('an identifier has a scheme and a value, such as {"scheme": "LV-RE", "value": "…"}')
NO_DERIVED = N_('what was derived is given by field, such as {"sectors": "legal form biedrība"}')
NO_RAW = N_("what the source says is one JSON object")
UNLISTED = N_("not in our list: %(ids)s")


@dataclass(frozen=True, slots=True)
class InvalidField:
    """Why a field is not valid. `field` is empty where the whole object is meant; `reason` and `values` as in Problem."""

    field: str
    reason: str
    values: Mapping[str, str] = dataclass_field(default_factory=dict)

    def refusal(self, number: int) -> Problem:
        """Return the refusal of the line of this number."""
        return Problem("refused", self.reason, remote_id=f"line {number}", field=self.field or None, values=dict(self.values))


class InvalidRecord(Exception):
    """A text is no JSON value that can be stored. `invalid_field` says why."""

    def __init__(self, invalid_field: InvalidField) -> None:
        super().__init__(invalid_field.reason)
        self.invalid_field = invalid_field


def parse(text: str) -> Any:
    """Return a text's JSON value, without control characters, U+FFFD for unpaired surrogates. Raises InvalidRecord."""
    try:
        return storable(json.loads(text, object_pairs_hook=_object))
    except (ValueError, RecursionError) as error:
        raise InvalidRecord(InvalidField("", NO_JSON, {"error": str(error)})) from error


def storable(value: Any, field: str = "", levels: int = MAX_LEVELS) -> Any:
    """Return a JSON value as every database and file can hold it. Raises InvalidRecord, naming the outermost field.

    `field` is the one that the value stands in, `levels` the number of nested objects and lists that it may have.
    """
    if isinstance(value, str):
        return _storable_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidRecord(InvalidField(field, NOT_FINITE))
    if isinstance(value, dict | list) and not levels:
        raise InvalidRecord(InvalidField(field, TOO_DEEP))
    if isinstance(value, dict):
        return {_storable_text(key): storable(inner, field or key, levels - 1) for key, inner in value.items()}
    return [storable(inner, field, levels - 1) for inner in value] if isinstance(value, list) else value


def check(data: object) -> list[InvalidField]:
    """Return the fields of a JSON value that are not valid in a record; none if Record.from_json can read it."""
    if not isinstance(data, dict):
        return [InvalidField("", NO_OBJECT)]
    invalid = [InvalidField(name, NO_FIELD) for name in sorted(data.keys() - FIELDS)]
    invalid += [] if "remote_id" in data else [InvalidField("remote_id", NO_NAME)]
    invalid += [] if data.get("title") else [InvalidField("title", NO_TITLE)]
    for name, value in data.items():
        invalid += check_field(name, value) if name in FIELDS else ()
    return invalid


def check_field(name: str, value: object) -> Iterator[InvalidField]:
    """Yield why the value of a field is not valid; nothing if it is. Every field but `remote_id` may be null or empty."""
    if name == "remote_id" or value not in (None, ""):
        result = CHECKS.get(name, _check_text)(value)
        if result:
            yield InvalidField(name, *([result] if isinstance(result, str) else result))


CheckResult = str | tuple[str, Mapping[str, str]] | None
"""A message id, alone or with the values that fill it; None for a valid value."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the object of these names and values. Raises InvalidRecord if a name stands twice."""
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _ in pairs]
        raise InvalidRecord(InvalidField(next(name for name in names if names.count(name) > 1), TWICE))
    return data


def _storable_text(text: str) -> str:
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return without_controls(text)


def _check_remote_id(value: object) -> CheckResult:
    if not isinstance(value, str) or not value.strip():
        return NO_NAME
    is_short = len(value.encode()) <= MAX_ID_BYTES
    return None if is_short else (LONG_NAME, {"bytes": str(MAX_ID_BYTES)})


def _check_text(value: object) -> CheckResult:
    return None if isinstance(value, str) else NO_TEXT


def _check_texts(value: object) -> CheckResult:
    if not isinstance(value, dict) or not _are_texts(value.values()):
        return NO_TEXTS
    return _check_tags(value)


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(text, str) and text.strip() for text in values)


def _check_tags(tags: Iterable[str]) -> CheckResult:
    invalid = [tag for tag in tags if not LANGUAGE_TAG.fullmatch(tag)]
    return (NO_LANGUAGE, {"tags": ", ".join(map(repr, invalid))}) if invalid else None


def _is_list(value: object) -> TypeGuard[list[str]]:
    """Return whether a value is a list of texts, none of them empty."""
    return isinstance(value, list) and _are_texts(value)


def _check_list(value: object) -> CheckResult:
    return None if _is_list(value) else NO_LIST


def _check_languages(value: object) -> CheckResult:
    return _check_tags(value) if _is_list(value) else NO_LIST


def _check_ids(dimension: str, value: object) -> CheckResult:
    return _check_listed(dimension, value) if _is_list(value) else NO_LIST


def _check_id(dimension: str, value: object) -> CheckResult:
    return _check_listed(dimension, [value]) if isinstance(value, str) else NO_TEXT


def _check_listed(dimension: str, ids: list[str]) -> CheckResult:
    unlisted = sorted(set(ids) - load().ids(dimension))
    return (UNLISTED, {"ids": ", ".join(unlisted)}) if unlisted else None


def _check_degrees(max_degrees: float, value: object) -> CheckResult:
    is_valid = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= max_degrees
    return None if is_valid else NO_DEGREES


def _check_date(value: object) -> CheckResult:
    return None if isinstance(value, str) and parse_date(value) == value else NO_DATE


def _check_instant(value: object) -> CheckResult:
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        return NO_INSTANT
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return NO_INSTANT
    return None


def _check_address(value: object) -> CheckResult:
    if not isinstance(value, str):
        return NO_TEXT
    return None if is_web_address(value) else NO_ADDRESS


def _check_addresses(value: object) -> CheckResult:
    if not _is_list(value):
        return NO_LIST
    return None if all(map(is_web_address, value)) else NO_ADDRESS


def _check_email(value: object) -> CheckResult:
    if not isinstance(value, str):
        return NO_TEXT
    return None if is_email(value) else NO_EMAIL


def _check_identifiers(value: object) -> CheckResult:
    return None if isinstance(value, list) and all(map(_is_identifier, value)) else NO_IDENTIFIERS


def _is_identifier(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"scheme", "value"} and _are_texts(value.values())


def _check_derived(value: object) -> CheckResult:
    is_valid = isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
    return None if is_valid else NO_DERIVED


def _check_raw(value: object) -> CheckResult:
    if not isinstance(value, dict):
        return NO_RAW
    try:
        storable(value, levels=MAX_RAW_LEVELS)
    except InvalidRecord as error:
        return error.invalid_field.reason
    return None


FIELDS = frozenset(field.name for field in fields(Record))
CHECKS: Mapping[str, Callable[[object], CheckResult]] = {
    "remote_id": _check_remote_id,
    **dict.fromkeys(TEXTS, _check_texts),
    **dict.fromkeys(("url", "website", "image"), _check_address),
    "same_as": _check_addresses,
    **{name: partial(_check_id, FIELD_DIMENSIONS[name]) for name in ("kind", "country")},
    **{name: partial(_check_ids, FIELD_DIMENSIONS[name]) for name in ("countries", "sectors", "themes")},
    "tags": _check_list,
    "languages": _check_languages,
    "lat": partial(_check_degrees, 90.0),
    "lon": partial(_check_degrees, 180.0),
    **dict.fromkeys(("start_date", "end_date"), _check_date),
    **dict.fromkeys(("source_changed_at", "fetched_at"), _check_instant),
    "email": _check_email,
    "identifiers": _check_identifiers,
    "derived": _check_derived,
    "raw": _check_raw,
}
"""The check of each field; a field that is missing here is a plain text."""
