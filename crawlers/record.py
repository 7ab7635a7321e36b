"""Records: what one platform publishes about one initiative, as the source writes it (raw) and normalised."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from dataclasses import field as dataclass_field
from typing import Any, Self

from vocabulary.characters import storable

Texts = Mapping[str, str]
"""Text by BCP 47 tag (`lv`, `en` …); `und` where the language is unknown. Plain text without markup, never empty."""
FIELDS_OUTSIDE_HASH = ("fetched_at", "platform")
"""Fields that change without the source's content and are left out of Record.content_hash."""
_DEGREES = frozenset({"lat", "lon"})
_LISTS = frozenset({"countries", "sectors", "themes", "tags", "same_as", "languages"})


@dataclass(frozen=True, slots=True)
class Identifier:
    """A register's number of an organisation. `scheme` is an org-id.guide code such as `LV-RE`."""

    scheme: str
    value: str


MAX_ID_BYTES = 2000
"""Of a remote id; more could not be indexed. Longer ones are cut, and end in a hash of the whole."""
MAX_SOURCE_DEPTH = 50
"""Of lists and objects in each other in a source's own data; more could not be handed over and stored."""


@dataclass(slots=True)
class RawRecord:
    """One initiative as the source writes it, before it is normalised.

    `remote_id` names it within the platform, `url` is its page at the source. `fields` maps our field names to what the
    source writes: text, HTML (in title, summary and description), a number, or a list of these. `types` are schema.org or
    WordPress type names. `lang` is the BCP 47 tag that its address or markup suggests. `translations` holds the texts in
    further languages that the source declares: `{tag: {"title": …, "summary": …, "description": …}}`. `changed_at` is the
    date of the last change as the source writes it, `read_on` the ISO 8601 day on which its page was read. `source` is the
    source's own data, a JSON object that is stored with the record. `alternates` maps the tag of a further language to the
    address of the same page in it (hreflang). `failure` is the name of the error in which reading the entry ended; such a
    record has no fields and is refused.
    """

    remote_id: str
    url: str | None
    fields: dict[str, Any]
    lang: str | None = None
    types: tuple[str, ...] = ()
    translations: dict[str, dict[str, str]] = dataclass_field(default_factory=dict)
    changed_at: str | None = None
    source: dict[str, Any] = dataclass_field(default_factory=dict)
    alternates: dict[str, str] = dataclass_field(default_factory=dict)
    failure: str | None = None
    read_on: str | None = None

    def __post_init__(self) -> None:
        """Sources write anything anywhere: what must be a text and is none counts as unknown, what is nested too deep as null."""
        self.remote_id = _short_id(str(self.remote_id))
        if _is_deep(self.source, MAX_SOURCE_DEPTH):
            self.source = _shallow(self.source, MAX_SOURCE_DEPTH)
        self.url, self.lang, self.changed_at = (
            value if isinstance(value, str) else None for value in (self.url, self.lang, self.changed_at)
        )

    def to_json(self) -> dict[str, Any]:
        """Return all of it as a JSON object, without control characters; what JSON cannot hold becomes its text (`str`)."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self), ensure_ascii=False, default=str))
        return dict(storable(data))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the raw record of an object that `to_json` made; keys of other versions are left out."""
        known = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        return cls(**known | {"types": tuple(data.get("types", ()))})


@dataclass(frozen=True, slots=True)
class Record:
    """One initiative as one platform publishes it, normalised.

    An unknown field is None or empty, never guessed. `kind`, `sectors` and `themes` are ids of the vocabulary, countries
    ISO 3166-1 alpha-2 codes; `country` is the seat, `countries` are those where it works, the seat included. `lat` and
    `lon` are WGS 84 degrees. Dates are ISO 8601 in the precision known (`2024`, `2024-05`, `2024-05-01`, for events with
    time and offset); `source_changed_at` and `fetched_at` are UTC instants ending in `Z`. `url` is the page at the source,
    `website` the initiative's own site, both absolute http(s) addresses. `raw` is the source's own data.

    `derived` is the provenance of concluded values: the field's name to what the value was concluded from
    (`{"sectors": "legal form biedrība"}`). Derived coordinates are those of a town's centre (`{"lat": "town Cēsis",
    "lon": …}`): good enough for a map, but no evidence that two records are the same initiative.
    """

    remote_id: str
    url: str | None = None
    kind: str | None = None
    title: Texts = dataclass_field(default_factory=dict)
    summary: Texts = dataclass_field(default_factory=dict)
    description: Texts = dataclass_field(default_factory=dict)
    country: str | None = None
    countries: tuple[str, ...] = ()
    region: str | None = None
    place: str | None = None
    address: str | None = None
    lat: float | None = None
    lon: float | None = None
    sectors: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    legal_form: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    organisation: str | None = None
    tags: tuple[str, ...] = ()
    website: str | None = None
    same_as: tuple[str, ...] = ()
    email: str | None = None
    phone: str | None = None
    image: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    languages: tuple[str, ...] = ()
    licence: str | None = None
    source_changed_at: str | None = None
    platform: str | None = None
    fetched_at: str | None = None
    derived: Mapping[str, str] = dataclass_field(default_factory=dict)
    raw: Mapping[str, Any] = dataclass_field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object of the record contract: every field is present, tuples are lists.

        Everything that is stored or written comes through here, so this is where control characters are left out.
        """
        data = {name: getattr(self, name) for name in _NAMES}
        data["identifiers"] = [asdict(identifier) for identifier in self.identifiers]
        data["raw"] = json.loads(json.dumps(self.raw, ensure_ascii=False)) if self.raw else {}
        return dict(storable(data))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Record:
        """Return the record of a JSON object that crawlers.record_checks has checked; unknown keys are left out."""
        known = {name: data[name] for name in _NAMES if data.get(name) is not None}
        for name in _LISTS & known.keys():
            known[name] = tuple(known[name])
        for name in _DEGREES & known.keys():
            known[name] = float(known[name])
        if "identifiers" in known:
            known["identifiers"] = tuple(Identifier(**pair) for pair in known["identifiers"])
        return cls(**known)

    def content_hash(self) -> str:
        """Return the content_hash of its JSON object."""
        return content_hash(self.to_json())


_NAMES = tuple(field.name for field in fields(Record))


def content_hash(payload: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hex, of all fields of a record's JSON object but FIELDS_OUTSIDE_HASH."""
    content = {name: value for name, value in payload.items() if name not in FIELDS_OUTSIDE_HASH}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of one item that could not be taken, worded so that its publisher can correct it.

    `severity` is `refused` (the item was left out) or `warning` (the item came in without this field's value). `reason` is
    a message id (English, with named placeholders) that `values` fill, so it can be shown in any interface language.
    """

    severity: str
    reason: str
    url: str | None = None
    remote_id: str | None = None
    field: str | None = None
    value: str | None = None
    values: Mapping[str, str] = dataclass_field(default_factory=dict)

    def message(self) -> str:
        """Return the reason in English with its placeholders filled."""
        return self.reason % dict(self.values) if self.values else self.reason


def _short_id(remote_id: str) -> str:
    """The id, or for a long one its beginning with the SHA-256 of all of it, in hex."""
    whole = remote_id.encode("utf-8", "replace")
    if len(whole) <= MAX_ID_BYTES:
        return remote_id
    return f"{whole[: MAX_ID_BYTES - 100].decode('utf-8', 'ignore')}#{hashlib.sha256(whole).hexdigest()}"


def _is_deep(value: Any, depth: int) -> bool:
    """Whether lists and objects are nested in a JSON value more than `depth` times."""
    if not isinstance(value, dict | list):
        return False
    return depth == 0 or any(_is_deep(part, depth - 1) for part in (value.values() if isinstance(value, dict) else value))


def _shallow(value: Any, depth: int) -> Any:
    """The JSON value with null for each list and object that is nested more than `depth` times."""
    if isinstance(value, dict):
        return {name: _shallow(part, depth - 1) for name, part in value.items()} if depth else None
    if isinstance(value, list):
        return [_shallow(part, depth - 1) for part in value] if depth else None
    return value
