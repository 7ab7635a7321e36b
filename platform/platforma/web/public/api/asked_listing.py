"""The listing that an address of the API names, or a redirect to the one that it was joined with."""

from __future__ import annotations

from flask import abort, redirect, request, url_for

from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.listing_queries import Moved


def listing_or_redirect(asked: Listing | Moved, endpoint: str) -> Listing:
    """The listing that was asked for; where it was joined with another one, the request ends here, with a redirect to that one
    at the same `endpoint`."""
    if isinstance(asked, Moved):
        abort(redirect(url_for(endpoint, public_id=asked.public_id, lang=request.args.get("lang")), 301))
    return asked
