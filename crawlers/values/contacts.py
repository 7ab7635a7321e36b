"""How an organisation is reached and known: telephone, register number, licence of what it publishes."""

from __future__ import annotations

import re

import phonenumbers

from crawlers.record import Identifier

MAX_CHARACTERS = 300
REGISTERS = {
    "LV": ("LV-RE", r"[459]\d{10}"), "EE": ("EE-RIK", r"\d{8}"), "LT": ("LT-RC", r"\d{9}|\d{7}"), "PL": ("PL-KRS", r"\d{10}"),
    "DK": ("DK-CVR", r"\d{8}"), "FI": ("FI-PRO", r"\d{7}-?\d"), "SE": ("SE-BLV", r"\d{6}-?\d{4}"), "NO": ("NO-BRC", r"\d{9}"),
    "UA": ("UA-EDR", r"\d{8}"),
}  # fmt: skip
"""By country: the org-id.guide code of its register of organisations, and a pattern of the numbers in it."""
_CREATIVE_COMMONS = re.compile(
    r"(?:creativecommons\.org/licenses/|\bcc[ -])(by(?:-(?:nc|sa|nd)){0,2})[/ -]v?(\d\.\d)", re.IGNORECASE
)
_CC_ZERO = re.compile(r"creativecommons\.org/publicdomain/zero/1\.0|\bcc[ -]?0\b|\bcc[ -]zero\b", re.IGNORECASE)


def telephone(text: str, country: str | None) -> str | None:
    """The first telephone number in a text as E.164 (`+37167000000`); None where there is none.

    A number without a country calling code is read as one of `country`.
    """
    text = re.sub(r"(?<!\d)00(?=[1-9])", "+", re.sub(r"(?<=\d)\s?\(0\)", "", text[:MAX_CHARACTERS]))
    for match in phonenumbers.PhoneNumberMatcher(text, country):
        return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
    return None


def register_number(text: str, country: str | None) -> tuple[Identifier, ...]:
    """The number in a country's register of organisations; empty where the text holds no number of that register's form."""
    scheme, form = REGISTERS.get(country or "", ("", ""))
    number = re.sub(r"[\s.]", "", text).removeprefix(country or "")
    match = re.search(rf"(?<![\d-])(?:{form})(?![\d-])", number) if scheme else None
    return (Identifier(scheme, match[0]),) if match else ()


def licence_of(text: str) -> str | None:
    """The SPDX id of a Creative Commons licence named or linked in a text; the text itself for others, None where it is empty."""
    if _CC_ZERO.search(text):
        return "CC0-1.0"
    if match := _CREATIVE_COMMONS.search(text.replace("CC BY", "CC-BY")):
        return f"CC-{match[1].upper()}-{match[2]}"
    return text or None
