"""Who allows a listing's picture: the licence of the record that it is from, or the word of the owner or a curator."""

from __future__ import annotations

from collections.abc import Collection

from platforma.catalogue.models import Record
from platforma.catalogue.pictures.wanted import WantedImage
from platforma.catalogue.shapes import Composed

PEOPLE = ("owner", "curator")


def allowed_image(composed: Composed, records: Collection[Record]) -> WantedImage | None:
    """The image that a listing may show; None where it has none, or nobody allowed it.

    An image that a person gave is allowed. One of a record is allowed while the listing shows a licence, and this is either
    a person's word or the record's own: another record's licence says nothing about this one's image.
    """
    url, origins = composed["fields"].get("image"), composed["origins"]
    if not url:
        return None
    if origins["image"] in PEOPLE:
        return WantedImage(url, None)
    if not composed["fields"].get("licence"):
        return None
    is_allowed = origins["licence"] in PEOPLE or any(
        record.payload.get("licence")
        for record in records
        if record.platform_id == origins["image"] and record.payload.get("image") == url
    )
    return WantedImage(url, origins["image"]) if is_allowed else None
