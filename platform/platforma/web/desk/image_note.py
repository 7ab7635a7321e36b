"""What became of a listing's image, in words for curators: why it is not shown, and what to do."""

from __future__ import annotations

from platforma.catalogue.enums import PictureState
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.pictures.shown import ImageStatus
from platforma.i18n import gettext as _
from platforma.web.crawl_views import reason_of


def image_note(listing: Listing, status: ImageStatus | None) -> str:
    """Some sentences; empty for a listing without an image. `status` is None for an image that may not be shown."""
    if not listing.get("image"):
        return ""
    if status is None:
        return _(
            "It is not shown, because its source names no licence. If the organisation allowed you to show it, save its address"
            " here; it then counts as given by you."
        )
    reason = reason_of(status.reason, status.values)
    why = " ".join(filter(None, (reason.what, reason.advice)))
    if status.state == PictureState.REFUSED:
        return _("It was refused: %(why)s You can save the address of another one here.", why=why)
    if status.reason:
        return _("It could not be fetched and is tried again: %(why)s", why=why)
    if status.state == PictureState.WAITING:
        return _("It is fetched within some minutes, once the listing is public.")
    return _("Our copy of it is shown.")
