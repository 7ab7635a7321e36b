"""What the beginning of a page says of itself, read from front to back in one pass: no tree is built."""

from __future__ import annotations

import html
import re

MAX_TITLE_CHARACTERS = 300
_TITLE = re.compile(r"<title(?:\s[^<>]{0,200})?>([^<]{0,2000})", re.IGNORECASE)
_HTML = re.compile(r"<html\s([^<>]{0,2000})>", re.IGNORECASE)
_LANG = re.compile(r"(?:^|[\s\"'])(?:xml:)?lang\s{0,3}=\s{0,3}[\"']?([A-Za-z]{2,3})(?![A-Za-z])", re.IGNORECASE)
_UNSEEN = ("script", "style", "noscript", "template")
_TAG_START = re.compile(r"<(/?[a-zA-Z]{1,20}|!)")


def title_in(markup: str) -> str:
    """The text of the first title element, in one line; "" without one."""
    found = _TITLE.search(markup)
    return " ".join(html.unescape(found[1]).split())[:MAX_TITLE_CHARACTERS] if found else ""


def language_in(markup: str) -> str:
    """The language that the html element declares, as a code in small letters without a region; "" where it declares none."""
    element = _HTML.search(markup)
    found = _LANG.search(element[1]) if element else None
    return found[1].lower() if found else ""


def visible_text(markup: str) -> str:
    """The text of a page without its tags, scripts and styles. Takes time in proportion to the page, however broken it is."""
    pieces, place, lowered = [], 0, _ascii_lower(markup)
    while (start := _TAG_START.search(markup, place)) is not None:
        pieces.append(markup[place : start.start()])
        name = start[1].lower()
        end = f"</{name}" if name in _UNSEEN else ">"
        found = lowered.find(end, start.end())
        if found < 0:
            return _joined(pieces)
        place = found + (0 if name in _UNSEEN else 1)
    pieces.append(markup[place:])
    return _joined(pieces)


def _joined(pieces: list[str]) -> str:
    return " ".join(html.unescape(" ".join(pieces)).split())


def _ascii_lower(text: str) -> str:
    """The text in small letters, without a change of its length."""
    return text.translate({code: code + 32 for code in range(ord("A"), ord("Z") + 1)})
