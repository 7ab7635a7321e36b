"""Days of ISO 8601 dates that may be known to the month only."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

DAY_CHARACTERS, MONTH_CHARACTERS = len("2026-01-01"), len("2026-01")


def first_day(text: str | None) -> date | None:
    """The day of a date, the first one of a month; None for a year alone and for what is no date."""
    try:
        return _first_day(text or "")
    except ValueError:
        return None


def last_day(text: str | None) -> date | None:
    """The day of a date, the last one of a month; None for a year alone and for what is no date."""
    first = first_day(text)
    if first is None or len(text or "") != MONTH_CHARACTERS:
        return first
    return first.replace(day=monthrange(first.year, first.month)[1])


def _first_day(text: str) -> date | None:
    if len(text) == MONTH_CHARACTERS:
        return date.fromisoformat(f"{text}-01")
    return date.fromisoformat(text[:DAY_CHARACTERS]) if len(text) >= DAY_CHARACTERS else None
