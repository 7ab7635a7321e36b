"""Where an initiative is: countries, place and coordinates, as the source says them or as the town's name tells."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crawlers.basis import Basis, BasisKind
from crawlers.normalise.meanings import Meanings, Tell
from crawlers.record import RawRecord, Record
from crawlers.values.fields import many, text_of
from crawlers.values.places import Point, coordinates, distance_km
from crawlers.values.towns import Town, find_town
from vocabulary import load

AROUND_KM = 50.0
"""Coordinates farther from a town's centre say that another town of the name is meant."""


def with_whereabouts(record: Record, raw: RawRecord, meanings: Meanings, defaults: dict[str, Any], tell: Tell) -> Record:
    """The record with countries, region, place, address and coordinates.

    Where the source gives no coordinates, they are those of the town's centre, which `derived` tells; where nothing at
    all names a country, a town of which there is one tells it. `defaults` are the recipe's.
    """
    country, countries, country_from = meanings.countries(raw, tell)
    assumed = tuple(filter(None, (defaults.get("country"), *(defaults.get("countries") or ()))))
    point = _point(raw, meanings, country or defaults.get("country"), tell)
    town = _town(raw, countries or assumed)
    is_silent = not (countries or assumed or many(raw.fields.get("country")))
    if town and is_silent and _is_around(town, point) and not _names_another(raw, town.country):
        country, countries, country_from = town.country, (town.country,), {"country": str(Basis(BasisKind.TOWN, town.name))}
    derived = {**record.derived, **country_from}
    if town and point.lat is None and (countries or assumed):
        point = Point(town.lat, town.lon)
        derived |= dict.fromkeys(("lat", "lon"), str(Basis(BasisKind.TOWN, town.name)))
    said: dict[str, Any] = {name: text_of(raw, name) for name in ("region", "place", "address")}
    return replace(record, country=country, countries=countries, lat=point.lat, lon=point.lon, derived=derived, **said)


def _point(raw: RawRecord, meanings: Meanings, country: str | None, tell: Tell) -> Point:
    """The coordinates that the source gives; what is wrong with them is told."""
    lat, lon = text_of(raw, "lat") or "", text_of(raw, "lon") or ""
    point = coordinates(lat, lon, meanings.box(country)) if lat else Point()
    if point.warning:
        tell("lat", f"{lat}, {lon}", point.warning)
    return point


def _town(raw: RawRecord, countries: tuple[str, ...]) -> Town | None:
    """The town of the place, else of the address; of an address only within known countries, for streets bear towns' names."""
    place = text_of(raw, "place") or ""
    address = (text_of(raw, "address") or "") if countries else ""
    return find_town(place, countries) or (None if place else find_town(address, countries))


def _names_another(raw: RawRecord, country: str) -> bool:
    """Whether the region or the address could name another country."""
    return any(set(load().find_countries(text_of(raw, name) or "")) - {country} for name in ("region", "address"))


def _is_around(town: Town, point: Point) -> bool:
    return point.lat is None or point.lon is None or distance_km(town.lat, town.lon, point.lat, point.lon) <= AROUND_KM
