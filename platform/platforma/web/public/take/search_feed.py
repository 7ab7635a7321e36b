"""The newest results of a search as an Atom feed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from platforma.catalogue.listings.listing import Listing
from platforma.web.public.take.export import Export
from platforma.web.public.take.feed import entry, feed_of, feed_xml


def feed_pieces(export: Export, listings: Iterable[Listing]) -> Iterator[bytes]:
    """The feed; its id is its own address."""
    entries = [entry(listing, export.lang, export.licence(listing)) for listing in listings]
    own = export.own_address
    yield feed_xml(feed_of(entries, id=own, title=export.title, address=export.page_address, own_address=own)).encode()
