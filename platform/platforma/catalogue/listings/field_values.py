"""What people may say of a listing's field: a typed text or a JSON value, checked, in the form in which it is stored."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from crawlers.values.addresses import web_address
from crawlers.values.dates import parse_date
from crawlers.values.email_addresses import is_email
from platforma.catalogue.errors import N_, BadValue
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from vocabulary import FIELD_DIMENSIONS, load

DEGREES = {"lat": 90.0, "lon": 180.0}
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
NO_DATE = N_("Write a date as 2024, 2024-05 or 2024-05-31")
NO_LIST = N_("Write each on a line of its own")
NO_LANGUAGES = N_("Write codes of languages, such as lv or en, each on a line of its own")
NO_IDENTIFIERS = N_("Write the register and the number, such as LV-RE 40003032949, each on a line of its own")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def checked(field: str, lang: str, value: Any) -> Any:
    """The value as it is stored; of what was emptied an empty text, an empty list, or None for a number.

    Raises BadValue with a reason for people; also for a field that there is not, and for a language where there is none.
    """
    is_language = bool(LANGUAGE_TAG.fullmatch(lang)) if field in TEXT_FIELDS else not lang
    if field not in (*TEXT_FIELDS, *PLAIN_FIELDS, *LIST_FIELDS) or not is_language:
        raise BadValue(field, NO_FIELD)
    if field in DEGREES:
        return _degrees(field, value)
    if field in LIST_FIELDS:
        return _list(field, value)
    text = _text(field, "" if value is None else value)
    if field == "title" and not text:
        raise BadValue(field, NO_TITLE)
    text = text if field in TEXT_FIELDS else " ".join(text.split())
    return _PLAIN.get(field, _as_it_is)(field, text) if text else ""


def without_controls(text: str) -> str:
    """The text without the characters that neither PostgreSQL nor XML takes."""
    return _CONTROLS.sub("", text)


def _text(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadValue(field, NO_TEXT)
    if len(value) > MAX_TEXT_CHARACTERS:
        raise BadValue(field, TOO_LONG)
    return without_controls(value.replace("\r\n", "\n")).strip()


def _as_it_is(_field: str, text: str) -> str:
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


def _degrees(field: str, value: Any) -> float | None:
    """A number, also with a decimal comma; None for an emptied one."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        if isinstance(value, bool):
            raise ValueError(value)
        number = float(value.replace(",", ".") if isinstance(value, str) else value)
    except (TypeError, ValueError, OverflowError):
        raise BadValue(field, NO_DEGREES) from None
    if not math.isfinite(number) or abs(number) > DEGREES[field]:
        raise BadValue(field, NO_DEGREES)
    return number


def _list(field: str, value: Any) -> list[Any]:
    """Each entry once, in the order given; a typed text has them on lines of their own or parted by semicolons."""
    entries = re.split(r"[\n;]", _text(field, value)) if isinstance(value, str) else [] if value is None else value
    if not isinstance(entries, list | tuple):
        raise BadValue(field, NO_LIST)
    if len(entries) > MAX_LIST_ENTRIES:
        raise BadValue(field, TOO_LONG)
    if field == "identifiers":
        found = [_identifier(field, one) for one in entries if one and not (isinstance(one, str) and not one.strip())]
        return list({(one["scheme"], one["value"]): one for one in found}.values())
    texts = [" ".join(_text(field, one).split()) for one in entries]
    return list(dict.fromkeys(_ENTRIES.get(field, _as_it_is)(field, text) for text in texts if text))


def _identifier(field: str, entry: Any) -> dict[str, str]:
    """A register's code and a number, from a JSON object or from a line such as "LV-RE 40003032949"."""
    parts = re.split(r"[\s:]+", entry.strip(), maxsplit=1) if isinstance(entry, str) else entry
    if isinstance(parts, Mapping):
        parts = [parts.get("scheme"), parts.get("value")] if parts.keys() == {"scheme", "value"} else []
    if not isinstance(parts, list) or len(parts) != 2 or not all(isinstance(one, str) and one.strip() for one in parts):
        raise BadValue(field, NO_IDENTIFIERS)
    return dict(zip(("scheme", "value"), (_text(field, one) for one in parts), strict=True))


_Check = Callable[[str, str], str]
_PLAIN: Mapping[str, _Check] = {
    "kind": _id,
    "country": _id,
    "website": _address,
    "image": _address,
    "email": _email,
    "start_date": _date,
    "end_date": _date,
}
_ENTRIES: Mapping[str, _Check] = {
    "countries": _id,
    "sectors": _id,
    "themes": _id,
    "same_as": _address,
    "languages": _language,
}
