"""Contacts of a document as whole terms: by them a question that is an address or a number finds what has just that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import phonenumbers


def contact_terms(contacts: Iterable[str]) -> list[str]:
    """The distinct terms of mail addresses, hosts of websites, telephone numbers (E.164) and numbers in registers.

    An address and a host stand in small letters, the host without `www.`; a telephone number as digits, with and without the
    country's calling code; any other number without blanks, dots and hyphens.
    """
    return list(dict.fromkeys(term for contact in contacts for term in _terms(contact.strip().lower())))


def _terms(contact: str) -> Iterator[str]:
    if contact.startswith("+"):
        yield from _digits_of_telephone(contact)
    elif any(sign.isalpha() for sign in contact) and "." in contact:
        yield contact.removeprefix("www.")
    else:
        yield contact.translate(dict.fromkeys(map(ord, " .-")))


def _digits_of_telephone(number: str) -> Iterator[str]:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return
    yield f"{parsed.country_code}{parsed.national_number}"
    yield str(parsed.national_number)
