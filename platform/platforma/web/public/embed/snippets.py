"""The code that partners copy into their pages: HTML without scripts, styles or events in its lines, as strict policies ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from flask import url_for
from markupsafe import Markup

from platforma.i18n import gettext as _
from platforma.web.context import absolute
from platforma.web.public.embed.lines import Line
from platforma.web.public.embed.script import VERSION

FRAME_HEIGHT = 560
"""In CSS pixels; what is longer scrolls within the frame."""
BADGE_WIDTH, BADGE_HEIGHT = 240, 56
_SCRIPT = Markup(
    '<p lang="{lang}"><a href="{address}" data-platforma{settings}>{title}</a></p>\n<script src="{script}" defer></script>'
)
_FRAME = Markup(
    '<iframe src="{frame}" title="{title}" lang="{lang}" width="100%" height="{height}" frameborder="0"></iframe>\n'
    '<p lang="{lang}"><a href="{address}">{title}</a></p>'
)
_LINKS = Markup('<ul lang="{lang}">\n{items}<li><a href="{address}">{title}</a></li>\n</ul>')
_LINK = Markup('<li{lang}><a href="{url}">{label}</a></li>\n')
_BADGE = Markup('<a href="{address}" lang="{lang}"><img src="{badge}" width="{width}" height="{height}" alt="{alt}"></a>')


def origin() -> str:
    """The scheme and host of this site: what a content security policy names."""
    parts = urlsplit(absolute("/"))
    return f"{parts.scheme}://{parts.netloc}"


def script_code(title: str, address: str, lang: str, settings: Iterable[tuple[str, str]]) -> str:
    """A link to a search, and the script that makes a widget of it."""
    attributes = Markup("").join(Markup(' data-{}="{}"').format(name, value) for name, value in settings)
    script = absolute(url_for("embed.script_file", version=VERSION))
    return str(_SCRIPT.format(lang=lang, address=address, settings=attributes, title=_named(title), script=script))


def frame_code(title: str, address: str, lang: str, frame: str) -> str:
    """A frame with a search, and the link to it for who sees no frames."""
    return str(_FRAME.format(frame=frame, title=_named(title), lang=lang, height=FRAME_HEIGHT, address=address))


def links_code(title: str, address: str, lang: str, lines: Sequence[Line]) -> str:
    """Plain links to the results as they are now, and to the search."""
    return str(
        _LINKS.format(
            lang=lang, items=_items((line.title, line.url, line.lang) for line in lines), address=address, title=_named(title)
        )
    )


def places_code(lang: str, places: Iterable[tuple[str, str]]) -> str:
    """Plain links to everywhere that something can be found, as (label, address)."""
    return str(Markup('<ul lang="{lang}">\n{items}</ul>').format(lang=lang, items=_items((*place, None) for place in places)))


def badge_code(address: str, lang: str, badge: str, alt: str) -> str:
    """The badge, leading to a page of ours."""
    return str(_BADGE.format(address=address, lang=lang, badge=badge, width=BADGE_WIDTH, height=BADGE_HEIGHT, alt=alt))


def _items(links: Iterable[tuple[str, str, str | None]]) -> Markup:
    """List items of links as (label, address, language of the label where it is another than that of the list)."""
    said = ((label, url, Markup(' lang="{}"').format(lang) if lang else "") for label, url, lang in links)
    return Markup("").join(_LINK.format(label=label, url=url, lang=lang) for label, url, lang in said)


def _named(title: str) -> str:
    """A title that says on another site where its link leads."""
    return f"{title} – {_('Platform of Platforms')}"
