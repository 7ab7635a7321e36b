"""Fetching one image: by the polite session, with validators, and decoded apart."""

from __future__ import annotations

from dataclasses import dataclass

from crawlers.errors import BadContent
from crawlers.fetch import PoliteSession
from crawlers.images.isolation import recode_apart
from crawlers.images.recoding import ImageFault, ImageRefused, RecodedImage
from crawlers.state import PageValidators
from vocabulary.messages import N_

MAX_BYTES = 8_000_000
ACCEPT = "image/avif,image/webp,image/png,image/jpeg,image/gif;q=0.9"
REASONS = {
    ImageFault.UNREADABLE: N_("this is no PNG, JPEG, WebP, GIF or AVIF image; publish it as one of these"),
    ImageFault.BROKEN: N_("the image is broken or cut off; publish it again"),
    ImageFault.TOO_MANY_PIXELS: N_("the image has too many pixels; publish a smaller one"),
    ImageFault.TOO_SMALL: N_("the image is too small to be shown; publish a larger one"),
    ImageFault.TOO_EXPENSIVE: N_("the image takes too much memory or time to decode; publish a simpler one"),
}


@dataclass(frozen=True, slots=True)
class FetchedImage:
    """What a server answered: the image in our two sizes, or None if it is still the one that the validators name."""

    image: RecodedImage | None
    validators: PageValidators


def fetch_image(session: PoliteSession, url: str, validators: PageValidators | None = None) -> FetchedImage:
    """Return an image in our sizes. What it is, its content says; the server's media type is not asked.

    Raises FetchError (BadContent for what is no usable image), SiteGivenUp, Stopped.
    """
    page = session.get(url, validators, accept=ACCEPT)
    if page.is_not_modified:
        return FetchedImage(None, validators or page.validators)
    if validators is not None and validators.content_hash == page.validators.content_hash:
        return FetchedImage(None, page.validators)
    try:
        return FetchedImage(recode_apart(page.body), page.validators)
    except ImageRefused as error:
        raise BadContent(url, REASONS[error.fault]) from error
