"""Pictures for the demonstration sites, drawn by rule from a name: landscapes as photographs, and marks as logos."""

from __future__ import annotations

import hashlib
import io
import random
from functools import lru_cache
from typing import Any

from flask import Flask, Response
from PIL import Image, ImageDraw

from platforma.demo.files import with_validator

PHOTO_SIZE, LOGO_SIZE, SMOOTHING = (960, 640), (480, 240), 2
GROUNDS = ("#e4f0f1", "#fdeee3", "#f4efe0", "#e9f2e2", "#e8e8f4", "#f6e7ec")
COLOURS = ("#0b5563", "#9a3412", "#7a5c00", "#3f6b2a", "#3d4a8f", "#8a2f5a")


def add_pictures(app: Flask) -> None:
    """Serve /attels/<name>.jpg, a photograph with a position in it, and /logo/<name>.png, a logo on a transparent ground."""

    @app.get("/attels/<name>.jpg")
    def photograph_file(name: str) -> Response:
        return with_validator(Response(photograph(name), mimetype="image/jpeg"))

    @app.get("/logo/<name>.png")
    def logo_file(name: str) -> Response:
        return with_validator(Response(logo(name), mimetype="image/png"))


@lru_cache(maxsize=100)
def photograph(name: str) -> bytes:
    """Hills, water and a sun as a JPEG; the same for the same name."""
    dice, (width, height) = _dice(name), PHOTO_SIZE
    colour = COLOURS[dice.randrange(len(COLOURS))]
    image = Image.new("RGB", PHOTO_SIZE, GROUNDS[dice.randrange(len(GROUNDS))])
    draw = ImageDraw.Draw(image, "RGBA")
    sun = dice.randrange(60, 120)
    x, y = dice.randrange(sun, width - sun), dice.randrange(sun, height // 3)
    draw.ellipse((x - sun, y - sun, x + sun, y + sun), fill="#f2b84b")
    for layer in range(4):
        level = height * (0.42 + 0.13 * layer)
        heights = [level + dice.randrange(-70, 70) for _ in range(7)]
        ridge = [(width * step / 6, top) for step, top in enumerate(heights)]
        draw.polygon([(0, height), *ridge, (width, height)], fill=colour + f"{60 + 55 * layer:02x}")
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (56.0, 57.0, 0.0), 3: "E", 4: (24.0, 6.0, 0.0)})
    return _encoded(image, "JPEG", quality=85, exif=exif)


@lru_cache(maxsize=100)
def logo(name: str) -> bytes:
    """Some rings and bars on a transparent ground as a PNG; the same for the same name."""
    dice, (width, height) = _dice(name), LOGO_SIZE
    first, second = dice.sample(COLOURS, 2)
    image = Image.new("RGBA", (width * SMOOTHING, height * SMOOTHING))
    draw = ImageDraw.Draw(image)
    radius, middle = height * SMOOTHING * 0.4, height * SMOOTHING / 2
    draw.circle((middle, middle), radius, outline=first, width=round(radius * 0.3))
    draw.circle((middle + radius * dice.uniform(0.6, 1.1), middle), radius * 0.5, fill=second)
    for row in range(3):
        top = middle + (row - 1) * radius * 0.6 - 14
        end = width * SMOOTHING * dice.uniform(0.7, 0.97)
        draw.rounded_rectangle((height * SMOOTHING * 1.3, top, end, top + 28), 14, fill=first if row == 0 else second)
    return _encoded(image.resize(LOGO_SIZE, Image.Resampling.LANCZOS), "PNG")


def _dice(name: str) -> random.Random:
    return random.Random(hashlib.sha256(name.encode()).digest())  # noqa: S311 - drawings are no secrets


def _encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()
