"""The fields of a source by its own names: columns, keys, labels on a page, fields of a content management system."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawlers.values.labels import FIELDS

MAX_DEPTH = 6
HOLDERS = (("facts",), ("acf", "meta"))
"""The parts of a stored source that hold fields by their own names; those of the first that it has count."""
TECHNICAL = frozenset({"id", "ids", "uuid", "uid", "guid", "url", "link", "modified", "created", "published", "rule"})
"""Names of fields that are for programs alone, so that nobody is asked about them."""
OwnFields = dict[str, str | list[str]]
"""Text, or list of texts, by the source's own name; that of a nested object is dotted (`address.city`)."""


def own_fields(source: Mapping[str, Any]) -> OwnFields:
    """The fields that are not empty in what is stored of a source (RawRecord.source)."""
    named = {name: value for name, value in source.items() if not _is_under_our_names(name, value)}
    kinds = ([named[name] for name in kind if isinstance(named.get(name), Mapping)] for kind in HOLDERS)
    holders = next(filter(None, kinds), [named])
    fields: OwnFields = {}
    for holder in holders:
        fields |= flatten({name: value for name, value in holder.items() if not str(name).startswith("@")})
    return fields


def _is_under_our_names(name: str, value: Any) -> bool:
    """Whether a part of a stored source says under our names, or those of schema.org, what was read of it."""
    is_ours = name == "fields" and isinstance(value, Mapping) and value.keys() <= {*FIELDS.values()}
    return name == "entity" or is_ours


def flatten(thing: Mapping[str, Any], prefix: str = "", depth: int = 0) -> OwnFields:
    """The texts, and lists of texts, of an object by key, those of nested objects under dotted keys (`address.city`) last."""
    texts: OwnFields = {}
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


def _plain_value(value: Any) -> str | list[str] | None:
    """A value as a text, a list as texts (of objects their names); None for null, true, false and objects.

    Lists in a list count for nothing.
    """
    if isinstance(value, list):
        parts = (_name_of(entry) if isinstance(entry, Mapping) else entry for entry in value[:100])
        texts = [_plain_value(part) for part in parts if not isinstance(part, list)]
        return [text for text in texts if isinstance(text, str) and text]
    if value is None or isinstance(value, bool | Mapping):
        return None
    return format(value, ".15g") if isinstance(value, float) else str(value).strip()


def _name_of(thing: Mapping[str, Any]) -> Any:
    """The value of an object's first key that usually holds a name; None without one."""
    return next((thing[key] for key in ("name", "title", "label", "display_name", "value", "url") if thing.get(key)), None)
