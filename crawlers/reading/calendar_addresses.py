"""Addresses from which the calendars in a page get their events: those of FullCalendar, and those of The Events Calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawlers.markup import Html
from crawlers.values.addresses import absolute_address, same_site
from crawlers.values.event_words import is_about_events

MAX_SCRIPT_CHARACTERS = 200_000
MAX_ADDRESSES = 4
_CALENDAR_SCRIPT = re.compile(r"full-?calendar|eventSources|new\s+Calendar\(", re.IGNORECASE)
_SOURCE = re.compile(
    r"\b(?:events|eventSources|url|googleCalendarId|feed|source)[\"']?\s{0,20}:\s{0,20}\[?\s{0,20}[\"'](?P<address>[^\"'\s<>{}]{2,500})[\"']"
)
_DATA_NAME = re.compile(
    r"^data-(?:[a-z]{1,20}-)?(?:events?|feed|url|source|src|endpoint|ajax)(?:-(?:url|src|source|feed|endpoint))?$"
)
_ADDRESS = re.compile(r"(?:https?:/|webcal:/|\.{0,2})?/[^\s]*|[\w./-]+\.(?:json|php|ics)(?:\?[^\s]*)?")
_PLUGIN_PATH = re.compile(r"^[^\s]{1,500}?(?:/|%2F)tribe(?:/|%2F)events(?:/|%2F)v1/?", re.IGNORECASE)
_PLUGIN_MARKUP = re.compile(r"tribe-events|the-events-calendar|tec-api")


def uses_fullcalendar(page: Html) -> bool:
    """Whether a page shows its events by FullCalendar, in which whole days end on the day before their end."""
    return bool(re.search(r"full-?calendar", page.text, re.IGNORECASE))


def event_sources(page: Html) -> list[str]:
    """The addresses on the page's site from which its calendars get their events, at most MAX_ADDRESSES."""
    addresses = (absolute_address(page.url, text) for text in (*_in_scripts(page), *_in_attributes(page)))
    own = (url for url in addresses if url.startswith(("http://", "https://")) and same_site(url, page.url))
    return list(dict.fromkeys(own))[:MAX_ADDRESSES]


def _in_scripts(page: Html) -> Iterator[str]:
    for node in page.root.iter("script"):
        text = (node.text or "")[:MAX_SCRIPT_CHARACTERS]
        if _CALENDAR_SCRIPT.search(text):
            yield from (match["address"] for match in _SOURCE.finditer(text) if _ADDRESS.fullmatch(match["address"]))


def _in_attributes(page: Html) -> Iterator[str]:
    for node in page.root.iter():
        names = f"{node.get('class') or ''} {node.get('id') or ''}" if isinstance(node.tag, str) else ""
        for name, value in node.attrib.items():
            if _DATA_NAME.match(name) and len(value) <= 500 and _ADDRESS.fullmatch(value) and is_about_events(f"{names} {name}"):
                yield value


def plugin_interface(page: Html) -> str | None:
    """The address of The Events Calendar's interface (`…/tribe/events/v1/`) that a page declares; None without one."""
    for link in page.root.iter("link"):
        if match := _PLUGIN_PATH.match(link.get("href") or ""):
            return absolute_address(page.url, match[0].rstrip("/") + "/") or None
    if not _PLUGIN_MARKUP.search(page.text):
        return None
    roots = (link.get("href") for link in page.root.iter("link") if link.get("rel") == "https://api.w.org/")
    return next((absolute_address(page.url, root.rstrip("/") + "/tribe/events/v1/") for root in roots if root), None)
