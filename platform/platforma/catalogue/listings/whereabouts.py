"""In which town and regions a listing is, as searches filter by them."""

from __future__ import annotations

from collections.abc import Mapping

from crawlers.values.towns import Town, find_town, nearest_town
from platforma.catalogue.listings.listing import Listing
from vocabulary import load

MAX_KM_TO_TOWN = 15.0
"""A listing of which only the coordinates are known lies in the region of the nearest town, where one is so near."""


def countries_of(listing: Listing) -> tuple[str, ...]:
    """The codes of its countries (ISO 3166-1 alpha-2)."""
    return tuple(listing.get("countries")) or tuple(filter(None, (listing.get("country"),)))


def whereabouts_facets(listing: Listing) -> Mapping[str, tuple[str, ...]]:
    """Ids of `place`, its town, and of `region`, all that hold it, the largest first.

    The regions are those of the town, else the one that the listing names, else those of the nearest town.
    """
    town = _town(listing)
    regions = _regions_by_name(listing) or _regions_by_position(listing) if town is None else town.regions
    return {"place": (town.id,) if town else (), "region": regions}


def _town(listing: Listing) -> Town | None:
    """The town of its place, else of its address; an address counts only where the country is known."""
    countries = countries_of(listing)
    place, address = listing.get("place"), listing.get("address") if countries else None
    return (find_town(place, countries) if place else None) or (find_town(address, countries) if address and not place else None)


def _regions_by_name(listing: Listing) -> tuple[str, ...]:
    texts = (listing.get("region"), listing.get("place"))
    ids = (load().regions.find(text, countries_of(listing)) for text in texts if text)
    id = next((id for id in ids if id), None)
    return load().regions.with_parents(id) if id else ()


def _regions_by_position(listing: Listing) -> tuple[str, ...]:
    lat, lon = listing.get("lat"), listing.get("lon")
    town = nearest_town(lat, lon, MAX_KM_TO_TOWN) if lat is not None and lon is not None else None
    is_ours = town and (not countries_of(listing) or town.country in countries_of(listing))
    return town.regions if town and is_ours else ()
