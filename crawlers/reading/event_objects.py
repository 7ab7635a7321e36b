"""JSON objects that are events: which lists hold events, and their dates in one form.

Known are the forms of FullCalendar, of The Events Calendar, of the calendars of Google and Microsoft, and those in which people
write events by hand: a title with a start, maybe an end, a time of day and a time zone beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from crawlers.reading.json_objects import ADDRESS_KEYS, ID_KEYS
from crawlers.values.addresses import absolute_address
from crawlers.values.dates import YEARS, parse_date
from crawlers.values.event_words import is_about_events
from crawlers.values.time_zones import time_zone
from vocabulary import fold

Object = dict[str, Any]
TITLE_KEYS = ("title", "name", "summary", "subject", "text", "label")
START_KEYS = (
    *("start", "start_date", "startDate", "startdate", "starts_at", "startsAt", "start_at", "startAt", "start_datetime"),
    *("startDateTime", "start_date_time", "date_start", "dateStart", "dtstart", "begin", "begins_at", "startTime", "start_time"),
)
DAY_KEYS = ("date", "day", "event_date", "eventDate")
"""Keys that hold an event's day in a list of events, and in other lists something else."""
END_KEYS = (
    *("end", "end_date", "endDate", "enddate", "ends_at", "endsAt", "end_at", "endAt", "end_datetime", "endDateTime"),
    *("end_date_time", "date_end", "dateEnd", "dtend", "finish", "endTime", "end_time"),
)
CLOCK_KEYS = {"start": ("start_time", "startTime", "time_start", "time", "hour"), "end": ("end_time", "endTime", "time_end")}
"""Keys with a time of day beside a day."""
ALL_DAY_KEYS = ("allDay", "all_day", "allday", "isAllDay", "is_all_day", "wholeDay")
ZONE_KEYS = ("timezone", "timeZone", "time_zone", "tz")
_DATE_KEYS = frozenset({*START_KEYS, *DAY_KEYS, *END_KEYS, *CLOCK_KEYS["start"], *CLOCK_KEYS["end"], *ALL_DAY_KEYS})
MIN_SHARE = 0.5
"""The share of the objects of a list of events that have a title and a start."""
MAX_SAMPLE = 50
MAX_NAME_DEPTH = 6
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.][0-5]\d)?")
_LAST_MINUTE = time(23, 59)
_EPOCHS = (1.0, 1000.0)
"""Seconds and milliseconds of a UNIX time."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """A day, and the time of day where one is known."""

    day: date
    clock: datetime | None = None

    @property
    def iso(self) -> str:
        return self.clock.isoformat(timespec="minutes") if self.clock else self.day.isoformat()


def events_in(objects: list[Any], name: str, url: str | None, *, has_open_ends: bool = False) -> list[Any]:
    """The objects with `kind`, `start_date` and `end_date` where they are a list of events; unchanged where they are none.

    `name` is that of the list, `url` the address of the answer. `has_open_ends`: whole days end on the day before their end, also
    where they do not say that they are whole days.
    """
    things = [thing for thing in objects[:MAX_SAMPLE] if isinstance(thing, dict)]
    is_named = is_about_events(name)
    dated = [thing for thing in things if _title(thing) and _start(thing, is_named=is_named)]
    if not dated or len(dated) < MIN_SHARE * len(things) or not (is_named or any(map(_is_surely_event, dated))):
        return objects
    return [_event(thing, url, has_open_ends=has_open_ends) if isinstance(thing, dict) else thing for thing in objects]


def list_name(data: Any, objects: list[Any], depth: int = 0) -> str:
    """The key under which a JSON value holds a list with as many objects as `objects`, the first with the same title; else ""."""
    if not isinstance(data, dict) or depth > MAX_NAME_DEPTH or not objects:
        return ""
    for key, value in data.items():
        if isinstance(value, list) and len(value) == len(objects) and _is_alike(value[0], objects[0]):
            return str(key)
    return next((name for value in data.values() if (name := list_name(value, objects, depth + 1))), "")


def _is_alike(thing: Any, other: Any) -> bool:
    return thing is other or (isinstance(thing, dict) and isinstance(other, dict) and _title(thing) == _title(other))


def _is_surely_event(thing: Object) -> bool:
    """Whether an object has what only events have: whole days that are said to be so, or a time of day at which it begins."""
    start = _start(thing, is_named=False)
    return start is not None and (start.clock is not None or any(key in thing for key in ALL_DAY_KEYS))


def _event(thing: Object, url: str | None, *, has_open_ends: bool) -> Object:
    """An event with our names for its dates before its own; one whose start is left empty is an event without dates."""
    start = _start(thing, is_named=True)
    if start is None or not _title(thing):
        return {"kind": "event", **thing} if _title(thing) and _has_empty_start(thing) else thing
    end = _end(thing, start, has_open_ends=has_open_ends)
    if _is_all_day(thing):
        start = _Moment(start.day)
    dates = {"kind": "event", "start_date": start.iso} | ({"end_date": end.iso} if end and end.iso != start.iso else {})
    others = {key: value for key, value in thing.items() if key not in _DATE_KEYS}
    others = _plain_event_of_plugin(others) if "utc_start_date" in thing else _with_title_and_address(others)
    others |= {
        key: absolute_address(url or "", text) for key in ADDRESS_KEYS if isinstance(text := others.get(key), str) and text
    }
    if not any(others.get(key) not in (None, "") for key in (*ID_KEYS, *ADDRESS_KEYS)):
        dates["id"] = f"{fold(str(_title(thing)))} {start.iso}"
    return {**dates, **others}


def _with_title_and_address(thing: Object) -> Object:
    """An event with its title under a name that is known, and with a place of several parts as its address."""
    title = next(key for key in TITLE_KEYS if thing.get(key) == _title(thing))
    plain = {"title": thing[title], **{key: value for key, value in thing.items() if key != title}}
    if isinstance(place := plain.get("location"), str) and "," in place and not plain.get("address"):
        plain["address"] = plain.pop("location")
    return plain


def _end(thing: Object, start: _Moment, *, has_open_ends: bool) -> _Moment | None:
    """The last day or the end of an event; None without one, and for one before the start."""
    end = _first_moment(thing, END_KEYS, _zone(thing), "end", start.day)
    if end is None:
        return None
    if _is_all_day(thing) or (start.clock is None and end.clock is None):
        is_open = end.clock is None and (_is_all_day(thing) or has_open_ends or _has_dates_of_google(thing))
        return _Moment(max(start.day, end.day - timedelta(days=is_open)))
    return end if end.day >= start.day else None


def _is_all_day(thing: Object) -> bool:
    return any(thing.get(key) in (True, 1, "true", "1", "yes") for key in ALL_DAY_KEYS)


def _has_dates_of_google(thing: Object) -> bool:
    """Whether an end is written as in Google's calendars, `{"date": …}`, where it is the day after the last one."""
    return any(isinstance(value := thing.get(key), dict) and "date" in value for key in END_KEYS)


def _has_empty_start(thing: Object) -> bool:
    return any(thing.get(key, True) in ("", None) for key in START_KEYS)


def _start(thing: Object, *, is_named: bool) -> _Moment | None:
    keys = (*START_KEYS, *DAY_KEYS) if is_named else START_KEYS
    return _first_moment(thing, keys, _zone(thing), "start", None)


def _zone(thing: Mapping[str, Any]) -> tzinfo | None:
    return next((zone for key in ZONE_KEYS if isinstance(thing.get(key), str) and (zone := time_zone(thing[key]))), None)


def _first_moment(thing: Object, keys: tuple[str, ...], zone: tzinfo | None, side: str, day: date | None) -> _Moment | None:
    """The first of these keys that is a day or a time, with the time of day beside it; `day` is that of a time of day alone."""
    moments = (moment for key in keys if (moment := _moment(thing.get(key), zone)))
    moment = next(moments, _Moment(day) if day else None)
    if moment is None or moment.clock:
        return moment
    for key in CLOCK_KEYS[side]:
        clock = _CLOCK.fullmatch(str(thing.get(key) or "").strip())
        if clock and not _is_all_day(thing):
            at = time(int(clock[1]), int(clock[2]))
            return _Moment(moment.day, datetime.combine(moment.day, at, zone))
    return None if moment.day == day and not any(thing.get(key) for key in keys) else moment


def _moment(value: Any, zone: tzinfo | None) -> _Moment | None:
    """The day or time that a value holds; None for another value."""
    if isinstance(value, dict):
        inner = next((value[key] for key in ("dateTime", "date_time", "local", "date") if isinstance(value.get(key), str)), None)
        return _moment(inner, _zone(value) or zone)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    if re.fullmatch(r"\d{10}|\d{13}|\d{10}\.\d{1,9}", text):
        return _of_epoch(float(text), zone)
    iso = parse_date(text)
    if iso is None or len(iso) < len("2027-05-01"):
        return None
    parsed = datetime.fromisoformat(iso)
    if "T" not in iso or (parsed.time() == time() and not parsed.tzinfo):
        return _Moment(parsed.date())
    return _in_zone(parsed, zone)


def _of_epoch(number: float, zone: tzinfo | None) -> _Moment | None:
    """The time of a number of seconds or milliseconds since 1970; None for one outside our years."""
    for unit in _EPOCHS:
        if 1e9 <= number / unit < 4e9:
            parsed = datetime.fromtimestamp(number / unit, UTC)
            return _in_zone(parsed, zone) if parsed.year in YEARS else None
    return None


def _in_zone(moment: datetime, zone: tzinfo | None) -> _Moment:
    """A time in the zone of its event: one of UTC is put into it, one without a zone is of it."""
    if zone and moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    elif zone and moment.utcoffset() == timedelta():
        moment = moment.astimezone(zone)
    return _Moment(moment.date(), moment)


def _title(thing: Mapping[str, Any]) -> Any:
    return next((thing[key] for key in TITLE_KEYS if isinstance(thing.get(key), str) and thing[key].strip()), None)


def _plain_event_of_plugin(thing: Object) -> Object:
    """An event as the interface of The Events Calendar (tribe/events/v1) gives it, with venue and organiser as plain values."""
    venue = _first_object(thing.get("venue"))
    organiser = _first_object(thing.get("organizer"))
    image = _first_object(thing.get("image"))
    plain = {
        "id": thing.get("id"),
        "title": thing.get("title"),
        "description": thing.get("description"),
        "excerpt": thing.get("excerpt"),
        "website": thing.get("website"),
        "url": thing.get("url"),
        "image": image.get("url"),
        "place": venue.get("city"),
        "country": venue.get("country"),
        "region": venue.get("province") or venue.get("stateprovince"),
        "address": ", ".join(str(venue[key]) for key in ("venue", "address") if isinstance(venue.get(key), str) and venue[key]),
        "lat": venue.get("geo_lat"),
        "lon": venue.get("geo_lng"),
        "organisation": organiser.get("organizer"),
        "email": organiser.get("email"),
        "tags": list(_names((*_objects(thing.get("categories")), *_objects(thing.get("tags"))))),
        "modified": thing.get("modified_utc"),
    }
    return {key: value for key, value in plain.items() if value not in (None, "", [], False)}


def _objects(value: Any) -> list[Object]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _first_object(value: Any) -> Object:
    return value if isinstance(value, dict) else next(iter(_objects(value)), {})


def _names(things: tuple[Object, ...]) -> Iterator[str]:
    yield from (str(thing["name"]) for thing in things if thing.get("name"))
