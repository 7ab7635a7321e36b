"""Dates of a listing in a list: the block of an event's first day, and the deadline of a call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from platforma.catalogue.listings.days import DAY_CHARACTERS, last_day
from platforma.catalogue.listings.listing import Listing
from platforma.i18n import day, ngettext, short_month
from platforma.i18n import gettext as _

SOON_DAYS = 14
"""A deadline this near, or nearer, is marked."""
YEAR_SHOWN_DAYS = 300
"""A day as far away as this is written with its year, so that nobody takes it for the one of this year."""


@dataclass(frozen=True, slots=True)
class DateBlock:
    """The first day of an event: `day` is None where only the month is known, `year` where it is this one. `iso` is ISO 8601."""

    iso: str
    day: str | None
    month: str
    year: str | None
    is_past: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a call, or of an event of several days, as a text such as `until 15 March · 106 days left`."""

    text: str
    is_soon: bool
    is_past: bool


def date_block(listing: Listing, today: date) -> DateBlock | None:
    """The day on which an event begins; None for other kinds, and where not even the month is known."""
    begins = listing.get("start_date")
    if listing.get("kind") != "event" or not begins:
        return None
    first, is_day = listing.starts_on, len(begins) >= DAY_CHARACTERS
    if first is None:
        return None
    year = str(first.year) if first.year != today.year else None
    return DateBlock(begins, str(first.day) if is_day else None, short_month(first), year, listing.is_over(today))


def deadline(listing: Listing, today: date) -> Deadline | None:
    """Until when a call can be answered or an event lasts; None where that is not known to the day, and for other kinds."""
    last = _last_day(listing)
    if last is None:
        return None
    if listing.get("kind") == "funding":
        return _closes_on(last, today)
    is_one_day = listing.get("kind") != "event" or (listing.get("start_date") or "")[:10] == last.isoformat()
    return None if is_one_day else Deadline(_("until %(day)s", day=_near_day(last, today)), is_soon=False, is_past=last < today)


def _closes_on(last: date, today: date) -> Deadline:
    left = (last - today).days
    if left < 0:
        return Deadline(
            _("the call closed on %(day)s", day=day(last, "locative", with_year=left < -YEAR_SHOWN_DAYS)), False, True
        )
    rest = ngettext("%(num)s day left", "%(num)s days left", left) if left else _("today is the last day")
    return Deadline(f"{_('until %(day)s', day=_near_day(last, today))} · {rest}", left <= SOON_DAYS, False)


def _near_day(moment: date, today: date) -> str:
    return day(moment, "dative", with_year=abs((moment - today).days) >= YEAR_SHOWN_DAYS)


def _last_day(listing: Listing) -> date | None:
    end = listing.get("end_date") or ""
    return last_day(end) if len(end) >= DAY_CHARACTERS else None
