"""Pictures of listings: their addresses here, and what is served there. No page has an address of a foreign image."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, Response, abort, request

from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.pictures.shown import PictureSize, picture_bytes
from platforma.web.assets import KEPT_FOR_A_YEAR
from platforma.web.context import services

blueprint = Blueprint("pictures", __name__)
FOLDER = "/pictures"
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a listing: its address without a host, and its size in CSS pixels."""

    url: str
    width: int
    height: int


def picture_url(listing: Listing, size: PictureSize) -> str | None:
    """The address of a listing's picture in a size, without a host; None where we have none, or may not show it."""
    picture = shown_picture(listing, size)
    return picture.url if picture else None


def shown_picture(listing: Listing, size: PictureSize) -> Picture | None:
    """A listing's picture in a size; None where we have none, or may not show it."""
    kept = listing.picture
    if kept is None:
        return None
    width, height = (kept.thumb_width, kept.thumb_height) if size == "thumb" else (kept.width, kept.height)
    return Picture(f"{request.script_root}{FOLDER}/{kept.hash}-{size}.webp", width, height)


@blueprint.get(f"{FOLDER}/<digest>-<any(thumb, page):size>.webp")
def picture(digest: str, size: PictureSize) -> Response:
    """A kept picture, whose address never gives another one; 404 for one that no public listing shows (any more)."""
    data = None
    if DIGEST.fullmatch(digest):
        with services().database.reading() as session:
            data = picture_bytes(session, digest, size)
    if data is None:
        abort(404)
    answer = Response(data, mimetype="image/webp")
    answer.headers["Cache-Control"] = KEPT_FOR_A_YEAR
    return answer
