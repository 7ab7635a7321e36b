"""Deadlines in prose: the last day on which one can apply, as texts of calls tell it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from crawlers.values.dates import parse_period
from crawlers.values.event_words import words_of
from crawlers.values.years import is_day_without_year, period_near
from vocabulary import fold

MAX_LINES = 500
MAX_LINE_CHARACTERS = 2_000
MAX_MATCHES = 20
MAX_WORDS = 10
"""So many words behind those for a deadline may belong to its date."""
_DAY_CHARACTERS = len("2027-05-01")


def deadline_in(text: str, near: date | None = None) -> str | None:
    """The deadline that a text tells, to the day or the minute; None without one, and for several.

    One without its year is the nearest to `near`; None without that day.
    """
    days = set(islice(_deadlines(text, near), MAX_MATCHES))
    return days.pop() if len(days) == 1 else None


def _deadlines(text: str, near: date | None) -> Iterator[str]:
    for line in islice(text.splitlines(), MAX_LINES):
        folded = " ".join(fold(line[:MAX_LINE_CHARACTERS]).split())
        for match in words_of("deadlines").finditer(folded):
            if day := _day_at_beginning(folded[match.end() : match.end() + 120], near):
                yield day


def _day_at_beginning(text: str, near: date | None) -> str | None:
    """The day, or the end of the period, with which a text begins; the longest beginning that is understood counts."""
    words = text.lstrip(" :–-").split()[:MAX_WORDS]
    for count in range(len(words), 0, -1):
        start, end = parse_period(" ".join(words[:count]))
        last = end or start
        if last and len(last) >= _DAY_CHARACTERS:
            return last
    beginnings = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    text = next((beginning for beginning in beginnings if is_day_without_year(beginning)), "") if near else ""
    start, end = period_near(text, near) if near else (None, None)
    return end or start
