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
_OTHER_LICENCES = tuple(
    (id, re.compile(form, re.IGNORECASE))
    for id, form in (
        ("Public Domain", r"^public domain(?: mark.*)?$|creativecommons\.org/publicdomain/mark/"),
        ("PDDL-1.0", r"\bPDDL\b|opendatacommons\.org/licenses/pddl"),
        ("ODbL-1.0", r"\bODbL\b|open database licen[cs]e|opendatacommons\.org/licenses/odbl"),
        ("ODC-By-1.0", r"\bODC-By\b|opendatacommons\.org/licenses/by"),
        (
            "OGL-UK-3.0",
            r"\bOGL-UK-3\.0\b|nationalarchives\.gov\.uk/doc/open-government-licence/version/3|open government licence v?3\.0",
        ),
        ("NLOD-2.0", r"\bNLOD[- ]?2\.0\b|data\.norge\.no/nlod/[a-z]*/?2\.0"),
        ("DL-DE-BY-2.0", r"\bdl-de[-/]by[-/]2[-.]0\b"),
        ("DL-DE-ZERO-2.0", r"\bdl-de[-/]zero[-/]2[-.]0\b"),
        ("GFDL-1.3", r"\bGFDL\b|gnu\.org/licenses/fdl"),
        ("MIT", r"^MIT(?: licen[cs]e)?$|opensource\.org/licen[cs]es?/mit\b"),
        ("Apache-2.0", r"^Apache[- ]2\.0$|apache\.org/licenses/license-2\.0"),
        *(
            (f"CC-{name.upper()}", rf"^CC[- ]{name.replace('-', '[- ]')}$")
            for name in ("by-nc-sa", "by-nc-nd", "by-nc", "by-nd", "by-sa", "by")
        ),
    )
)
"""Other licences that are known, by SPDX id; those of Creative Commons without a version by their name."""
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
    """The licence that a text names or links: the SPDX id, the address of one of Creative Commons, a name such as “CC BY”.

    None for any other text: “All rights reserved” allows nothing.
    """
    if _CC_ZERO.search(text):
        return "CC0-1.0"
    if match := _CREATIVE_COMMONS.search(text.replace("CC BY", "CC-BY")):
        return f"CC-{match[1].upper()}-{match[2]}"
    return next((id for id, form in _OTHER_LICENCES if form.search(text)), None)


def _international(text: str) -> str:
    """The beginning of a text with its calling codes as +371, without a zero in brackets after them."""
    return re.sub(r"(?<!\d)00(?=[1-9])", "+", re.sub(r"(?<=\d)\s?\(0\)", "", text[:MAX_CHARACTERS]))


def open_licence(texts: Iterable[str]) -> str | None:
    """The SPDX id of the one Creative Commons licence that these texts name or link; None without one, or for several."""
    ids = {licence for text in texts if (licence := licence_of(text[:MAX_CHARACTERS])) and _IS_ID.fullmatch(licence)}
    return ids.pop() if len(ids) == 1 else None
