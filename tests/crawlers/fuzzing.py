"""Sites that answer with mutated bytes: small sites of each adapter, what may be done to a page, and what a crawl may not do.

Used by the tests with a small budget, and by tools/fuzz.py for as long as one likes.
"""

from __future__ import annotations

import json
import logging
import random
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from crawlers.crawl_run import run_crawl
from crawlers.discovery.discover import discover
from crawlers.errors import CrawlError
from crawlers.recipe import Recipe
from crawlers.state import MemoryState
from tests.crawlers.memory_site import BASE, Body, MemorySite, recipe_of

TEXT = "Kopā ar kaimiņiem atjaunojam vecu ēku un rīkojam tajā darbnīcas bērniem un senioriem visa gada garumā."
NAMES = ("Zvejnieku māja", "Tālā stacija", "Kalna dārzs")
OBJECTS = [
    {"id": n, "name": name, "description": f"<p>{TEXT}</p>", "address": {"city": "Talsi", "country": "LV"}, "lat": 57.2, "lon": 22.6,
     "url": f"{BASE}o/{n}", "email": "info@x.example", "tags": ["upe", "māja"], "start": "2026-05-01T10:00:00+03:00", "modified": "2026-05-01"}
    for n, name in enumerate(NAMES)
]  # fmt: skip
THINGS = {"@context": "https://schema.org", "@graph": [
    {"@type": "WebPage", "@id": "#page", "mainEntity": {"@id": "#a"}, "publisher": {"@type": "Organization", "name": "Portāls"}},
    {"@type": ["NGO"], "@id": "#a", "name": {"@value": NAMES[0], "@language": "lv"}, "member": [{"@id": "#b"}], "sameAs": ["https://a.example/"],
     "address": {"@type": "PostalAddress", "addressCountry": "LV", "addressLocality": "Talsi"}, "geo": {"latitude": "57.2", "longitude": 22.6}},
    {"@type": "Event", "@id": "#b", "name": NAMES[1], "startDate": "2026-05-01T10:00", "location": {"@id": "#a"}, "organizer": {"@id": "#a"}},
    {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": {"@type": "NGO", "name": NAMES[2]}}]}]}  # fmt: skip
CARDS = "".join(
    f'<div class="card"><h3><a href="o/{n}">{name}</a></h3><p>Country: Latvia<br>{TEXT}</p></div>' for n, name in enumerate(NAMES)
)
PAGE = (
    f'<!DOCTYPE html><html lang=lv><head><meta charset=utf-8><title>{NAMES[0]} | Portāls</title><meta name=description content="{TEXT}">'
    f'<link rel=canonical href="/o/0"><link rel=alternate hreflang=en href="/en/o/0"></head><body><nav><a href=/>Sākums</a></nav><main>'
    f"<h1>{NAMES[0]}</h1><dl><dt>Country</dt><dd>Latvia</dd><dt>E-pasts</dt><dd><a href='mailto:info@x.example'>raksti</a></dd></dl>"
    f"<table><tr><th>Website</th><td><a href='https://a.example/'>lapa</a></td></tr></table><p>{TEXT}</p><p style='display:none'>x</p></main>"
    f"<article itemscope itemtype='https://schema.org/NGO'><b itemprop=name>{NAMES[1]}</b></article>"
    f"<p vocab='https://schema.org/' typeof=NGO><b property=name>{NAMES[2]}</b></p><script>var data = {json.dumps(OBJECTS[:1])};</script>"
    f'<script type="application/ld+json">{json.dumps(THINGS)}</script><footer>Tālrunis: +371 67000000</footer></body></html>'
)
FEED = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Ziņas'
    "</title><language>lv</language>"
    + "".join(
        f"<item><title>{name}</title><link>/o/{n}</link><guid>{n}</guid><category>upe</category><pubDate>Fri, 01 May 2026 10:00:00 +0300</pubDate>"
        f"<content:encoded><![CDATA[<p>{TEXT}</p>]]></content:encoded></item>"
        for n, name in enumerate(NAMES)
    )
    + "</channel></rss>"
)
CALENDAR = "\r\n".join([
    "BEGIN:VCALENDAR", "VERSION:2.0", "X-WR-TIMEZONE:Europe/Riga",
    *(line for n, name in enumerate(NAMES) for line in (
        "BEGIN:VEVENT", f"UID:{n}", f"SUMMARY:{name}", "DTSTART;TZID=Europe/Riga:20260505T100000", "DTEND;TZID=Europe/Riga:20260505T120000",
        "GEO:57.2;22.6", "LOCATION:Talsi, Latvija", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=4", "ORGANIZER;CN=Upe:mailto:info@x.example",
        "CATEGORIES:upe,māja", "EXDATE:20260512T070000Z", "LAST-MODIFIED:20260501T100000Z", "END:VEVENT")),
    "END:VCALENDAR", ""])  # fmt: skip
TABLE = "Nosaukums;Valsts;Pilsēta;E-pasts;Lat;Lon\r\n" + "".join(
    f'"{n}";Latvija;Talsi;info@x.example;57,2;22,6\r\n' for n in NAMES
)
ENTRIES = [
    {"id": n, "type": "org", "link": f"{BASE}o/{n}", "title": {"rendered": name}, "content": {"rendered": f"<p>{TEXT}</p>"}, "lang": "lv",
     "modified_gmt": f"2026-05-0{n + 1}T10:00:00", "acf": {"country": "Latvia", "map": {"lat": 57.2, "lng": 22.6}}, "theme": [1, 2], "translations": {"en": 9}}
    for n, name in enumerate(NAMES)
]  # fmt: skip
BRIEF = "wp-json/wp/v2/org?per_page=100&_fields=id%2Cmodified_gmt%2Clang%2Ctranslations%2Cwpml_translations&page=1"
PROFILES = [{"linked_schemas": ["organizations_schema-v1.0.0"], "name": name, "primary_url": "https://a.example", "urls": [{"url": "https://b.example"}],
             "geolocation": {"lat": 57.2, "lon": 22.6}, "starts_at": 1777629600, "tags": ["upe"], "unique_id": name} for name in NAMES]  # fmt: skip
DATASETS = [
    {"id": name, "name": name, "title": name, "notes": TEXT, "tags": [{"name": "upe"}], "organization": {"title": "Upe"}, "metadata_modified": "2026-05-01",
     "resources": [{"id": "r", "name": "a", "format": "CSV", "datastore_active": True, "url": f"{BASE}a.csv"}]} for name in NAMES
]  # fmt: skip
ROWS = {"records": [{"_id": n, "Nosaukums": name, "Valsts": "Latvija"} for n, name in enumerate(NAMES)], "total": 3,
        "fields": [{"id": "Nosaukums"}, {"id": "Valsts"}]}  # fmt: skip


def answer(result: Any) -> str:
    return json.dumps({"success": True, "result": result})


ROW_QUERY = "api/3/action/datastore_search?resource_id=r&limit="
PORTAL = {
    "api/3/action/package_search?q=&rows=100&start=0": answer({"count": 3, "results": DATASETS}),
    f"{ROW_QUERY}0": answer(ROWS),
    f"{ROW_QUERY}1000&offset=0&sort=_id": answer(ROWS),
}
SITEMAP = f"<urlset><url><loc>{BASE}o/0</loc><lastmod>2026-05-01</lastmod></url><url><loc>{BASE}o/1</loc></url></urlset>"
SITES: dict[str, tuple[Recipe, dict[str, Body]]] = {
    "wordpress": (recipe_of("wordpress"), {"": PAGE, "wp-json/wp/v2/types": json.dumps({"org": {"rest_base": "org", "name": "Org"}}),
                  BRIEF: json.dumps(ENTRIES), "wp-json/wp/v2/taxonomies": json.dumps({"theme": {"rest_base": "theme"}}),
                  "wp-json/wp/v2/theme?per_page=100&include=1%2C2&page=1": json.dumps([{"id": 1, "name": "Upe"}, {"id": 2, "name": "Māja"}])}),
    "ckan": (recipe_of("ckan"), dict(PORTAL)),
    "ckan as a catalogue": (recipe_of("ckan", ckan={"is_catalogue": True}), dict(PORTAL)),
    "table": (recipe_of("table"), {"": TABLE}),
    "gogocarto": (recipe_of("gogocarto"), {"api/elements.json": json.dumps({"licence": "CC0", "data": OBJECTS})}),
    "gogocarto compact": (recipe_of("gogocarto"), {"api/elements.json": json.dumps(
        {"mapping": ["id", ["name"], "latitude", "longitude"], "data": [[n, [name], 57.2, 22.6] for n, name in enumerate(NAMES)]})}),
    "murmurations": (recipe_of("murmurations", addresses=[f"{BASE}nodes"]), {"nodes": json.dumps({"data": [
        {"profile_url": f"{BASE}p", "last_updated": 1777629600, "status": "posted"}]}), "p": json.dumps(PROFILES)}),
    "json": (recipe_of("json"), {"": json.dumps({"items": OBJECTS, "total": 3, "page": 1, "next": None})}),
    "geojson": (recipe_of("json"), {"": json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "id": n, "geometry": {"type": "Point", "coordinates": [22.6, 57.2]}, "properties": thing} for n, thing in enumerate(OBJECTS)]})}),
    "json feed": (recipe_of("json"), {"": json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [
        {"id": n, "title": name, "content_html": f"<p>{TEXT}</p>", "date_modified": "2026-05-01T10:00:00Z"} for n, name in enumerate(NAMES)]})}),
    "calendar": (recipe_of("calendar"), {"": CALENDAR}),
    "structured": (recipe_of("structured"), {"": PAGE, "sitemap.xml": SITEMAP, "o/0": PAGE, "o/1": PAGE}),
    "sitemap": (recipe_of("sitemap"), {"": PAGE, "sitemap.xml": SITEMAP, "o/0": PAGE, "o/1": PAGE}),
    "feed": (recipe_of("feed"), {"": FEED}),
    "html": (recipe_of("html"), {"": PAGE}),
    "html in blocks": (recipe_of("html", html={"blocks": "div.card"}), {"": f"<html><body><h2>Latvia</h2>{CARDS}</body></html>"}),
    "html of entries": (recipe_of("html", html={"entries": "div.card a", "next": "a.next"}),
                        {"": f"<html><body>{CARDS}<a class=next href=/2>2</a></body></html>", "o/0": PAGE, "o/1": PAGE, "o/2": PAGE, "2": PAGE}),
    "discovery": (recipe_of("auto"), {"": f"<html lang=lv><body>{CARDS}<a href=/a.csv>CSV</a><a href=/a.ics>ICS</a><a href=/a.json>JSON</a></body></html>",
                  "o/0": PAGE, "o/1": PAGE, "o/2": PAGE, "a.csv": TABLE, "a.ics": CALENDAR, "a.json": json.dumps(OBJECTS), "feed": FEED, **PORTAL}),
}  # fmt: skip
"""By name a recipe and the pages of its site. Each gives records as it is."""
NASTY: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 1e308, 10**18, 10**40, "", " ", "\x00", "\ud83d", "\U0010ffff", "a" * 5000, "9" * 5000, "&#x110000;",
    f"&#{'9' * 5000};", "http://[::1", "http://x.example:99999/", "//", "javascript:x", "data:,x", "²", "1,5", "NaN", "0000-00-00", "2026-13-45T99:99",
    "<script>", "<p" * 200, "</p>", "]]>", "{{x}}", "%s%(x)s", "\\", "=1+1", [], [[]], [None], [1, "a", {}], {}, {"a": {"b": []}}, {"@id": "#a"},
    {"@value": 5}, {"rendered": [1]}, [["a"] * 50] * 3, ["\ud83d"], {"\ud83d": "x"}, {"": ""},
)  # fmt: skip


def flip(source: random.Random, body: bytes) -> bytes:
    """Some bytes are others."""
    changed = bytearray(body)
    for _ in range(source.randint(1, 8)):
        changed[source.randrange(len(changed))] = source.choice([source.randrange(256), *b"\x00\x1a<>&\"'{}[]:;,%\\\xff"])
    return bytes(changed)


def cut(source: random.Random, body: bytes) -> bytes:
    """The body ends, or something in its middle is missing."""
    start, end = sorted(source.randrange(len(body)) for _ in range(2))
    return body[:start] + body[source.choice([end, len(body)]) :]


def doubled(source: random.Random, body: bytes) -> bytes:
    """A piece stands there many times."""
    start = source.randrange(len(body))
    piece = body[start : start + source.randint(1, 60)]
    return body[:start] + piece * source.choice([2, 50, 2000]) + body[start:]


def inserted(source: random.Random, body: bytes) -> bytes:
    """Something nasty stands somewhere in it."""
    text = str(source.choice(NASTY)).encode("utf-8", "replace")
    place = source.randrange(len(body))
    return body[:place] + text + body[place + source.choice([0, len(text)]) :]


def number(source: random.Random, body: bytes) -> bytes:
    """A number is another one."""
    places = [place for place, byte in enumerate(body) if 48 <= byte <= 57]
    if not places:
        return inserted(source, body)
    place = source.choice(places)
    return (
        body[:place]
        + source.choice([b"", b"-1", b"99999999999999999999", b"1e999", b"0.5", b"9" * 5000, "²".encode()])
        + body[place + 1 :]
    )


def recoded(source: random.Random, body: bytes) -> bytes:
    """The text is in another encoding than it says."""
    text = body.decode("utf-8", "replace")
    return text.encode(
        source.choice(["utf-16", "utf-16-be", "utf-32", "cp1257", "latin-1", "utf-7", "cp037", "utf-8-sig"]), "replace"
    )


def swapped_json(source: random.Random, body: bytes) -> bytes:
    """A value somewhere in a JSON value is a nasty one, missing, or in a list of its own; bytes that are no JSON are inserted into."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return inserted(source, body)
    holders = list(_holders(data))
    if not holders:
        return inserted(source, body)
    holder, key = source.choice(holders)
    value = holder[key]
    holder[key] = source.choice([*NASTY, [value], {"x": value}, str(value)])
    return json.dumps(data).encode()


def _holders(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each place in a JSON value, as its list or object and its index or key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        yield value, key
        yield from _holders(inner)


MUTATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    flip, cut, doubled, inserted, number, recoded, swapped_json, swapped_json, swapped_json,
)  # fmt: skip


def mutated(source: random.Random, pages: dict[str, Body]) -> dict[str, Body]:
    """The pages of a site, one to three mutations in one of them."""
    address = source.choice(sorted(pages))
    body = pages[address]
    content = body.encode() if isinstance(body, str) else body
    for _ in range(source.choice([1, 1, 2, 3])):
        content = source.choice(MUTATIONS)(source, content) or b" "
    return {**pages, address: content}


@dataclass(frozen=True, slots=True)
class Find:
    """What a crawl did that it may not do: the error, and where in our own code it came from."""

    error: str
    place: str
    trace: str


@contextmanager
def _watched(finds: list[Find]) -> Iterator[None]:
    """Note each error that leaves, or that a boundary of the crawlers logged."""
    handler = _Noting(finds)
    logger = logging.getLogger("crawlers")
    logger.addHandler(handler)
    propagates, logger.propagate = logger.propagate, False
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever leaves is a find
        finds.append(find_of(error))
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagates


class _Noting(logging.Handler):
    def __init__(self, finds: list[Find]) -> None:
        super().__init__(logging.ERROR)
        self._finds = finds

    def emit(self, record: logging.LogRecord) -> None:
        """Note the error of a log entry."""
        if record.exc_info and isinstance(record.exc_info[1], Exception):
            self._finds.append(find_of(record.exc_info[1]))


def find_of(error: Exception) -> Find:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/crawlers/" in frame.filename and "/tests/" not in frame.filename] or frames
    place = f"{own[-1].filename.partition('/crawlers/')[2] or own[-1].filename}:{own[-1].name}"
    return Find(type(error).__name__, place, "".join(traceback.format_exception(error)))


def finds_of(recipe: Recipe, pages: dict[str, Body]) -> list[Find]:
    """What a crawl, or a discovery for a recipe of `auto`, of these pages does that it may not do."""
    finds: list[Find] = []
    state = MemoryState()
    with _watched(finds):
        if recipe.adapter == "auto":
            with suppress(CrawlError):
                state.records = {record.remote_id: record for record in discover(BASE, MemorySite(pages)).samples}
        else:
            run_crawl(recipe, MemorySite(pages), state)
        for record in state.records.values():
            assert json.dumps(record.to_json(), ensure_ascii=False, allow_nan=False).encode() and record.content_hash()
    return finds
