"""The main text of a page, without the parts that every page of its site has."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from copy import deepcopy
from itertools import accumulate

import trafilatura

from crawlers.markup.elements import Element, markup_of
from crawlers.markup.headings import with_lost_headings
from crawlers.texts.clean import plain_text
from crawlers.texts.noise import is_noise
from crawlers.texts.wordlists import word_set

log = logging.getLogger(__name__)
TEXTLESS_TAGS = word_set("script style template noscript iframe svg canvas object embed select option input textarea dialog")
FRAME_TAGS = word_set("header footer nav aside")
FRAME_ROLES = word_set("navigation banner contentinfo search dialog alertdialog menu menubar complementary")
LIST_TAGS = word_set("ul ol menu")
CONTENT_TAGS = word_set("html body main article h1 pre code")
MAX_FRAME_SHARE = 0.5
"""An element with more than this share of the page's letters is not removed, whatever its name."""
MIN_LINK_SHARE = 0.5
MIN_LETTERS = 500
"""A shorter page, without its frame, is all text."""
MIN_KEPT_SHARE = 0.3
"""Where the extractor keeps less of a page's letters, it took a part for the whole, as with sections of page builders."""
_HIDDEN = re.compile(r"(display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_FRAME_NAME = re.compile(
    r"cookie|consent|gdpr|onetrust|cmplz|cky-|sikdatn|screen-reader|sr-only|visually-hidden|skip-link|sharedaddy|addtoany|addthis"
    r"|(^|[\s_-])(breadcrumbs?|pagination|pager|entry-meta|post-meta|byline|comments?|respond|jp-relatedposts|site-header|site-footer"
    r"|footer|masthead|colophon|wp-caption-text|wpml-ls|polylang|topbar|preloader)([\s_-]|$)",
    re.IGNORECASE,
)
_SMALL_FRAME_NAMES = "socials?|shares?|sharing|newsletter|subscribe|popup|modal"
_FRAME_NAME_IF_SMALL = re.compile(rf"(^|[\s_-])({_SMALL_FRAME_NAMES})([\s_-]|$)", re.IGNORECASE)
_FRAME_NAME_IF_LINKS = re.compile(
    r"(^|[\s_-])(nav|navbar|navigation|menus?|sidebar|widgets?|tags|categories|links|logos|lang|languages?|related|toolbar"
    rf"|{_SMALL_FRAME_NAMES})([\s_-]|$)",
    re.IGNORECASE,
)


def main_text(root: Element) -> str:
    """The main text of a parsed page, with a line for each paragraph, heading, list item and table row; "" without text.

    A page is taken whole where it is short, or where most of it would be lost with its frame. The tree is not changed.
    """
    tree = deepcopy(root)
    _prune(tree)
    _blank_newlines(tree)
    letters = _letter_count(tree)
    lines = _article_lines(tree) if letters >= MIN_LETTERS else []
    if not _have_letters(lines, MIN_KEPT_SHARE * letters):
        return plain_text(markup_of(tree))
    return "\n".join(with_lost_headings(lines, tree))


def _article_lines(tree: Element) -> list[str]:
    """The lines of a page's article, as the extractor tells it; none where it fails."""
    try:
        text = trafilatura.extract(deepcopy(tree), include_comments=False, include_tables=True) or ""
    except MemoryError:
        raise
    except Exception:
        log.warning("the main text of a page is taken whole, since its article cannot be told", exc_info=True)
        return []
    lines = (re.sub(r"\s*\|\s*", " ", line).strip(" -*") for line in text.splitlines())
    return [line for line in lines if line and not is_noise(line)]


def _prune(tree: Element) -> None:
    """Remove elements without text, hidden elements, and frames such as menus and footers."""
    for element in [e for e in tree.iter() if not isinstance(e.tag, str) or e.tag in TEXTLESS_TAGS or _is_hidden(e)]:
        _drop(element)
    letters = _Letters(tree)
    max_letters = MAX_FRAME_SHARE * letters.of[tree]
    for element in [element for element in letters.of if element.tag not in CONTENT_TAGS and _is_frame(element, letters)]:
        if element.getparent() is not None and letters.of[element] <= max_letters:
            _drop(element)


def _blank_newlines(tree: Element) -> None:
    """Replace the source's newlines by blanks, as a browser shows them, except inside <pre>."""
    preformatted = {inside for pre in tree.iter("pre") for inside in pre.iter()}
    for element in tree.iter():
        if element.text and element not in preformatted:
            element.text = element.text.replace("\n", " ")
        if element.tail and (element not in preformatted or element.tag == "pre"):
            element.tail = element.tail.replace("\n", " ")


class _Letters:
    """The number of letters and digits in each element of a tree, and of those that are links, counted in one pass.

    `of` and `in_links` are by element, `of` in document order.
    """

    def __init__(self, tree: Element) -> None:
        self.of: dict[Element, int] = {element: _count(element.text) for element in tree.iter()}
        self.in_links: dict[Element, int] = dict.fromkeys(self.of, 0)
        for element in reversed(self.of):
            if element.tag == "a":
                self.in_links[element] = self.of[element]
            if element is not tree and (parent := element.getparent()) is not None:
                self.of[parent] += self.of[element] + _count(element.tail)
                self.in_links[parent] += self.in_links[element]

    def are_mostly_links(self, element: Element) -> bool:
        """Whether at least MIN_LINK_SHARE of an element's letters are in links."""
        return self.in_links[element] >= MIN_LINK_SHARE * self.of[element]


def _is_frame(element: Element, letters: _Letters) -> bool:
    """Whether an element frames the text: by its role, tag, class or id together with what it holds, or as a list of links."""
    if element.get("role") in FRAME_ROLES or (element.tag in FRAME_TAGS and not _is_of_article(element)):
        return True
    if element.tag in LIST_TAGS and letters.in_links[element] == letters.of[element]:
        return True
    names = " ".join(filter(None, (element.get("class"), element.get("id"))))
    if not names or _FRAME_NAME.search(names):
        return bool(names)
    if _FRAME_NAME_IF_SMALL.search(names) and letters.of[element] < MIN_LETTERS:
        return True
    return bool(_FRAME_NAME_IF_LINKS.search(names)) and letters.are_mostly_links(element)


def _is_of_article(element: Element) -> bool:
    """Whether a header or aside belongs to an article rather than to the page."""
    return element.tag in ("header", "aside") and any(e.tag in ("main", "article") for e in element.iterancestors())


def _is_hidden(element: Element) -> bool:
    if element.tag in ("html", "body"):
        return False
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _letter_count(element: Element) -> int:
    return _count("".join(element.itertext()))


def _have_letters(lines: Iterable[str], count: float) -> bool:
    """Whether lines have at least so many letters and digits; not more lines than needed are counted."""
    return any(total >= count for total in accumulate(map(_count, lines)))


def _count(text: str | None) -> int:
    """The number of letters and digits in a text."""
    return sum(map(str.isalnum, text)) if text else 0


def _drop(element: Element) -> None:
    if element.getparent() is not None:
        element.drop_tree()
