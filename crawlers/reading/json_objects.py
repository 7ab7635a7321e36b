"""JSON objects as raw records: finding their list, nested keys, texts in several languages, coordinates of geometries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.values.addresses import same_site
from crawlers.values.heading_languages import language_named, languages_of
from crawlers.values.headings import TEXT_FIELDS, map_columns, natural_field
from crawlers.values.own_fields import MAX_DEPTH, flatten
from vocabulary import fold

Object = dict[str, Any]
"""A JSON object."""
ID_KEYS = ("id", "_id", "@id", "uuid", "guid", "slug", "identifier", "node_id")
ADDRESS_KEYS = ("url", "link", "permalink", "href", "page_url", "html_url")
CHANGED_KEYS = (
    *("modified", "updated", "updated_at", "updatedAt", "date_modified", "dateModified", "last_updated"),
    *("metadata_modified", "modified_gmt"),
)
TAG_KEYS = ("tags", "keywords", "categories", "labels", "topics", "types")
LOCATION_FIELDS = ("country", "place", "region", "address", "lat")
"""Our fields that say where something is."""
MIN_SHARE_OF_OWN_SITES = 0.7
"""Where so many of the addresses in a list lead each to another site, they are the websites of what is listed."""


def plain_feature(thing: Object) -> Object:
    """The properties of a GeoJSON feature (RFC 7946) with `lat` and `lon` of its geometry; any other object unchanged."""
    if thing.get("type") != "Feature" or not isinstance(thing.get("properties"), dict):
        return thing
    centre = _centre(thing.get("geometry"))
    id = {"id": thing["id"]} if isinstance(thing.get("id"), str | int) else {}
    properties: Object = thing["properties"]
    return {**id, **properties, **({"lat": centre[1], "lon": centre[0]} if centre else {})}


def objects_in(value: Any) -> list[Object]:
    """The objects in a list; empty for any other value."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def object_to_raw(thing: Object, recipe: Recipe, number: int, url: str | None) -> RawRecord:
    """The raw record of an object. Its remote id is the recipe's key, an id or address of its own, or its folded name.

    `number` names an object without any of these, `url` is the address of the answer.
    """
    values = flatten(thing)
    unmapped = {name: value for name, value in values.items() if name not in recipe.fields.values()}
    texts, translations, text_lang = _by_language(unmapped)
    mapped = {name: values[name] for name in recipe.fields.values() if name in values}
    fields = with_title(map_columns({**texts, **mapped}, recipe.fields))
    own_url = _own_address(thing, url, fields)
    fields.setdefault("tags", next((values[key] for key in TAG_KEYS if values.get(key)), []))
    remote_id = _own_id(thing, recipe.key) or fields.get("registration") or own_url
    remote_id = remote_id or fold(str(fields.get("title") or f"object {number}"))
    changed_at = next((str(thing[key]) for key in CHANGED_KEYS if isinstance(thing.get(key), str)), None)
    lang = next((str(thing[key]) for key in ("lang", "language", "inLanguage") if isinstance(thing.get(key), str)), text_lang)
    return RawRecord(str(remote_id), own_url or url, fields, lang, translations=translations, changed_at=changed_at, source=thing)


def _own_address(thing: Object, url: str | None, fields: dict[str, Any]) -> str | None:
    """The address of an object's own page; None without one.

    An address that `fields` has as website too is one of the two: on the site of the answer it is the own page, and is removed
    from `fields`; elsewhere it is the website.
    """
    own_url = next((value for key in ADDRESS_KEYS if isinstance(value := thing.get(key), str) and value.startswith("http")), None)
    if own_url and url and same_site(own_url, url) and fields.get("website") == own_url:
        del fields["website"]
    elif fields.get("website") == own_url:
        return None
    return own_url


def with_websites(raws: Sequence[RawRecord], url: str) -> list[RawRecord]:
    """Raw records of objects in the scripts of a page; addresses on other sites, each on its own, are their websites.

    Where many lead to a few sites, as reports to newspapers do, they stay the addresses of pages about them.
    """
    hosts = [urlsplit(raw.url).hostname for raw in raws if raw.url and not same_site(raw.url, url)]
    if len(hosts) <= len(raws) / 2 or len(set(hosts)) < MIN_SHARE_OF_OWN_SITES * len(hosts):
        return list(raws)
    return [
        replace(raw, url=url, fields=raw.fields | {"website": raw.url})
        if raw.url and not same_site(raw.url, url) and not raw.fields.get("website")
        else raw
        for raw in raws
    ]


def _own_id(thing: Object, key: str | None) -> str | None:
    """The id of an object under the recipe's key or one of ID_KEYS; None without one."""
    inner = [value for name, value in thing.items() if isinstance(value, dict) and language_named(name)]
    values = (holder.get(name) for name in (key, *ID_KEYS) if name for holder in (thing, *inner))
    return next((str(value) for value in values if isinstance(value, str | int) and value != ""), None)


def with_title(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with the legal name, else the organisation, moved to the title where there is no title."""
    source = next((field for field in ("legal_name", "organisation") if fields.get(field)), None)
    if fields.get("title") or source is None:
        return dict(fields)
    others = {field: value for field, value in fields.items() if field not in ("title", source)}
    return {"title": fields[source], **others}


def _by_language(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, str]], str | None]:
    """Values in one language, the texts in other languages (language tag to our field to text), and that one language.

    The language of a text is in its key: `name_lv`, `name.lv` for {"name": {"lv": …}}, or `lv.name` for {"lv": {"name": …}}.
    The one language is that of the first such text; None without any.
    """
    fields: dict[str, Any] = {}
    texts: dict[str, dict[str, str]] = {}
    for key, value in values.items():
        if isinstance(value, str) and value and (tagged := _tagged(key)):
            texts.setdefault(str(natural_field(tagged[1])), {}).setdefault(tagged[0], value)
        else:
            fields[key] = value
    untagged = {natural_field(key) for key, value in fields.items() if value}
    lang = next((lang for ours, by_lang in texts.items() if ours not in untagged for lang in by_lang), None)
    others: dict[str, dict[str, str]] = {}
    for ours, by_lang in texts.items():
        if ours not in untagged:
            fields[ours] = by_lang.pop(lang if lang in by_lang else next(iter(by_lang)))
        for code, text in by_lang.items():
            others.setdefault(code, {})[ours] = text
    return fields, others, lang


def _tagged(key: str) -> tuple[str, str] | None:
    """The language that a key names, with the key of the text itself; None where it names none, or is of no text of ours."""
    first, _, inner = key.partition(".")
    if inner and (lang := language_named(first)) and natural_field(inner) in TEXT_FIELDS:
        return lang, inner
    return next(((lang, rest) for lang, rest in languages_of(key) if natural_field(rest) in TEXT_FIELDS), None)


def _centre(geometry: Any) -> tuple[float, float] | None:
    """Longitude and latitude of the middle of a GeoJSON geometry's bounding box; None for a geometry without points."""
    points = list(_points(geometry.get("coordinates"))) if isinstance(geometry, dict) else []
    if not points:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _points(value: Any, depth: int = 0) -> Iterator[tuple[float, float]]:
    """Longitude and latitude of all points in the coordinates of a geometry."""
    if isinstance(value, list) and len(value) >= 2 and all(isinstance(n, int | float) and abs(n) <= 180 for n in value[:2]):
        yield value[0], value[1]
    elif isinstance(value, list) and depth < MAX_DEPTH:
        for part in value:
            yield from _points(part, depth + 1)
