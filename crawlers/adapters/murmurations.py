"""Murmurations (murmurations.network): profiles by its schemas, one alone or those that an index of nodes lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from urllib.parse import urljoin

from crawlers.adapters import json_data
from crawlers.adapters.base import Adapter, Gathering, Item
from crawlers.adapters.downloads import link_addresses, nearby_pages
from crawlers.errors import BadContent
from crawlers.fetch import Page
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.markup import Html
from crawlers.messages import N_
from crawlers.reading.json_objects import object_to_raw
from crawlers.recipe import Recipe
from crawlers.record import RawRecord

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
"""Our fields in the schemas' own names; those that are left (region, latitude, tags, image …) bear the usual ones."""
Object = dict[str, Any]


def gather(listing: Gathering) -> Iterator[Item]:
    """The profiles that an index lists, with their last change, or that a page links; else the one at the address."""
    for url in listing.recipe.addresses or (listing.recipe.url,):
        visited: set[str] = set()
        following: str | None = url
        while following and following not in visited and len(visited) < listing.recipe.limits.pages:
            visited.add(following)
            page = listing.page(following)
            if page and is_html(page):
                yield from (Item(link) for link in _profile_links(Html(page.url, page.text())))
                break
            data = json_data.parse(page) if page else {}
            nodes = [node for node in _nodes(data) if isinstance(node.get("profile_url"), str)]
            yield from (
                Item(urljoin(url, node["profile_url"]), changed_at=_instant(node.get("last_updated")))
                for node in nodes
                if not _is_gone(node)
            )
            if not nodes and page and following == url:
                yield Item(url)
            following = json_data.next_page(page, data, following) if page and nodes else None


def extract(page: Page, recipe: Recipe) -> Iterable[RawRecord]:
    """The profiles at an address. Raises BadContent for what is none."""
    data = json_data.parse(page)
    profiles = [
        profile
        for profile in (data if isinstance(data, list) else [data])
        if isinstance(profile, dict) and profile.get("linked_schemas") and profile.get("name")
    ]
    if not profiles:
        raise BadContent(page.url, N_("this is no Murmurations profile; it needs linked_schemas and a name"))
    named = recipe.model_copy(update={"fields": FIELD_MAPPING | recipe.fields})
    return [_raw_record(profile, named, n, page.url) for n, profile in enumerate(profiles, 1)]


def look(site: SiteProbe) -> Iterator[Recipe]:
    """The address itself, else the index or the page of links to profiles that a page speaking of Murmurations gives."""
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
    said = {name: value for name, value in profile.items() if name not in ("starts_at", "ends_at", "status", "geographic_scope")}
    raw = object_to_raw(said, recipe, number, url)
    raw.remote_id = str(profile.get("unique_id") or profile.get("primary_url") or url)
    raw.url = url
    raw.source = profile
    raw.fields.setdefault("country", profile.get("country_name") or "")
    raw.fields |= {
        ours: day for ours, name in (("start_date", "starts_at"), ("end_date", "ends_at")) if (day := _day(profile.get(name)))
    }
    raw.fields["same_as"] = [
        one["url"] for one in profile.get("urls") or [] if isinstance(one, dict) and isinstance(one.get("url"), str)
    ]
    if isinstance(profile.get("kvm_category"), list):
        raw.fields["tags"] = [*(raw.fields.get("tags") or []), *map(str, profile["kvm_category"])]
    return raw


def _profile_links(page: Html) -> list[str]:
    """The profiles that a page for people links to."""
    return list(dict.fromkeys(url for url in link_addresses(page) if re.search(r"murmurations.*\.json($|\?)", url.lower())))


def _index_links(page: Html) -> list[str]:
    return [url for url in link_addresses(page) if "murmurations" in url.lower() or url.rstrip("/").endswith("/nodes")]


def _nodes(data: Any) -> list[Object]:
    nodes = data.get("data") if isinstance(data, dict) else data
    return [node for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []


def _is_gone(node: Object) -> bool:
    return str(node.get("status") or "") in ("deleted", "validation_failed")


def _is_murmurations(page: Page) -> bool:
    try:
        data = json_data.parse(page)
    except BadContent:
        return False
    first = next(iter(_nodes(data)), data)
    return isinstance(first, dict) and ("profile_url" in first or "linked_schemas" in first)


def _instant(seconds: Any) -> str | None:
    """A Unix time as a UTC instant; None for what is none, or lies out of the calendar."""
    try:
        return datetime.fromtimestamp(float(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _day(seconds: Any) -> str | None:
    return (_instant(seconds) or "")[:10] or None


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no Murmurations profiles; its owner could link the index of nodes or the profile"),
)
