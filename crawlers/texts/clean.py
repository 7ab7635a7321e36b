"""Plain text from HTML: what a reader of the page sees, without markup, shortcodes and notices."""

from __future__ import annotations

import re
from typing import Any

import lxml.html
import nh3
from lxml import etree

from crawlers.texts.foreign import fit_markup, unescaped
from crawlers.texts.noise import is_noise, without_read_more, without_shortcodes
from crawlers.texts.wordlists import word_set
from vocabulary.characters import CONTROLS

TEXTLESS_TAGS = word_set("script style template noscript iframe svg object select textarea figcaption title")
"""Elements whose content is no text of a page."""
MAX_CHARACTERS = 1_000_000
MAX_ESCAPE_LEVELS = 3
_WRAPPER = re.compile(r"<!\[CDATA\[|\]\]>|\x00")
"""What would hide a tag from the cleaner, but not from a later reader of the text."""
_TAG = re.compile(r"<[A-Za-z/!][^<>]{0,2000}>|<(?=[A-Za-z/!])")
_BLOCKS = "p|div|h[1-6]|ul|ol|li|table|tr|section|article|header|blockquote|pre|dl|dt|dd|figure|hr"
_BLOCK = re.compile(rf"<(?:/?(?:{_BLOCKS})\b[^<>]{{0,2000}}|br\s*/?)>", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-z][a-z0-9-]*(?=[\s/>])", re.IGNORECASE)
"""A tag. In a text that has one, a line break of the source is only white space."""
_PREFORMATTED = re.compile(r"(<pre\b[^<>]{0,2000}>|</pre\s*>)", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_EMPTY_LINE = re.compile(r"\n[ \t\r\f]*\n")
_WRITTEN_BREAK = re.compile(r"(?:\\r\\n)+")
"""A line break as a database writes it out, in two signs with a backslash before each."""
_BREAK = "\u2029"
"""The paragraph separator: it marks the breaks that a reader sees until all markup is removed."""
_CELL = re.compile(r"<(?:td|th)\b", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|<[^<>]{0,500}\shidden\b", re.IGNORECASE)
_STYLE = "translate(@style, ' ', '')"
_HIDDEN_PATH = f"//*[@hidden or contains({_STYLE}, 'display:none') or contains({_STYLE}, 'visibility:hidden')]"
_INVISIBLE = re.compile(f"[{CONTROLS}\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffc]")


def plain_text(markup: str | None) -> str:
    """HTML or text as plain paragraphs, one a line; "" for None.

    In HTML, block elements separate paragraphs and a newline of the source is a blank, except inside <pre>; in plain text,
    newlines separate paragraphs. Left out are what no reader sees (scripts, hidden elements, alternative texts of images),
    page builders' shortcodes, and lines that are cookie notices, share bars or "read more" links.
    """
    if not markup:
        return ""
    text = _without_markup(_WRITTEN_BREAK.sub("\n", markup[:MAX_CHARACTERS]))
    lines = (" ".join(_INVISIBLE.sub("", line).split()) for line in without_shortcodes(text).splitlines())
    return "\n".join(without_read_more(line) for line in lines if line and not is_noise(line))


def one_line(markup: str | None) -> str:
    """The plain text of HTML on one line."""
    return " ".join(plain_text(markup).split())


def name_line(markup: str | None) -> str:
    """A name or title as plain text on one line; unlike plain_text, no line of it is left out as a notice."""
    return " ".join(_INVISIBLE.sub("", without_shortcodes(_without_markup((markup or "")[:MAX_CHARACTERS]))).split())


def shorten(text: str, max_characters: int) -> str:
    """The text, cut at a word with an ellipsis where it is longer than `max_characters`."""
    return text if len(text) <= max_characters else text[: max_characters - 1].rsplit(" ", 1)[0].rstrip(" ,.;:–-") + "…"


def _without_markup(markup: str) -> str:
    """The text without tags; markup that was escaped once or twice, as in feeds, is removed too."""
    markup = fit_markup(_WRAPPER.sub("", markup))
    for _ in range(MAX_ESCAPE_LEVELS):
        if "<" in markup:
            shown = _without_hidden(markup) if _HIDDEN.search(markup) else markup
            spaced = _CELL.sub(" <td", _BLOCK.sub(_BREAK, _on_one_line(shown)))
            markup = nh3.clean(spaced, tags=set(), clean_content_tags=set(TEXTLESS_TAGS))
        if "&" not in markup:
            break
        markup = unescaped(markup)
        if not _TAG.search(unescaped(markup)):
            break
    text = _TAG.sub(" ", markup)
    return (unescaped(text) if "&" in text else text).replace(_BREAK, "\n")


def _on_one_line(markup: str) -> str:
    """The markup with blanks for newlines, as a browser shows them, and breaks inside <pre>; plain text as it is.

    A text with only inline elements was written by hand: in it an empty line separates paragraphs.
    """
    if "\n" not in markup or not _MARKUP.search(markup):
        return markup
    if not _BLOCK.search(markup):
        markup = _EMPTY_LINE.sub(_BREAK, markup)
    parts, depth = [], 0
    for part in _PREFORMATTED.split(markup):
        if part.startswith("<") and _PREFORMATTED.fullmatch(part):
            depth = max(0, depth + (-1 if part.startswith("</") else 1))
        parts.append(part.replace("\n", _BREAK) if depth else _BLANKS.sub(" ", part))
    return "".join(parts)


def _without_hidden(markup: str) -> str:
    """The markup without its hidden elements."""
    try:
        root: Any = lxml.html.document_fromstring(f"<div>{markup}</div>")
    except (etree.ParserError, ValueError):
        return markup
    for element in root.xpath(_HIDDEN_PATH):
        if element.getparent() is not None:
            element.drop_tree()
    return str(lxml.html.tostring(root, encoding="unicode"))
