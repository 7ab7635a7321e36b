"""Where the values of a listing are from: each source and each group of people, with the fields that are theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from platforma.catalogue.listings.listing import TEXT_FIELDS, Listing, Source
from platforma.i18n import gettext as _
from platforma.web.labels import field_label
from platforma.web.public.listing_facts import Fact

MAX_LINES, MAX_LABELS = 2, 3
"""So many origins are told in plain lines, each with so many fields; the table has all."""


@dataclass(frozen=True, slots=True)
class OriginField:
    """A field of the page by its label; `derived` says what its value was concluded from, None where it is stated."""

    label: str
    derived: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Who says some of the values: a source with its page and the instant, in UTC, at which it was last seen, or people.

    `fields` is empty for a source of which nothing is shown, because others say the same.
    """

    title: str
    fields: Sequence[OriginField]
    url: str | None = None
    last_seen_at: datetime | None = None

    @property
    def labels(self) -> str:
        """The first fields in one line, as a sentence begins: `Title, summary, description and more`."""
        labels = [field.label for field in self.fields][:MAX_LABELS]
        named = ", ".join((labels[0], *(label[:1].lower() + label[1:] for label in labels[1:])))
        return named if len(self.fields) <= MAX_LABELS else _("%(named)s and more", named=named)


@dataclass(frozen=True, slots=True)
class Origins:
    """All origins of a listing; `lines` are the first few of which something is shown."""

    all: Sequence[Origin]
    lines: Sequence[Origin]

    @property
    def is_one(self) -> bool:
        """Whether everything is from one and the same."""
        return len(self.all) == 1


def origins(listing: Listing, facts: Sequence[Fact], platforms: Mapping[str, str]) -> Origins:
    """The origins of what a page shows; `platforms` are titles by id, for values whose record is no more a source."""
    fields = _fields_by_origin(listing, facts)
    found = [_of_source(source, fields.pop(source.platform_id, ())) for source in listing.sources]
    people = {"owner": _("the organisation itself"), "curator": _("our curators")}
    found += [Origin(people.get(id) or platforms.get(id, id), tuple(said)) for id, said in fields.items()]
    return Origins(found, [origin for origin in found if origin.fields][:MAX_LINES])


def _of_source(source: Source, fields: Sequence[OriginField]) -> Origin:
    return Origin(source.platform_title, tuple(fields), source.url, source.last_seen_at)


def _fields_by_origin(listing: Listing, facts: Sequence[Fact]) -> dict[str, list[OriginField]]:
    """What each origin says, by its id: texts first, then facts, the site, and the point of the map."""
    fields: defaultdict[str, dict[OriginField, None]] = defaultdict(dict)
    for name in TEXT_FIELDS:
        for lang in listing.texts.get(name, {}):
            _add(fields, listing, f"{name}/{lang}", OriginField(field_label(name)))
    for fact in facts:
        _add(fields, listing, fact.field, OriginField(fact.label, fact.derived))
    _add(fields, listing, "website", OriginField(field_label("website")))
    _add(fields, listing, "lat", OriginField(_("Point on the map")))
    return {origin: list(said) for origin, said in fields.items()}


def _add(fields: defaultdict[str, dict[OriginField, None]], listing: Listing, key: str, field: OriginField) -> None:
    if origin := listing.origins.get(key):
        fields[origin][field] = None
