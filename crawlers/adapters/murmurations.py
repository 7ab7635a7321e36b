"""Murmurations (murmurations.network): profiles by its schemas, single or listed by an index of nodes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from urllib.parse import urljoin

from crawlers.adapters import json_data
from crawlers.adapters.base import Adapter, Gathering, Item, read_each
from crawlers.adapters.downloads import link_addresses, nearby_pages
from crawlers.errors import BadContent
from crawlers.fetch import Page
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.markup import Html
from crawlers.reading.json_objects import object_to_raw, objects_in
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.values.addresses import absolute_address
from crawlers.values.raw_fields import all_texts
from vocabulary.messages import N_

USUAL_PATHS = ("murmurations.json", "nodes", "v2/nodes")
FIELD_MAPPING = {
    "title": "name",
    "description": "description",
    "summary": "mission",
    "website": "primary_url",
    "country": "country_iso_3166",
    "place": "locality",
    "address": "full_address",
    "lat": "geolocation.lat",
    "lon": "geolocation.lon",
    "email": "contact_details.email",
    "phone": "telephone",
}
"""Our fields with their names in the schemas; other names (region, latitude, tags, image …) are recognised as usual."""
Object = dict[str, Any]


def gather(listing: Gathering) -> Iterator[Item]:
    """The addresses of profiles: those that an index or an HTML page lists, else the address of the recipe itself."""
    for url in listing.recipe.addresses or (listing.recipe.url,):
        yield from _items_at(listing, url)


def _items_at(listing: Gathering, url: str) -> Iterator[Item]:
    """The profiles listed at an address and on its next pages, with their last change where an index gives it."""
    visited: set[str] = set()
    next_url: str | None = url
    while next_url and next_url not in visited and len(visited) < listing.recipe.limits.pages:
        visited.add(next_url)
        page = listing.page(next_url)
        if page and is_html(page):
            yield from (Item(link) for link in _profile_links(Html(page.url, page.text())))
            return
        data = json_data.parse(page) if page else {}
        nodes = [node for node in _nodes(data) if isinstance(node.get("profile_url"), str)]
        for node in nodes:
            if not _is_gone(node):
                yield Item(absolute_address(url, node["profile_url"]), changed_at=_instant(node.get("last_updated")))
        if not nodes and page and next_url == url:
            yield Item(url)
        next_url = json_data.next_page(page, data, next_url) if page and nodes else None


def extract(page: Page, recipe: Recipe) -> Iterable[RawRecord]:
    """A raw record for each profile in an answer. Raises BadContent for an answer without a profile."""
    data = json_data.parse(page)
    values = [value for value in (data if isinstance(data, list) else [data]) if isinstance(value, dict)]
    profiles = [value for value in values if value.get("linked_schemas") and value.get("name")]
    if not profiles:
        raise BadContent(page.url, N_("this is no Murmurations profile; it needs linked_schemas and a name"))
    mapped_recipe = recipe.model_copy(update={"fields": FIELD_MAPPING | recipe.fields})
    return read_each(enumerate(profiles, 1), lambda pair: _raw_record(pair[1], mapped_recipe, pair[0], page.url), page.url)


def look(site: SiteProbe) -> Iterator[Recipe]:
    """A recipe of the index or profile at the site's address, else of the one that a page naming Murmurations links to."""
    if not is_html(site.front):
        if _is_murmurations(site.front):
            yield site.recipe.model_copy(update={"adapter": "murmurations", "addresses": (site.front.url,)})
        return
    for page in chain([site.html], nearby_pages(site)):
        if "murmurations" not in page.text.lower():
            continue
        profiles = _profile_links(page)
        for url in dict.fromkeys([*profiles[:1], *_index_links(page), *(urljoin(site.front.url, name) for name in USUAL_PATHS)]):
            answer = site.get(url)
            if answer is not None and not is_html(answer) and _is_murmurations(answer):
                address = page.url if len(profiles) > 1 and url == profiles[0] else url
                yield site.recipe.model_copy(update={"adapter": "murmurations", "addresses": (address,)})
                return


def _raw_record(profile: Object, recipe: Recipe, number: int, url: str) -> RawRecord:
    """The raw record of a profile; its remote id is its unique_id, else its primary_url, else the address of the answer."""
    dated = ("starts_at", "ends_at")
    values = {name: value for name, value in profile.items() if name not in (*dated, "status", "geographic_scope")}
    raw = object_to_raw(values, recipe, number, url)
    raw.remote_id = str(profile.get("unique_id") or profile.get("primary_url") or url)
    raw.url, raw.source = url, profile
    raw.fields.setdefault("country", profile.get("country_name") or "")
    for ours, name in zip(("start_date", "end_date"), dated, strict=True):
        if day := _day(profile.get(name)):
            raw.fields[ours] = day
    links = objects_in(profile.get("urls"))
    raw.fields["same_as"] = [link["url"] for link in links if isinstance(link.get("url"), str)]
    if isinstance(profile.get("kvm_category"), list):
        raw.fields["tags"] = [*all_texts(raw.fields.get("tags")), *map(str, profile["kvm_category"])]
    return raw


def _profile_links(page: Html) -> list[str]:
    """The addresses of profiles that an HTML page links to."""
    return list(dict.fromkeys(url for url in link_addresses(page) if re.search(r"murmurations.*\.json($|\?)", url.lower())))


def _index_links(page: Html) -> list[str]:
    """The addresses of possible indexes that a page links to."""
    return [url for url in link_addresses(page) if "murmurations" in url.lower() or url.rstrip("/").endswith("/nodes")]


def _nodes(data: Any) -> list[Object]:
    """The nodes in the answer of an index; empty for other answers."""
    nodes = data.get("data") if isinstance(data, dict) else data
    return [node for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []


def _is_gone(node: Object) -> bool:
    """Whether the index lists a node only as deleted or invalid."""
    return str(node.get("status") or "") in ("deleted", "validation_failed")


def _is_murmurations(page: Page) -> bool:
    """Whether an answer is an index of nodes or a profile."""
    try:
        data = json_data.parse(page)
    except BadContent:
        return False
    first = next(iter(_nodes(data)), data)
    return isinstance(first, dict) and ("profile_url" in first or "linked_schemas" in first)


def _instant(seconds: Any) -> str | None:
    """A Unix time as an instant in UTC; None for a value that is none, or beyond the calendar."""
    try:
        return datetime.fromtimestamp(float(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _day(seconds: Any) -> str | None:
    """The day of a Unix time in UTC."""
    return (_instant(seconds) or "")[:10] or None


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no Murmurations profiles; its owner could link the index of nodes or the profile"),
)
