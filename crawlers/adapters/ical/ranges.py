"""Changes of a series from one of its events on (RECURRENCE-ID with RANGE=THISANDFUTURE, RFC 5545, 3.2.13)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time, timedelta
from typing import Any

from icalendar import Event

from crawlers.adapters.ical.properties import Moment, day_of, event_property, plus
from crawlers.adapters.ical.recurrence import next_start

MAX_TRIES = 3
"""An event that is shifted over midnight to before today is followed by the next one."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is true of a series from a day on: its events are `shift` later than the rule says and take `length`.

    `since` is the day on which the first of them was by the rule. `is_end`: from then on there is none.
    """

    since: date
    shift: timedelta = timedelta()
    length: timedelta = timedelta()
    is_end: bool = False


def has_range(part: Event) -> bool:
    """Whether an event of a series stands for all later ones, too."""
    params = getattr(event_property(part, "RECURRENCE-ID"), "params", {})
    return str(params.get("RANGE", "")).upper() == "THISANDFUTURE"


def end_of(changes: Sequence[Change]) -> date | None:
    """The day from which a series takes place no more; None where no change ends it."""
    return min((change.since for change in changes if change.is_end), default=None)


def periods_by_rule(
    rule: Any, start: Moment, today: date, excluded: Collection[date], changes: Sequence[Change]
) -> Iterator[tuple[Moment, Moment | None]]:
    """Start and end of the next event of an endless series under each of these changes, the oldest first; see next_start."""
    until = [*(change.since for change in changes[1:]), date(MAXYEAR, 12, 31)]
    for change, end in zip(changes, until, strict=True):
        found = None if change.is_end else _next_under(change, rule, start, today, excluded)
        if found is not None and day_of(found) < end and (moment := plus(found, change.shift)):
            yield moment, plus(moment, change.length)


def _next_under(change: Change, rule: Any, start: Moment, today: date, excluded: Collection[date]) -> Moment | None:
    """The next event, as the rule has it, that takes place under a change today or later."""
    from_day = max(change.since, day_of(plus(datetime.combine(today, time()), -change.shift) or today))
    for _ in range(MAX_TRIES):
        found = next_start(rule, start, from_day, excluded)
        shifted = plus(found, change.shift)
        if found is None or shifted is None or day_of(shifted) >= today:
            return found
        from_day = day_of(found) + timedelta(days=1)
    return None
