"""The listing that an address of the API names."""

from __future__ import annotations

from flask import abort, redirect, request, url_for

from platforma.catalogue.database import Session
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.listing_queries import Moved


def asked_listing(session: Session, public_id: str, endpoint: str) -> Listing:
    """The public listing of this id. Raises NotFound and Suppressed.

    Where it was joined with another one, the request ends here: with a redirect to the same `endpoint` for that one.
    """
    listing = listing_queries.listing(session, public_id)
    if isinstance(listing, Moved):
        abort(redirect(url_for(endpoint, public_id=listing.public_id, lang=request.args.get("lang")), 301))
    return listing
