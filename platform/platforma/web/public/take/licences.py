"""The licences of listings."""

from __future__ import annotations

from collections.abc import Mapping

from platforma.catalogue.listings.listing import Listing


def licence_of(listing: Listing, platform_licences: Mapping[str, str]) -> str | None:
    """The licence under which a listing is published: its own, else that of the first of its platforms that names one.

    `platform_licences` are by platform id. None where nobody names a licence.
    """
    of_platforms = (platform_licences.get(source.platform_id) for source in listing.sources)
    return listing.get("licence") or next(filter(None, of_platforms), None)
