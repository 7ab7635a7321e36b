"""Calendars (iCalendar, RFC 5545): their events as records; a window, for calendars drop what is over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from crawlers.adapters.base import Adapter, Gathering, Item
from crawlers.adapters.downloads import linked_files
from crawlers.adapters.ical.recurrence import last_day, next_start
from crawlers.errors import BadContent
from crawlers.fetch import Page
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.messages import N_
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from vocabulary import load

MAX_EVENTS = 10_000
CALENDAR_ADDRESS = r"\.ics($|[?#])|[?&]ical=|[?&]format=ical|/ical($|[/?#])"
DateFields = dict[str, str | None]


def gather(listing: Gathering) -> Iterator[Item]:
    """The calendars themselves: their events are the records."""
    for url in listing.recipe.addresses or (listing.recipe.url,):
        yield Item(url.replace("webcal", "http", 1) if url.startswith("webcal") else url)


def extract(page: Page, _recipe: Recipe) -> Iterable[RawRecord]:
    """Every event that is neither cancelled nor private; one that repeats is one record, of one without an end the next.

    Raises BadContent for what is no calendar.
    """
    if b"BEGIN:VCALENDAR" not in page.body[:1000].upper():
        raise BadContent(page.url, N_("this is no calendar; give the address of its .ics file"))
    try:
        calendars = Calendar.from_ical(page.text(), multiple=True)
    except (ValueError, RecursionError, LookupError, TypeError) as error:
        raise BadContent(page.url, N_("this calendar is broken; export it again as .ics")) from error
    for calendar in calendars:
        zone = _zone_of(calendar)
        for event in islice((part for part in calendar.subcomponents if isinstance(part, Event)), MAX_EVENTS):
            if str(event.get("STATUS", "")) != "CANCELLED" and str(event.get("CLASS", "PUBLIC")) == "PUBLIC":
                yield _raw_record(event, zone, page)


def look(site: SiteProbe) -> Iterator[Recipe]:
    """The address itself where it is a calendar, else all calendars that the site links to, together."""
    addresses = linked_files(site, CALENDAR_ADDRESS) if is_html(site.front) else [site.front.url]
    calendars = [url for url in addresses if (page := site.get(url)) is not None and b"BEGIN:VEVENT" in page.body]
    if calendars:
        yield site.recipe.model_copy(update={"adapter": "calendar", "addresses": tuple(calendars)})


def _raw_record(event: Event, zone: ZoneInfo | None, page: Page) -> RawRecord:
    start, end = _property_date(event, "DTSTART", zone), _end_date(event, zone)
    location = _property_text(event, "LOCATION")
    country = next((part.strip() for part in reversed(location.split(",")) if load().find_country(part.strip())), "")
    geo = event.get("GEO")
    organiser = event.get("ORGANIZER")
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
    rule = event.get("RRULE")
    if hasattr(rule, "to_ical"):
        fields |= _series_dates(rule, event, start, zone, page.fetched_on)
    name = "/".join(
        filter(None, [_property_text(event, "UID") or f"{fields['title']} {start}", _property_date(event, "RECURRENCE-ID", zone)])
    )
    source = {
        "uid": _property_text(event, "UID"),
        "location": location,
        "rule": rule.to_ical().decode() if hasattr(rule, "to_ical") else None,
    }
    return RawRecord(
        name, _property_text(event, "URL") or page.url, fields, None, (), {}, _property_date(event, "LAST-MODIFIED", zone), source
    )


def _series_dates(rule: Any, event: Event, start: str | None, zone: ZoneInfo | None, today: date | None) -> DateFields:
    """When a series begins and ends. For one without an end its first day does not say when it takes place: the next one does."""
    until = next(iter(rule.get("UNTIL", [])), None)
    if until is not None:
        return {"start_date": start, "end_date": _iso(until, zone)}
    first = _property_value(event, "DTSTART")
    if last := last_day(rule, first):
        return {"start_date": start, "end_date": last.isoformat()}
    coming = next_start(rule, first, today, _excluded_days(event)) if today and "COUNT" not in rule else None
    if coming is None:
        return {"start_date": None, "end_date": None}
    begin, end = _iso(coming, zone), _iso(_plus(coming, _length_of(event)), zone)
    return {"start_date": begin, "end_date": end if end != begin else None}


def _plus(moment: date, length: timedelta) -> date | None:
    try:
        return moment + length
    except OverflowError:
        return None


def _length_of(event: Event) -> timedelta:
    """How long one of a series lasts; of whole days, how many follow the first."""
    try:
        length: timedelta = event.end - event.start
    except (ValueError, TypeError, OverflowError, AttributeError):
        return timedelta()
    return length if isinstance(event.start, datetime) else max(timedelta(), length - timedelta(days=1))


def _excluded_days(event: Event) -> frozenset[date]:
    """The days of EXDATE, which may stand once or several times."""
    value = event.get("EXDATE") or []
    lists = value if isinstance(value, list) else [value]
    days = [entry.dt for dates in lists for entry in getattr(dates, "dts", ())]
    return frozenset(day.date() if isinstance(day, datetime) else day for day in days)


def _end_date(event: Event, zone: ZoneInfo | None) -> str | None:
    """The last moment or day; RFC 5545 gives the day after the last one."""
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
    return _iso(_property_value(event, name), zone)


def _property_value(event: Event, name: str) -> Any:
    """A property's date or time; None where it has none, or a broken one."""
    try:
        return getattr(event.get(name), "dt", None)
    except ValueError:
        return None


def _iso(value: Any, zone: ZoneInfo | None) -> str | None:
    """ISO 8601; a time without a zone takes the calendar's, and is left out when there is none."""
    if isinstance(value, datetime):
        known = value if value.tzinfo else value.replace(tzinfo=zone) if zone else None
        return known.isoformat(timespec="minutes") if known else value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else None


def _zone_of(calendar: Any) -> ZoneInfo | None:
    try:
        return ZoneInfo(str(calendar["X-WR-TIMEZONE"])) if "X-WR-TIMEZONE" in calendar else None
    except (ValueError, LookupError, OSError):
        return None


def _property_text(event: Event, name: str) -> str:
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
