"""JSON of any structure with a list of named objects: plain, JSON lines, GeoJSON, JSON Feed, in pages, in scripts of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from requests.utils import parse_header_links

from crawlers.adapters.base import Adapter, Gathering, Item, Reading, follow, read_each
from crawlers.adapters.downloads import linked_files, nearby_pages
from crawlers.adapters.identities import told_apart
from crawlers.adapters.wordpress.rest_api import route_address
from crawlers.errors import BadContent
from crawlers.fetch import Page
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.markup import Html
from crawlers.reading.calendar_addresses import event_sources, plugin_interface, uses_fullcalendar
from crawlers.reading.event_objects import events_in, list_name
from crawlers.reading.json_lists import find_objects
from crawlers.reading.json_objects import LOCATION_FIELDS, object_to_raw, objects_in, with_websites
from crawlers.reading.links import find_next
from crawlers.reading.namesakes import tell_apart
from crawlers.reading.scripts import json_in
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.state import PageLinks
from crawlers.texts.foreign import parse_json
from crawlers.values.addresses import absolute_address
from crawlers.values.initiative_words import is_excluded_list
from crawlers.values.own_fields import flatten
from crawlers.values.whole_numbers import whole_number
from vocabulary.messages import N_

MIN_OBJECTS = 2
MIN_OBJECTS_IN_PAGE = 3
"""Shorter lists in the scripts of a page often hold something else."""
MAX_OBJECTS_LOOKED_AT = 20
DATA_ADDRESS = r"\.(json|geojson|jsonl|ndjson)($|[?#])|[?&](format|f|output)=(geo)?json|/api/[^?#]*$"
_FEED_NAMES = (
    *("content_html", "content_text", "url", "external_url", "language", "date_modified", "date_published", "author", "authors"),
)
"""Names of JSON Feed that are read, or not wanted; the others of an item are extensions."""
FEED_VERSION_PREFIX = "https://jsonfeed.org/version/"
NEXT_KEYS = (
    *("next", "next_url", "nextPage", "next_page", "next_page_url", "nextPageUrl", "@odata.nextLink"),
    *("links.next", "links.next.href", "_links.next", "_links.next.href", "meta.next", "pagination.next", "paging.next"),
)
"""Dotted keys with the address of the next page."""
LAST_KEYS = ("total_pages", "totalPages", "last_page", "lastPage", "pages", "pageCount", "page_count", "num_pages")
"""Last parts of keys with the number of the last page."""
TOTAL_KEYS = ("total", "count", "totalCount", "total_count", "totalItems", "numFound", "number_of_results")
"""Last parts of keys with the number of all objects."""


def gather(listing: Gathering) -> Iterator[Item]:
    """The answers with their records, page by page. A JSON Feed holds only the newest."""
    for url in listing.recipe.addresses or (listing.recipe.url,):
        yield from follow(listing, url, lambda page: _read_page(page, listing.recipe))


def extract(page: Page, recipe: Recipe) -> Iterable[RawRecord]:
    """A raw record for each object of the list. Raises BadContent for an answer that is no JSON."""
    html = Html(page.url, page.text()) if is_page_for_people(page) else None
    return _raw_records(json_in(html) if html else parse(page), page.url, recipe, html)


def look(site: SiteProbe) -> Iterator[Recipe]:
    """Recipes of the JSON at the site's address, else of the files and APIs that it links to, then of its pages with data."""
    addresses = linked_files(site, DATA_ADDRESS) if is_html(site.front) else [site.front.url]
    for url in addresses:
        page = site.get(url)
        if page is not None and not is_html(page) and has_named_objects(page, site.recipe):
            yield _recipe_for(site, url)
    if is_html(site.front):
        for html in (site.html, *nearby_pages(site)):
            if has_located_objects(html, site.recipe):
                yield _recipe_for(site, html.url)
            yield from (_recipe_for(site, url) for url in _event_addresses(html) if _has_objects_at(site, url))


def _event_addresses(page: Html) -> list[str]:
    """The addresses of the events of a page's calendars."""
    interface = plugin_interface(page)
    return [*event_sources(page), *([route_address(interface, "events", {"per_page": "50"})] if interface else [])]


def _has_objects_at(site: SiteProbe, url: str) -> bool:
    answer = site.get(url)
    return answer is not None and has_named_objects(answer, site.recipe)


def _recipe_for(site: SiteProbe, url: str) -> Recipe:
    return site.recipe.model_copy(update={"adapter": "json", "addresses": (url,)})


def has_located_objects(page: Html, recipe: Recipe) -> bool:
    """Whether a page's scripts hold a list of MIN_OBJECTS_IN_PAGE objects or more, most with a name and where they are.

    That is a location or a date of an event, or a website of their own together with a text, which a menu has not. A list
    that calls itself one of news, staff and the like is none.
    """
    found, name = _named_list(json_in(page), page.url, recipe, page)
    objects = [thing for thing in found if isinstance(thing, dict)]
    if is_excluded_list(name):
        return False
    sample = objects[:: len(objects) // MAX_OBJECTS_LOOKED_AT + 1]  # of the whole list, since the oldest events may lack dates
    raws = with_websites([object_to_raw(thing, recipe, 0, page.url) for thing in sample], page.url)
    located = sum(bool(raw.fields.get("title")) and (_is_event(raw) or _is_located(raw.fields)) for raw in raws)
    return len(objects) >= MIN_OBJECTS_IN_PAGE and located > len(raws) / 2


def _is_located(fields: Mapping[str, Any]) -> bool:
    is_at_home = bool(fields.get("website")) and bool(fields.get("description") or fields.get("summary"))
    return is_at_home or any(map(fields.get, LOCATION_FIELDS))


def has_named_objects(page: Page, recipe: Recipe) -> bool:
    """Whether an answer is JSON with a list of at least MIN_OBJECTS objects, most of them with a name."""
    try:
        objects = [thing for thing in _objects(parse(page), page.url, recipe) if isinstance(thing, dict)]
    except BadContent:
        return False
    named = sum(bool(object_to_raw(thing, recipe, 0, page.url).fields.get("title")) for thing in objects[:20])
    return len(objects) >= MIN_OBJECTS and named > len(objects[:20]) / 2


def parse(page: Page) -> Any:
    """The JSON value of an answer: of JSON lines a list, of an HTML page the data in its scripts by their names.

    Raises BadContent for an answer that is no JSON.
    """
    if is_page_for_people(page):
        return json_in(Html(page.url, page.text()))
    try:
        return page.json()
    except BadContent:
        lines = [line for line in page.text().split("\n") if line.strip()]
        if len(lines) < MIN_OBJECTS or not all(line.lstrip().startswith("{") for line in lines[:3]):
            raise
    try:
        return [parse_json(line) for line in lines]
    except (ValueError, RecursionError) as error:
        raise BadContent(
            page.url, N_("this should be JSON lines and is not (%(error)s)"), values={"error": str(error)}
        ) from error


def is_page_for_people(page: Page) -> bool:
    """Whether an answer is an HTML page by its content too: JSON is often sent with the type of HTML."""
    return is_html(page) and page.text().lstrip().startswith("<")


def is_feed(data: Any) -> bool:
    """Whether a JSON value is a JSON Feed (jsonfeed.org)."""
    return isinstance(data, dict) and str(data.get("version")).startswith(FEED_VERSION_PREFIX)


def next_page(page: Page, data: Any, url: str) -> str | None:
    """The address of the next page of a list, by a link, page numbers or a total in the answer; None on the last page."""
    for header_link in parse_header_links(page.headers.get("link", "")):
        if header_link.get("rel") == "next" and header_link.get("url"):
            return absolute_address(url, header_link["url"]) or None
    values: dict[str, Any] = flatten(data) if isinstance(data, dict) else {}
    for key in NEXT_KEYS:
        link = values.get(key)
        if isinstance(link, str) and not link.isdigit():
            return absolute_address(url, link) or None
    query = dict(parse_qsl(urlsplit(url).query))
    last, total = (_first_number(values, keys) for keys in (LAST_KEYS, TOTAL_KEYS))
    number = whole_number(query.get("page")) or 1
    if number < last:
        return _with_parameters(url, query, page=number + 1)
    objects = len(find_objects(data)) if total else 0
    start = next((name for name in ("offset", "start", "skip") if name in query or name in values), None)
    if start and objects and (offset := whole_number(query.get(start, values.get(start))) + objects) < total:
        return _with_parameters(url, query, **{start: offset})
    return None


def _raw_records(data: Any, url: str, recipe: Recipe, page: Html | None = None) -> list[RawRecord]:
    numbered = [pair for pair in enumerate(_objects(data, url, recipe, page), 1) if isinstance(pair[1], dict)]
    raws = list(told_apart(read_each(numbered, lambda pair: object_to_raw(pair[1], recipe, pair[0], url), url)))
    raws = with_websites(raws, url) if page else raws
    tell_apart(raws)
    return raws


def _objects(data: Any, url: str, recipe: Recipe, page: Html | None = None) -> list[Any]:
    """The list of records in a JSON value, items of a JSON Feed included; events with their dates. `page` is one that held it."""
    return _named_list(data, url, recipe, page)[0]


def _named_list(data: Any, url: str, recipe: Recipe, page: Html | None) -> tuple[list[Any], str]:
    """As _objects, with the name that the list has in the value; "" without one."""
    if is_feed(data):
        return [_feed_item(entry) for entry in objects_in(data.get("items"))], ""
    objects = find_objects(data, recipe.records)
    name = list_name(data, objects)
    return events_in(objects, name, url, has_open_ends=page is not None and uses_fullcalendar(page)), name


def _is_event(raw: RawRecord) -> bool:
    """Whether a raw record is that of an event with a start."""
    return raw.fields.get("kind") == "event" and bool(raw.fields.get("start_date"))


def _feed_item(entry: dict[str, Any]) -> dict[str, Any]:
    """An item of a JSON Feed under names that are recognised, with its extensions and the labelled facts in its text."""
    text = str(entry.get("content_html") or entry.get("content_text") or "")
    extensions = {name: value for name, value in entry.items() if name not in _FEED_NAMES}
    changed = entry.get("date_modified") or entry.get("date_published")
    named = {"description": text, "link": entry.get("url"), "website": entry.get("external_url"), "lang": entry.get("language")}
    present = {name: value for name, value in named.items() if value}
    return Html("", f"<div>{text}</div>").facts | extensions | present | {"updated": changed}


def _read_page(page: Page, recipe: Recipe) -> Reading:
    """The records of an answer and the address of its next page.

    Data in an HTML page with further pages are only a part, and so are events, of which past ones are removed.
    """
    if is_page_for_people(page):
        html = Html(page.url, page.text())
        raws = _raw_records(json_in(html), page.url, recipe, html)
        return raws, PageLinks(is_window=bool(find_next(html)) or any(map(_is_event, raws)))
    data = parse(page)
    raws = _raw_records(data, page.url, recipe)
    next_url = next_page(page, data, page.url) if raws else None
    return raws, PageLinks(further=(next_url,) if next_url else (), is_window=is_feed(data) or any(map(_is_event, raws)))


def _with_parameters(url: str, query: dict[str, str], **changes: int) -> str:
    return urlsplit(url)._replace(query=urlencode({**query, **changes})).geturl()


def _first_number(values: dict[str, Any], keys: tuple[str, ...]) -> int:
    """The first number under a key with one of these last parts; 0 without one."""
    return next((whole_number(value) for key, value in values.items() if key.rpartition(".")[2] in keys), 0)


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no JSON or GeoJSON with a list of named things; its owner could link one"),
)
