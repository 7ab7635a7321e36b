"""The list of records in a JSON value: the objects of a list, of an object by name, or of one list for each language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from crawlers.reading.json_objects import ID_KEYS, LOCATION_FIELDS, Object, plain_feature
from crawlers.values.heading_languages import language_named
from crawlers.values.headings import natural_field
from crawlers.values.own_fields import MAX_DEPTH, flatten

MAX_LOOKED_AT = 20
"""The number of objects of a list by which it is judged."""
MIN_NAMED = 3
"""With fewer objects an object that holds them by name is a record with parts, or one that is rare."""
NEUTRAL_FIELDS = ("website", "email", "phone", "lat", "registration")
"""Fields that are the same in every language."""


def find_objects(data: Any, path: str = "") -> list[Any]:
    """The list of records in a JSON value, with GeoJSON features as plain objects; empty without such a list.

    It is the value at a dotted path of keys; without a path, the longest list of objects that have a name and a location, else
    the longest of objects that have a name. Lists in several languages are joined to one, whose objects have parts by language.
    """
    value = _value_at(data, path) if path else _joined_languages(data) or _best_list(data)
    entries = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
    return [plain_feature(entry) if isinstance(entry, dict) else entry for entry in entries]


def _value_at(data: Any, path: str) -> Any:
    """The value at a dotted path of keys and indexes; None where there is none."""
    for key in path.split("."):
        if isinstance(data, list) and key.isdigit() and int(key) < len(data):
            data = data[int(key)]
        else:
            data = data.get(key) if isinstance(data, dict) else None
    return data


def _best_list(data: Any) -> list[Any]:
    return max(_candidate_lists(data), key=_list_rank, default=[])


def _candidate_lists(data: Any, depth: int = 0) -> Iterator[list[Any]]:
    """The lists in a JSON value of which more than half are objects, and objects that hold such objects by name as lists."""
    if isinstance(data, list):
        if sum(isinstance(entry, dict) for entry in data) > len(data) / 2:
            yield data
        else:
            return
    if isinstance(data, dict) and (named := _named_objects(data)):
        yield named
    values = data.values() if isinstance(data, dict) else []
    for value in values if depth < MAX_DEPTH else []:
        yield from _candidate_lists(value, depth + 1)


def _named_objects(data: Object) -> list[Object]:
    """The objects that an object holds by their names, or by ids, which become their fields; empty for any other object."""
    if len(data) < MIN_NAMED or not all(isinstance(value, dict) and value for value in data.values()):
        return []
    if any(natural_field(key) or language_named(key) for key in islice(data, MAX_LOOKED_AT)):
        return []
    parts = [set(value) for value in islice(data.values(), MAX_LOOKED_AT)]
    known = {key for key in set.union(*parts) if natural_field(key)}
    if not any(sum(key in part for part in parts) > len(parts) / 2 for key in known):
        return []
    has_names = _titled_share(list(islice(data.values(), MAX_LOOKED_AT))) > 0.5
    return [{"id": key, **value} if has_names else {"id": key, "name": key, **value} for key, value in data.items()]


def _list_rank(objects: list[Any]) -> tuple[bool, bool, int]:
    """The sort key of a list: whether most objects have a name, whether some also have a location, and the list's length."""
    first = [entry for entry in islice(objects, MAX_LOOKED_AT) if isinstance(entry, dict)]
    is_named = _titled_share(first) > 0.5
    return is_named, is_named and any(not _fields(entry).isdisjoint(LOCATION_FIELDS) for entry in first), len(objects)


def _titled_share(objects: Sequence[Object]) -> float:
    """The share of the objects that have a name."""
    return sum(not _fields(entry).isdisjoint(("title", "organisation", "legal_name")) for entry in objects) / max(1, len(objects))


def _fields(thing: Object) -> set[str | None]:
    """Our fields that the keys of an object name, with or without a language."""
    return {natural_field(_without_language(key)) for key in flatten(plain_feature(thing))}


def _without_language(key: str) -> str:
    first, _, inner = key.partition(".")
    if inner and language_named(first):
        return inner
    body, _, last = key.replace("_", ".").replace("-", ".").replace(":", ".").rpartition(".")
    return body if body and language_named(last) else key


def _joined_languages(data: Any, depth: int = 0) -> list[Object]:
    """The objects of the lists that an object holds for each of several languages, joined where they are of one thing.

    Each joined object has its texts by language: {"lv": {…}, "en": {…}}. Empty for any other value.
    """
    if not isinstance(data, dict) or depth >= MAX_DEPTH:
        return []
    by_lang = {lang: value for key, value in data.items() if (lang := language_named(key))}
    lists = {lang: _best_list(value) for lang, value in by_lang.items()}
    if len(lists) > 1 and len(lists) >= len(data) / 2 and all(lists.values()):
        return _paired(
            {lang: [plain_feature(entry) for entry in found if isinstance(entry, dict)] for lang, found in lists.items()}
        )
    return next(filter(None, (_joined_languages(value, depth + 1) for value in data.values())), [])


def _paired(lists: Mapping[str, list[Object]]) -> list[Object]:
    """The objects of lists in several languages, those of one thing together."""
    first, *others = lists
    joined: list[Object] = [{first: entry} for entry in lists[first]]
    by_key = {key: whole for whole, entry in zip(joined, lists[first], strict=True) for key in _keys(entry)}
    for lang in others:
        by_place = _are_parallel(lists[first], lists[lang])
        for number, entry in enumerate(lists[lang]):
            whole = next((by_key[key] for key in _keys(entry) if key in by_key and lang not in by_key[key]), None)
            if whole is None and by_place and lang not in joined[number]:
                whole = joined[number]
            if whole is None:
                joined.append({lang: entry})
            else:
                whole[lang] = entry
    return joined


def _keys(entry: Object) -> list[tuple[str, str]]:
    """What tells that two objects in different languages are of one thing, the surest first."""
    ids = [("id", str(entry[name])) for name in ID_KEYS if isinstance(entry.get(name), str | int)]
    return ids[:1] or [(ours, text) for ours, text in _neutral(entry).items()]


def _neutral(entry: Object) -> dict[str, str]:
    """The values of an object that do not depend on the language, by our field."""
    found = {
        ours: str(value) for name, value in flatten(entry).items() if (ours := natural_field(name)) in NEUTRAL_FIELDS and ours
    }
    return {ours: found[ours] for ours in NEUTRAL_FIELDS if ours in found}


def _are_parallel(one: Sequence[Object], other: Sequence[Object]) -> bool:
    """Whether two lists hold the same things in the same order: as many, and nothing that must be the same differs in most."""
    if len(one) != len(other) or any(_ids(entry) for entry in (*one[:1], *other[:1])):
        return False
    pairs = [(_neutral(left), _neutral(right)) for left, right in zip(one[:MAX_LOOKED_AT], other[:MAX_LOOKED_AT], strict=True)]
    differing = sum(any(left[name] != right[name] for name in left.keys() & right.keys()) for left, right in pairs)
    return differing <= len(pairs) / 4


def _ids(entry: Object) -> list[Any]:
    return [entry[name] for name in ID_KEYS if entry.get(name) not in (None, "")]
