"""The mark, points that are joined: the geometry of static/icon.svg, drawn with pixels."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageDraw

ACT, SEA, PAPER, INK, QUIET, BRIGHT, WHITE = "#0b5563", "#e4f0f1", "#fdfcf9", "#16262b", "#51636a", "#83cdd8", "#ffffff"
"""Colours of the light look by their role (css/base.css); BRIGHT is `act` of the dark one."""
UNITS = 32
"""Width and height of the drawing, in the units of the numbers below."""
CENTRE, CENTRE_RADIUS, CENTRE_EDGE = (16.0, 16.0), 4.2, 1.5
POINTS, POINT_RADIUS = ((16.0, 7.0), (8.0, 23.0), (24.0, 23.0)), 3.2
LINE_WIDTH, CORNER_RADIUS = 2.0, 7.0
SMOOTHING = 8
"""Drawn so many times larger, then reduced."""


@dataclass(frozen=True, slots=True)
class MarkColours:
    """Colours of the lines and outer points, of the inner point and of the ring around that."""

    lines: str = WHITE
    centre: str = BRIGHT
    ring: str = ACT


def mark(pixels: int, colours: MarkColours | None = None) -> Image.Image:
    """The mark without a ground, transparent around it, square with this side."""
    colours = colours or MarkColours()
    side = pixels * SMOOTHING
    scale = side / UNITS
    image = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(image)
    for point in POINTS:
        draw.line([_scaled(CENTRE, scale), _scaled(point, scale)], fill=colours.lines, width=round(LINE_WIDTH * scale))
    for point in POINTS:
        draw.circle(_scaled(point, scale), POINT_RADIUS * scale, fill=colours.lines)
    draw.circle(_scaled(CENTRE, scale), (CENTRE_RADIUS + CENTRE_EDGE / 2) * scale, fill=colours.ring)
    draw.circle(_scaled(CENTRE, scale), (CENTRE_RADIUS - CENTRE_EDGE / 2) * scale, fill=colours.centre)
    return image.resize((pixels, pixels), Image.Resampling.LANCZOS)


def icon(pixels: int, *, is_rounded: bool = True, share: float = 1.0) -> Image.Image:
    """The mark on its ground, as the icon of the site.

    `share` is the part of the side that the mark takes. Without rounded corners the ground fills the square: systems that
    cut an icon into their own shape ask for that (and for a share of at most 0.8).
    """
    image = Image.new("RGBA", (pixels * SMOOTHING,) * 2)
    radius = CORNER_RADIUS / UNITS * pixels * SMOOTHING if is_rounded else 0
    ImageDraw.Draw(image).rounded_rectangle((0, 0, image.width - 1, image.height - 1), radius, fill=ACT)
    image = image.resize((pixels, pixels), Image.Resampling.LANCZOS)
    inner = mark(round(pixels * share))
    image.alpha_composite(inner, ((pixels - inner.width) // 2, (pixels - inner.height) // 2))
    return image


def _scaled(point: tuple[float, float], scale: float) -> tuple[float, float]:
    return point[0] * scale, point[1] * scale
