"""Agreement of a record with itself: what it says of one thing in two ways that cannot both be right.

Nothing is changed for it, since nobody but the publisher knows which of the two is right; each is reported.
"""

from __future__ import annotations

from collections.abc import Mapping

from crawlers.normalise.evidence import MAX_TOWN_RADIUS_KM
from crawlers.normalise.meanings import Warn
from crawlers.record import RawRecord, Record
from crawlers.texts.language import MAX_CHARACTERS, language_of_tag
from crawlers.values.deadlines import deadline_in
from crawlers.values.places import distance_km
from crawlers.values.towns import country_around, find_town, has_town_near
from vocabulary.messages import N_

OTHER_COUNTRY = N_("The coordinates lie in another country than the one named; check both")
LATE_DEADLINE = N_("The text names a deadline after the end; check both dates")
OTHER_LANGUAGE = N_("The text is in another language than the one that the page names; correct the language (lang) of the page")
MIN_LETTERS = 200
"""Shorter texts tell their language too rarely to contradict what is said of it."""
KINDS_WITH_DEADLINE = ("event", "funding")
STATE_OF_TERRITORY: Mapping[str, str] = {
    **dict.fromkeys(("FO", "GL"), "DK"),
    **dict.fromkeys(("GG", "GI", "IM", "JE"), "GB"),
    **dict.fromkeys(("GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "WF", "YT"), "FR"),
    **dict.fromkeys(("AW", "CW"), "NL"),
    **dict.fromkeys(("PR", "VI"), "US"),
    **dict.fromkeys(("HK", "MO"), "CN"),
    "AX": "FI",
    "SJ": "NO",
    "XK": "RS",
}
"""Territories with a code of their own that many sources count to a state: neither contradicts the other."""


def report_contradictions(record: Record, raw: RawRecord, warn: Warn) -> None:
    """Report where the record contradicts itself: country and coordinates, end and deadline, text and stated language."""
    if country := _other_country(record):
        warn("lat", f"{record.lat}, {record.lon} ({country}; {', '.join(record.countries)})", OTHER_COUNTRY)
    if deadline := _late_deadline(record):
        warn("end_date", f"{record.end_date} ({deadline})", LATE_DEADLINE)
    if lang := _other_language(record, raw):
        warn("languages", f"{raw.lang} ({lang})", OTHER_LANGUAGE)


def _other_country(record: Record) -> str | None:
    """The country around the source's own coordinates, where it is sure, and none of the countries that the source names."""
    lat, lon, named = record.lat, record.lon, record.countries
    if lat is None or lon is None or not named or {"lat", "country"} & record.derived.keys() or _may_lie_in(record, lat, lon):
        return None
    country = country_around(lat, lon)
    states = {STATE_OF_TERRITORY.get(code, code) for code in named}
    return country if country and STATE_OF_TERRITORY.get(country, country) not in states else None


def _may_lie_in(record: Record, lat: float, lon: float) -> bool:
    """Whether a point lies around the record's town, or any other of its countries; the town is looked up fastest."""
    town = find_town(record.place or "", record.countries)
    is_around = town is not None and distance_km(lat, lon, town.lat, town.lon) <= MAX_TOWN_RADIUS_KM
    return is_around or has_town_near(lat, lon, record.countries)


def _late_deadline(record: Record) -> str | None:
    """The deadline that the texts of an event or call tell, where it lies after the day of its end."""
    if record.kind not in KINDS_WITH_DEADLINE or not record.end_date:
        return None
    texts = (*record.title.values(), *record.summary.values(), *record.description.values())
    days = {day for text in texts if (day := deadline_in(text))}
    last = days.pop() if len(days) == 1 else None
    length = min(len(record.end_date), 10)
    return last if last and last[:length] > record.end_date[:length] else None


def _other_language(record: Record, raw: RawRecord) -> str | None:
    """The language of the record's own text, where the text is long enough to tell it and another one is stated for it."""
    stated = language_of_tag(raw.lang)
    lang, text = next(iter((record.description or record.summary).items()), ("und", ""))
    is_long = len(text) >= MIN_LETTERS and sum(map(str.isalpha, text[:MAX_CHARACTERS])) >= MIN_LETTERS
    return lang if stated and is_long and lang not in (stated, "und") else None
