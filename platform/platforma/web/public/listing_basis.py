"""What a value of a listing was concluded from, in words for readers."""

from __future__ import annotations

from crawlers.basis import BasisKind
from platforma.catalogue.listings.listing import Listing
from platforma.i18n import gettext as _
from vocabulary.messages import N_

BASIS_LABELS = {
    BasisKind.LEGAL_FORM: N_("by the legal form %(what)s"),
    BasisKind.SCHEMA_TYPE: N_("by the source's data"),
    BasisKind.TOWN: N_("by the town %(what)s"),
    BasisKind.TERM: N_("by the source's data"),
}
"""The labels of bases with a value. The terms of a source's own data say nothing to readers: they are not named."""
BASIS_FIELD_LABELS = {
    "title": N_("by the name"),
    "legal_name": N_("by the name in the register"),
    "address": N_("by the address"),
    "place": N_("by the place"),
    "region": N_("by the region"),
    "coordinates": N_("by the coordinates"),
    "postcode": N_("by the postal code"),
    "phone": N_("by the telephone number"),
    "registration": N_("by the register number"),
    "year": N_("the year is taken from the day of the page"),
}
"""The labels of bases that are a field as a whole (BasisKind.FIELD)."""


def derived_from(listing: Listing, field: str) -> str | None:
    """What a field's value was concluded from, in the reader's language; None where a source or a person states it."""
    basis = listing.basis(field)
    if basis is None:
        return None
    if basis.kind == BasisKind.FIELD:
        return _(BASIS_FIELD_LABELS[basis.value])
    return _(BASIS_LABELS[basis.kind], what=basis.value)
