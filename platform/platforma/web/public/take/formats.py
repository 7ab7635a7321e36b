"""The formats in which a search can be taken along: one table from the end of an address to what writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from platforma.catalogue.listings.listing import Listing
from platforma.web.public.take.comma_separated import csv_pieces
from platforma.web.public.take.export import Export
from platforma.web.public.take.ics import calendar_pieces
from platforma.web.public.take.json_lists import geojson_pieces, json_ld_pieces, json_lines_pieces, json_pieces
from platforma.web.public.take.search_feed import feed_pieces
from platforma.web.public.take.workbook import workbook_pieces


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its media type, and what makes a file of a search and its listings, in pieces.

    `newest`: the file holds only so many listings, the newest first; None for all of them in the order of the page.
    `how` browsers show it: as an attachment to be saved, or inline.
    """

    media_type: str
    pieces: Callable[[Export, Iterable[Listing]], Iterator[bytes]]
    newest: int | None = None
    how: str = "attachment"


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", csv_pieces),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook_pieces),
    "json": Format("application/json", json_pieces),
    "jsonl": Format("application/jsonl; charset=utf-8", json_lines_pieces),
    "jsonld": Format("application/ld+json", json_ld_pieces),
    "geojson": Format("application/geo+json", geojson_pieces),
    "atom": Format("application/atom+xml; charset=utf-8", feed_pieces, newest=100, how="inline"),
    "ics": Format("text/calendar; charset=utf-8", calendar_pieces),
}
