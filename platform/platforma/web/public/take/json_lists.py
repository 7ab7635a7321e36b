"""Listings as lists in JSON: as the API gives them, as schema.org, and as points on a map (RFC 7946)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from platforma.catalogue.listings.listing import Listing
from platforma.web.public.items import item
from platforma.web.public.schema_org import schema_org
from platforma.web.public.take.about import licence_note
from platforma.web.public.take.export import Export
from platforma.web.public.take.pieces import packed

MAX_LATITUDE, MAX_LONGITUDE = 90, 180


def json_pieces(export: Export, listings: Iterable[Listing]) -> Iterator[bytes]:
    """An object that says what was searched, with `items` as the API has them, one on each line."""
    items = (_item(export, listing) for listing in listings)
    return packed(with_list(_about(export) | {"total": export.total}, "items", items))


def json_lines_pieces(export: Export, listings: Iterable[Listing]) -> Iterator[bytes]:
    """A listing on each line, as the API has it, and nothing else: programs read it line by line."""
    return packed(f"{_json(_item(export, listing))}\n" for listing in listings)


def json_ld_pieces(export: Export, listings: Iterable[Listing]) -> Iterator[bytes]:
    """A schema.org Dataset whose main entity is the ItemList of the results."""
    return packed(_dataset(export, listings))


def geojson_pieces(export: Export, listings: Iterable[Listing]) -> Iterator[bytes]:
    """A FeatureCollection of the listings with coordinates; its member `without_coordinates` counts the others."""
    features = _Features(export, listings)
    head = {"type": "FeatureCollection"} | _about(export)
    return packed(with_list(head, "features", iter(features), lambda: {"without_coordinates": features.without_coordinates}))


class _Features:
    """The features of the listings that have coordinates; afterwards, how many had none."""

    def __init__(self, export: Export, listings: Iterable[Listing]) -> None:
        self._export, self._listings, self.without_coordinates = export, listings, 0

    def __iter__(self) -> Iterator[dict[str, object]]:
        for listing in self._listings:
            point = coordinates(listing)
            if point is None:
                self.without_coordinates += 1
                continue
            properties = {name: value for name, value in _item(self._export, listing).items() if name not in ("lat", "lon")}
            geometry = {"type": "Point", "coordinates": list(point)}
            yield {"type": "Feature", "id": listing.public_id, "geometry": geometry, "properties": properties}


def coordinates(listing: Listing) -> tuple[float, float] | None:
    """Longitude and latitude in degrees; None for a listing without, and for numbers that are none on the earth."""
    lat, lon = listing.get("lat"), listing.get("lon")
    if lat is None or lon is None or not (abs(lat) <= MAX_LATITUDE and abs(lon) <= MAX_LONGITUDE):
        return None
    return lon, lat


def _about(export: Export) -> dict[str, object]:
    return {
        "name": export.title,
        "lang": export.lang,
        "date": export.made_on.isoformat(),
        "page": export.page_address,
        "url": export.own_address,
        "terms": export.terms_address,
        "licence": licence_note(),
    }


def _item(export: Export, listing: Listing) -> dict[str, object]:
    """A listing as the API has it, with the licence of its platform where the entry names none."""
    return item(listing, export.lang) | {"licence": export.licence(listing)}


def _dataset(export: Export, listings: Iterable[Listing]) -> Iterator[str]:
    dataset = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": export.own_address,
        "name": export.title,
        "url": export.page_address,
        "inLanguage": export.lang,
        "dateModified": export.made_on.isoformat(),
        "usageInfo": export.terms_address,
    }
    entries = (
        {"@type": "ListItem", "position": position, "item": _node(export, listing)}
        for position, listing in enumerate(listings, start=1)
    )
    yield f'{_json(dataset)[:-1]}, "mainEntity": '
    yield from with_list({"@type": "ItemList", "numberOfItems": export.total}, "itemListElement", entries)
    yield "}\n"


def _node(export: Export, listing: Listing) -> dict[str, object]:
    """A listing as a node, with the pages of its sources and their licence."""
    licence = export.licence(listing)
    about = [
        {"@type": "WebPage", "url": source.url, "publisher": {"@type": "Organization", "name": source.platform_title}}
        | ({"license": licence} if licence else {})
        for source in listing.sources
        if source.url
    ]
    return schema_org(listing, export.lang) | ({"subjectOf": about} if about else {})


def with_list(
    head: Mapping[str, object], name: str, members: Iterator[object], tail: Callable[[], Mapping[str, object]] = dict
) -> Iterator[str]:
    """An object as JSON: `head`, then a list of members, one on each line, then what is known only after them."""
    yield f"{_json(head)[:-1]}, {_json(name)}: ["
    separator = "\n"
    for member in members:
        yield separator + _json(member)
        separator = ",\n"
    yield "\n]" + "".join(f", {_json(key)}: {_json(value)}" for key, value in tail().items()) + "}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
