"""Shapes of the JSON in the rows of records and listings. Keys and order are part of the database and of exports."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

TextField = Literal["title", "summary", "description"]
"""A field with a text per language."""
TextListField = Literal["countries", "sectors", "themes", "tags", "same_as", "languages"]
ListField = Literal[TextListField, "identifiers"]
"""A field without a language that holds a list."""
NumberField = Literal["lat", "lon"]
LineField = Literal[
    "kind", "country", "region", "place", "address", "legal_form", "organisation", "website", "email", "phone", "image",
    "start_date", "end_date", "licence",
]  # fmt: skip
"""A field without a language that holds one text."""
PlainField = Literal[LineField, NumberField]
"""A field without a language that holds one value."""


class RegisterNumber(TypedDict):
    """An organisation's number in a register; `scheme` is an org-id.guide code such as `LV-RE`."""

    scheme: str
    value: str


FieldValue: TypeAlias = str | float | list[str] | list[RegisterNumber] | None
"""The value of any field: a text (one language of a text field), a number of degrees, or a list."""
Texts: TypeAlias = dict[str, str]
"""Text by BCP 47 tag, `und` where the language is not known."""


StoredReason: TypeAlias = tuple[str, dict[str, str]]
"""A reason of a score as a row holds it: a message id, and the values of its placeholders."""


class SplitRule(TypedDict):
    """Which listings of a term go to another one, `into`: those of a platform, of a kind, in whose texts a word begins like
    this, or chosen by public id. All conditions that are not empty must hold."""

    into: str
    platform: str
    kind: str
    word: str
    listings: list[str]


class RecordPayload(TypedDict):
    """A record as its row holds it: crawlers.record.Record as a JSON object (see there for the fields)."""

    remote_id: str
    url: str | None
    kind: str | None
    title: Texts
    summary: Texts
    description: Texts
    country: str | None
    countries: list[str]
    region: str | None
    place: str | None
    address: str | None
    lat: float | None
    lon: float | None
    sectors: list[str]
    themes: list[str]
    legal_form: str | None
    identifiers: list[RegisterNumber]
    organisation: str | None
    tags: list[str]
    website: str | None
    same_as: list[str]
    email: str | None
    phone: str | None
    image: str | None
    start_date: str | None
    end_date: str | None
    languages: list[str]
    licence: str | None
    source_changed_at: str | None
    platform: str | None
    fetched_at: str | None
    derived: dict[str, str]
    raw: dict[str, object]


class ListingFields(TypedDict, total=False):
    """The fields without a language that a listing shows; those that nobody said are missing."""

    kind: str
    country: str
    countries: list[str]
    region: str
    place: str
    address: str
    lat: float
    lon: float
    sectors: list[str]
    themes: list[str]
    legal_form: str
    identifiers: list[RegisterNumber]
    organisation: str
    tags: list[str]
    website: str
    same_as: list[str]
    email: str
    phone: str
    image: str
    start_date: str
    end_date: str
    languages: list[str]
    licence: str


class Composed(TypedDict, total=False):
    """A listing as its row holds it; empty for one that was merged into another or removed for good.

    `texts` maps a text field to its texts. `origins` maps `field` or `field/lang` to the layer or platform id that the value
    is from, `derived` a field to the text of its Basis. `licensed`: whether the description may be shown whole.
    """

    texts: dict[str, Texts]
    fields: ListingFields
    origins: dict[str, str]
    derived: dict[str, str]
    original_lang: str | None
    licensed: bool
    slug: str
