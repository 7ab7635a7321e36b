"""Images for tests: drawn ones, and files that want to do harm."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def halves(width: int = 200, height: int = 100) -> Image.Image:
    """Red on the left, blue on the right, so that one sees how it was turned."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return image


def jpeg(image: Image.Image | None = None, **options: Any) -> bytes:
    return encoded(image or halves(), "JPEG", quality=95, subsampling=0, **options)


def with_position(orientation: int | None = None) -> bytes:
    """A photograph that says in EXIF where it was taken, by whom, and which side is up."""
    exif = Image.Exif()
    exif[0x013B] = "Anna Fotogrāfe"
    if orientation:
        exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (56.0, 57.0, 0.0), 3: "E", 4: (24.0, 6.0, 0.0)})
    return jpeg(exif=exif)


def animation() -> bytes:
    frames = [Image.new("RGB", (100, 100), colour) for colour in ("red", "blue")]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])


def png_bomb(width: int = 20_000, height: int = 20_000) -> bytes:
    """A small file that says it is 400 million pixels, and keeps its word."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = bytes(1 + width // 8)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


POLYGLOT = b"GIF89a/*<html><script>alert(1)</script>*/=1;"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><script>alert(1)</script></svg>'
