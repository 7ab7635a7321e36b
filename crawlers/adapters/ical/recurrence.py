"""Series of events (RRULE of RFC 5545): the day on which a counted one ends, and when one without an end is next."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr

MAX_OCCURRENCES = 1000
"""So many occurrences are counted, so that no rule takes long."""
_COUNTABLE_PARTS = {"FREQ", "COUNT", "INTERVAL", "WKST"}
_DAYS, _MONTHS = {"DAILY": 1, "WEEKLY": 7}, {"MONTHLY": 1, "YEARLY": 12}


def last_day(rule: Any, start: Any) -> date | None:
    """The day of the last event of a series with a COUNT; None where the rule is no plain one, or the start unknown."""
    count, allowed = (
        next(iter(rule.get("COUNT", [])), 0),
        _COUNTABLE_PARTS | ({"BYDAY"} if rule.get("FREQ") == ["WEEKLY"] else set()),
    )
    frequency = rule.get("FREQ", [""])[0]
    is_countable = (
        rule.keys() <= allowed and 0 < count <= MAX_OCCURRENCES and frequency in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
    )
    if not is_countable or not isinstance(start, date):
        return None
    naive = _local_time(start)
    return max(islice(rrulestr(rule.to_ical().decode(), dtstart=naive), count), default=naive).date()


def next_start(rule: Any, start: Any, today: date, excluded_days: Collection[date] = ()) -> date | datetime | None:
    """When a series without an end takes place next, today or later: a day or a time, as `start` is, in its own zone.

    None where its rule is none of those that always go on (every so many days; weeks, on some weekdays; months, on one day
    or one such as the second Monday; years), for it might never come. `left_out` are days on which it does not take place.
    """
    if not isinstance(start, date) or not _is_endless(rule, start):
        return None
    first = _recent_start(_local_time(start), today, rule["FREQ"][0], _interval_of(rule))
    occurrences = islice(rrulestr(rule.to_ical().decode(), dtstart=first), MAX_OCCURRENCES)
    wall: datetime | None = next(
        (occurrence for occurrence in occurrences if occurrence.date() >= today and occurrence.date() not in excluded_days), None
    )
    if wall is None:
        return None
    return wall.replace(tzinfo=start.tzinfo) if isinstance(start, datetime) else wall.date()


def _recent_start(first: datetime, today: date, frequency: str, interval: int) -> datetime:
    """A later first moment from which a rule gives the same days, at most some periods ago: so that nothing is counted long."""
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
    """Whether a rule has no end and an occurrence in each of its periods, or nearly."""
    frequency, further = rule.get("FREQ", [""])[0], rule.keys() - {"FREQ", "INTERVAL", "WKST"}
    if frequency not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY") or not 1 <= _interval_of(rule) <= MAX_OCCURRENCES:
        return False
    is_of_month = frequency == "MONTHLY"
    if frequency == "YEARLY" and rule.get("BYMONTH") == [start.month]:
        further, is_of_month = further - {"BYMONTH"}, True
    if is_of_month and rule.get("BYMONTHDAY") == [start.day]:
        further = further - {"BYMONTHDAY"}
    has_day = further == {"BYDAY"} and (frequency == "WEEKLY" or (is_of_month and _is_one_weekday(rule["BYDAY"])))
    return not further or has_day


def _is_one_weekday(days: Any) -> bool:
    """Whether these are one weekday that every month has, such as the second Monday or the last Friday."""
    return len(days) == 1 and str(days[0])[:-2].lstrip("+") in ("1", "2", "3", "4", "-1")


def _interval_of(rule: Any) -> int:
    return int(next(iter(rule.get("INTERVAL", [])), 1))


def _local_time(start: date) -> datetime:
    """The clock's time where it takes place; midnight for a mere day."""
    return start.replace(tzinfo=None) if isinstance(start, datetime) else datetime(start.year, start.month, start.day)
