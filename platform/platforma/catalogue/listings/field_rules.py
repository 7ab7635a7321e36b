"""Checks of the values that people set for a listing's fields: a typed text or a JSON value becomes the stored form."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from crawlers.values.addresses import web_address
from crawlers.values.dates import parse_date
from crawlers.values.email_addresses import is_email
from platforma.catalogue.errors import BadValue
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from platforma.catalogue.shapes import FieldValue, RegisterNumber
from vocabulary import FIELD_DIMENSIONS, load
from vocabulary.characters import without_controls
from vocabulary.messages import N_

MAX_DEGREES = {"lat": 90.0, "lon": 180.0}
MAX_TEXT_CHARACTERS = 20_000
MAX_LIST_ENTRIES = 200
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
NO_FIELD = N_("There is no such field")
NOT_LISTED = N_("Choose from the list")
TOO_LONG = N_("The text is too long")
NO_TITLE = N_("A listing needs a title")
NO_TEXT = N_("Write a text")
NO_ADDRESS = N_("An address begins with https:// or http://")
NO_EMAIL = N_("This is not an e-mail address")
NO_DEGREES = N_("Write a number of degrees, such as 56.95")
NO_POINT = N_("A place on the map needs both latitude and longitude")
END_FIRST = N_("The end is before the beginning")
NO_DATE = N_("Write a date as 2024, 2024-05 or 2024-05-31")
NO_LIST = N_("Write each on a line of its own")
NO_LANGUAGES = N_("Write codes of languages, such as lv or en, each on a line of its own")
NO_IDENTIFIERS = N_("Write the register and the number, such as LV-RE 40003032949, each on a line of its own")


def checked(field: str, lang: str, value: object) -> FieldValue:
    """The value in its stored form; for an emptied value an empty text, an empty list, or None for a number.

    `lang` is the language of a text field, empty for other fields. Raises BadValue with a reason for people, also for an
    unknown field and for a wrong language.
    """
    is_lang_right = bool(LANGUAGE_TAG.fullmatch(lang)) if field in TEXT_FIELDS else not lang
    if field not in (*TEXT_FIELDS, *PLAIN_FIELDS, *LIST_FIELDS) or not is_lang_right:
        raise BadValue(field, NO_FIELD)
    if field in MAX_DEGREES:
        return _degrees(field, value)
    if field in LIST_FIELDS:
        return _list(field, value)
    text = _text(field, "" if value is None else value)
    if field == "title" and not text:
        raise BadValue(field, NO_TITLE)
    text = text if field in TEXT_FIELDS else " ".join(text.split())
    return _TEXT_CHECKS.get(field, _unchecked)(field, text) if text else ""


def contradictions(fields: Mapping[str, object]) -> list[BadValue]:
    """What is wrong between fields of a listing of which each is right: half a point, an end before the beginning."""
    found = []
    for missing, other in (("lat", "lon"), ("lon", "lat")):
        if fields.get(missing) in (None, "") and fields.get(other) not in (None, ""):
            found.append(BadValue(missing, NO_POINT))
    start, end = str(fields.get("start_date") or ""), str(fields.get("end_date") or "")
    if start and end and end[: len(start)] < start[: len(end)]:  # each may be a year or month alone
        found.append(BadValue("end_date", END_FIRST))
    return found


def _text(field: str, value: object) -> str:
    """The text without control characters and outer spaces. Raises BadValue for no text or too long a text."""
    if not isinstance(value, str):
        raise BadValue(field, NO_TEXT)
    if len(value) > MAX_TEXT_CHARACTERS:
        raise BadValue(field, TOO_LONG)
    return without_controls(value.replace("\r\n", "\n")).strip()


def _unchecked(_field: str, text: str) -> str:
    return text


def _id(field: str, text: str) -> str:
    if text not in load().ids(FIELD_DIMENSIONS[field]):
        raise BadValue(field, NOT_LISTED)
    return text


def _address(field: str, text: str) -> str:
    address = web_address(text) if re.fullmatch(r"https?://\S+", text, re.IGNORECASE) else None
    if address is None:
        raise BadValue(field, NO_ADDRESS)
    return address


def _email(field: str, text: str) -> str:
    if not is_email(text):
        raise BadValue(field, NO_EMAIL)
    return text


def _date(field: str, text: str) -> str:
    date = parse_date(text)
    if date is None:
        raise BadValue(field, NO_DATE)
    return date


def _language(field: str, text: str) -> str:
    if not LANGUAGE_TAG.fullmatch(text):
        raise BadValue(field, NO_LANGUAGES)
    return text


def _degrees(field: str, value: object) -> float | None:
    """The number of degrees, also from a text with a decimal comma; None for an empty value."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError(value)
        number = float(value.replace(",", ".") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        raise BadValue(field, NO_DEGREES) from None
    if not math.isfinite(number) or abs(number) > MAX_DEGREES[field]:
        raise BadValue(field, NO_DEGREES)
    return number


def _list(field: str, value: object) -> list[str] | list[RegisterNumber]:
    """The entries, each once, in their order; in a typed text, lines and semicolons separate them."""
    entries = re.split(r"[\n;]", _text(field, value)) if isinstance(value, str) else [] if value is None else value
    if not isinstance(entries, list | tuple):
        raise BadValue(field, NO_LIST)
    if len(entries) > MAX_LIST_ENTRIES:
        raise BadValue(field, TOO_LONG)
    if field == "identifiers":
        filled = (entry for entry in entries if entry and not (isinstance(entry, str) and not entry.strip()))
        numbers = [_identifier(field, entry) for entry in filled]
        return list({(number["scheme"], number["value"]): number for number in numbers}.values())
    texts = [" ".join(_text(field, entry).split()) for entry in entries]
    return list(dict.fromkeys(_ENTRY_CHECKS.get(field, _unchecked)(field, text) for text in texts if text))


def _identifier(field: str, entry: object) -> RegisterNumber:
    """A register's code and a number, from a JSON object, a list of the two, or a line such as "LV-RE 40003032949"."""
    parts: object = re.split(r"[\s:]+", entry.strip(), maxsplit=1) if isinstance(entry, str) else entry
    if isinstance(parts, Mapping):
        parts = [parts.get("scheme"), parts.get("value")] if parts.keys() == {"scheme", "value"} else []
    if not isinstance(parts, list) or len(parts) != 2 or not all(isinstance(part, str) and part.strip() for part in parts):
        raise BadValue(field, NO_IDENTIFIERS)
    scheme, number = (_text(field, part) for part in parts)
    return {"scheme": scheme, "value": number}


_Check = Callable[[str, str], str]
_TEXT_CHECKS: Mapping[str, _Check] = {
    "kind": _id,
    "country": _id,
    "website": _address,
    "image": _address,
    "email": _email,
    "start_date": _date,
    "end_date": _date,
}
_ENTRY_CHECKS: Mapping[str, _Check] = {
    "countries": _id,
    "sectors": _id,
    "themes": _id,
    "same_as": _address,
    "languages": _language,
}
