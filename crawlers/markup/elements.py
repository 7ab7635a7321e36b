"""The parts of lxml's HTML elements that the crawlers use, typed; lxml's own stubs do not cover them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, cast, overload

import lxml.html
from lxml import etree

from crawlers.texts.foreign import fit_markup


class Element(Protocol):
    """An element of a parsed page (lxml.html.HtmlElement). Its children are elements, its texts stand between them.

    `text` is the text before the first child, `tail` the text after the element; both may be None. In a page that was
    parsed as HTML, `tag` is no text for processing instructions.
    """

    tag: str
    text: str | None
    tail: str | None

    @property
    def attrib(self) -> dict[str, str]:
        """The attributes by name."""

    @overload
    def get(self, name: str, /) -> str | None:
        """The value of an attribute; None without it."""

    @overload
    def get(self, name: str, default: str, /) -> str:
        """The value of an attribute; `default` without it."""

    def iter(self, *tags: str) -> Iterator[Element]:
        """The element and all elements in it, in document order; only those with one of the tags, if there are any."""

    def iterancestors(self, *tags: str) -> Iterator[Element]:
        """The parent, its parent, and so on; only those with one of the tags, if there are any."""

    def itertext(self) -> Iterator[str]:
        """All texts in the element, in document order."""

    def getparent(self) -> Element | None:
        """The parent; None for the root."""

    def getnext(self) -> Element | None:
        """The next sibling; None for the last."""

    def getprevious(self) -> Element | None:
        """The previous sibling; None for the first."""

    def find(self, path: str) -> Element | None:
        """The first element that a simple path matches; None without one."""

    def xpath(self, path: str) -> list[Element]:
        """All elements that an XPath expression selects."""

    def text_content(self) -> str:
        """All texts in the element as one."""

    def drop_tree(self) -> None:
        """Remove the element from its parent; its tail stays."""

    def __iter__(self) -> Iterator[Element]: ...
    def __reversed__(self) -> Iterator[Element]: ...
    def __getitem__(self, index: int, /) -> Element: ...
    def __len__(self) -> int: ...


def parse_html(text: str) -> Element:
    """The root element of a page; broken markup is repaired as browsers do, comments are left out."""
    text = fit_markup(text)
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True)
    try:
        root = lxml.html.document_fromstring(text.encode() or b"<p>", parser=parser)
    except etree.ParserError:
        root = lxml.html.document_fromstring("<p></p>")
    return cast(Element, root)


def text_within(element: Element, max_characters: int) -> str:
    """All texts in an element as one; "" where they are longer, which is found out after `max_characters`."""
    parts: list[str] = []
    for text in element.itertext():
        parts.append(text)
        max_characters -= len(text)
        if max_characters < 0:
            return ""
    return "".join(parts)


def markup_of(element: Element, *, with_tail: bool = False) -> str:
    """The HTML of an element."""
    return str(lxml.html.tostring(cast(etree._Element, element), encoding="unicode", with_tail=with_tail))
