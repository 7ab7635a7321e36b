"""The listing as pages, API and index read it: values with their languages and origins, independent of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias, cast, get_args, overload

from crawlers.basis import Basis
from platforma.catalogue.listings.days import first_day, last_day
from platforma.catalogue.pictures.shown import KeptPicture
from platforma.catalogue.shapes import (
    FieldValue,
    LineField,
    ListField,
    ListingFields,
    NumberField,
    PlainField,
    RegisterNumber,
    TextField,
    TextListField,
)
from vocabulary.languages import LANGUAGES

TEXT_FIELDS: tuple[TextField, ...] = get_args(TextField)
"""Fields with a text per language."""
LIST_FIELDS: tuple[ListField, ...] = get_args(ListField)
"""Fields without a language that hold lists."""
PLAIN_FIELDS: tuple[PlainField, ...] = (
    "kind", "country", "region", "place", "address", "lat", "lon", "legal_form", "organisation", "website", "email",
    "phone", "image", "start_date", "end_date", "licence",
)  # fmt: skip
"""Fields without a language that hold one text, or one number."""
ShownValue: TypeAlias = str | float | Sequence[str] | Sequence[RegisterNumber] | None
"""The value of a field without a language."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its BCP 47 tag; `lang` None where the language is not known."""

    text: str
    lang: str | None


def text_for(lang: str, texts: Mapping[str, str], original_lang: str | None) -> Text | None:
    """Of the texts of a field, that for a reader: in their language, else an interface language, else the original one, else
    the first by code. None where there is no text."""
    order = (lang, *LANGUAGES, original_lang, *sorted(texts))
    chosen = next((code for code in order if code in texts), None)
    return None if chosen is None else Text(texts[chosen], None if chosen == "und" else chosen)


@dataclass(frozen=True, slots=True)
class Source:
    """One platform's record behind a listing; `last_seen_at` is in UTC, `state` is seen, gone or archived."""

    platform_id: str
    platform_title: str
    remote_id: str
    url: str | None
    last_seen_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One initiative as it is shown. `texts` maps a text field to {BCP 47 tag or und: text}; `fields` holds the rest.

    `origins` maps `field` or `field/lang` to where the shown value is from: `curator`, `owner` or a platform's id.
    `derived` maps a field to what its value was concluded from, as text (see `basis`). `full_text_allowed` says whether
    the description may be shown whole (a licence or the owner's word); else pages show at most 300 characters and a link.
    `picture` is our own copy of its image, where one is kept and allowed; the address in `image` is only where it is from.
    `is_only_name`: it is no listing among others, but a platform of which nothing else is known.
    """

    public_id: str
    slug: str
    state: str
    version: int
    texts: Mapping[str, Mapping[str, str]]
    fields: ListingFields
    sources: tuple[Source, ...]
    original_lang: str | None
    origins: Mapping[str, str] = field(default_factory=dict)
    derived: Mapping[str, str] = field(default_factory=dict)
    published_at: datetime | None = None
    changed_at: datetime | None = None
    full_text_allowed: bool = False
    picture: KeptPicture | None = None
    is_only_name: bool = False

    def shown(self, name: str, lang: str) -> Text | None:
        """A text field for a reader: in their language, else an interface language, else the original one, else the first
        by code. None where no language has a text."""
        return text_for(lang, self.texts.get(name) or {}, self.original_lang)

    def title(self, lang: str) -> Text:
        """The title for a reader; the public id where no language has one."""
        return self.shown("title", lang) or Text(self.public_id, None)

    @overload
    def get(self, name: NumberField) -> float | None: ...
    @overload
    def get(self, name: LineField) -> str | None: ...
    @overload
    def get(self, name: TextListField) -> Sequence[str]: ...
    @overload
    def get(self, name: Literal["identifiers"]) -> Sequence[RegisterNumber]: ...
    @overload
    def get(self, name: str) -> ShownValue: ...
    def get(self, name: str) -> ShownValue:
        """A field that has no language; None, or an empty sequence for a list, where nobody said it."""
        return cast(Mapping[str, FieldValue], self.fields).get(name, () if name in LIST_FIELDS else None)

    def basis(self, name: str) -> Basis | None:
        """What a field's value was concluded from; None where somebody says it. The seat's basis is also the countries'."""
        is_of_seat = name == "countries" and self.origins.get(name) not in ("curator", "owner")
        text = self.derived.get("country" if is_of_seat else name)
        return None if text is None else Basis.parse(text)

    @property
    def starts_on(self) -> date | None:
        """The first day of an event; None for all other kinds, and where not even its month is known."""
        return first_day(self.get("start_date")) if self.get("kind") == "event" else None

    @property
    def ends_on(self) -> date | None:
        """The last day of an event or call; None for all other kinds, and where not even its month is known.

        An event without an end lasts for one day. A call that only begins on a day has no deadline.
        """
        last = self.get("end_date")
        if self.get("kind") == "event":
            return last_day(last or self.get("start_date"))
        return last_day(last) if self.get("kind") == "funding" else None

    def is_over(self, today: date) -> bool:
        """Whether it is an event or call that ended before `today`."""
        return self.ends_on is not None and self.ends_on < today

    @property
    def last_seen_at(self) -> datetime | None:
        """The last instant, in UTC, at which a source listed it; None for a listing without sources."""
        return max((source.last_seen_at for source in self.sources), default=None)

    @property
    def is_gone(self) -> bool:
        """Whether none of its sources lists it any more; False without sources."""
        return bool(self.sources) and all(source.state != "seen" for source in self.sources)
