"""The card that is shown where a page is shared: a title, what and where it is, and whose site this is."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from threading import Lock

from PIL import Image, ImageDraw

from platforma.web.drawing.lettering import BOLD, REGULAR, drawable, fitted, shortened, typeface
from platforma.web.drawing.mark import ACT, INK, PAPER, QUIET, SEA, WHITE, MarkColours, mark

WIDTH, HEIGHT = 1200, 630
"""In pixels: what Facebook, LinkedIn, Mastodon, Signal and others ask for."""
LOOK = 1
"""Grows when cards are drawn otherwise, so that their addresses change."""
MARGIN = 80
TEXT_WIDTH = 760
TITLE_SIZES = (84, 74, 64, 56, 48)
MAX_TITLE_LINES = 4
COLOURS = 64
FOOT, BADGE_ROOM, LINE_ROOM = 92, 80, 64
"""Heights of the band at the foot, of a badge with the room below it, and of the line below the title."""
_DRAWING = Lock()
_ON_SEA = MarkColours(lines=ACT, centre=ACT, ring=ACT)
_CENTRE_ONLY = MarkColours(lines="#0000", centre=SEA, ring="#0000")


@dataclass(frozen=True, slots=True)
class Card:
    """The texts of a card. `badge` says what it is (may be empty), `line` where or how many, `site` and `host` whose it is."""

    title: str
    badge: str
    line: str
    site: str
    host: str

    @property
    def digest(self) -> str:
        """16 hex digits of the SHA-256 of all that is drawn."""
        content = json.dumps([LOOK, asdict(self)], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:16]


def draw_card(card: Card) -> bytes:
    """The card as a PNG of 1200 × 630 pixels; any text can be drawn, in bounded time."""
    image = _ground().copy()
    draw = ImageDraw.Draw(image)
    badge = shortened(drawable(card.badge), typeface(30, BOLD), TEXT_WIDTH - 48)
    line = shortened(drawable(card.line), typeface(34, REGULAR), TEXT_WIDTH)
    font, title = fitted(drawable(card.title) or drawable(card.site), TEXT_WIDTH, TITLE_SIZES, MAX_TITLE_LINES)
    leading = round(font.size * 1.18)
    y = (HEIGHT - FOOT - (BADGE_ROOM if badge else 0) - leading * len(title) - (LINE_ROOM if line else 0)) // 2
    if badge:
        _draw_badge(draw, badge, y)
        y += BADGE_ROOM
    for number, text in enumerate(title):
        draw.text((MARGIN, y + number * leading), text, fill=INK, font=font)
    draw.text((MARGIN, y + leading * len(title) + 18), line, fill=QUIET, font=typeface(34, REGULAR))
    _draw_foot(image, draw, card)
    out = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


@lru_cache(maxsize=200)
def drawn(card: Card) -> bytes:
    """The card as draw_card gives it, kept for a while; one is drawn at a time, so that cards never take all processors."""
    with _DRAWING:
        return draw_card(card)


@cache
def _ground() -> Image.Image:
    """What all cards have alike: a pale sea with the mark at its edge."""
    image = Image.new("RGB", (WIDTH, HEIGHT), SEA)
    large = mark(600, _ON_SEA)
    faint = large.getchannel("A").point(lambda value: value * 0.1)
    image.paste(ACT, (WIDTH - 440, -30), faint)
    inner = mark(600, _CENTRE_ONLY)
    image.paste(SEA, (WIDTH - 440, -30), inner.getchannel("A"))
    return image


def _draw_badge(draw: ImageDraw.ImageDraw, text: str, y: int) -> None:
    font = typeface(30, BOLD)
    draw.rounded_rectangle((MARGIN, y, MARGIN + font.getlength(text) + 48, y + 58), 29, fill=PAPER)
    draw.text((MARGIN + 24, y + 29), text, fill=ACT, font=font, anchor="lm")


def _draw_foot(image: Image.Image, draw: ImageDraw.ImageDraw, card: Card) -> None:
    """The mark with the site's name, and its host at the other end, on a band."""
    top = HEIGHT - FOOT
    draw.rectangle((0, top, WIDTH, HEIGHT), fill=ACT)
    small = mark(64)
    image.paste(small, (MARGIN - 8, top + 14), small)
    draw.text((MARGIN + 68, top + 46), drawable(card.site), fill=WHITE, font=typeface(32, BOLD), anchor="lm")
    host = shortened(drawable(card.host), typeface(28, REGULAR), 420)
    draw.text((WIDTH - MARGIN, top + 46), host, fill=SEA, font=typeface(28, REGULAR), anchor="rm")
