"""The columns of tables of listings: first what people read, in their language, then the ids that programs join by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.shapes import LineField, TextListField
from platforma.i18n import gettext as _
from platforma.i18n import language_name
from platforma.web.context import absolute
from platforma.web.labels import field_label
from platforma.web.public.rows import listing_url, vocabulary_label
from platforma.web.public.take.export import Export
from platforma.web.public.take.plain_text import printable
from vocabulary import FIELD_DIMENSIONS

CellKind = Literal["text", "date", "link", "number"]
Cell: TypeAlias = str | float | date | datetime | None
"""The value of a cell; a time of day is that of the place, without an offset."""
SEPARATOR = "; "


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading in the reader's language, what its cells are, their width in characters, and a listing's value."""

    heading: str
    kind: CellKind
    width: int
    value: Callable[[Listing, Export], Cell]


def columns() -> list[Column]:
    """All columns, with headings in the reader's language; those of ids are headed as the API names them, in every language."""
    return [*_columns_for_people(), *_columns_for_programs()]


def _columns_for_people() -> list[Column]:
    return [
        Column(field_label("title"), "text", 40, lambda listing, export: printable(listing.title(export.lang).text)),
        Column(_("Language of the title"), "text", 12, _title_language),
        Column(field_label("summary"), "text", 60, lambda listing, export: _text(listing, "summary", export.lang)),
        Column(field_label("description"), "text", 40, _description),
        _labels(field_label("kind"), 20, "kind"),
        _labels(field_label("countries"), 20, "countries"),
        *(_line(name, 20) for name in _WHERE),
        _labels(field_label("sectors"), 20, "sectors"),
        _labels(field_label("themes"), 30, "themes"),
        *(_line(name, 20) for name in _WHO),
        Column(field_label("start_date"), "date", 16, lambda listing, _export: _moment(listing.get("start_date"))),
        Column(field_label("end_date"), "date", 16, lambda listing, _export: _moment(listing.get("end_date"))),
        *(_line(name, 24) for name in ("email", "phone")),
        Column(field_label("website"), "link", 30, lambda listing, _export: listing.get("website")),
        Column(_("Page in this directory"), "link", 30, lambda listing, _export: absolute(listing_url(listing))),
        Column(_("Source"), "text", 24, _source_titles),
        Column(field_label("url"), "link", 30, _source_address),
        Column(field_label("licence"), "text", 16, lambda listing, export: export.licence(listing)),
        Column(_("Last seen at the source"), "date", 12, _last_seen_on),
    ]


def _columns_for_programs() -> list[Column]:
    return [
        Column("id", "text", 12, lambda listing, _export: listing.public_id),
        _ids("kind"),
        _ids("country"),
        *(_ids(name) for name in ("countries", "sectors", "themes", "languages")),
        Column("identifiers", "text", 20, _identifiers),
        Column("platforms", "text", 16, _platform_ids),
        Column("lat", "number", 10, lambda listing, _export: listing.get("lat")),
        Column("lon", "number", 10, lambda listing, _export: listing.get("lon")),
    ]


_WHERE: tuple[LineField, ...] = ("region", "place", "address")
_WHO: tuple[LineField, ...] = ("organisation", "legal_form")


def _line(name: LineField, width: int) -> Column:
    """A field of one line."""
    return Column(field_label(name), "text", width, lambda listing, _export: _clean(listing.get(name)))


def _labels(heading: str, width: int, name: Literal["kind"] | TextListField) -> Column:
    """The labels of a field's ids."""

    def value(listing: Listing, export: Export) -> str:
        return SEPARATOR.join(vocabulary_label(FIELD_DIMENSIONS[name], id, export.lang) for id in ids_of(listing, name))

    return Column(heading, "text", width, value)


def _ids(name: Literal["kind", "country"] | TextListField) -> Column:
    return Column(name, "text", 16, lambda listing, _export: SEPARATOR.join(ids_of(listing, name)))


def ids_of(listing: Listing, name: Literal["kind", "country"] | TextListField) -> Sequence[str]:
    """The ids of a field that has one or several; empty where nobody said any."""
    value = listing.get(name) or ()
    return (value,) if isinstance(value, str) else value


def _clean(text: str | None) -> str | None:
    return printable(text) if text else None


def _text(listing: Listing, name: str, lang: str) -> str | None:
    shown = listing.shown(name, lang)
    return printable(shown.text) if shown else None


def _description(listing: Listing, export: Export) -> str | None:
    """The whole description, only where the source's licence or the owner's word lets us show it."""
    return _text(listing, "description", export.lang) if listing.full_text_allowed else None


def _title_language(listing: Listing, export: Export) -> str | None:
    lang = listing.title(export.lang).lang
    return language_name(lang) if lang else None


def _source_titles(listing: Listing, _export: Export) -> str:
    return SEPARATOR.join(dict.fromkeys(source.platform_title for source in listing.sources))


def _platform_ids(listing: Listing, _export: Export) -> str:
    return SEPARATOR.join(dict.fromkeys(source.platform_id for source in listing.sources))


def _source_address(listing: Listing, _export: Export) -> str | None:
    return next((source.url for source in listing.sources if source.url), None)


def _identifiers(listing: Listing, _export: Export) -> str:
    """Register numbers with their org-id.guide code, as `LV-RE-40001234567`."""
    return SEPARATOR.join(f"{identifier['scheme']}-{identifier['value']}" for identifier in listing.get("identifiers"))


def _last_seen_on(listing: Listing, _export: Export) -> date | None:
    return listing.last_seen_at.date() if listing.last_seen_at else None


def _moment(text: str | None) -> Cell:
    """A date of a record: a day, a time at the place, or the text itself where it is not known to the day."""
    try:
        if text and "T" in text:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        return date.fromisoformat(text) if text and len(text) == len("2026-01-01") else text
    except ValueError:
        return text
