"""Coordinates as sources write them: parsed from many forms, put in order where they are swapped, refused where impossible."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from vocabulary import Box
from vocabulary.messages import N_

NO_NUMBERS = N_("These coordinates are not understood; write degrees such as 56.9496 and 24.1052")
NOWHERE = N_("These coordinates are zero or lie outside the globe; write the place's own latitude and longitude")
SWAPPED = N_("Latitude and longitude were swapped; we put them in order, please correct them at the source")
ELSEWHERE = N_("These coordinates lie outside the country; check their order, their values and the country")
REGION = Box(south=53, north=71, west=3, east=33)
"""The Baltic and Nordic region. Coordinates without a country that lie in it only when swapped are refused as doubtful."""
_DEGREES = re.compile(
    r"(?P<before>[NSEWZDAR])?\s*(?P<degrees>[+-]?\d{1,3}(?:[.,]\d+)?)\s*(?:°|º|deg)?\s*"
    r"(?:(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*['′’])?\s*(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:[\"″”]|''|′′))?\s*(?P<after>[NSEWZDAR])?",
    re.IGNORECASE,
)
_PAIR = re.compile(r"(.+?[°'′\"″NSZD])\s*[,;]?\s+(.+)|([+-]?\d+[.,]\d+)\s*[,;\s]\s*([+-]?\d+[.,]\d+)")
_NEGATIVE = frozenset("SWDR")
"""The letters of the southern and western hemisphere, in English and in Latvian (dienvidi, rietumi)."""


@dataclass(frozen=True, slots=True)
class Point:
    """Latitude and longitude in degrees (WGS 84), both None where they were refused; `warning` is a message id or None."""

    lat: float | None = None
    lon: float | None = None
    warning: str | None = None


def coordinates(lat_text: str, lon_text: str, box: Box | None) -> Point:
    """The point that two texts give, or one that holds both: decimal degrees with point or comma, or degrees, minutes, seconds.

    `box` is the rectangle of the country, None where it is unknown. Latitude and longitude are exchanged only where the box
    shows that they were swapped.
    """
    if not lon_text and (pair := _PAIR.fullmatch(lat_text.strip())):
        lat_text, lon_text = (text for text in pair.groups() if text)
    lat, lon = degrees(lat_text), degrees(lon_text)
    if lat is None or lon is None:
        return Point(warning=NO_NUMBERS)
    if (abs(lat) < 0.01 and abs(lon) < 0.01) or max(abs(lat), abs(lon)) > 180:
        return Point(warning=NOWHERE)
    return _in_country(lat, lon, box) if box else _without_country(lat, lon)


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Kilometres over the ground between two points in degrees."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((a - b) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon - other_lon) / 2) ** 2
    return 2 * 6371 * math.asin(min(1.0, math.sqrt(half)))


def _in_country(lat: float, lon: float, box: Box) -> Point:
    """The point checked against its country."""
    if box.holds(lat, lon):
        return Point(lat, lon)
    if box.holds(lon, lat):
        return Point(lon, lat, SWAPPED)
    return Point(warning=ELSEWHERE) if box.is_whole else _without_country(lat, lon)


def _without_country(lat: float, lon: float) -> Point:
    """The point checked against the globe and REGION."""
    if abs(lat) > 90:
        return Point(warning=NOWHERE)
    return Point(warning=ELSEWHERE) if REGION.holds(lon, lat) and not REGION.holds(lat, lon) else Point(lat, lon)


def degrees(text: str) -> float | None:
    """Decimal degrees, negative for south and west; None where the text is no angle."""
    match = _DEGREES.fullmatch(text.strip())
    if match is None:
        return None
    whole, minutes, seconds = (float((match[name] or "0").replace(",", ".")) for name in ("degrees", "minutes", "seconds"))
    if minutes >= 60 or seconds >= 60:
        return None
    value = abs(whole) + minutes / 60 + seconds / 3600
    is_negative = match["degrees"].startswith("-") or (match["before"] or match["after"] or "").upper() in _NEGATIVE
    return round(-value if is_negative else value, 6)
