"""The lines of a page, as a reader sees them: the texts between one block and the next, and the elements that hold them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from crawlers.markup.elements import Element
from crawlers.markup.facts import INLINE_TAGS
from crawlers.texts.wordlists import word_set

MAX_LINES = 20_000
"""Of one page; what comes after them is not read as lines."""
_INLINE = INLINE_TAGS - {"br"} | word_set("code kbd q cite abbr s del ins dfn var samp bdi bdo img picture svg button")
_TEXTLESS = word_set("script style template noscript iframe svg canvas object head select textarea")


@dataclass(slots=True)
class Line:
    """One line: its `text`, the block that it stands in, and where its pieces are.

    Each of `slots` is an element, and whether the piece is the text after it rather than the one in it.
    """

    block: Element
    slots: list[tuple[Element, bool]] = field(default_factory=list)
    text: str = ""

    def blank(self) -> None:
        """Take the text out of the page; the elements stay."""
        for element, is_after in self.slots:
            if is_after:
                element.tail = " "
            else:
                element.text = " "

    @property
    def links(self) -> list[Element]:
        """The links in which pieces of the line stand; empty where some of its letters stand in none."""
        links: list[Element] = []
        for element, is_after in self.slots:
            piece = element.tail if is_after else element.text
            holder = element.getparent() if is_after else element
            while holder is not None and holder is not self.block and holder.tag != "a":
                holder = holder.getparent()
            if holder is not None and holder.tag == "a":
                links.append(holder)
            elif any(map(str.isalnum, piece or "")):
                return []
        return links


def lines_of(root: Element) -> list[Line]:
    """The lines of an element that have letters or digits, in the order of the page, up to MAX_LINES."""
    lines: list[Line] = []
    current = Line(root)
    for element, is_start in _walk(root):
        is_break = not isinstance(element.tag, str) or element.tag not in _INLINE
        if is_break:
            _end(current, lines)
            current = Line(element if is_start else _block_above(element, root))
        if len(lines) >= MAX_LINES:
            return lines
        if is_start and element.text and element.tag not in _TEXTLESS:
            current.slots.append((element, False))
        elif not is_start and element.tail and element is not root:
            current.slots.append((element, True))
    _end(current, lines)
    return lines


def _end(line: Line, lines: list[Line]) -> None:
    line.text = " ".join("".join((e.tail if is_after else e.text) or "" for e, is_after in line.slots).split())
    if any(map(str.isalnum, line.text)):
        lines.append(line)


def _block_above(element: Element, root: Element) -> Element:
    parent = element.getparent()
    return root if parent is None or element is root else parent


def _walk(root: Element) -> Iterator[tuple[Element, bool]]:
    """Each element at its start (True) and its end, in the order of the page; what is in elements without text is left out."""
    stack: list[tuple[Element, Iterator[Element]]] = [(root, iter(root))]
    yield root, True
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield element, False
        else:
            yield child, True
            stack.append((child, iter(()) if child.tag in _TEXTLESS else iter(child)))
