"""The main text of a page: what it is about, without what stands on every page of its site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import lxml.html
import trafilatura

from crawlers.texts.clean import plain
from crawlers.texts.wordlists import words

NEVER_TEXT = words("script style template noscript iframe svg canvas object embed select option input textarea dialog")
FRAME_TAGS = words("header footer nav aside")
FRAME_ROLES = words("navigation banner contentinfo search dialog alertdialog menu menubar complementary")
NEVER_FRAMES = words("html body main article h1 pre code")
MAX_SHARE = 0.5
"""What holds more than this share of the page's text is no frame, whatever it is called."""
LINK_SHARE = 0.5
MIN_LETTERS = 500
LINKS_OF_PROSE = 0.1
_HIDDEN = re.compile(r"(display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_ALWAYS = re.compile(
    r"cookie|consent|gdpr|onetrust|cmplz|cky-|sikdatn|screen-reader|sr-only|visually-hidden|skip-link|sharedaddy|addtoany|addthis"
    r"|(^|[\s_-])(breadcrumbs?|pagination|pager|entry-meta|post-meta|byline|comments?|respond|jp-relatedposts|site-header|site-footer"
    r"|footer|masthead|colophon|wp-caption-text|wpml-ls|polylang|topbar|preloader)([\s_-]|$)",
    re.IGNORECASE,
)
_SMALL_NAMES = "socials?|shares?|sharing|newsletter|subscribe|popup|modal"
_WHERE_SMALL = re.compile(rf"(^|[\s_-])({_SMALL_NAMES})([\s_-]|$)", re.IGNORECASE)
_WHERE_LINKS = re.compile(
    r"(^|[\s_-])(nav|navbar|navigation|menus?|sidebar|widgets?|tags|categories|links|logos|lang|languages?|related|toolbar"
    rf"|{_SMALL_NAMES})([\s_-]|$)",
    re.IGNORECASE,
)


def main_text(root: Any) -> str:
    """Paragraphs, headings, list items and table rows, one a line; empty where the page has no text. Leaves the tree alone."""
    tree = deepcopy(root)
    _prune(tree)
    _blank_newlines(tree)
    if _is_all_text(tree):
        return plain(lxml.html.tostring(tree, encoding="unicode"))
    text = trafilatura.extract(deepcopy(tree), include_comments=False, include_tables=True, favor_recall=True) or ""
    lines = (re.sub(r"\s*\|\s*", " ", line).strip(" -*") for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _is_all_text(tree: Any) -> bool:
    """Whether what is left of a page is its text, so that a guess of which part is the article would only lose some.

    It is where there is little of it, or where it is made of sections with hardly a link, as builders make pages.
    """
    letters = _letters(tree)
    is_prose = next(tree.iter("article"), None) is None and sum(map(_letters, tree.iter("a"))) < LINKS_OF_PROSE * letters
    return letters < MIN_LETTERS or is_prose


def _prune(tree: Any) -> None:
    """Take away what is never text, what is hidden, and what frames the text."""
    for element in [e for e in tree.iter() if not isinstance(e.tag, str) or e.tag in NEVER_TEXT or _is_hidden(e)]:
        _drop(element)
    most = MAX_SHARE * _letters(tree)
    for element in list(_frames(tree)):
        if element.getparent() is not None and _letters(element) <= most:
            _drop(element)


def _blank_newlines(tree: Any) -> None:
    """Make blanks of the source's newlines, as a browser shows them; not inside <pre>."""
    preformatted = {inside for pre in tree.iter("pre") for inside in pre.iter()}
    for element in tree.iter():
        if element.text and element not in preformatted:
            element.text = element.text.replace("\n", " ")
        if element.tail and (element not in preformatted or element.tag == "pre"):
            element.tail = element.tail.replace("\n", " ")


def _frames(tree: Any) -> Iterator[Any]:
    return (element for element in tree.iter() if element.tag not in NEVER_FRAMES and _is_frame(element))


def _is_frame(element: Any) -> bool:
    if element.get("role") in FRAME_ROLES or (element.tag in FRAME_TAGS and not _is_inside(element)):
        return True
    names = " ".join(filter(None, (element.get("class"), element.get("id"))))
    if not names or _ALWAYS.search(names):
        return bool(names)
    if _WHERE_SMALL.search(names) and _letters(element) < MIN_LETTERS:
        return True
    return bool(_WHERE_LINKS.search(names)) and _is_mostly_links(element)


def _is_inside(element: Any) -> bool:
    """Whether a header, footer or aside belongs to an article rather than to the page; menus never do."""
    return element.tag in ("header", "aside") and any(e.tag in ("main", "article") for e in element.iterancestors())


def _is_hidden(element: Any) -> bool:
    if element.tag in ("html", "body"):
        return False
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _is_mostly_links(element: Any) -> bool:
    return sum(_letters(link) for link in element.iter("a")) >= LINK_SHARE * _letters(element)


def _letters(element: Any) -> int:
    return sum(map(str.isalnum, "".join(element.itertext())))


def _drop(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()
