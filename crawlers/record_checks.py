"""The record contract, checked: what a JSON object must be to be a record, and one reason for each field that is not.

What JSON can say and a database cannot hold is mended where nothing is lost by it (NUL, halves of surrogate pairs) and
refused where something would be (NaN, names that stand twice, too many levels).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from dataclasses import field as default
from datetime import datetime
from functools import partial
from typing import Any

from crawlers.messages import N_
from crawlers.record import Problem, Record
from crawlers.values.addresses import is_web_address
from crawlers.values.dates import parse_date
from crawlers.values.email_addresses import is_email
from vocabulary import FIELD_DIMENSIONS, load

TEXTS = ("title", "summary", "description")
MAX_LEVELS = 120
"""So deep may the JSON of a line be; MAX_RAW_LEVELS of them are for what the source said."""
MAX_RAW_LEVELS = 100
MAX_NAME_BYTES = 2000
"""A remote id is a key of an index, and no longer than what PostgreSQL takes as one."""
LANGUAGE_TAG = re.compile(r"(?=.{2,35}$)[a-zA-Z]{2,3}(-[A-Za-z0-9]{1,8})*")
PLATFORM_ID = re.compile(r"[a-z0-9-]{1,60}")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z")
NO_JSON = N_("this is no JSON (%(error)s)")
TWICE = N_("this name stands twice in one object")
NOT_FINITE = N_("NaN and Infinity are no numbers of JSON")
TOO_DEEP = N_("this is nested too deeply")
NO_OBJECT = N_("a line is one JSON object")
NO_FIELD = N_("there is no such field")
NO_NAME = N_("a text that names the record for good is needed")
LONG_NAME = N_("this is longer than %(bytes)s bytes")
NO_TITLE = N_('a title is needed, such as {"lv": "Nosaukums"}')
NO_TEXT = N_("this is a text")
NO_TEXTS = N_('texts stand by language, such as {"lv": "…"}, none of them empty')
NO_LIST = N_("this is a list of texts, none of them empty")
NO_LANGUAGE = N_("this is no BCP 47 tag of a language, such as lv: %(tags)s")
NO_DEGREES = N_("this is a number of degrees")
NO_DATE = N_("a date is written as 2024, 2024-05 or 2024-05-31")
NO_INSTANT = N_("an instant is written in UTC, such as 2024-05-31T12:00:00Z")
NO_ADDRESS = N_("an address begins with https:// or http://")
NO_EMAIL = N_("this is no mail address")
NO_IDENTIFIERS = N_('an identifier has a scheme and a value, such as {"scheme": "LV-RE", "value": "…"}')
NO_DERIVED = N_('what was concluded stands by field, such as {"sectors": "legal form biedrība"}')
NO_RAW = N_("what the source said is one JSON object")
UNLISTED = N_("not in our list: %(ids)s")


@dataclass(frozen=True, slots=True)
class InvalidField:
    """What is wrong with a field, or with all when it is empty; `reason` and `values` as in Problem."""

    field: str
    reason: str
    values: Mapping[str, str] = default(default_factory=dict)

    def refusal(self, number: int) -> Problem:
        """The refusal of the line of this number."""
        return Problem("refused", self.reason, remote_id=f"line {number}", field=self.field or None, values=dict(self.values))


class InvalidRecord(Exception):
    """A text is no JSON value that can be kept; `wrong` says why."""

    def __init__(self, wrong: InvalidField) -> None:
        super().__init__(wrong.reason)
        self.wrong = wrong


def parse(text: str) -> Any:
    """The JSON value of a text, with U+FFFD for halves of surrogate pairs and without NUL. Raises InvalidRecord."""
    try:
        return checked_record(json.loads(text, object_pairs_hook=_each_once))
    except (ValueError, RecursionError) as error:
        raise InvalidRecord(InvalidField("", NO_JSON, {"error": str(error)})) from error


def checked_record(value: Any, field: str = "", levels: int = MAX_LEVELS) -> Any:
    """The value as every database and file can hold it. Raises InvalidRecord, naming the outermost field."""
    if isinstance(value, str):
        return _sound_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidRecord(InvalidField(field, NOT_FINITE))
    if isinstance(value, dict | list) and not levels:
        raise InvalidRecord(InvalidField(field, TOO_DEEP))
    if isinstance(value, dict):
        return {_sound_text(key): checked_record(one, field or key, levels - 1) for key, one in value.items()}
    return [checked_record(one, field, levels - 1) for one in value] if isinstance(value, list) else value


def check(data: Any) -> list[InvalidField]:
    """What is wrong with a JSON object as a record; nothing when Record.from_json takes it."""
    if not isinstance(data, dict):
        return [InvalidField("", NO_OBJECT)]
    wrong = [InvalidField(name, NO_FIELD) for name in sorted(data.keys() - FIELDS)]
    wrong += [] if "remote_id" in data else [InvalidField("remote_id", NO_NAME)]
    wrong += [] if data.get("title") else [InvalidField("title", NO_TITLE)]
    return wrong + [one for name, value in data.items() if name in FIELDS for one in check_field(name, value)]


def check_field(name: str, value: Any) -> Iterator[InvalidField]:
    """What is wrong with the value of a field; a field that says nothing is null or empty."""
    if name == "remote_id" or value not in (None, ""):
        reason = CHECKS.get(name, _text)(value)
        if reason:
            yield InvalidField(name, *([reason] if isinstance(reason, str) else reason))


Reason = str | tuple[str, Mapping[str, str]] | None
"""A message id, alone or with what fills it; None for a value that is right."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise InvalidRecord(InvalidField(next(name for name in names if names.count(name) > 1), TWICE))
    return found


def _sound_text(text: str) -> str:
    text = text.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _name(value: Any) -> Reason:
    if not isinstance(value, str) or not value.strip():
        return NO_NAME
    is_short = len(value.encode()) <= MAX_NAME_BYTES
    return None if is_short else (LONG_NAME, {"bytes": str(MAX_NAME_BYTES)})


def _text(value: Any) -> Reason:
    return None if isinstance(value, str) else NO_TEXT


def _texts(value: Any) -> Reason:
    if not isinstance(value, dict) or not all(isinstance(text, str) and text.strip() for text in value.values()):
        return NO_TEXTS
    return _tags(value)


def _tags(tags: Any) -> Reason:
    wrong = [tag for tag in tags if not LANGUAGE_TAG.fullmatch(tag)]
    return (NO_LANGUAGE, {"tags": ", ".join(map(repr, wrong))}) if wrong else None


def _list(value: Any) -> Reason:
    is_good = isinstance(value, list) and all(isinstance(text, str) and text.strip() for text in value)
    return None if is_good else NO_LIST


def _languages(value: Any) -> Reason:
    return _list(value) or _tags(value)


def _ids(dimension: str, value: Any) -> Reason:
    return _list(value) or _unlisted(dimension, value)


def _id(dimension: str, value: Any) -> Reason:
    return NO_TEXT if not isinstance(value, str) else _unlisted(dimension, [value])


def _unlisted(dimension: str, ids: list[str]) -> Reason:
    unlisted = sorted(set(ids) - load().ids(dimension))
    return (UNLISTED, {"ids": ", ".join(unlisted)}) if unlisted else None


def _degrees(most: float, value: Any) -> Reason:
    is_good = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most
    return None if is_good else NO_DEGREES


def _date(value: Any) -> Reason:
    return None if isinstance(value, str) and parse_date(value) == value else NO_DATE


def _instant(value: Any) -> Reason:
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        return NO_INSTANT
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return NO_INSTANT
    return None


def _address(value: Any) -> Reason:
    return _text(value) or (None if is_web_address(value) else NO_ADDRESS)


def _addresses(value: Any) -> Reason:
    return _list(value) or (None if all(map(is_web_address, value)) else NO_ADDRESS)


def _email(value: Any) -> Reason:
    return _text(value) or (None if is_email(value) else NO_EMAIL)


def _identifiers(value: Any) -> Reason:
    is_good = isinstance(value, list) and all(
        isinstance(one, dict) and one.keys() == {"scheme", "value"} and _list(list(one.values())) is None for one in value
    )
    return None if is_good else NO_IDENTIFIERS


def _derived(value: Any) -> Reason:
    is_good = isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
    return None if is_good else NO_DERIVED


def _raw(value: Any) -> Reason:
    if not isinstance(value, dict):
        return NO_RAW
    try:
        checked_record(value, levels=MAX_RAW_LEVELS)
    except InvalidRecord as error:
        return error.wrong.reason
    return None


FIELDS = frozenset(one.name for one in fields(Record))
CHECKS: Mapping[str, Callable[[Any], Reason]] = {
    "remote_id": _name,
    **dict.fromkeys(TEXTS, _texts),
    **dict.fromkeys(("url", "website", "image"), _address),
    "same_as": _addresses,
    **{name: partial(_id, FIELD_DIMENSIONS[name]) for name in ("kind", "country")},
    **{name: partial(_ids, FIELD_DIMENSIONS[name]) for name in ("countries", "sectors", "themes")},
    "tags": _list,
    "languages": _languages,
    "lat": partial(_degrees, 90.0),
    "lon": partial(_degrees, 180.0),
    **dict.fromkeys(("start_date", "end_date"), _date),
    **dict.fromkeys(("source_changed_at", "fetched_at"), _instant),
    "email": _email,
    "identifiers": _identifiers,
    "derived": _derived,
    "raw": _raw,
}
"""How a field is checked; those that are not here are plain texts."""
