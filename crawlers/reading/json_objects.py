"""JSON objects as raw records: the list found in an answer, nested keys opened, languages told apart, places from geometries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.values.addresses import same_site
from crawlers.values.labels import field_of, map_fields
from crawlers.values.months import MONTH_LANGUAGES
from vocabulary import fold

Object = dict[str, Any]
MAX_DEPTH = 6
ID_KEYS = ("id", "_id", "@id", "uuid", "guid", "slug", "identifier", "node_id")
ADDRESS_KEYS = ("url", "link", "permalink", "href", "page_url", "html_url")
CHANGED_KEYS = (
    *("modified", "updated", "updated_at", "updatedAt", "date_modified", "dateModified", "last_updated"),
    *("metadata_modified", "modified_gmt"),
)
TAG_KEYS = ("tags", "keywords", "categories", "labels", "topics", "types")
TEXT_FIELDS = ("title", "summary", "description")
LOCATION_FIELDS = ("country", "place", "region", "address", "lat")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_EMPTY_WORDS = re.compile(
    r"^(address|contact|org|organi[sz]ation|project|initiative|company|location|geo|field|entry|item) "
    r"| (name|code|url|text|iso2?|alpha2|value)$"
)
_TAGGED = re.compile(rf"(.+?)[_.:-]({'|'.join(MONTH_LANGUAGES)})", re.IGNORECASE)


def find_objects(data: Any, path: str = "") -> list[Any]:
    """The list of records in a JSON value: at a dotted path, else the longest list of objects that have a name and a place,
    else of those that have a name.

    A GeoJSON feature is opened: its properties with `lat` and `lon` of its geometry. Empty when there is no such list.
    """
    found = _value_at(data, path) if path else max(_candidate_lists(data), key=_list_rank, default=[])
    found = [found] if isinstance(found, dict) else found if isinstance(found, list) else []
    return [plain_feature(entry) if isinstance(entry, dict) else entry for entry in found]


def plain_feature(thing: Object) -> Object:
    """A GeoJSON feature (RFC 7946) as a plain object; any other object as it is."""
    if thing.get("type") != "Feature" or not isinstance(thing.get("properties"), dict):
        return thing
    centre = _centre(thing.get("geometry"))
    id = {"id": thing["id"]} if isinstance(thing.get("id"), str | int) else {}
    properties: Object = thing["properties"]
    return {**id, **properties, **({"lat": centre[1], "lon": centre[0]} if centre else {})}


def object_to_raw(thing: Object, recipe: Recipe, number: int, url: str | None) -> RawRecord:
    """An object under our names. Its remote id is the recipe's key, an id of its own, its address, or its folded name."""
    values = flatten(thing)
    texts, translations, own_lang = _by_language(
        {name: value for name, value in values.items() if name not in recipe.fields.values()}
    )
    labelled = dict(values)
    for key, value in texts.items():
        labelled.setdefault(_label(key), value)
    fields = with_title(map_fields(labelled, recipe.fields))
    own = next(
        (str(thing[key]) for key in ADDRESS_KEYS if isinstance(thing.get(key), str) and thing[key].startswith("http")), None
    )
    if own and url and same_site(own, url) and fields.get("website") == own:
        del fields["website"]
    elif fields.get("website") == own:
        own = None
    fields.setdefault("tags", next((values[key] for key in TAG_KEYS if values.get(key)), []))
    id = next(
        (str(thing[key]) for key in (recipe.key, *ID_KEYS) if key and isinstance(thing.get(key), str | int) and thing[key] != ""),
        None,
    )
    remote_id = id or fields.get("registration") or own or fold(str(fields.get("title") or f"object {number}"))
    changed = next((str(thing[key]) for key in CHANGED_KEYS if isinstance(thing.get(key), str)), None)
    lang = next((str(thing[key]) for key in ("lang", "language", "inLanguage") if isinstance(thing.get(key), str)), own_lang)
    return RawRecord(str(remote_id), own or url, fields, lang, translations=translations, changed_at=changed, source=thing)


def with_title(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record that only its legal name or the organisation names: that is then its title."""
    naming = next((field for field in ("legal_name", "organisation") if fields.get(field)), None)
    if fields.get("title") or naming is None:
        return dict(fields)
    return {
        "title": fields[naming],
        **{field: value for field, value in fields.items() if field not in ("title", naming)},
    }


def flatten(thing: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """Keys to texts or lists of texts; what is nested stands under dotted keys (`address.city`), plain keys first."""
    texts: dict[str, Any] = {}
    inner: list[tuple[str, Mapping[str, Any]]] = []
    for key, value in thing.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            inner.append((name, value))
        elif (text := _plain_value(value)) not in (None, "", []):
            texts[name] = text
    for name, value in inner if depth < MAX_DEPTH else []:
        texts |= flatten(value, f"{name}.", depth + 1)
    return texts


def _value_at(data: Any, path: str) -> Any:
    """The value at a dotted path of keys and numbers; None where there is none."""
    for key in path.split("."):
        if isinstance(data, list) and key.isdigit() and int(key) < len(data):
            data = data[int(key)]
        else:
            data = data.get(key) if isinstance(data, dict) else None
    return data


def _plain_value(value: Any) -> str | list[str] | None:
    """A text, or the texts of a list; of objects in a list, their names."""
    if isinstance(value, list):
        texts = [_plain_value(_name_of(entry) if isinstance(entry, Mapping) else entry) for entry in value[:100]]
        return [text for text in texts if isinstance(text, str) and text]
    if value is None or isinstance(value, bool | Mapping):
        return None
    return format(value, ".15g") if isinstance(value, float) else str(value).strip()


def _name_of(thing: Mapping[str, Any]) -> Any:
    return next((thing[key] for key in ("name", "title", "label", "display_name", "value", "url") if thing.get(key)), None)


def _label(key: str) -> str:
    """A key as a label that may be known: its last part, words parted, idle ones left out when that makes it known."""
    words = _CAMEL.sub(" ", key.rpartition(".")[2]).replace("_", " ").replace("-", " ").lower().strip()
    bare = _EMPTY_WORDS.sub("", words)
    return bare if field_of(words) is None and field_of(bare) else words


def _by_language(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, str]], str | None]:
    """Fields in one language (that of the first text that names its own), the texts in further ones, and that language.

    Languages are told by keys: `name_lv`, or `name.lv` of {"name": {"lv": …}}.
    """
    fields: dict[str, Any] = {}
    texts: dict[str, dict[str, str]] = {}
    for key, value in values.items():
        match = _TAGGED.fullmatch(key)
        if match and isinstance(value, str) and field_of(_label(match[1])) in TEXT_FIELDS:
            texts.setdefault(match[1], {})[match[2].lower()] = value
        else:
            fields.setdefault(key, value)
    lang = next((lang for of_key in texts.values() for lang in of_key), None)
    others: dict[str, dict[str, str]] = {}
    for key, by_lang in texts.items():
        own = lang if lang in by_lang else next(iter(by_lang))
        fields.setdefault(key, by_lang.pop(str(own)))
        for code, text in by_lang.items():
            others.setdefault(code, {})[str(field_of(_label(key)))] = text
    return fields, others, lang


def _candidate_lists(data: Any, depth: int = 0) -> Iterator[list[Any]]:
    if isinstance(data, list):
        if sum(isinstance(entry, dict) for entry in data) > len(data) / 2:
            yield data
        else:
            return
    values = data.values() if isinstance(data, dict) else []
    for value in values if depth < MAX_DEPTH else []:
        yield from _candidate_lists(value, depth + 1)


def _list_rank(objects: list[Any]) -> tuple[bool, bool, int]:
    """Whether the first object has a name, whether it also says where it is, and how many there are."""
    first = next((entry for entry in objects if isinstance(entry, dict)), {})
    keys = [match[1] if (match := _TAGGED.fullmatch(key)) else key for key in flatten(plain_feature(first))]
    ours = {field_of(_label(key)) for key in keys}
    return "title" in ours, "title" in ours and not ours.isdisjoint(LOCATION_FIELDS), len(objects)


def _centre(geometry: Any) -> tuple[float, float] | None:
    """Longitude and latitude of the middle of a geometry; None where it has none."""
    points = list(_points(geometry.get("coordinates"))) if isinstance(geometry, dict) else []
    if not points:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _points(value: Any, depth: int = 0) -> Iterator[tuple[float, float]]:
    if isinstance(value, list) and len(value) >= 2 and all(isinstance(n, int | float) and abs(n) <= 180 for n in value[:2]):
        yield value[0], value[1]
    elif isinstance(value, list) and depth < MAX_DEPTH:
        for part in value:
            yield from _points(part, depth + 1)
