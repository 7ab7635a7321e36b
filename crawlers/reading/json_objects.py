"""JSON objects as raw records: finding their list, nested keys, texts in several languages, coordinates of geometries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.values.addresses import same_site
from crawlers.values.labels import field_of, label_of_key, map_fields
from crawlers.values.months import MONTH_LANGUAGES
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
TEXT_FIELDS = ("title", "summary", "description")
LOCATION_FIELDS = ("country", "place", "region", "address", "lat")
"""Our fields that say where something is."""
_TAGGED = re.compile(rf"(.+?)[_.:-]({'|'.join(MONTH_LANGUAGES)})", re.IGNORECASE)


def find_objects(data: Any, path: str = "") -> list[Any]:
    """The list of records in a JSON value, with GeoJSON features as plain objects; empty without such a list.

    It is the value at a dotted path of keys; without a path, the longest list of objects that have a name and a location, else
    the longest of objects that have a name.
    """
    value = _value_at(data, path) if path else max(_candidate_lists(data), key=_list_rank, default=[])
    entries = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
    return [plain_feature(entry) if isinstance(entry, dict) else entry for entry in entries]


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
    labelled = dict(values)
    for key, value in texts.items():
        labelled.setdefault(label_of_key(key), value)
    fields = with_title(map_fields(labelled, recipe.fields))
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


def _own_id(thing: Object, key: str | None) -> str | None:
    """The id of an object under the recipe's key or one of ID_KEYS; None without one."""
    values = (thing.get(name) for name in (key, *ID_KEYS) if name)
    return next((str(value) for value in values if isinstance(value, str | int) and value != ""), None)


def with_title(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with the legal name, else the organisation, moved to the title where there is no title."""
    source = next((field for field in ("legal_name", "organisation") if fields.get(field)), None)
    if fields.get("title") or source is None:
        return dict(fields)
    others = {field: value for field, value in fields.items() if field not in ("title", source)}
    return {"title": fields[source], **others}


def _value_at(data: Any, path: str) -> Any:
    """The value at a dotted path of keys and indexes; None where there is none."""
    for key in path.split("."):
        if isinstance(data, list) and key.isdigit() and int(key) < len(data):
            data = data[int(key)]
        else:
            data = data.get(key) if isinstance(data, dict) else None
    return data


def _by_language(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, str]], str | None]:
    """Values in one language, the texts in other languages (language tag to our field to text), and that one language.

    The language of a text is in its key: `name_lv`, or `name.lv` for {"name": {"lv": …}}. The one language is that of the first
    such text; None without any.
    """
    fields: dict[str, Any] = {}
    texts: dict[str, dict[str, str]] = {}
    for key, value in values.items():
        match = _TAGGED.fullmatch(key)
        if match and isinstance(value, str) and field_of(label_of_key(match[1])) in TEXT_FIELDS:
            texts.setdefault(match[1], {})[match[2].lower()] = value
        else:
            fields.setdefault(key, value)
    lang = next((lang for by_lang in texts.values() for lang in by_lang), None)
    others: dict[str, dict[str, str]] = {}
    for key, by_lang in texts.items():
        own = lang if lang in by_lang else next(iter(by_lang))
        fields.setdefault(key, by_lang.pop(str(own)))
        for code, text in by_lang.items():
            others.setdefault(code, {})[str(field_of(label_of_key(key)))] = text
    return fields, others, lang


def _candidate_lists(data: Any, depth: int = 0) -> Iterator[list[Any]]:
    """The lists in a JSON value of which more than half are objects."""
    if isinstance(data, list):
        if sum(isinstance(entry, dict) for entry in data) > len(data) / 2:
            yield data
        else:
            return
    values = data.values() if isinstance(data, dict) else []
    for value in values if depth < MAX_DEPTH else []:
        yield from _candidate_lists(value, depth + 1)


def _list_rank(objects: list[Any]) -> tuple[bool, bool, int]:
    """The sort key of a list: whether its first object has a name, whether it also has a location, and the list's length."""
    first = next((entry for entry in objects if isinstance(entry, dict)), {})
    keys = [match[1] if (match := _TAGGED.fullmatch(key)) else key for key in flatten(plain_feature(first))]
    ours = {field_of(label_of_key(key)) for key in keys}
    return "title" in ours, "title" in ours and not ours.isdisjoint(LOCATION_FIELDS), len(objects)


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
