"""The days of a listing on its page: when it is, how soon that is, and whether it is over."""

from __future__ import annotations

from datetime import date

from platforma.catalogue.listings.days import DAY_CHARACTERS, first_day
from platforma.catalogue.listings.listing import Listing
from platforma.i18n import day, instant, ngettext
from platforma.i18n import gettext as _


def dates_label(listing: Listing) -> str:
    """What the dates of a listing of this kind are called."""
    if listing.get("kind") == "funding":
        return _("Applications")
    return _("When") if listing.get("kind") == "event" else _("Duration")


def period(listing: Listing) -> str:
    """From when until when, as the reader's language writes it; empty where nothing is known."""
    begins, ends = listing.get("start_date"), listing.get("end_date")
    if begins and ends and begins != ends:
        return _one_day(begins, ends) or f"{instant(begins)} – {instant(ends)}"
    if ends and not begins:
        return _until(ends)
    if begins and listing.get("kind") != "event":
        return _since(begins)
    return instant(begins) if begins else ""


def countdown(listing: Listing, today: date) -> str | None:
    """How soon an event begins or a call closes; None for other kinds, and where the day is not known."""
    first, last = day_of(listing.get("start_date")), day_of(listing.get("end_date"))
    kind, last = listing.get("kind"), last or first
    if kind not in ("event", "funding") or last is None:
        return None
    if listing.is_over(today):
        return _("is over")
    if kind == "funding":
        return _in_days((last - today).days) if listing.get("end_date") else None
    return _("is on now") if first and first < today else _in_days(((first or last) - today).days)


def day_of(text: str | None) -> date | None:
    """The day of an ISO 8601 date that is known to the day; None for any other text."""
    return first_day(text) if text and len(text) >= DAY_CHARACTERS else None


def _since(begins: str) -> str:
    """A beginning of which the end is not known."""
    if begins.isdigit():
        return _("since %(year)s", year=begins)
    return _("since %(day)s", day=instant(begins[:DAY_CHARACTERS], "genitive"))


def _until(ends: str) -> str:
    """An end of which the beginning is not known."""
    last = day_of(ends)
    if last is None:
        return f"– {instant(ends)}"
    text, hour = _("until %(day)s", day=day(last, "dative")), ends.partition("T")[2][:5]
    return f"{text}, {hour}" if hour else text


def _in_days(days: int) -> str:
    if days == 0:
        return _("today")
    return _("tomorrow") if days == 1 else ngettext("in %(num)s day", "in %(num)s days", days)


def _one_day(begins: str, ends: str) -> str | None:
    """A day with the hours of its beginning and its end; None where these are of different days, or one has no hour."""
    if begins[:DAY_CHARACTERS] != ends[:DAY_CHARACTERS] or "T" not in begins or "T" not in ends:
        return None
    return f"{instant(begins)}–{ends.partition('T')[2][:5]}"
