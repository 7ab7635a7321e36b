"""The columns that the table of a search can have, and what stands in their cells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from platforma.catalogue.listings.listing import Listing
from platforma.i18n import day, language_name, medium_day
from platforma.web.public.rows import vocabulary_label
from platforma.web.public.search_addresses import search_address
from search.port import Query, Sort
from vocabulary.messages import N_


@dataclass(frozen=True, slots=True)
class CellText:
    """One value in a cell, with the address that it leads to; `is_outside` for one of another site."""

    text: str
    url: str | None = None
    is_outside: bool = False


Cell = Sequence[CellText]
ReadCell = Callable[[Listing, str], Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `name` in addresses, the message id of its label, the order that it offers (None: cannot be sorted by it)."""

    name: str
    label: str
    read: ReadCell
    sort: Sort | None = None


def _ids(dimension: str, field: str) -> ReadCell:
    """Values of the vocabulary, each with the search for it."""

    def read(listing: Listing, lang: str) -> Cell:
        value = listing.get(field)
        ids = (value,) if isinstance(value, str) else value if isinstance(value, list | tuple) else ()
        return [CellText(vocabulary_label(dimension, str(id), lang), search_address(dimension, str(id))) for id in ids]

    return read


def _plain(field: str) -> ReadCell:
    def read(listing: Listing, _lang: str) -> Cell:
        value = listing.get(field)
        return [CellText(str(value))] if value else []

    return read


def _date(field: str) -> ReadCell:
    def read(listing: Listing, _lang: str) -> Cell:
        value = listing.get(field)
        return [CellText(medium_day(str(value)))] if value else []

    return read


def _countries(listing: Listing, lang: str) -> Cell:
    ids = listing.get("countries") or tuple(filter(None, (listing.get("country"),)))
    return [CellText(vocabulary_label("country", id, lang), search_address("country", id)) for id in ids]


def _website(listing: Listing, _lang: str) -> Cell:
    url = listing.get("website")
    return [CellText(urlsplit(url).netloc.removeprefix("www.") or url, url, is_outside=True)] if url else []


def _languages(listing: Listing, _lang: str) -> Cell:
    codes = sorted({code for texts in listing.texts.values() for code in texts if code != "und"})
    return [CellText(language_name(code), search_address("language", code)) for code in codes]


def _sources(listing: Listing, _lang: str) -> Cell:
    titles = {source.platform_id: source.platform_title for source in listing.sources}
    return [CellText(title, search_address("platform", id)) for id, title in titles.items()]


def _added(listing: Listing, _lang: str) -> Cell:
    return [CellText(day(listing.published_at))] if listing.published_at else []


COLUMNS: tuple[Column, ...] = (
    Column("kind", N_("Kind"), _ids("kind", "kind")),
    Column("starts", N_("Begins"), _date("start_date"), "soonest"),
    Column("ends", N_("Ends"), _date("end_date")),
    Column("country", N_("Country"), _countries),
    Column("place", N_("Place"), _plain("place")),
    Column("theme", N_("Theme"), _ids("theme", "themes")),
    Column("sector", N_("Sector"), _ids("sector", "sectors")),
    Column("legal_form", N_("Legal form"), _plain("legal_form")),
    Column("website", N_("Website"), _website),
    Column("language", N_("Language"), _languages),
    Column("source", N_("Source"), _sources),
    Column("added", N_("Added"), _added, "newest"),
)
"""Every column beside the title, which is always there, in the order in which they stand."""
DATED = ("starts", "ends")
DEFAULT = ("kind", "country", "place", "theme", "source")


def chosen_columns(names: Sequence[str], usual: Collection[str]) -> tuple[Column, ...]:
    """The columns of these names, in the order of the table; the usual ones where none is named. Unknown names are left out."""
    wanted = set(names) & {column.name for column in COLUMNS} or usual
    return tuple(column for column in COLUMNS if column.name in wanted)


def usual_columns(query: Query, *, has_dates: bool) -> frozenset[str]:
    """The columns of a reader who chose none: with dates where some results have them, without a kind that all have."""
    kinds = query.filters.get("kind")
    is_one_kind = kinds is not None and len(kinds.any_of) == 1
    return frozenset((*DEFAULT, *(DATED if has_dates else ()))) - ({"kind"} if is_one_kind else set())


def cells(listing: Listing, columns: Sequence[Column], lang: str) -> Iterator[Cell]:
    """The cells of a listing's row."""
    return (column.read(listing, lang) for column in columns)
