"""Time zones by the names that calendars give them: those of the IANA database, of Windows and of Outlook, and offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global

from crawlers.values.times import OFFSETS
from vocabulary import fold

MAX_CHARACTERS = 100
"""Longer names are no time zone's: they would be looked for as the name of a file."""
_UTC = frozenset({"utc", "z", "gmt", "etc/utc", "coordinated universal time", "tzone://microsoft/utc"})
_OFFSET = re.compile(r"\(?(?:utc|gmt)? ?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?\)?", re.IGNORECASE)
_OUTLOOK = re.compile(r"\((?:utc|gmt)(?: ?(?P<offset>[+-]\d{1,2}:?\d\d))?\) ?(?P<places>.+)", re.IGNORECASE)
"""How Outlook shows a zone: `(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius`."""
_AMERICAN = re.compile(r"(\w+) Time \(US & Canada\)")
_WINTER = datetime(2026, 1, 15)
"""A day on which zones of the northern half of the world have their standard time, which Outlook's offsets are."""


@cache
def time_zone(name: str) -> tzinfo | None:
    """The time zone of this name; None for an unknown one."""
    name = name.strip().strip('"').strip()
    if not name or len(name) > MAX_CHARACTERS:
        return None
    if fold(name) in _UTC:
        return UTC
    if offset := _OFFSET.fullmatch(name):
        return _fixed(offset)
    if zone := _of_database(name) or _of_windows(name):
        return zone
    if offset := _OFFSET.fullmatch(OFFSETS.get(fold(name), "")):
        return _fixed(offset)
    if shown := _OUTLOOK.fullmatch(name):
        return _of_places(shown["offset"] or "+00:00", shown["places"])
    return _of_database("/".join(name.split("/")[-2:])) if name.count("/") > 1 else None


def _of_windows(name: str) -> ZoneInfo | None:
    """The zone that Windows calls so (CLDR's windowsZones); `FLE Daylight Time` is `FLE Standard Time` in summer."""
    return _of_database(get_global("windows_zone_mapping").get(re.sub(r" Daylight Time$", " Standard Time", name), ""))


def _of_places(offset: str, places: str) -> tzinfo | None:
    """The zone with this standard offset of the first of these places that has one of its own."""
    match = _OFFSET.fullmatch(offset)
    standard = _fixed(match) if match else None
    if standard is None:
        return None
    if standard == UTC and fold(places) in _UTC:
        return UTC
    for zone in _zones_at(places):
        if zone.utcoffset(_WINTER) == standard.utcoffset(None):
            return zone
    return None


def _zones_at(places: str) -> Iterator[ZoneInfo]:
    """The zones named after the places of a text, or of which it is the American name."""
    if (american := _AMERICAN.fullmatch(places)) and (zone := _of_windows(f"{american[1]} Standard Time")):
        yield zone
    for place in re.split(r"[,;/]", places):
        if name := _names_by_place().get(_place_key(place)):
            yield ZoneInfo(name)


@cache
def _names() -> dict[str, str]:
    """The names of the IANA database by their small letters."""
    return {name.lower(): name for name in available_timezones()}


@cache
def _names_by_place() -> dict[str, str]:
    """The names of zones by the place that they are named after; those of Europe first."""
    names = sorted(_names().values(), key=lambda name: (not name.startswith("Europe/"), name))
    by_place: dict[str, str] = {}
    for name in names:
        if "/" in name and not name.startswith(("Etc/", "posix", "right")):
            by_place.setdefault(_place_key(name.rpartition("/")[2]), name)
    return by_place


def _place_key(place: str) -> str:
    return fold(place).replace("_", " ").strip(" .")


def _of_database(name: str) -> ZoneInfo | None:
    """The zone of the IANA database; None for a name that it does not have."""
    known = _names().get(name.lower())
    return ZoneInfo(known) if known else None


def _fixed(offset: re.Match[str]) -> timezone | None:
    """The zone of a fixed offset; None for one that no zone has."""
    length = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    if length > timedelta(hours=14):
        return None
    return timezone(-length if offset["sign"] == "-" else length) if length else UTC
