"""The record: what one platform says of one initiative, normalised, with the source's own words kept in `raw`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from dataclasses import field as default
from typing import Any, Self

Texts = Mapping[str, str]
"""Text by BCP 47 tag (`lv`, `en` …), `und` where the language is not known. Plain text, no markup, never empty."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A register's number for an organisation; `scheme` is an org-id.guide code such as `LV-RE`."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Record:
    """One initiative as one platform publishes it.

    Unknown fields are None or empty, never guessed. Kinds, sectors and themes are ids of the vocabulary, countries
    ISO 3166-1 alpha-2 codes. `country` is the seat, `countries` where it works (the seat included). Dates are ISO 8601
    to the precision known (`2024`, `2024-05`, `2024-05-01`, events with time and offset); `source_changed_at` and
    `fetched_at` are UTC instants ending in `Z`. `lat` and `lon` are WGS 84 degrees. `url` is the page at the source,
    `website` the initiative's own site, both absolute http(s) addresses. `derived` names the fields whose value was
    concluded, with what it was concluded from (`{"sectors": "legal form biedrība"}`); coordinates among them are those of a
    town's centre (`{"lat": "town Cēsis", "lon": …}`): near enough for a map, and no sign that two records are the same.
    """

    remote_id: str
    url: str | None = None
    kind: str | None = None
    title: Texts = default(default_factory=dict)
    summary: Texts = default(default_factory=dict)
    description: Texts = default(default_factory=dict)
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
    derived: Mapping[str, str] = default(default_factory=dict)
    raw: Mapping[str, Any] = default(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The record as the JSON object of the record contract: lists for tuples, every field present."""
        return json.loads(json.dumps(asdict(self), ensure_ascii=False))  # type: ignore[no-any-return]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Record:
        """The record of a JSON object that was checked before (see crawlers.record_checks); unknown keys are left out."""
        known = {f.name: data[f.name] for f in fields(cls) if data.get(f.name) is not None}
        for name in _LISTS & known.keys():
            known[name] = tuple(known[name])
        for name in _DEGREES & known.keys():
            known[name] = float(known[name])
        if "identifiers" in known:
            known["identifiers"] = tuple(Identifier(**one) for one in known["identifiers"])
        return cls(**known)

    def content_hash(self) -> str:
        """Hex SHA-256 of what the source says; neither `fetched_at` nor `platform` counts."""
        content = {k: v for k, v in self.to_json().items() if k not in ("fetched_at", "platform")}
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


_DEGREES = frozenset({"lat", "lon"})
_LISTS = frozenset({"countries", "sectors", "themes", "tags", "same_as", "languages"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in one item that could not be taken, told so that its publisher can mend it.

    `severity` is `refused` (the item was left out) or `warning` (the item came in without this field's value).
    `reason` is a message id (English, with named placeholders) and `values` fill it, so that it can be shown in any
    interface language.
    """

    severity: str
    reason: str
    url: str | None = None
    remote_id: str | None = None
    field: str | None = None
    value: str | None = None
    values: Mapping[str, str] = default(default_factory=dict)

    def message(self) -> str:
        """The reason in English with its placeholders filled."""
        return self.reason % dict(self.values) if self.values else self.reason


@dataclass(slots=True)
class RawRecord:
    """Fields as the source has them.

    `fields` maps our field names to text, HTML (title, summary, description) or lists of text; `types` are schema.org
    or WordPress type names; `lang` is a hint from address or markup. `translations` holds further languages that the
    source itself declares: tag to {title, summary, description}. `source` is what is kept for later questions.
    `alternates` are the addresses at which the source declares the same in further languages (hreflang), by tag.
    """

    remote_id: str
    url: str | None
    fields: dict[str, Any]
    lang: str | None = None
    types: tuple[str, ...] = ()
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    changed_at: str | None = None
    source: dict[str, Any] = field(default_factory=dict)
    alternates: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """All of it as a JSON object, to be normalised again later; what JSON has no form for stands as its text."""
        return json.loads(json.dumps(asdict(self), ensure_ascii=False, default=str))  # type: ignore[no-any-return]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The raw record of to_json; keys of other versions are left out."""
        known = {f.name: data[f.name] for f in fields(cls) if f.name in data}
        return cls(**known | {"types": tuple(data.get("types", ()))})
