"""When listings happen: the days and times of events and calls that are known well enough for a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from platforma.catalogue.listings.listing import Listing

What = Literal["event", "deadline"]
ZONES = {
    "DE": "Europe/Berlin", "DK": "Europe/Copenhagen", "EE": "Europe/Tallinn", "FI": "Europe/Helsinki", "IS": "Atlantic/Reykjavik",
    "LT": "Europe/Vilnius", "LV": "Europe/Riga", "NO": "Europe/Oslo", "PL": "Europe/Warsaw", "SE": "Europe/Stockholm",
    "BE": "Europe/Brussels", "GB": "Europe/London", "UA": "Europe/Kyiv",
}  # fmt: skip
"""The time zones of countries whose events are listed often."""
CHARACTERS_OF_DAY = len("2026-01-01")


@dataclass(frozen=True, slots=True)
class Happening:
    """When a listing happens. `start` and `end` are days, `end` the last one, or instants with a time zone.

    `end` is None for what lasts one day, or an unknown time.
    """

    what: What
    start: date | datetime
    end: date | datetime | None


def happening(listing: Listing, default_zone: str) -> Happening | None:
    """When an event or the deadline of a call is; None for other kinds, and for dates that are not known to the day.

    A time without an offset is that of the listing's country, or of the default zone.
    """
    zone = ZoneInfo(ZONES.get(listing.get("country") or "", default_zone))
    start, end = _moment(listing.get("start_date"), zone), _moment(listing.get("end_date"), zone)
    if listing.get("kind") == "funding":
        return Happening("deadline", _day(end), None) if end else None
    first = start or end
    return _event(first, end) if first and listing.get("kind") == "event" else None


def _event(start: date | datetime, end: date | datetime | None) -> Happening:
    """An event; times count only where neither end is a day alone, and an end before the start is none."""
    if isinstance(start, datetime) and (end is None or isinstance(end, datetime)):
        return Happening("event", start, end if end and end > start else None)
    first, last = _day(start), _day(end) if end else None
    return Happening("event", first, last if last and last > first else None)


def end_day_after(happening: Happening) -> date:
    """The day after the last one, which is how calendars write the end of whole days (RFC 5545, 3.6.1)."""
    last = _day(happening.end or happening.start)
    return last if last == date.max else last + timedelta(days=1)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _moment(text: str | None, zone: ZoneInfo) -> date | datetime | None:
    """A day, or an instant in the zone; None for a year or a month alone, and for text that is no date of the calendar."""
    if not text or len(text) < CHARACTERS_OF_DAY:
        return None
    try:
        if "T" not in text:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(UTC).astimezone(zone)
    except (ValueError, OverflowError):  # the latter at both ends of the calendar
        return None
