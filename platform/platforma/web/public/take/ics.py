"""Events and deadlines of calls as a calendar (RFC 5545, RFC 7986)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from platforma.catalogue.listings.listing import Listing, Text
from platforma.i18n import gettext as _
from platforma.web.context import absolute, services
from platforma.web.public.rows import listing_url, shorten, vocabulary_label
from platforma.web.public.take.export import Export
from platforma.web.public.take.happenings import Happening, end_day_after, happening
from platforma.web.public.take.json_lists import coordinates
from platforma.web.public.take.plain_text import printable

END = b"END:VCALENDAR"
PRODUCT = "-//Platforma platformam//Directory//EN"
READ_AGAIN_AFTER = timedelta(hours=12)
"""How often programs that subscribe to a calendar are asked to read it again."""
FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)


def calendar_pieces(export: Export, listings: Iterable[Listing]) -> Iterator[bytes]:
    """The calendar of a search: those of its listings that are events or calls with dates known to the day."""
    yield calendar_of(listings, export.lang, export.title, export.page_address)


def calendar_of(listings: Iterable[Listing], lang: str, title: str, address: str) -> bytes:
    """A calendar for a reader of `lang`; equal listings make equal bytes. `address` is that of the page with the same."""
    made, years, events = _empty(title, address), _YearsOfZones({}), []
    for listing in listings:
        if when := happening_of(listing):
            years.add(when)
            events.append(_event(listing, when, lang).to_ical())
    for zone in years.zones():
        made.add_component(zone)
    return bytes(made.to_ical()).replace(END, b"".join([*events, END]))


def _empty(title: str, address: str) -> Calendar:
    """A calendar without events."""
    made, name = Calendar(), printable(f"{_('Platform of Platforms')}: {title}")
    made.add("version", "2.0")
    made.add("prodid", PRODUCT)
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("url", address)
    made.add("refresh-interval", READ_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT12H")
    return made


@dataclass(frozen=True, slots=True)
class _YearsOfZones:
    """The years of timed events by the name of their time zone: the rules of all years would take three kilobytes a zone."""

    years: dict[str, set[int]]

    def add(self, when: Happening) -> None:
        if isinstance(when.start, datetime):
            self.years.setdefault(str(when.start.tzinfo), set()).add(when.start.year)

    def zones(self) -> Iterator[Timezone]:
        """The zones with their rules for these years, by name."""
        for name, years in sorted(self.years.items()):
            first, last = date(min(years) - 1, 1, 1), date(min(max(years) + 2, 9999), 1, 1)
            yield Timezone.from_tzinfo(ZoneInfo(name), name, first, last)


def happening_of(listing: Listing) -> Happening | None:
    """When a listing happens; None where it has no place in a calendar. The site's time zone stands in for an unknown one."""
    return happening(listing, services().settings.time_zone)


def _event(listing: Listing, when: Happening, lang: str) -> Event:
    event = Event()
    host = urlsplit(services().settings.base_url).hostname or "localhost"
    event.add("uid", f"{listing.public_id}-{when.what}@{host}")
    changed_at = listing.changed_at or listing.published_at or FIRST_DAY
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    _add_times(event, when)
    _add_texts(event, listing, when, lang)
    event.add("url", absolute(listing_url(listing)))
    event.add("transp", "OPAQUE" if isinstance(when.start, datetime) else "TRANSPARENT")
    if point := coordinates(listing):
        event.add("geo", (point[1], point[0]))
    return event


def _add_times(event: Event, when: Happening) -> None:
    event.add("dtstart", when.start)
    if not isinstance(when.start, datetime):
        event.add("dtend", end_day_after(when))
    elif when.end is not None:
        event.add("dtend", when.end)


def _add_texts(event: Event, listing: Listing, when: Happening, lang: str) -> None:
    title, summary = listing.title(lang), listing.shown("summary", lang)
    name = printable(title.text)
    shown = Text(_("Application deadline: %(title)s", title=name), lang) if when.what == "deadline" else Text(name, title.lang)
    event.add("summary", shown.text, parameters={"LANGUAGE": shown.lang} if shown.lang else {})
    sources = ", ".join(dict.fromkeys(source.platform_title for source in listing.sources))
    about = [shorten(summary.text) if summary else "", absolute(listing_url(listing)), sources]
    event.add("description", printable("\n".join(filter(None, about))))
    country = vocabulary_label("country", listing.get("country"), lang)
    if place := ", ".join(filter(None, (listing.get("address"), listing.get("place"), country))):
        event.add("location", printable(place))
    if themes := [vocabulary_label("theme", theme, lang) for theme in listing.get("themes")]:
        event.add("categories", themes)
