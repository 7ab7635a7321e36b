"""Events of a calendar grouped into series (RFC 5545): what was moved, cancelled or added belongs to its series' one record."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Any

from icalendar import Event

from crawlers.adapters.ical.properties import (
    Moment,
    day_of,
    event_moment,
    event_moments,
    event_period,
    event_property,
    event_text,
    iso,
    plus,
)
from crawlers.adapters.ical.ranges import Change, end_of, has_range, periods_by_rule
from crawlers.adapters.ical.recurrence import last_before, last_day
from vocabulary import fold

MAX_CHANGES = 50
"""Of a series, so that no calendar takes long."""
Dates = tuple[str | None, str | None]
"""First and last day or moment in ISO 8601."""


@dataclass(frozen=True, slots=True)
class Series:
    """A series of events, or a single event.

    `event` is the one that describes it; `is_whole`: it is the series' own, not one of its events alone. `moved` are its
    events that take place at another time than the rule says, `excluded` the days on which it does not take place by the rule,
    `changes` what is true from one of its events on, the first day first.
    """

    event: Event
    id: str
    zone: tzinfo | None
    is_whole: bool = True
    moved: list[Event] = field(default_factory=list)
    excluded: frozenset[date] = frozenset()
    changes: tuple[Change, ...] = ()

    @property
    def title(self) -> str:
        """The title of the series."""
        return event_text(self.event, "SUMMARY")

    def dates(self, today: date | None) -> Dates:
        """First and last day of the series; of one without an end, and of one of which only events are known, the next event."""
        if not self.is_whole:
            return _iso_period(_next(self._moved_periods(), today))
        start, end = event_period(self.event, self.zone)
        rule = event_property(self.event, "RRULE")
        if not hasattr(rule, "to_ical"):
            return _iso_period((start, _latest([end, *event_moments(self.event, "RDATE", self.zone)])))
        last = self._last(rule, start)
        if last is not None:
            return _iso_period((start, _latest([last, *(begin for begin, _ in self._moved_periods())])))
        if "UNTIL" in rule or "COUNT" in rule or today is None or start is None:
            return None, None
        changes = (Change(date.min, length=_length(start, end)), *self.changes)
        periods = [*self._moved_periods(), *periods_by_rule(rule, start, today, self.excluded, changes)]
        return _iso_period(_next([period for period in periods if day_of(period[0]) >= today], today))

    def _last(self, rule: Any, start: Moment | None) -> Moment | None:
        """The last day or moment of a series with an end, as what changed it later has it; None without an end that is known."""
        if (end := end_of(self.changes)) and start is not None:
            return last_before(rule, start, end)
        last = _last(rule, start)
        changes = [change for change in self.changes if last is not None and change.since <= day_of(last)]
        return plus(last, changes[-1].shift) if changes else last

    def _moved_periods(self) -> list[tuple[Moment, Moment | None]]:
        """Start and end of the moved events."""
        periods = [event_period(event, self.zone) for event in self.moved]
        return [(start, end) for start, end in periods if start is not None]


def series_in(events: Iterable[Event], zone: tzinfo | None) -> Iterator[Series]:
    """The series and single events of a calendar that are neither cancelled nor private, in the order of the calendar."""
    groups: defaultdict[str, list[Event]] = defaultdict(list)
    for number, event in enumerate(events):
        groups[event_text(event, "UID") or f"#{number}"].append(event)
    for group in groups.values():
        yield from _series_of_group(group, zone)


def _series_of_group(group: list[Event], zone: tzinfo | None) -> Iterator[Series]:
    """The series of events that share a UID: one; where several events of their own share it by mistake, one for each."""
    whole = _newest([event for event in group if "RECURRENCE-ID" not in event], zone)
    parts = [event for event in group if "RECURRENCE-ID" in event]
    if not whole:
        yield from _series_of_parts(parts, zone)
    elif len(whole) == 1:
        if _is_shown(whole[0]):
            yield from _with_parts(whole[0], parts, zone)
    else:
        for event in (*whole, *parts):
            if _is_shown(event):
                yield Series(event, _id_with(event, "DTSTART", zone), zone)


def _with_parts(event: Event, parts: list[Event], zone: tzinfo | None) -> Iterator[Series]:
    """A series with its moved and cancelled events; an event of it with a title of its own stands for itself."""
    own_title = fold(event_text(event, "SUMMARY"))
    shown = [part for part in parts if _is_shown(part)]
    moved = [part for part in shown if fold(event_text(part, "SUMMARY")) in (own_title, "")]
    start = event_moment(event, "DTSTART", zone)
    replaced = (event_moment(part, "RECURRENCE-ID", zone) for part in parts)
    excluded = (*event_moments(event, "EXDATE", zone), *(moment for moment in replaced if moment))
    days = frozenset(day_of(_beside(start, moment)) for moment in excluded)
    changes = sorted(islice(_changes(event, parts, zone), MAX_CHANGES), key=lambda change: change.since)
    yield Series(event, _id_of(event, zone), zone, moved=moved, excluded=days, changes=tuple(changes))
    for part in shown:
        if fold(event_text(part, "SUMMARY")) not in (own_title, ""):
            yield Series(part, _id_with(part, "RECURRENCE-ID", zone), zone)


def _changes(event: Event, parts: list[Event], zone: tzinfo | None) -> Iterator[Change]:
    """What is true of a series from those of its events on that stand for all later ones; one of another title ends it."""
    start, own_title = event_moment(event, "DTSTART", zone), fold(event_text(event, "SUMMARY"))
    for part in filter(has_range, parts):
        by_rule = event_moment(part, "RECURRENCE-ID", zone)
        if by_rule is None:
            continue
        by_rule = _beside(start, by_rule)
        begin, end = event_period(part, zone)
        is_end = not _is_shown(part) or fold(event_text(part, "SUMMARY")) not in (own_title, "")
        shift = _length(by_rule, _beside(start, begin) if begin else None)
        yield Change(day_of(by_rule), shift, _length(begin, end), is_end)


def _series_of_parts(parts: list[Event], zone: tzinfo | None) -> Iterator[Series]:
    """The series of which a calendar gives only events: one for each title among them."""
    by_title: defaultdict[str, list[Event]] = defaultdict(list)
    for part in parts:
        if _is_shown(part):
            by_title[fold(event_text(part, "SUMMARY"))].append(part)
    for number, events in enumerate(by_title.values()):
        id = _id_with(events[0], "RECURRENCE-ID", zone) if number else _id_of(events[0], zone)
        yield Series(events[0], id, zone, is_whole=False, moved=events)


def _is_shown(event: Event) -> bool:
    """Whether an event is neither cancelled nor private."""
    return event_text(event, "STATUS").upper() != "CANCELLED" and event_text(event, "CLASS").upper() in ("", "PUBLIC")


def _newest(events: list[Event], zone: tzinfo | None) -> list[Event]:
    """The events that share a UID without what a later version of the same event (SEQUENCE) replaces."""
    versions = Counter(event_text(event, "SEQUENCE") for event in events)
    if len(events) > 1 and len(versions) == len(events):
        return [max(events, key=_sequence)]
    by_start: dict[str, Event] = {}
    for event in events:
        start = f"{iso(event_moment(event, 'DTSTART', zone))} {event_text(event, 'SUMMARY')}"
        if start not in by_start or _sequence(event) >= _sequence(by_start[start]):
            by_start[start] = event
    return list(by_start.values())


def _sequence(event: Event) -> int:
    text = event_text(event, "SEQUENCE")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _id_of(event: Event, zone: tzinfo | None) -> str:
    """The UID of an event; without one its title and start."""
    uid = event_text(event, "UID")
    return uid or " ".join(filter(None, (event_text(event, "SUMMARY"), iso(event_moment(event, "DTSTART", zone)))))


def _id_with(event: Event, name: str, zone: tzinfo | None) -> str:
    """The UID of an event with one of its moments, where the UID alone does not name it."""
    return "/".join(filter(None, (_id_of(event, zone), iso(event_moment(event, name, zone)))))


def _last(rule: Any, start: Moment | None) -> Moment | None:
    """The last day or moment of a series with an end; None where it has none, or its rule is not read."""
    until = next(iter(rule.get("UNTIL", [])), None)
    return _beside(start, until) if isinstance(until, date) else last_day(rule, start)


def _beside(start: Moment | None, moment: Moment) -> Moment:
    """A moment of a series as its start is written: in the same time zone, where both have one."""
    if isinstance(start, datetime) and isinstance(moment, datetime) and start.tzinfo:
        return moment.astimezone(start.tzinfo) if moment.tzinfo else moment.replace(tzinfo=start.tzinfo)
    return moment


def _length(start: Moment | None, end: Moment | None) -> timedelta:
    """The time from start to end; none where they cannot be compared."""
    try:
        return end - start if start and end else timedelta()
    except TypeError:
        return timedelta()


def _latest(moments: Iterable[Moment | None]) -> Moment | None:
    """The moment on the latest day, the first of several; None without any."""
    known = [moment for moment in moments if moment is not None]
    return max(known, key=day_of, default=None)


def _next(periods: list[tuple[Moment, Moment | None]], today: date | None) -> tuple[Moment | None, Moment | None]:
    """The first period that begins today or later, else the last one; (None, None) without any."""
    in_order = sorted(periods, key=lambda period: day_of(period[0]))
    upcoming = (period for period in in_order if today is None or day_of(period[0]) >= today)
    return next(upcoming, in_order[-1] if in_order else (None, None))


def _iso_period(period: tuple[Moment | None, Moment | None]) -> Dates:
    return iso(period[0]), iso(period[1])
