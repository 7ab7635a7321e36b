"""How an organisation is reached and known: mail address, telephone, register number, licence of what it publishes."""

from __future__ import annotations

import html
import re

import phonenumbers

from crawlers.record import Identifier
from crawlers.texts.wordlists import words

MAX_CHARACTERS = 300
ROLES = words(
    "info office contact contacts kontakti kontakt hello hi mail post pasts epasts birojs birojas kontor biuro toimisto"
    " kantselei admin administracija sekretariats secretary secretariat team komanda support help projekti project projects"
    " press media prese board valde pieteikumi registration eu lv ee lt pl fi se dk latvia latvija eesti estonia lietuva"
    " lithuania poland riga vilnius tallinn"
)
"""Words of mail addresses that belong to an office, not to a person."""
NUMBERS = {
    "LV": ("LV-RE", r"[459]\d{10}"), "EE": ("EE-RIK", r"\d{8}"), "LT": ("LT-RC", r"\d{9}|\d{7}"), "PL": ("PL-KRS", r"\d{10}"),
    "DK": ("DK-CVR", r"\d{8}"), "FI": ("FI-PRO", r"\d{7}-?\d"), "SE": ("SE-BLV", r"\d{6}-?\d{4}"), "NO": ("NO-BRC", r"\d{9}"),
    "UA": ("UA-EDR", r"\d{8}"),
}  # fmt: skip
"""By country the org-id.guide code of its register, and the form of its numbers."""
_AT = re.compile(
    r"\s*[\[({<]\s*(?:at|@|a|ät|pie|et|эт|собака)\s*[\])}>]\s*|\s+at\s+(?=[\w-]+(?:\.|\s*[\[(]|\s+dot\s))|\s*＠\s*", re.IGNORECASE
)
_DOT = re.compile(r"\s*[\[({]\s*(?:dot|punkts|punkt|\.)\s*[\])}]\s*|\s+dot\s+", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+@-])[\w+-][\w.+-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.[^\W\d_]{2,24}(?![\w@-])")
_NO_DOMAIN = re.compile(r"\.(png|jpe?g|gif|svg|webp|css|js)$")
_CREATIVE_COMMONS = re.compile(
    r"(?:creativecommons\.org/licenses/|\bcc[ -])(by(?:-(?:nc|sa|nd)){0,2})[/ -]v?(\d\.\d)", re.IGNORECASE
)
_ZERO = re.compile(r"creativecommons\.org/publicdomain/zero/1\.0|\bcc[ -]?0\b|\bcc[ -]zero\b", re.IGNORECASE)


def organisations_email(text: str) -> str | None:
    """The first mail address in a text that belongs to an organisation, in small letters.

    "[at]", "(at)", "[dot]" and entities are undone; addresses hidden by a service ("[email protected]") stay hidden, and
    those of persons (name.surname@) are left out.
    """
    said = _DOT.sub(".", _AT.sub("@", html.unescape(text[:MAX_CHARACTERS])))
    said = re.sub(r"\s*@\s*", "@", said.replace("mailto:", " "))
    found = (match[0].lower() for match in _EMAIL.finditer(said))
    return next((address for address in found if not (is_personal(address) or _NO_DOMAIN.search(address))), None)


def is_personal(address: str) -> bool:
    """Whether a mail address is named as persons are: name.surname@ or n.surname@, no word of it an office's."""
    parts = re.split(r"[._]", address.split("@")[0])
    return len(parts) in (2, 3) and all(part.isalpha() for part in parts) and not ROLES & set(parts)


def telephone(text: str, country: str | None) -> str | None:
    """The first telephone number in a text as E.164 (`+37167000000`); one without its country's code needs `country`."""
    text = re.sub(r"(?<!\d)00(?=[1-9])", "+", re.sub(r"(?<=\d)\s?\(0\)", "", text[:MAX_CHARACTERS]))
    for match in phonenumbers.PhoneNumberMatcher(text, country):
        return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
    return None


def register_number(text: str, country: str | None) -> tuple[Identifier, ...]:
    """The number in the register of organisations of a country; nothing where it has not the form of that register."""
    scheme, form = NUMBERS.get(country or "", ("", ""))
    number = re.sub(r"[\s.]", "", text).removeprefix(country or "")
    match = re.search(rf"(?<![\d-])(?:{form})(?![\d-])", number) if scheme else None
    return (Identifier(scheme, match[0]),) if match else ()


def licence_of(text: str) -> str | None:
    """The SPDX id of a Creative Commons licence, by its address or name; another licence as it is written."""
    if _ZERO.search(text):
        return "CC0-1.0"
    if match := _CREATIVE_COMMONS.search(text.replace("CC BY", "CC-BY")):
        return f"CC-{match[1].upper()}-{match[2]}"
    return text or None


def without_persons(text: str) -> str:
    """A text in which mail addresses of persons have lost the person's name."""
    return _EMAIL.sub(lambda m: f"…@{m[0].split('@')[1]}" if is_personal(m[0].lower()) else m[0], text) if "@" in text else text
