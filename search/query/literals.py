"""Literals of a question: mail and web addresses, telephone and register numbers, which mean what they say and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vocabulary import load

COMMON_DOMAINS = frozenset(
    ("com", "org", "net", "eu", "info", "io", "coop", "ngo", "ong", "social", "foundation", "community", "studio", "app")
)
"""Top-level domains of organisations beside those of countries."""
MIN_DIGITS, MAX_DIGITS = 7, 15
"""The digits of a telephone number; at most those of E.164."""
MAX_CHARACTERS = 300
"""A longer word is no address."""
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = rf"(?:{_LABEL}\.){{1,6}}(?P<domain>[^\W\d_]{{2,24}})"
_EMAIL = re.compile(rf"(?P<mailbox>[\w.+-]{{1,64}})@(?P<host>{_HOST})", re.IGNORECASE)
_WEBSITE = re.compile(rf"(?P<sure>https?://(?:www\.)?|www\.)?(?P<host>{_HOST})(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_NUMBER = re.compile(rf"(?:[A-Z]{{2}})?(?P<plus>\+|00(?=[1-9]))?(?P<digits>\d{{{MIN_DIGITS},{MAX_DIGITS}}})")
_CALLING_CODE = r"(?:\(?\+\d{1,4}\)?|00[1-9]\d{0,3})"
_ABROAD = rf"{_CALLING_CODE}(?:[ \u00a0]\(?\d{{2,10}}\)?){{1,5}}"
_AT_HOME = r"(?:\(\d{1,4}\)|\d{2,4})(?:[ \u00a0]\(?\d{2,4}\)?){1,5}"
_GROUPS = re.compile(rf"(?<![\w+])(?:{_ABROAD}|{_AT_HOME})(?!\w)")
_YEAR = re.compile(r"(?:19|20)\d\d")


def terms_of(word: str, *, is_sure: bool = False) -> tuple[str, ...]:
    """The contacts (search.index.contacts) that a word without blanks means, the most exact first; none if it is no literal.

    `is_sure`: only what can be nothing else, as a name may look like the address of a site, and a number mean an amount.
    """
    return () if len(word) > MAX_CHARACTERS else tuple(dict.fromkeys(_terms(word.strip(".,;:!?()[]<>"), is_sure=is_sure)))


def _terms(word: str, *, is_sure: bool) -> Iterator[str]:
    if match := _EMAIL.fullmatch(word.removeprefix("mailto:")):
        yield match[0].lower()
        yield match["host"].lower()
    elif (match := _WEBSITE.fullmatch(word)) and (match["sure"] or (not is_sure and _is_domain(match["domain"]))):
        yield match["host"].lower().removeprefix("www.")
    elif (match := _NUMBER.fullmatch(word)) and (match["plus"] or not is_sure):
        yield from (match["digits"], match["digits"].removeprefix("0"))


def with_whole_numbers(question: str) -> str:
    """The question with each telephone number that is written in groups of digits as one word; what begins with a
    year is none."""
    return _GROUPS.sub(lambda match: _whole_number(match[0]), question)


def _whole_number(groups: str) -> str:
    digits = re.sub(r"\D", "", groups)
    begins_with_year = bool(_YEAR.fullmatch(groups.split()[0]))
    if begins_with_year or not MIN_DIGITS <= len(digits) <= MAX_DIGITS:
        return groups
    return ("+" if "+" in groups else "") + digits


def _is_domain(label: str) -> bool:
    return label.lower() in COMMON_DOMAINS or label.upper() in load().ids("country") or label.lower() == "uk"
