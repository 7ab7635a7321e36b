"""The colours of a widget: a partner's own where they can be read, by WCAG 2.2; else the site's, light or dark."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, get_args

from werkzeug.datastructures import MultiDict

from platforma.i18n import decimal
from platforma.web.public.filters import CHOICE_FORM
from platforma.web.public.parameters import BadRequest
from vocabulary.messages import N_

Look = Literal["auto", "light", "dark"]
"""`auto`: light or dark as the reader's device asks for."""
LOOKS: tuple[Look, ...] = get_args(Look)
Palette = Mapping[str, str]
"""`#rrggbb` by what it is for: the custom properties of the style sheet, without their hyphens."""
OWN = ("ground", "text", "links")
"""The colours that a partner may choose."""
LIGHT: Palette = {"ground": "#fdfcf9", "text": "#16262b", "links": "#0b5563", "quiet": "#51636a", "edge": "#74858a"}
DARK: Palette = {"ground": "#11191c", "text": "#e8efef", "links": "#83cdd8", "quiet": "#a5b5b9", "edge": "#7f9096"}
MIN_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: of text and what is behind it."""
MAX_SHOWN_CHARACTERS = 30
COLOUR_FORM = N_("“%(value)s” is not a colour; write it like #0b5563")
FAINT = N_("Too faint on this background: the contrast is %(ratio)s to 1, and must be at least 4.5 to 1")
_HEX = re.compile(r"#?(?:[0-9a-f]{3}){1,2}", re.IGNORECASE | re.ASCII)


def look(args: MultiDict[str, str]) -> Look:
    """How light the widget is. With colours of the partner's own it is what they were chosen for, light where nothing is said.

    Raises BadRequest.
    """
    asked = args.get("look") or "auto"
    found = next((one for one in LOOKS if one == asked), None)
    if found is None:
        raise BadRequest(CHOICE_FORM, name="look", values=", ".join(LOOKS))
    return "light" if found == "auto" and _has_own(args) else found


def own_palette(args: MultiDict[str, str]) -> Palette:
    """The whole palette where a partner chose one of its colours, empty where not.

    Raises BadRequest for what is no colour, and for one that cannot be read on its ground.
    """
    for error in wrong_colours(args).values():
        raise error
    return _palette(args) if _has_own(args) else {}


def wrong_colours(args: MultiDict[str, str]) -> dict[str, BadRequest]:
    """What is wrong with colours, by their names; contrast is looked at when all of them are colours."""
    wrong = {name: _no_colour(name, args[name]) for name in OWN if args.get(name) and not _HEX.fullmatch(args[name].strip())}
    return wrong or dict(_faint(_palette(args)))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours `#rrggbb` by WCAG 2.2, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _has_own(args: MultiDict[str, str]) -> bool:
    return any(args.get(name) for name in OWN)


def _palette(args: MultiDict[str, str]) -> Palette:
    """The partner's colours over those of the site; quiet text and borders have none of their own then."""
    base = DARK if args.get("look") == "dark" else LIGHT
    chosen = {name: _whole(args[name].strip()) if args.get(name) else base[name] for name in OWN}
    return {**chosen, "quiet": chosen["text"], "edge": chosen["links"]}


def _whole(text: str) -> str:
    """`#rrggbb` for what _HEX matches."""
    digits = text.removeprefix("#").lower()
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)


def _no_colour(name: str, text: str) -> BadRequest:
    return BadRequest(COLOUR_FORM, name=name, value=text[:MAX_SHOWN_CHARACTERS])


def _faint(palette: Palette) -> list[tuple[str, BadRequest]]:
    ratios = {name: contrast(palette[name], palette["ground"]) for name in ("text", "links")}
    shown = {name: decimal(int(ratio * 100) / 100) for name, ratio in ratios.items() if ratio < MIN_CONTRAST}
    return [(name, BadRequest(FAINT, name=name, ratio=ratio)) for name, ratio in shown.items()]


def _luminance(colour: str) -> float:
    """The relative luminance of sRGB, from 0 to 1."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
