"""Calendars (iCalendar, RFC 5545): their events as records. A calendar holds only a part, since past events are removed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from functools import partial
from itertools import islice
from typing import Any

from icalendar import Calendar, Event

from crawlers.adapters.base import Adapter, Gathering, Item, read_each
from crawlers.adapters.downloads import linked_files
from crawlers.adapters.ical.properties import event_moment, event_property, event_text, iso
from crawlers.adapters.ical.series import Series, series_in
from crawlers.errors import BadContent
from crawlers.fetch import Page
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.values.time_zones import time_zone
from vocabulary import load
from vocabulary.messages import N_

MAX_EVENTS = 10_000
_FOLD = re.compile(r"\r?\n[ \t]")
"""Where a line is continued on the next one (RFC 5545, 3.1)."""
_LONG_ZONE = re.compile(r";TZID=(?:\"[^\"\r\n]{100,}\"|[^:;\"\r\n]{100,})")
"""The name of a time zone that no system has: it would be looked for as the name of a file and of a package."""
CALENDAR_ADDRESS = r"\.ics($|[?#])|[?&]ical=|[?&]format=ical|/ical($|[/?#])"


def gather(listing: Gathering) -> Iterator[Item]:
    """The addresses of the calendars."""
    for url in listing.recipe.addresses or (listing.recipe.url,):
        yield Item(url.replace("webcal", "http", 1) if url.startswith("webcal") else url)


def extract(page: Page, _recipe: Recipe) -> Iterable[RawRecord]:
    """A raw record for each event that is neither cancelled nor private; a series is one record.

    A series without an end has the dates of its next event; what is moved or left out of a series belongs to its record.
    Raises BadContent for an answer that is no calendar.
    """
    if b"BEGIN:VCALENDAR" not in page.body[:1000].upper():
        raise BadContent(page.url, N_("this is no calendar; give the address of its .ics file"))
    try:
        calendars = Calendar.from_ical(_LONG_ZONE.sub("", _FOLD.sub("", page.text())), multiple=True)
    except (ValueError, RecursionError, LookupError, TypeError, OSError) as error:
        raise BadContent(page.url, N_("this calendar is broken; export it again as .ics")) from error
    for calendar in calendars:
        if str(calendar.get("METHOD", "")).upper() == "CANCEL":
            continue
        zone = _zone_of(calendar)
        events = islice((part for part in calendar.subcomponents if isinstance(part, Event)), MAX_EVENTS)
        yield from read_each(series_in(events, zone), partial(_raw_record, zone=zone, page=page), page.url)


def look(site: SiteProbe) -> Iterator[Recipe]:
    """A recipe of the calendar at the site's address, else of all calendars with events that the site links to."""
    addresses = linked_files(site, CALENDAR_ADDRESS) if is_html(site.front) else [site.front.url]
    calendars = [url for url in addresses if (page := site.get(url)) is not None and b"BEGIN:VEVENT" in page.body]
    if calendars:
        yield site.recipe.model_copy(update={"adapter": "calendar", "addresses": tuple(calendars)})


def _raw_record(series: Series, zone: tzinfo | None, page: Page) -> RawRecord:
    """The raw record of an event or a series; its remote id is that of the series."""
    event = series.event
    start, end = series.dates(page.fetched_on)
    location = event_text(event, "LOCATION")
    country = next((part.strip() for part in reversed(location.split(",")) if load().find_country(part.strip())), "")
    geo, organiser, rule = (event_property(event, name) for name in ("GEO", "ORGANIZER", "RRULE"))
    fields = {
        "title": series.title,
        "description": event_text(event, "DESCRIPTION"),
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
    source = {
        "uid": event_text(event, "UID"),
        "location": location,
        "rule": rule.to_ical().decode() if hasattr(rule, "to_ical") else None,
    }
    changed_at = iso(event_moment(event, "LAST-MODIFIED", zone))
    return RawRecord(series.id, event_text(event, "URL") or page.url, fields, changed_at=changed_at, source=source)


def _zone_of(calendar: Any) -> tzinfo | None:
    """The time zone of a calendar (X-WR-TIMEZONE); None without a known one."""
    return time_zone(str(calendar["X-WR-TIMEZONE"])) if "X-WR-TIMEZONE" in calendar else None


ADAPTER = Adapter(
    is_complete=False,
    depends_on_day=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no calendar (.ics); its owner could link the calendar's subscription address"),
)
