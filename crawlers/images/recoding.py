"""Recoding: a hostile file in, two small WebP pictures out. It runs in a process of its own (see decoder.py).

Only pixels go over: no EXIF (position, camera, owner), no XMP, no comments, no thumbnails, no colour profile, no second frame.
"""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
"""The formats that are decoded, recognised by content. No SVG: it is a document with scripts and addresses."""
MAX_PIXELS = 50_000_000
"""Compared with the size that the header names, before anything is decoded; 200 MB as RGBA."""
MIN_SIDE_PIXELS = 32
"""Anything smaller is a dot that counts visitors, or an icon that nobody would recognise."""
PAGE_BOX = (640, 800)
"""The largest width and height on a page; the proportions stay, and nothing is enlarged."""
THUMB_SIDE = 120
"""Width and height of every picture in a list; twice what rows show, for dense screens."""
MAX_CUT_RATIO = 1.8
"""A photograph of these proportions at most is cut to a square; what is longer is shown whole, as logos are."""
MAX_CORNER_DIFFERENCE = 12
"""How far the corners of a picture may differ, of 255, that has a plain ground, as logos have."""
QUALITY = 80
MAX_GRAY = {"I;16": 65535.0, "I;16B": 65535.0, "I;16L": 65535.0, "I;16N": 65535.0, "I": 65535.0, "F": 1.0}
"""Modes of grey with more than eight bits, with what is white in each."""


class ImageFault(StrEnum):
    """Why an image is refused."""

    UNREADABLE = "unreadable"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too many pixels"
    TOO_SMALL = "too small"
    TOO_EXPENSIVE = "too expensive"


class ImageRefused(Exception):
    """An image cannot be shown; `fault` says why."""

    def __init__(self, fault: ImageFault) -> None:
        self.fault = fault
        super().__init__(fault.value)


@dataclass(frozen=True, slots=True)
class WebpPicture:
    """A picture as WebP, sRGB, without metadata; sizes are in pixels."""

    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class RecodedImage:
    """An image in the size of a list (`thumb`) and in that of a page."""

    thumb: WebpPicture
    page: WebpPicture


def recode(data: bytes) -> RecodedImage:
    """Return the image in both sizes: its first frame, upright, in sRGB, transparent where it was. Raises ImageRefused.

    The same bytes give the same pictures.
    """
    Image.MAX_IMAGE_PIXELS = None  # our own limit, below, knows no warning that is only printed
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            _check_size(opened)
            picture = _upright(opened)
    except ImageRefused:
        raise
    except UnidentifiedImageError as error:
        raise ImageRefused(ImageFault.UNREADABLE) from error
    except MemoryError as error:
        raise ImageRefused(ImageFault.TOO_EXPENSIVE) from error
    except Exception as error:  # decoders raise OSError, SyntaxError, struct.error, zlib.error and more for broken files
        raise ImageRefused(ImageFault.BROKEN) from error
    page = picture.copy()
    page.thumbnail(PAGE_BOX, Image.Resampling.LANCZOS)
    return RecodedImage(_webp(_square(picture)), _webp(page))


def _check_size(opened: Image.Image) -> None:
    if opened.width * opened.height > MAX_PIXELS:
        raise ImageRefused(ImageFault.TOO_MANY_PIXELS)
    if min(opened.size) < MIN_SIDE_PIXELS:
        raise ImageRefused(ImageFault.TOO_SMALL)


def _upright(opened: Image.Image) -> Image.Image:
    """Return the first frame, decoded, turned as EXIF says, not much larger than a page needs, in RGB or RGBA."""
    opened.draft("RGB", (2 * PAGE_BOX[0], 2 * PAGE_BOX[1]))  # a large JPEG is decoded at a fraction of its size
    opened.load()
    orientation = opened.getexif().get(0x0112)
    profile = opened.info.get("icc_profile")
    picture = _in_srgb(_in_8_bits(opened), profile)
    side = 2 * max(PAGE_BOX)
    picture.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if orientation not in (None, 1):
        picture.getexif()[0x0112] = orientation
        picture = ImageOps.exif_transpose(picture)
    return picture


def _in_8_bits(opened: Image.Image) -> Image.Image:
    """Return the pixels as RGB, RGBA or CMYK; of a scale of grey with more bits, the upper eight."""
    has_alpha = opened.has_transparency_data
    if opened.mode in MAX_GRAY:
        scale = 255 / MAX_GRAY[opened.mode]
        return opened.convert("F").point(lambda value: value * scale + 0).convert("L").convert("RGB")
    if opened.mode == "CMYK":
        return opened.copy()
    return opened.convert("RGBA" if has_alpha else "RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in sRGB; a profile that cannot be used is left out, as browsers do."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB") if alpha else picture
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            colours = _transformed(colours, profile)
    colours = colours.convert("RGB")
    if alpha is not None and alpha.getextrema() != (255, 255):
        colours.putalpha(alpha)
    return colours


def _transformed(colours: Image.Image, profile: bytes) -> Image.Image:
    source, target = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
    return ImageCms.profileToProfile(colours, source, target, outputMode="RGB") or colours


def _square(picture: Image.Image) -> Image.Image:
    """Return the picture for a list: the middle of a photograph, or a logo whole on its own ground; nothing is enlarged."""
    ground = _ground(picture)
    if ground is None and max(picture.size) <= MAX_CUT_RATIO * min(picture.size):
        return ImageOps.fit(picture, (min(THUMB_SIDE, *picture.size),) * 2, Image.Resampling.LANCZOS)
    small = picture.convert("RGBA")
    small.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (THUMB_SIDE, THUMB_SIDE), ground or (0, 0, 0, 0))
    square.alpha_composite(small, ((THUMB_SIDE - small.width) // 2, (THUMB_SIDE - small.height) // 2))
    return square if square.getchannel("A").getextrema() != (255, 255) else square.convert("RGB")


def _ground(picture: Image.Image) -> tuple[int, ...] | None:
    """Return the colour (RGBA) that the four corners have alike; transparent where one of them is; None where they differ."""
    right, bottom = picture.width - 1, picture.height - 1
    opaque = picture.convert("RGBA")
    colours = [opaque.getpixel(point) for point in ((0, 0), (right, 0), (0, bottom), (right, bottom))]
    levels = list(zip(*colours, strict=True))
    if min(levels[3]) < 255:
        return (0, 0, 0, 0)
    is_plain = all(max(level) - min(level) <= MAX_CORNER_DIFFERENCE for level in levels)
    return tuple(level[0] for level in levels) if is_plain else None


def _webp(picture: Image.Image) -> WebpPicture:
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return WebpPicture(picture.width, picture.height, out.getvalue())
