"""The badge for partners' sites: two lines beside the mark, as an SVG of a kilobyte."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from platforma.web.drawing.lettering import BOLD, REGULAR, typeface
from platforma.web.drawing.mark import CENTRE, CENTRE_RADIUS, POINT_RADIUS, POINTS

WIDTH, HEIGHT = 240, 56
TEXT_LEFT, TEXT_WIDTH = 56, 172
FONTS = "Open Sans,Segoe UI,Roboto,DejaVu Sans,sans-serif"
_SVG = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
    ' aria-labelledby="t" lang="{lang}"><title id="t">{above} {name}</title><style>{style}</style>'
    '<rect class="g e" x=".5" y=".5" width="{inner_width}" height="{inner_height}" rx="8"/>'
    '<g transform="translate(12 12)"><path class="l" d="{lines}"/>{points}</g>{texts}</svg>'
)
_TEXT = Markup(
    '<text class="{cls}" x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" textLength="{length}">{text}</text>'
)


@dataclass(frozen=True, slots=True)
class BadgeColours:
    """`#rrggbb` of the ground, its edge and the mark with the name; `quiet` is that of the line above."""

    ground: str
    edge: str
    name: str
    quiet: str


def badge_style(light: BadgeColours, dark: BadgeColours | None = None) -> str:
    """The style sheet of a badge; with `dark` it goes by what the reader's device asks for."""
    return _rules(light) + (f"@media(prefers-color-scheme:dark){{{_rules(dark)}}}" if dark else "")


def badge_svg(above: str, name: str, lang: str, style: str) -> str:
    """The badge with the name of the site and the line above it."""
    (x, y), radius = CENTRE, CENTRE_RADIUS
    points = [*((px, py, POINT_RADIUS) for px, py in POINTS), (x, y, radius)]
    circles = Markup("").join(Markup('<circle class="m" cx="{}" cy="{}" r="{}"/>').format(px, py, r) for px, py, r in points)
    lines = "".join(f"M{x:g} {y:g}L{px:g} {py:g}" for px, py in POINTS)
    texts = _text("q", 23, 12, REGULAR, above) + _text("m", 42, 16, BOLD, name)
    return str(
        _SVG.format(
            width=WIDTH, height=HEIGHT, inner_width=WIDTH - 1, inner_height=HEIGHT - 1, lang=lang, above=above, name=name,
            style=Markup(style), lines=lines, points=circles, texts=texts,  # noqa: S704 - made of our colours above
        )
    )  # fmt: skip


def _rules(colours: BadgeColours) -> str:
    return (
        f"text{{font-family:{FONTS}}}.g{{fill:{colours.ground}}}.e{{stroke:{colours.edge}}}.m{{fill:{colours.name}}}"
        f".l{{stroke:{colours.name};stroke-width:2}}.q{{fill:{colours.quiet}}}"
    )


def _text(cls: str, y: int, pixels: int, weight: int, text: str) -> Markup:
    """A line as wide as in the typeface of the site, whichever one the reader has."""
    length = min(round(typeface(pixels, weight).getlength(text)), TEXT_WIDTH)
    return _TEXT.format(cls=cls, x=TEXT_LEFT, y=y, size=pixels, weight=weight, length=length, text=text)
