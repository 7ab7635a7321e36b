"""The location of an initiative: countries, place and coordinates, as the source states them or as its town implies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crawlers.basis import Basis, BasisKind
from crawlers.normalise.evidence import concluded_country
from crawlers.normalise.meanings import Meanings, Warn
from crawlers.record import RawRecord, Record
from crawlers.values.places import Point, coordinates
from crawlers.values.raw_fields import all_texts, text_of
from crawlers.values.towns import Town, find_town, name_in


def with_whereabouts(record: Record, raw: RawRecord, meanings: Meanings, defaults: dict[str, Any], warn: Warn) -> Record:
    """Return the record with countries, region, place, address and coordinates. `defaults` are those of the recipe.

    If the source gives no coordinates, they are those of the town's centre; if nothing names a country, it is the one on which
    all evidence agrees (see evidence.py); if it gives an address alone, the place is the town that the address names. All are
    noted in `derived`.
    """
    country, countries, country_from = meanings.countries(raw, warn)
    assumed = tuple(filter(None, (defaults.get("country"), *(defaults.get("countries") or ()))))
    point = _point(raw, meanings, country or defaults.get("country"), warn)
    has_no_country = not (countries or assumed or all_texts(raw.fields.get("country")))
    if has_no_country and (concluded := concluded_country(raw, point)):
        country, countries, country_from = concluded.country, (concluded.country,), {"country": str(concluded.basis)}
    town = _town(raw, countries or assumed)
    derived = {**record.derived, **country_from}
    if town and point.lat is None and (countries or assumed):
        point = Point(town.lat, town.lon)
        derived |= dict.fromkeys(("lat", "lon"), str(Basis(BasisKind.TOWN, town.name)))
    place, address = text_of(raw, "place"), text_of(raw, "address")
    if town and address and not place:
        place, derived["place"] = name_in(address, town), str(Basis(BasisKind.FIELD, "address"))
    return replace(
        record,
        country=country,
        countries=countries,
        region=text_of(raw, "region"),
        place=place,
        address=address,
        lat=point.lat,
        lon=point.lon,
        derived=derived,
    )


def _point(raw: RawRecord, meanings: Meanings, country: str | None, warn: Warn) -> Point:
    """Return the coordinates that the source gives; a doubt about them is reported."""
    lat, lon = text_of(raw, "lat") or "", text_of(raw, "lon") or ""
    point = coordinates(lat, lon, meanings.box(country)) if lat else Point()
    if point.warning:
        warn("lat", f"{lat}, {lon}", point.warning)
    return point


def _town(raw: RawRecord, countries: tuple[str, ...]) -> Town | None:
    """Return the town that the place names, else the address.

    An address counts only if the countries are known, because many streets are named after towns.
    """
    place = text_of(raw, "place") or ""
    address = (text_of(raw, "address") or "") if countries else ""
    return find_town(place, countries) or (None if place else find_town(address, countries))
