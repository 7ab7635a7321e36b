"""Start and end of an initiative, also of days whose year the source leaves out."""

from __future__ import annotations

from datetime import date

from crawlers.basis import Basis, BasisKind
from crawlers.normalise.meanings import Warn
from crawlers.record import RawRecord
from crawlers.values.dates import Order, Period, parse_period, utc_instant
from crawlers.values.raw_fields import text_of
from crawlers.values.years import may_be_of, period_near
from vocabulary.messages import N_

BAD_DATE = N_("This date is not understood, or could be two days; write it as 2026-05-31")
BAD_ORDER = N_("The end lies before the start; check both dates")
CONCLUDED_YEAR = str(Basis(BasisKind.FIELD, "year"))
"""The basis of a day whose year is none of the source's."""


def known_day(raw: RawRecord) -> date | None:
    """The day of the last change of an entry, else the one on which its page was read; None where neither is known."""
    text = utc_instant(raw.changed_at or "") or raw.read_on
    return date.fromisoformat(text[: len("2027-05-01")]) if text else None


def dates_of(raw: RawRecord, order: Order | None, warn: Warn) -> tuple[Period, dict[str, str]]:
    """Start and end, and the basis of those whose year was concluded. A period in one field gives both dates, where the other
    field does not give them."""
    texts = {name: text_of(raw, name) or "" for name in ("start_date", "end_date")}
    periods = {name: parse_period(text, order) for name, text in texts.items()}
    near, derived = known_day(raw), {}
    words = [text_of(raw, name) or "" for name in ("title", "summary", "description")]
    for name, text in texts.items():
        if (
            near
            and text
            and not any(periods[name])
            and any(period := period_near(text, near, order))
            and may_be_of(period, words)
        ):
            periods[name], derived[name] = period, CONCLUDED_YEAR
    (start, until), (since, end) = periods.values()
    if end is None:
        since, end = None, since
    if texts["start_date"] and not (start or until):
        warn("start_date", texts["start_date"], BAD_DATE)
    if texts["end_date"] and not end:
        warn("end_date", texts["end_date"], BAD_DATE)
    start, end = start or since, end or until
    if start and end and end[: len(start)] < start[: len(end)]:
        warn("end_date", f"{start} – {end}", BAD_ORDER)
        return (None, None), {}
    return (start, end), derived
