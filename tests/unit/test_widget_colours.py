"""The colours of a widget: read, refused with a reason, and measured by WCAG."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from platforma.web.public.embed.asked import settings
from platforma.web.public.embed.colours import DARK, LIGHT, MIN_CONTRAST, contrast, look, own_palette, wrong_colours
from platforma.web.public.embed.script import source_of
from platforma.web.public.parameters import BadRequest


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") >= MIN_CONTRAST > contrast("#777777", "#ffffff"), "the greys that WCAG is known by"
    assert contrast("#0b5563", "#0b5563") == 1


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_our_own_colours_can_be_read(palette: dict[str, str]) -> None:
    assert all(contrast(palette[name], palette["ground"]) >= MIN_CONTRAST for name in ("text", "links", "quiet"))
    assert contrast(palette["edge"], palette["ground"]) >= 3, "WCAG 2.2, 1.4.11: borders of fields"


@pytest.mark.parametrize("text", ["#0B5563", "0b5563", " #0b5563 "])
def test_a_colour_may_be_written_with_and_without_its_sign(text: str) -> None:
    assert own_palette(MultiDict({"links": text}))["links"] == "#0b5563"


def test_a_short_colour_is_written_out_and_the_others_come_from_ours() -> None:
    palette = own_palette(MultiDict({"links": "#fac", "look": "dark", "ground": ""}))
    assert palette == {
        "ground": DARK["ground"],
        "text": DARK["text"],
        "links": "#ffaacc",
        "quiet": DARK["text"],
        "edge": "#ffaacc",
    }


@pytest.mark.parametrize(
    "text",
    [
        "red",
        "#12",
        "#1234",
        "#0b55633",
        "#ggg",
        "#fff;}body{display:none",
        "url(//x.example)",
        "#０b5563",
        "#fff\n}",
        "-",
        "var(--x)",
    ],
)
def test_what_is_no_colour_is_refused_with_what_was_written(text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        own_palette(MultiDict({"ground": text}))
    assert refused.value.values["name"] == "ground" and text[:30] in str(refused.value)


def test_faint_colours_are_told_one_by_one_with_their_contrast() -> None:
    wrong = wrong_colours(MultiDict({"links": "#777777", "text": "#767676", "ground": "#fff"}))
    assert {name: error.values["ratio"] for name, error in wrong.items()} == {"links": "4,47"}, "never rounded up"
    assert set(wrong_colours(MultiDict({"ground": "#333"}))) == {"text", "links"}, "ours cannot be read on it"
    assert wrong_colours(MultiDict()) == {}


def test_own_colours_are_for_one_look_unless_that_is_said() -> None:
    assert look(MultiDict()) == "auto" and look(MultiDict({"look": "dark"})) == "dark"
    assert look(MultiDict({"links": "#000"})) == "light"
    with pytest.raises(BadRequest):
        look(MultiDict({"look": "blue"}))


def test_the_code_names_only_what_differs() -> None:
    assert settings(MultiDict({"limit": "5", "look": "auto", "field": "0", "links": "", "kind": "event"})) == []
    assert settings(MultiDict({"limit": "3", "field": "1", "links": "#fff"})) == [
        ("field", "1"),
        ("limit", "3"),
        ("links", "#fff"),
    ]


def test_a_style_sheet_is_named_by_its_hash() -> None:
    assert source_of("") == "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='", "the SHA-256 of nothing"
