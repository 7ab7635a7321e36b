"""Drawing: texts that fit, letters of the region, and icons that are the mark."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from platforma.web.drawing import mark
from platforma.web.drawing.card import Card, draw_card
from platforma.web.drawing.lettering import BOLD, MAX_CHARACTERS, drawable, fitted, shortened, typeface
from tools.icons import STATIC, icons

CARD = Card("Otrais kāpiens", "Sociālais uzņēmums", "Rīga, Latvija", "Platforma platformām", "platforma.example")


def test_every_letter_of_the_region_has_a_shape() -> None:
    letters = "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ ąęėįųĄĘĖĮŲ õäöüÕÄÖÜ łńśźżŁ æøåÆØÅ ß ЖжЩщЫыЭэЮюЯяЇїҐґ „“”«»–—…€№"
    assert drawable(letters) == letters


def test_what_has_no_shape_or_turns_the_text_is_left_out() -> None:
    assert drawable("\u202eab\u202c\u0000c 😀 d\n中e") == "ab c d e"
    assert drawable("ģ") == drawable("g\u0327")
    assert len(drawable("ļ" * 10_000)) == MAX_CHARACTERS


def test_lines_are_never_wider_than_asked_and_say_where_they_are_cut() -> None:
    texts = {"Sociālie uzņēmumi Igaunijā": False, "Ķ" * 150: True, "vārds " * 30: True, "a " + "b" * 80: True, "b" * 60: False}
    for text, is_cut in texts.items():
        font, lines = fitted(drawable(text), 700, (80, 60, 48), 4)
        assert 1 <= len(lines) <= 4
        assert all(font.getlength(line) <= 700 for line in lines)
        assert lines[-1].endswith("…") == is_cut
    assert shortened("Īss", typeface(40, BOLD), 700) == "Īss"


def test_nothing_to_draw_is_the_name_of_the_site() -> None:
    assert draw_card(replace(CARD, title="中文")) == draw_card(replace(CARD, title=CARD.site))


def test_a_card_is_the_same_for_the_same_texts_and_another_for_others() -> None:
    assert draw_card(CARD) == draw_card(replace(CARD))
    assert CARD.digest == replace(CARD).digest
    digests = {replace(CARD, **{name: "x"}).digest for name in ("title", "badge", "line", "site", "host")}
    assert len(digests | {CARD.digest}) == 6


def test_the_mark_is_that_of_the_drawing() -> None:
    svg = (STATIC / "icon.svg").read_text()
    circles = {tuple(map(float, found)) for found in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', svg)}
    assert circles == {(*point, mark.POINT_RADIUS) for point in mark.POINTS} | {(*mark.CENTRE, mark.CENTRE_RADIUS)}
    assert f'rx="{mark.CORNER_RADIUS:g}" fill="{mark.ACT}"' in svg
    assert mark.BRIGHT in svg


@pytest.mark.parametrize("name", sorted(icons()))
def test_the_icons_are_drawn_from_the_mark(name: str) -> None:
    """make icons writes them anew."""
    kept, drawn = Image.open(STATIC / name).convert("RGBA"), icons()[name].convert("RGBA")
    assert kept.size == drawn.size
    differences = ImageChops.difference(kept, drawn).convert("L").histogram()
    assert sum(differences[40:]) < kept.width * kept.height / 100


def test_the_favicon_has_the_sizes_of_tabs_and_bookmarks() -> None:
    with Image.open(io.BytesIO((Path(STATIC) / "favicon.ico").read_bytes())) as icon:
        assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
