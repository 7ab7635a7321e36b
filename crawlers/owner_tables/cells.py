"""Rules of single cells, by field: what is wrong with a value, in words for whoever keeps the table, or nothing.

Each rule takes the text of a cell and returns a reason (a message id of the form "what is wrong; what to do"), or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlsplit

from crawlers.errors import AddressRefused
from crawlers.fetch.guard import LOCAL_NAMES, Guard
from crawlers.normalise.normaliser import MAX_TITLE_CHARACTERS
from crawlers.values.addresses import web_address
from crawlers.values.contacts import telephone
from crawlers.values.dates import parse_period
from crawlers.values.email_addresses import is_email, organisations_email
from crawlers.values.places import degrees
from vocabulary.characters import without_controls
from vocabulary.messages import N_

MAX_DESCRIPTION_CHARACTERS = 10_000
MAX_LINE_CHARACTERS = 500
MAX_ID_CHARACTERS = 200
NO_NAME = N_("There is no name; write the name of the initiative, or empty the whole row")
LONG_NAME = N_("This name has more than 300 characters; write the name here, and the rest into the description")
LONG_TEXT = N_("This text has more than 10,000 characters; shorten it")
LONG_LINE = N_("This text has more than 500 characters; write only what the heading asks for")
LONG_ID = N_("This identifier has more than 200 characters; write a short one")
ERROR_VALUE = N_("The spreadsheet shows an error here; repair the formula, or write the value itself")
FORMULA = N_("This is a formula and not its result; copy the cell and paste it as a value")
MANGLED = N_("The spreadsheet shortened this number; format the column as text, and write all digits again")
CONTROLS = N_("There are characters here that nobody sees; delete the text, and type it again")
LOST_LETTERS = N_("Some letters were lost when the file was saved; save it as .xlsx, or as CSV in UTF-8")
NO_COUNTRY = N_("There is no such country; write the name of one country, such as Latvija or Latvia")
NO_KIND = N_("There is no such kind; write one of the kinds on the second sheet of the template")
NO_SECTOR = N_("There is no such sector; write one of the sectors on the second sheet of the template")
NO_THEME = N_("We do not know this theme; you can leave it, a curator will find the right one")
BAD_SCHEME = N_("Visitors cannot open such an address; write one that begins with https://")
BLANKS = N_("There are blanks within this address; delete them, and write one address in a cell")
PRIVATE_HOST = N_("Only you can open this address; write one on the public internet")
BAD_WEBSITE = N_("This is no web address; write it as https://organisation.lv")
BAD_IMAGE = N_("This is no web address of a picture; write the address that shows it, such as https://organisation.lv/logo.png")
BAD_EMAIL = N_("This is no e-mail address; write it in full, such as info@organisation.lv")
PERSONAL_EMAIL = N_("This is a person's address and is left out; write one of the organisation, such as info@organisation.lv")
BAD_PHONE = N_("This is no telephone number of this country; write it with the country's code, such as +371 67000000")
BAD_DEGREES = N_("These are no degrees; write a number such as 56.9496")
LOST_POINT = N_("The decimal point was lost here; write it again, such as 56.9496")
BAD_LATITUDE = N_("A latitude lies between -90 and 90; look whether it was mixed up with another number")
BAD_LONGITUDE = N_("A longitude lies between -180 and 180; look whether it was mixed up with another number")
ZERO_POINT = N_("Latitude and longitude are both zero; write those of the place, or leave both empty")
NO_LONGITUDE = N_("There is a latitude without a longitude; write both, or leave both empty")
NO_LATITUDE = N_("There is a longitude without a latitude; write both, or leave both empty")
WRONG_PLACE = N_("This place does not lie in the country; check latitude, longitude and country")
SWAPPED_PLACE = N_("Latitude and longitude were mixed up; we take them in the right order, please correct them in the table")
BAD_DATE = N_("This date is not clear; write it with the year first, such as 2026-05-31")
DATE_NUMBER = N_("This is a number and no date; format the column as dates, or write it such as 2026-05-31")
END_BEFORE_START = N_("The end lies before the start; check both dates")
SAME_ID = N_("Row %(row)s has the same identifier; give each row its own")
SAME_ROW = N_("Row %(row)s has the same name and website; delete one of the two, or tell them apart by name")
NO_HEADING = N_("There is no heading above this cell; delete the cell, or give its column a heading")
OTHER = N_("This could not be read; look whether it stands in the right column")

ERROR_VALUES = re.compile(r"#(N/?A|REF!|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|#+)", re.IGNORECASE)
_SHORTENED = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)
_FORMULA = re.compile(r"=\s*[A-Za-zĀ-ž$('\"\d+-].*", re.DOTALL)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d)", re.IGNORECASE)
_PICTURE_FILE = re.compile(r"[^/:]+\.(jpe?g|png|gif|webp|avif|svg)", re.IGNORECASE)
_DATE_NUMBER = re.compile(r"[2-7]\d{4}([.,]\d+)?")
NUMBERS_AS_TEXT = ("id", "phone", "registration")
"""Fields of digits that are no amounts; spreadsheets shorten them where a column is too narrow or not formatted as text."""
Rule = Callable[[str], str | None]


def fault_of(field: str, text: str, country: str | None, date_order: str | None) -> str | None:
    """What is wrong with the text of a cell in the column of a field, None where nothing is.

    `country` is that of the row as an ISO code, by which telephone numbers are read; None where it is unknown.
    """
    if reason := _damage(field, text):
        return reason
    if field == "phone":
        return None if phone_of(text, country) or not country else BAD_PHONE
    if field in ("start_date", "end_date"):
        return _date_fault(text, date_order)
    rule = RULES.get(field.partition("_")[0] if field not in RULES else field, LINE)
    return rule(text)


def phone_of(text: str, country: str | None) -> str | None:
    """The telephone number of a cell as E.164; None where it is none. Spreadsheets drop the sign before a country's code."""
    digits = re.sub(r"[\s().-]", "", text)
    return telephone(text, country) or (telephone(f"+{digits}", None) if digits.isdigit() and len(digits) > 7 else None)


def note_of(field: str, text: str) -> str | None:
    """What is left out or doubtful in a cell that has no fault."""
    return PERSONAL_EMAIL if field == "email" and organisations_email(text) is None else None


def _damage(field: str, text: str) -> str | None:
    """What happened to a value in the spreadsheet, whatever the column."""
    if ERROR_VALUES.fullmatch(text):
        return ERROR_VALUE
    if without_controls(text) != text:
        return CONTROLS
    if "\ufffd" in text:
        return LOST_LETTERS
    if _FORMULA.fullmatch(text):
        return FORMULA
    return MANGLED if field in NUMBERS_AS_TEXT and _SHORTENED.fullmatch(text) else None


def _longer(limit: int, reason: str, text: str) -> str | None:
    return reason if len(text) > limit else None


def _website_fault(text: str) -> str | None:
    if re.search(r"\s", text):
        return BLANKS
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return BAD_SCHEME
    address = text if "://" in text else f"https://{text}"
    if _is_private(address):
        return PRIVATE_HOST
    return None if web_address(address) else BAD_WEBSITE


def _image_fault(text: str) -> str | None:
    if _PICTURE_FILE.fullmatch(text):
        return BAD_IMAGE
    reason = _website_fault(text)
    return PRIVATE_HOST if reason == PRIVATE_HOST else BAD_IMAGE if reason else None


def _is_private(address: str) -> bool:
    """Whether an address is of a private network; a malformed one is not."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if any(host == name or host.endswith(f".{name}") for name in LOCAL_NAMES):
        return True
    if re.fullmatch(r"[\d.]+|.*:.*", host) is None:
        return False
    try:
        Guard(allow_private=False, ports=(port,) if port else ()).check_ip(address, host, port or 443)
    except AddressRefused:
        return True
    except ValueError:
        return False
    return False


def _email_fault(text: str) -> str | None:
    if organisations_email(text):
        return None
    return None if any(map(is_email, re.split(r"[\s,;]+", text))) else BAD_EMAIL


def _degrees_fault(limit: int, reason: str, text: str) -> str | None:
    if re.fullmatch(r"[+-]?\d{4,}", text):
        return LOST_POINT
    value = degrees(text)
    if value is None:
        return BAD_DEGREES
    return reason if abs(value) > limit else None


def _date_fault(text: str, order: str | None) -> str | None:
    if _DATE_NUMBER.fullmatch(text):
        return DATE_NUMBER
    start, end = parse_period(text, "mdy" if order == "mdy" else "dmy" if order == "dmy" else None)
    return None if start or end else BAD_DATE


LINE: Rule = partial(_longer, MAX_LINE_CHARACTERS, LONG_LINE)
RULES: Mapping[str, Rule] = {
    "id": partial(_longer, MAX_ID_CHARACTERS, LONG_ID),
    "title": partial(_longer, MAX_TITLE_CHARACTERS, LONG_NAME),
    "summary": partial(_longer, MAX_DESCRIPTION_CHARACTERS, LONG_TEXT),
    "description": partial(_longer, MAX_DESCRIPTION_CHARACTERS, LONG_TEXT),
    "themes": partial(_longer, MAX_DESCRIPTION_CHARACTERS, LONG_TEXT),
    "tags": partial(_longer, MAX_DESCRIPTION_CHARACTERS, LONG_TEXT),
    "website": _website_fault,
    "image": _image_fault,
    "email": _email_fault,
    "lat": partial(_degrees_fault, 90, BAD_LATITUDE),
    "lon": partial(_degrees_fault, 180, BAD_LONGITUDE),
}
"""By field, or by what is before the language in its name; LINE for all others."""
