"""Calls: what one can apply for has the deadline that its text tells."""

from __future__ import annotations

from dataclasses import replace

from crawlers.record import Record
from crawlers.values.deadlines import deadline_in
from crawlers.values.event_words import is_call


def with_deadline(record: Record) -> Record:
    """The record of a call with the deadline that its texts tell as its end, where the source gives no end.

    A call is what is of kind funding, or of no known kind with a title for one: an organisation may tell of a call, too.
    """
    is_of_call = record.kind == "funding" or (record.kind is None and any(map(is_call, record.title.values())))
    if not is_of_call or record.end_date:
        return record
    texts = (*record.title.values(), *record.summary.values(), *record.description.values())
    days = {day for text in texts if (day := deadline_in(text))}
    end = days.pop() if len(days) == 1 else None
    if end is None or _is_before(end, record.start_date):
        return record
    return replace(record, end_date=end)


def _is_before(end: str, start: str | None) -> bool:
    """Whether the day of an end lies before a start of whatever precision."""
    first = (start or "")[:10]
    return end[: len(first)] < first
