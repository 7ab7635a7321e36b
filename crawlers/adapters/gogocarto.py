"""GoGoCarto maps: the elements of /api/elements.json, full, compact, or as GeoJSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any
from urllib.parse import quote, urljoin

from crawlers.adapters import json_data
from crawlers.adapters.base import Adapter, Gathering, Item, read_each
from crawlers.adapters.downloads import nearby_pages
from crawlers.errors import BadContent
from crawlers.fetch import Page
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.reading.json_objects import object_to_raw, plain_feature
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from vocabulary.messages import N_

API_PATH = "api/elements.json"
FIELD_MAPPING = {
    "title": "name",
    "lat": "geo.latitude",
    "lon": "geo.longitude",
    "place": "address.addressLocality",
    "country": "address.addressCountry",
    "address": "address.streetAddress",
    "tags": "categories",
    "phone": "telephone",
}
_SIGNS = re.compile(r"gogocarto|gogosync|gogofull|api/elements", re.IGNORECASE)
LONG_TEXT_NAMES = ("descriptionMore", "description_more")
"""Names of the long description; `description` is then the summary."""
Object = dict[str, Any]


def gather(listing: Gathering) -> Iterator[Item]:
    """The address of the map's elements, which come in one answer."""
    for url in listing.recipe.addresses or (urljoin(listing.recipe.url, API_PATH),):
        yield Item(url)


def extract(page: Page, recipe: Recipe) -> Iterable[RawRecord]:
    """A raw record for each element that the map shows. Raises BadContent for an answer without a list of elements."""
    data = json_data.parse(page)
    mapped_recipe = recipe.model_copy(update={"fields": FIELD_MAPPING | recipe.fields})
    licence = data.get("licence") if isinstance(data, dict) else None
    home = page.url.split("api/elements")[0]
    numbered = [pair for pair in enumerate(elements(data, page.url), start=1) if _is_shown(pair[1])]
    yield from read_each(numbered, lambda pair: _raw_record(pair[1], mapped_recipe, pair[0], home, str(licence or "")), page.url)


def elements(data: Any, where: str) -> list[Object]:
    """The elements as objects; rows of a compact answer are named by its `mapping`. Raises BadContent without a list.

    `where` is the address of the answer.
    """
    rows = data if isinstance(data, list) else (data.get("data") or data.get("features")) if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise BadContent(where, N_("this is no list of GoGoCarto's elements; the address ends in /api/elements.json"))
    mapping = data.get("mapping") if isinstance(data, dict) else None
    objects = [_open_row(row, mapping) if isinstance(row, list) and isinstance(mapping, list) else row for row in rows]
    return [_with_geo(plain_feature(row)) for row in objects if isinstance(row, dict)]


def look(site: SiteProbe) -> Iterator[Recipe]:
    """A recipe of the map's API, where the front page or a nearby page has a sign of GoGoCarto."""
    if is_html(site.front):
        pages = chain([site.html], nearby_pages(site))
        address = next((urljoin(site.front.url, f"/{API_PATH}") for page in pages if _SIGNS.search(page.text)), None)
    else:
        address = site.front.url if _SIGNS.search(f"{site.front.url} {site.front.text()[:1000]}") else None
    page = site.get(address) if address else None
    if address and page is not None and not is_html(page):
        yield site.recipe.model_copy(update={"adapter": "gogocarto", "addresses": (address,)})


def _raw_record(element: Object, recipe: Recipe, number: int, home: str, licence: str) -> RawRecord:
    """The raw record of an element; `home` is the address of the map, `licence` that of all its elements ("" without one)."""
    long_text = next((str(element[name]) for name in LONG_TEXT_NAMES if element.get(name)), "")
    raw = object_to_raw(
        {key: value for key, value in element.items() if key not in ("status", "sourceKey", "createdAt")}, recipe, number, None
    )
    if long_text:
        raw.fields["summary"], raw.fields["description"] = raw.fields.get("summary") or raw.fields.get("description"), long_text
    elif element.get("abstract"):
        raw.fields.setdefault("summary", element["abstract"])
    if licence:
        raw.fields.setdefault("licence", licence)
    raw.url = f"{home}#/fiche/{quote(str(raw.fields.get('title') or '-'), safe='')}/{quote(raw.remote_id, safe='')}/"
    raw.source = element
    return raw


def _open_row(row: list[Any], mapping: list[Any]) -> Object:
    """The object of a compact row; a list in the mapping names the values of a list in the row."""
    element: Object = {}
    for name, value in zip(mapping, row, strict=False):
        if isinstance(name, list):
            element |= _open_row(value if isinstance(value, list) else [value], name)
        else:
            element[str(name)] = value
    return element


def _with_geo(element: Object) -> Object:
    """An element with its coordinates under `geo`, whichever names it has for them."""
    lat, lon = element.get("lat", element.get("latitude")), element.get("lon", element.get("lng", element.get("longitude")))
    return element | ({"geo": {"latitude": lat, "longitude": lon}} if lat is not None and "geo" not in element else {})


def _is_shown(element: Object) -> bool:
    """Whether an element was accepted; pending, refused and deleted ones have a status of 0 or less."""
    status = element.get("status", 1)
    return not isinstance(status, int) or status > 0


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no GoGoCarto map; its owner could give the map's address"),
)
