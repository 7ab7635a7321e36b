"""Calls: what one can apply for has the deadline that its text tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from crawlers.normalise.days import CONCLUDED_YEAR
from crawlers.record import Record
from crawlers.values.deadlines import deadline_in
from crawlers.values.event_words import is_call
from crawlers.values.years import may_be_of


def with_deadline(record: Record, near: date | None = None) -> Record:
    """The record of a call with the deadline that its texts tell as its end, where the source gives no end.

    A deadline without a year is the nearest one to `near`, the day of the page, and the record says so.

    A call is what is of kind funding, or of no known kind with a title for one: an organisation may tell of a call, too.
    """
    is_of_call = record.kind == "funding" or (record.kind is None and any(map(is_call, record.title.values())))
    if not is_of_call or record.end_date:
        return record
    texts = (*record.title.values(), *record.summary.values(), *record.description.values())
    days = {day for text in texts if (day := deadline_in(text))}
    derived = dict(record.derived)
    if near and not days:
        days = {day for text in texts if (day := deadline_in(text, near)) and may_be_of((None, day), texts)}
        derived["end_date"] = CONCLUDED_YEAR
    end = days.pop() if len(days) == 1 else None
    if end is None or _is_before(end, record.start_date):
        return record
    return replace(record, end_date=end, derived=derived)


def _is_before(end: str, start: str | None) -> bool:
    """Whether the day of an end lies before a start of whatever precision."""
    first = (start or "")[:10]
    return end[: len(first)] < first
