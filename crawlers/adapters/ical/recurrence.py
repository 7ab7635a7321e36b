"""Series of events (RRULE, RFC 5545): the last day of a series with a COUNT, and the next event of one without an end."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr

MAX_OCCURRENCES = 1000
"""At most so many occurrences are computed, so that no rule takes long."""
_COUNTABLE_PARTS = {"FREQ", "COUNT", "INTERVAL", "WKST"}
_DAYS, _MONTHS = {"DAILY": 1, "WEEKLY": 7}, {"MONTHLY": 1, "YEARLY": 12}
"""The length of a period by its frequency, in days or in months."""
_FREQUENCIES = (*_DAYS, *_MONTHS)


def last_day(rule: Any, start: Any) -> date | None:
    """The day of the last event of a series with a COUNT; None for a more complex rule, or an unknown start."""
    count, frequency = next(iter(rule.get("COUNT", [])), 0), rule.get("FREQ", [""])[0]
    allowed_parts = _COUNTABLE_PARTS | ({"BYDAY"} if rule.get("FREQ") == ["WEEKLY"] else set())
    is_countable = rule.keys() <= allowed_parts and 0 < count <= MAX_OCCURRENCES and frequency in _FREQUENCIES
    if not is_countable or not isinstance(start, date):
        return None
    first = _local_time(start)
    return max(islice(rrulestr(rule.to_ical().decode(), dtstart=first), count), default=first).date()


def next_start(rule: Any, start: Any, today: date, excluded_days: Collection[date] = ()) -> date | datetime | None:
    """The next event of a series without an end, today or later: a day or a time as `start` is, in the time zone of `start`.

    None where the rule may have no further event. The rules read are: every n days; every n weeks, also on some weekdays; every
    n months or years, on one day or one weekday such as the second Monday. The series does not take place on `excluded_days`.
    """
    if not isinstance(start, date) or not _is_endless(rule, start):
        return None
    first = _recent_start(_local_time(start), today, rule["FREQ"][0], _interval_of(rule))
    occurrences = islice(rrulestr(rule.to_ical().decode(), dtstart=first), MAX_OCCURRENCES)
    upcoming = (time for time in occurrences if time.date() >= today and time.date() not in excluded_days)
    local_time: datetime | None = next(upcoming, None)
    if local_time is None:
        return None
    return local_time.replace(tzinfo=start.tzinfo) if isinstance(start, datetime) else local_time.date()


def last_before(rule: Any, start: date, end: date) -> date | None:
    """The day of the last event of a series before the day `end`; None where there is none, or MAX_OCCURRENCES are not enough."""
    occurrences = list(islice(rrulestr(rule.to_ical().decode(), dtstart=_local_time(start), ignoretz=True), MAX_OCCURRENCES))
    before = [time.date() for time in occurrences if time.date() < end]
    return before[-1] if before and len(before) < MAX_OCCURRENCES else None


def _recent_start(first: datetime, today: date, frequency: str, interval: int) -> datetime:
    """A later start from which the rule gives the same days, at most a few periods before today, to compute few occurrences."""
    if today <= first.date():
        return first
    if frequency in _DAYS:
        step = _DAYS[frequency] * interval
        return first + timedelta(days=(today - first.date()).days // step * step)
    step = interval * _MONTHS[frequency]
    months = ((today.year - first.year) * 12 + today.month - first.month) // step * step - step
    month = first.year * 12 + first.month - 1 + max(0, months)
    return first.replace(year=month // 12, month=month % 12 + 1) if first.day <= 28 else first


def _is_endless(rule: Any, start: date) -> bool:
    """Whether a rule has no end, and an event in nearly each of its periods."""
    frequency, other_parts = rule.get("FREQ", [""])[0], rule.keys() - {"FREQ", "INTERVAL", "WKST"}
    if frequency not in _FREQUENCIES or not 1 <= _interval_of(rule) <= MAX_OCCURRENCES:
        return False
    is_of_month = frequency == "MONTHLY"
    if frequency == "YEARLY" and rule.get("BYMONTH") == [start.month]:
        other_parts, is_of_month = other_parts - {"BYMONTH"}, True
    if is_of_month and rule.get("BYMONTHDAY") == [start.day]:
        other_parts = other_parts - {"BYMONTHDAY"}
    has_day = other_parts == {"BYDAY"} and (frequency == "WEEKLY" or (is_of_month and _is_one_weekday(rule["BYDAY"])))
    return not other_parts or has_day


def _is_one_weekday(days: Any) -> bool:
    """Whether BYDAY is one weekday that every month has, such as the second Monday or the last Friday."""
    return len(days) == 1 and str(days[0])[:-2].lstrip("+") in ("1", "2", "3", "4", "-1")


def _interval_of(rule: Any) -> int:
    return int(next(iter(rule.get("INTERVAL", [])), 1))


def _local_time(start: date) -> datetime:
    """The local time of a start, without its time zone; midnight for a day."""
    return start.replace(tzinfo=None) if isinstance(start, datetime) else datetime(start.year, start.month, start.day)
