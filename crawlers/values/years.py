"""Days without a year (“15. maijs”, “15.05.”): the year that brings them nearest to a day that is known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache

from crawlers.texts.wordlists import word_set
from crawlers.values.dates import FILLERS, MAX_CHARACTERS, SINCE, UNTIL, Order, Period, parse_period
from crawlers.values.months import months, weekdays
from vocabulary import fold

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|'\d\d(?!\d)")
_DAY_AND_MONTH = re.compile(r"(?<![\d.])\d{1,2}\.\s?(?:0?[1-9]|1[0-2])\.(?!\s?\d)")
_WORD = re.compile(r"[^\W\d_]+")
_DAY_CHARACTERS = len("2027-05-01")


def period_near(text: str, near: date, order: Order | None = None, *, is_coming: bool = False) -> Period:
    """Start and end of a period to the day, of a text without a year: the nearest one to `near`, where `is_coming` the next one.

    (None, None) where the text has a year, holds anything else than a period, or leaves the month open. A month in digits counts
    only as in “15.05.”, since “15.05” may be an hour or a sum.
    """
    text = " ".join(text.split())[:MAX_CHARACTERS]
    if _YEAR.search(text) or not (_DAY_AND_MONTH.search(text) or any(word in months() for word in _WORD.findall(fold(text)))):
        return None, None
    periods = (parse_period(_with_year(text, near.year + step), order) for step in (-1, 0, 1))
    whole = [period for period in periods if any(period) and all(day is None or len(day) >= _DAY_CHARACTERS for day in period)]
    distances = {period: (date.fromisoformat((period[1] or period[0] or "")[:_DAY_CHARACTERS]) - near).days for period in whole}
    if is_coming:
        distances = {period: days for period, days in distances.items() if days >= 0}
    return min(distances, key=lambda period: abs(distances[period]), default=(None, None))


def may_be_of(period: Period, texts: Iterable[str]) -> bool:
    """Whether the texts beside a period of a concluded year name no year, or that one: “Konkurss 2019” is not of next May."""
    named = {match[0] for text in texts for match in _YEAR.finditer(text)}
    return not named or any((day or "")[:4] in named for day in period)


def is_day_without_year(text: str) -> bool:
    """Whether a text is a day or a period of days without a year, maybe with an hour and a weekday, and nothing else."""
    words = set(_WORD.findall(fold(text)))
    return words <= _words_of_dates() | months().keys() and any(period_near(text, date(2024, 1, 1)))


@cache
def _words_of_dates() -> frozenset[str]:
    return frozenset(
        FILLERS
        | UNTIL
        | SINCE
        | weekdays()
        | word_set(
            "pirmdien otrdien tresdien ceturtdien piektdien sestdien svetdien plkst kell kl klo at godz uhr am pm st nd rd th h"
        )
    )


def _with_year(text: str, year: int) -> str:
    """The text with a year behind its last day and month, before an hour or a word for “until”."""
    if match := list(_DAY_AND_MONTH.finditer(text)):
        return f"{text[: match[-1].end()]}{year}{text[match[-1].end() :]}"
    last = [match for match in _WORD.finditer(text) if fold(match[0]) in months()][-1]
    day = re.match(r"\.?\s*\d{1,2}(?:\s?[-–]\s?\d{1,2})?(?:st|nd|rd|th)?(?![\d:.])", text[last.end() :])
    at = last.end() + (day.end() if day and not re.search(r"\d", text[: last.start()]) else 0)
    return f"{text[:at]} {year} {text[at:].lstrip('., ')}".strip()
