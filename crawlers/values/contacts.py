"""How an organisation is reached, and the licence of what it publishes."""

from __future__ import annotations

import re
from collections.abc import Iterable

import phonenumbers

MAX_CHARACTERS = 300
_CREATIVE_COMMONS = re.compile(
    r"(?:creativecommons\.org/licenses/|\bcc[ -])(by(?:-(?:nc|sa|nd)){0,2})[/ -]v?(\d\.\d)", re.IGNORECASE
)
_CC_ZERO = re.compile(r"creativecommons\.org/publicdomain/zero/1\.0|\bcc[ -]?0\b|\bcc[ -]zero\b", re.IGNORECASE)
_AT_HOME = {
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
}

_IS_ID = re.compile(r"CC0-1\.0|CC-BY(-(NC|SA|ND))*-\d\.\d")


def telephone(text: str, country: str | None) -> str | None:
    """The first telephone number in a text as E.164 (`+37167000000`); None where there is none.

    A number without a country calling code is read as one of `country`.
    """
    for match in phonenumbers.PhoneNumberMatcher(_international(text), country):
        return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
    return None


def calling_country(text: str) -> str | None:
    """The country of the one calling code, such as +371, with which the numbers in a text are written; None without one.

    Numbers that are free of charge, or dear, tell none: they are had from abroad.
    """
    numbers = [match.number for match in phonenumbers.PhoneNumberMatcher(_international(text), None)]
    countries = {phonenumbers.region_code_for_number(one) for one in numbers if phonenumbers.number_type(one) in _AT_HOME}
    return countries.pop() if len(countries) == 1 else None


def licence_of(text: str) -> str | None:
    """The SPDX id of a Creative Commons licence named or linked in a text; the text itself for others, None where it is empty."""
    if _CC_ZERO.search(text):
        return "CC0-1.0"
    if match := _CREATIVE_COMMONS.search(text.replace("CC BY", "CC-BY")):
        return f"CC-{match[1].upper()}-{match[2]}"
    return text or None


def _international(text: str) -> str:
    """The beginning of a text with its calling codes as +371, without a zero in brackets after them."""
    return re.sub(r"(?<!\d)00(?=[1-9])", "+", re.sub(r"(?<=\d)\s?\(0\)", "", text[:MAX_CHARACTERS]))


def open_licence(texts: Iterable[str]) -> str | None:
    """The SPDX id of the one Creative Commons licence that these texts name or link; None without one, or for several."""
    ids = {licence for text in texts if (licence := licence_of(text[:MAX_CHARACTERS])) and _IS_ID.fullmatch(licence)}
    return ids.pop() if len(ids) == 1 else None
