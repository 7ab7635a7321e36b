"""Interfaces that communities of maps and calendars agreed on: GoGoCarto, Murmurations, iCalendar."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from bench.unknown.entries import Entry
from bench.unknown.site import Site


def gogocarto(site: Site) -> None:
    """A map of GoGoCarto's: an application without pages, elements under /api."""
    elements = [
        {"id": f"g{one.number}", "name": one.name, "geo": {"latitude": one.lat, "longitude": one.lon}, "sourceKey": site.name,
         "address": {"addressLocality": one.city, "addressCountry": one.country}, "createdAt": "2024-03-01T10:00:00+02:00", "updatedAt": "2024-04-02T10:00:00+03:00",
         "status": 1, "categories": list(one.types), "description": one.teaser(250), "descriptionMore": one.text, "website": one.website}
        for one in site.entries
    ]  # fmt: skip
    site.add(
        "/api/elements.json",
        {"licence": "https://opendatacommons.org/licenses/odbl/summary/", "ontology": "gogofull", "data": elements},
    )
    site.menu.append((site.list_name, "/map"))
    shell = '<div id="gogocarto"></div><script src="/js/gogocarto.js"></script><p>GoGoCarto</p><p><a href="/api">API</a></p>'
    site.page("/map", site.list_name, shell)
    site.page("/api", "API", "<p>GET <code>/api/elements.json</code></p><p>?limit=, ?bounds=, ?categories=</p>")


def murmurations(site: Site) -> None:
    """A page that links each member's Murmurations profile, a JSON file."""
    links = ""
    for one in site.entries:
        path = f"/murmurations/{one.slug}.json"
        profile = {
            "linked_schemas": ["organizations_schema-v1.0.0"], "name": one.name, "description": one.text, "primary_url": one.website,
            "country_name": one.country, "locality": one.city, "tags": list(one.types), "geolocation": {"lat": one.lat, "lon": one.lon},
        }  # fmt: skip
        site.add(path, {key: value for key, value in profile.items() if value})
        links += f'<li>{escape(one.name)}: <a href="{path}">Murmurations</a></li>'
    site.menu.append((site.list_name, "/members/"))
    site.page("/members/", site.list_name, f"<ul>{links}</ul>")


def calendar(site: Site) -> None:
    """Events in an iCalendar file (RFC 5545) that a page names with webcal-like text and a link; the events are what is listed."""
    events = "".join(_event(site, one, n) for n, one in enumerate(site.entries))
    body = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//network//EN\r\nX-WR-CALNAME:{site.list_name}\r\n{events}END:VCALENDAR\r\n"
    )
    site.add("/calendar/all.ics", body, "text/calendar; charset=utf-8")
    site.menu.append((site.list_name, "/calendar/"))
    site.page("/calendar/", site.list_name, '<div id="fullcalendar"></div><p><a href="/calendar/all.ics">iCal</a></p>')


def _event(site: Site, entry: Entry, number: int) -> str:
    def text(value: str) -> str:
        return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n").replace("\r", "")

    lines = [
        "BEGIN:VEVENT",
        f"UID:{entry.number}@network.example",
        "DTSTAMP:20240402T080000Z",
        f"DTSTART;TZID=Europe/Riga:2027{number % 12 + 1:02}15T100000",
        f"DTEND;TZID=Europe/Riga:2027{number % 12 + 1:02}15T120000",
        f"SUMMARY:{text(entry.name)}",
        f"DESCRIPTION:{text(entry.text)}",
        f"LOCATION:{text(entry.place)}",
        f"URL:{site.base}/calendar/{entry.number}",
        "END:VEVENT",
    ]
    return "".join(_folded(line) + "\r\n" for line in lines)


def _folded(line: str) -> str:
    return "\r\n ".join(line[start : start + 60] for start in range(0, len(line), 60))


VARIANTS: dict[str, Callable[[Site], None]] = {"GoGoCarto": gogocarto, "Murmurations": murmurations, "calendar": calendar}
