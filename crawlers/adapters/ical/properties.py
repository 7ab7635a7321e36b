"""Properties of events in iCalendar: texts, days and times, with what is broken read as missing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from icalendar import Event
from icalendar.prop import vBroken

from crawlers.values.time_zones import time_zone

Moment = date | datetime
"""A day, or a time with or without a time zone."""


def event_property(event: Event, name: str) -> Any:
    """A property; None without one, or for one that is not written as RFC 5545 has it."""
    value = event.get(name)
    return None if isinstance(value, vBroken) else value


def event_text(event: Event, name: str) -> str:
    """The text of a property, or of the first of several; "" without one."""
    value = event.get(name)
    return str(value[0] if isinstance(value, list) and value else value or "").strip()


def event_moment(event: Event, name: str, zone: tzinfo | None) -> Moment | None:
    """A property's day or time; None without one, or for a broken one.

    A time has the zone that the property names, else that of the calendar (`zone`). Without either, or with a name that is
    no zone's, it stays a local time: the hour that people at the place read on their clocks.
    """
    value = event_property(event, name)
    try:
        moment = getattr(value, "dt", None)
    except ValueError:
        return None
    return _in_zone(moment, value, zone) if isinstance(moment, date) else None


def event_moments(event: Event, name: str, zone: tzinfo | None) -> list[Moment]:
    """The days and times of a property that may hold several, and may occur several times (EXDATE, RDATE)."""
    value = event_property(event, name) or []
    lists = value if isinstance(value, list) else [value]
    entries = [(getattr(entry, "dt", None), dates) for dates in lists for entry in getattr(dates, "dts", ())]
    starts = [(moment[0] if isinstance(moment, tuple) else moment, dates) for moment, dates in entries]
    return [_in_zone(moment, dates, zone) for moment, dates in starts if isinstance(moment, date)]


def event_period(event: Event, zone: tzinfo | None) -> tuple[Moment | None, Moment | None]:
    """Start and end of an event: the end is its last day, where RFC 5545 gives the day after; None without one.

    From midnight to midnight, and a midnight without an end, is whole days.
    """
    start, end = event_moment(event, "DTSTART", zone), event_moment(event, "DTEND", zone)
    if end is None and isinstance(length := getattr(event_property(event, "DURATION"), "dt", None), timedelta):
        end = plus(start, length)
    if start is None:
        return None, end
    if is_midnight(start) and (end is None or is_midnight(end)):
        start, end = day_of(start), day_of(end) if end else None
    if isinstance(start, datetime):
        return start, end if isinstance(end, datetime) else None
    if end is None or isinstance(end, datetime):
        return start, None
    return start, max(start, end - timedelta(days=1))


def plus(moment: Moment | None, length: timedelta) -> Moment | None:
    """The moment after a length; None where it is beyond the calendar."""
    try:
        return moment + length if moment else None
    except OverflowError:
        return None


def day_of(moment: Moment) -> date:
    """The day of a moment."""
    return moment.date() if isinstance(moment, datetime) else moment


def is_midnight(moment: Moment) -> bool:
    """Whether a moment is a time at the beginning of a day."""
    return isinstance(moment, datetime) and moment.time() == time()


def iso(moment: Moment | None) -> str | None:
    """ISO 8601 of a day, or of a time to the minute, with the offset of its zone; None for None."""
    return moment.isoformat(timespec="minutes") if isinstance(moment, datetime) else moment.isoformat() if moment else None


def _in_zone(moment: Moment, value: Any, zone: tzinfo | None) -> Moment:
    """The moment with the zone that its property `value` names, else with `zone`, where it has none of its own."""
    if not isinstance(moment, datetime) or moment.tzinfo:
        return moment
    name = str(getattr(value, "params", {}).get("TZID", ""))
    return moment.replace(tzinfo=time_zone(name) if name else zone)
