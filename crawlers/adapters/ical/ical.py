"""Calendars (iCalendar, RFC 5545): their events as records. A calendar holds only a part, since past events are removed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.prop import vBroken

from crawlers.adapters.base import Adapter, Gathering, Item, read_each
from crawlers.adapters.downloads import linked_files
from crawlers.adapters.ical.recurrence import last_day, next_start
from crawlers.errors import BadContent
from crawlers.fetch import Page
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from vocabulary import load
from vocabulary.messages import N_

MAX_EVENTS = 10_000
MAX_ZONE_CHARACTERS = 100
_FOLD = re.compile(r"\r?\n[ \t]")
"""Where a line is continued on the next one (RFC 5545, 3.1)."""
_LONG_ZONE = re.compile(r";TZID=(?:\"[^\"\r\n]{100,}\"|[^:;\"\r\n]{100,})")
"""The name of a time zone that no system has: it would be looked for as the name of a file and of a package."""
CALENDAR_ADDRESS = r"\.ics($|[?#])|[?&]ical=|[?&]format=ical|/ical($|[/?#])"
DateFields = dict[str, str | None]
"""`start_date` and `end_date` in ISO 8601."""


def gather(listing: Gathering) -> Iterator[Item]:
    """The addresses of the calendars."""
    for url in listing.recipe.addresses or (listing.recipe.url,):
        yield Item(url.replace("webcal", "http", 1) if url.startswith("webcal") else url)


def extract(page: Page, _recipe: Recipe) -> Iterable[RawRecord]:
    """A raw record for each event that is neither cancelled nor private; a series is one record.

    A series without an end has the dates of its next event. Raises BadContent for an answer that is no calendar.
    """
    if b"BEGIN:VCALENDAR" not in page.body[:1000].upper():
        raise BadContent(page.url, N_("this is no calendar; give the address of its .ics file"))
    try:
        calendars = Calendar.from_ical(_LONG_ZONE.sub("", _FOLD.sub("", page.text())), multiple=True)
    except (ValueError, RecursionError, LookupError, TypeError, OSError) as error:
        raise BadContent(page.url, N_("this calendar is broken; export it again as .ics")) from error
    for calendar in calendars:
        zone = _zone_of(calendar)
        events = islice((part for part in calendar.subcomponents if isinstance(part, Event)), MAX_EVENTS)
        yield from read_each(filter(_is_public, events), partial(_raw_record, zone=zone, page=page), page.url)


def _is_public(event: Event) -> bool:
    return str(event.get("STATUS", "")) != "CANCELLED" and str(event.get("CLASS", "PUBLIC")) == "PUBLIC"


def look(site: SiteProbe) -> Iterator[Recipe]:
    """A recipe of the calendar at the site's address, else of all calendars with events that the site links to."""
    addresses = linked_files(site, CALENDAR_ADDRESS) if is_html(site.front) else [site.front.url]
    calendars = [url for url in addresses if (page := site.get(url)) is not None and b"BEGIN:VEVENT" in page.body]
    if calendars:
        yield site.recipe.model_copy(update={"adapter": "calendar", "addresses": tuple(calendars)})


def _raw_record(event: Event, zone: ZoneInfo | None, page: Page) -> RawRecord:
    """The raw record of an event; its remote id is its UID, with the RECURRENCE-ID for a changed event of a series."""
    start, end = _property_date(event, "DTSTART", zone), _end_date(event, zone)
    location = _property_text(event, "LOCATION")
    country = next((part.strip() for part in reversed(location.split(",")) if load().find_country(part.strip())), "")
    geo, organiser = _property(event, "GEO"), _property(event, "ORGANIZER")
    fields = {
        "title": _property_text(event, "SUMMARY"),
        "description": _property_text(event, "DESCRIPTION"),
        "kind": "event",
        "start_date": start,
        "end_date": end if end != start else None,
        "address": location,
        "country": country,
        "lat": str(geo.latitude) if hasattr(geo, "latitude") else None,
        "lon": str(geo.longitude) if hasattr(geo, "longitude") else None,
        "organisation": str(organiser.params.get("CN", "")) if hasattr(organiser, "params") else "",
        "email": str(organiser) if str(organiser).lower().startswith("mailto:") else None,
        "tags": [str(tag) for tag in event.categories],
    }
    rule = _property(event, "RRULE")
    if hasattr(rule, "to_ical"):
        fields |= _series_dates(rule, event, start, zone, page.fetched_on)
    uid = _property_text(event, "UID")
    id_parts = (uid or f"{fields['title']} {start}", _property_date(event, "RECURRENCE-ID", zone))
    source = {"uid": uid, "location": location, "rule": rule.to_ical().decode() if hasattr(rule, "to_ical") else None}
    return RawRecord(
        "/".join(filter(None, id_parts)),
        _property_text(event, "URL") or page.url,
        fields,
        changed_at=_property_date(event, "LAST-MODIFIED", zone),
        source=source,
    )


def _series_dates(rule: Any, event: Event, start: str | None, zone: ZoneInfo | None, today: date | None) -> DateFields:
    """The dates of a series: its first and last day; for a series without an end those of its next event; else None."""
    until = next(iter(rule.get("UNTIL", [])), None)
    if until is not None:
        return {"start_date": start, "end_date": _iso(until, zone)}
    first = _property_value(event, "DTSTART")
    if last := last_day(rule, first):
        return {"start_date": start, "end_date": last.isoformat()}
    upcoming = next_start(rule, first, today, _excluded_days(event)) if today and "COUNT" not in rule else None
    if upcoming is None:
        return {"start_date": None, "end_date": None}
    begin, end = _iso(upcoming, zone), _iso(_plus(upcoming, _length_of(event)), zone)
    return {"start_date": begin, "end_date": end if end != begin else None}


def _plus(moment: date, length: timedelta) -> date | None:
    """The moment after a length; None where it is beyond the calendar."""
    try:
        return moment + length
    except OverflowError:
        return None


def _length_of(event: Event) -> timedelta:
    """The duration of an event; for whole days the number of days after the first."""
    try:
        length: timedelta = event.end - event.start
    except (ValueError, TypeError, OverflowError, AttributeError):
        return timedelta()
    return length if isinstance(event.start, datetime) else max(timedelta(), length - timedelta(days=1))


def _excluded_days(event: Event) -> frozenset[date]:
    """The days on which a series does not take place (EXDATE, which may occur several times)."""
    value = _property(event, "EXDATE") or []
    lists = value if isinstance(value, list) else [value]
    days = [entry.dt for dates in lists for entry in getattr(dates, "dts", ())]
    return frozenset(day.date() if isinstance(day, datetime) else day for day in days)


def _end_date(event: Event, zone: ZoneInfo | None) -> str | None:
    """The last moment or day of an event; RFC 5545 gives the day after the last day. None for a broken end."""
    try:
        end = event.end
    except (ValueError, TypeError, OverflowError, AttributeError):
        return None
    if not isinstance(end, datetime) and isinstance(end, date):
        first = event.start
        return (
            max(first, end - timedelta(days=1)).isoformat()
            if isinstance(first, date) and not isinstance(first, datetime)
            else None
        )
    return _iso(end, zone)


def _property_date(event: Event, name: str, zone: ZoneInfo | None) -> str | None:
    """A property's date or time in ISO 8601; None without one."""
    return _iso(_property_value(event, name), zone)


def _property(event: Event, name: str) -> Any:
    """A property; None without one, or for one that is not written as RFC 5545 has it."""
    value = event.get(name)
    return None if isinstance(value, vBroken) else value


def _property_value(event: Event, name: str) -> Any:
    """A property's date or time; None without one, or for a broken one."""
    try:
        return getattr(_property(event, name), "dt", None)
    except ValueError:
        return None


def _iso(value: Any, zone: ZoneInfo | None) -> str | None:
    """ISO 8601 of a date or time. A time without a zone has the calendar's; without that, only its day is given."""
    if isinstance(value, datetime):
        known = value if value.tzinfo else value.replace(tzinfo=zone) if zone else None
        return known.isoformat(timespec="minutes") if known else value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else None


def _zone_of(calendar: Any) -> ZoneInfo | None:
    """The time zone of a calendar (X-WR-TIMEZONE); None without a known one."""
    try:
        name = str(calendar["X-WR-TIMEZONE"]) if "X-WR-TIMEZONE" in calendar else ""
        return ZoneInfo(name) if 0 < len(name) <= MAX_ZONE_CHARACTERS else None
    except (ValueError, LookupError, OSError):
        return None


def _property_text(event: Event, name: str) -> str:
    """The text of a property, or of the first of several; "" without one."""
    value = event.get(name)
    return str(value[0] if isinstance(value, list) and value else value or "").strip()


ADAPTER = Adapter(
    is_complete=False,
    depends_on_day=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no calendar (.ics); its owner could link the calendar's subscription address"),
)
