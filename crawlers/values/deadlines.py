"""Deadlines in prose: the last day on which one can apply, as texts of calls tell it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from crawlers.values.dates import parse_period
from crawlers.values.event_words import words_of
from vocabulary import fold

MAX_LINES = 500
MAX_LINE_CHARACTERS = 2_000
MAX_MATCHES = 20
MAX_WORDS = 10
"""So many words behind those for a deadline may belong to its date."""
_DAY_CHARACTERS = len("2027-05-01")


def deadline_in(text: str) -> str | None:
    """The deadline that a text tells, to the day or the minute; None without one, for one without its year, and for several."""
    days = set(islice(_deadlines(text), MAX_MATCHES))
    return days.pop() if len(days) == 1 else None


def _deadlines(text: str) -> Iterator[str]:
    for line in islice(text.splitlines(), MAX_LINES):
        folded = " ".join(fold(line[:MAX_LINE_CHARACTERS]).split())
        for match in words_of("deadlines").finditer(folded):
            if day := _day_at_beginning(folded[match.end() : match.end() + 120]):
                yield day


def _day_at_beginning(text: str) -> str | None:
    """The day, or the end of the period, with which a text begins; the longest beginning that is understood counts."""
    words = text.lstrip(" :–-").split()[:MAX_WORDS]
    for count in range(len(words), 0, -1):
        start, end = parse_period(" ".join(words[:count]))
        last = end or start
        if last and len(last) >= _DAY_CHARACTERS:
            return last
    return None
