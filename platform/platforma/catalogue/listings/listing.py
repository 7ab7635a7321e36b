"""The listing as pages, API and index read it: values with their languages and origins, apart from the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawlers.basis import Basis

INTERFACE_LANGUAGES = ("lv", "en")
TEXT_FIELDS = ("title", "summary", "description")
LIST_FIELDS = ("countries", "sectors", "themes", "tags", "same_as", "languages", "identifiers")
PLAIN_FIELDS = (
    "kind", "country", "region", "place", "address", "lat", "lon", "legal_form", "organisation", "website", "email",
    "phone", "image", "start_date", "end_date", "licence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its BCP 47 tag; `lang` None where the language is not known."""

    text: str
    lang: str | None


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
    """

    public_id: str
    slug: str
    state: str
    version: int
    texts: Mapping[str, Mapping[str, str]]
    fields: Mapping[str, Any]
    sources: tuple[Source, ...]
    original_lang: str | None
    origins: Mapping[str, str] = field(default_factory=dict)
    derived: Mapping[str, str] = field(default_factory=dict)
    published_at: datetime | None = None
    changed_at: datetime | None = None
    full_text_allowed: bool = False

    def shown(self, name: str, lang: str) -> Text | None:
        """A text field for a reader: their language, the other interface language, the original, then by code."""
        texts = self.texts.get(name) or {}
        order = (lang, *INTERFACE_LANGUAGES, self.original_lang, *sorted(texts))
        chosen = next((code for code in order if code in texts), None)
        return None if chosen is None else Text(texts[chosen], None if chosen == "und" else chosen)

    def title(self, lang: str) -> Text:
        """The shown title; every listing has one."""
        return self.shown("title", lang) or Text(self.public_id, None)

    def get(self, name: str) -> Any:
        """A field that has no language; None or an empty tuple where nobody said it."""
        return self.fields.get(name, () if name in LIST_FIELDS else None)

    def basis(self, name: str) -> Basis | None:
        """What a field's value was concluded from; None where somebody says it. The seat's basis is also the countries'."""
        is_of_seat = name == "countries" and self.origins.get(name) not in ("curator", "owner")
        text = self.derived.get("country" if is_of_seat else name)
        return None if text is None else Basis.parse(text)

    @property
    def last_seen_at(self) -> datetime | None:
        """When any source was last seen to hold it, in UTC; None for a listing without a source."""
        return max((source.last_seen_at for source in self.sources), default=None)

    @property
    def is_gone(self) -> bool:
        """Whether no source holds it any more."""
        return bool(self.sources) and all(source.state != "seen" for source in self.sources)
