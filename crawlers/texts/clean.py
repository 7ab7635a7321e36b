"""Clean text: what a reader of the page would read, without markup, codes and notices."""

from __future__ import annotations

import html
import re

import lxml.html
import nh3
from lxml import etree

from crawlers.texts.noise import is_noise, without_more, without_shortcodes

NEVER_TEXT = {"script", "style", "template", "noscript", "iframe", "svg", "object", "select", "textarea", "figcaption", "title"}
"""Elements whose content is no text of a page."""
MAX_CHARACTERS = 1_000_000
MAX_ESCAPES = 3
_WRAPPING = re.compile(r"<!\[CDATA\[|\]\]>|\x00")
"""What hides a tag from the cleaner and not from whoever opens the text once more."""
_TAG = re.compile(r"<[A-Za-z/!][^<>]{0,2000}>|<(?=[A-Za-z/!])")
_BLOCKS = "p|div|h[1-6]|ul|ol|li|table|tr|section|article|header|blockquote|pre|dl|dt|dd|figure|hr"
_BLOCK = re.compile(rf"<(?:/?(?:{_BLOCKS})\b[^<>]{{0,2000}}|br\s*/?)>", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-z][a-z0-9-]*(?=[\s/>])", re.IGNORECASE)
"""Where an element begins or ends: in such a text a line break of the source is a blank."""
_PREFORMATTED = re.compile(r"(<pre\b[^<>]{0,2000}>|</pre\s*>)", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_EMPTY_LINE = re.compile(r"\n[ \t\r\f]*\n")
_BREAK = "\u2029"
"""The paragraph separator stands for a break that a reader sees, as long as a text may still hold markup."""
_CELL = re.compile(r"<(?:td|th)\b", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|<[^<>]{0,500}\shidden\b", re.IGNORECASE)
_STYLE = "translate(@style, ' ', '')"
_HIDDEN_PATH = f"//*[@hidden or contains({_STYLE}, 'display:none') or contains({_STYLE}, 'visibility:hidden')]"
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffc]")


def plain(markup: str | None) -> str:
    """HTML or text as plain paragraphs parted by newlines; empty for None.

    In HTML elements part paragraphs, and a newline of the source is a blank, except inside <pre>; in text newlines do.
    What no reader sees (scripts, hidden elements, alternative texts of images), page builders' shortcodes and lines that
    are cookie notices, share bars or links to more are left out.
    """
    if not markup:
        return ""
    text = _without_markup(markup[:MAX_CHARACTERS])
    lines = (" ".join(_INVISIBLE.sub("", line).split()) for line in without_shortcodes(text).splitlines())
    return "\n".join(without_more(line) for line in lines if line and not is_noise(line))


def one_line(markup: str | None) -> str:
    """The plain text on one line."""
    return " ".join(plain(markup).split())


def name_line(markup: str | None) -> str:
    """A name or title on one line: markup goes, but no word of it is taken for a notice."""
    return " ".join(_INVISIBLE.sub("", without_shortcodes(_without_markup((markup or "")[:MAX_CHARACTERS]))).split())


def shorten(text: str, most: int) -> str:
    """At most so many characters, cut at a word with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,.;:–-") + "…"


def _without_markup(markup: str) -> str:
    """Text alone; markup that was escaped, as in feeds, even twice, is markup, too."""
    markup = _WRAPPING.sub("", markup)
    for _ in range(MAX_ESCAPES):
        if "<" in markup:
            shown = _shown(markup) if _HIDDEN.search(markup) else markup
            spaced = _CELL.sub(" <td", _BLOCK.sub(_BREAK, _on_one_line(shown)))
            markup = nh3.clean(spaced, tags=set(), clean_content_tags=NEVER_TEXT)
        if "&" not in markup:
            break
        markup = html.unescape(markup)
        if not _TAG.search(html.unescape(markup)):
            break
    text = _TAG.sub(" ", markup)
    return (html.unescape(text) if "&" in text else text).replace(_BREAK, "\n")


def _on_one_line(markup: str) -> str:
    """Markup whose newlines are blanks, as a browser shows them, or breaks inside <pre>; a text without markup as it is.

    Where only inline elements stand in a text, somebody wrote it by hand: there an empty line parts paragraphs.
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


def _shown(markup: str) -> str:
    """The markup without its hidden elements."""
    try:
        root = lxml.html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, ValueError):
        return markup
    for element in root.xpath(_HIDDEN_PATH):
        if element.getparent() is not None:
            element.drop_tree()
    return str(lxml.html.tostring(root, encoding="unicode"))
