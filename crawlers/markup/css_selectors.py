"""CSS selectors over a page: one(), many() and text() state how many elements they expect, and raise where there are others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import Self

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from crawlers.errors import BadContent
from crawlers.recipe import Pick
from crawlers.texts.clean import one_line
from crawlers.texts.foreign import fit_markup
from crawlers.values.addresses import absolute_address
from vocabulary.messages import N_

_HEADING = re.compile(r"h[1-6]|dt")
_ADDRESSES = ("href", "src", "data-src", "action", "poster")


@dataclass(frozen=True, slots=True)
class Part:
    """A page or an element of it, with the address of the page for errors and relative links."""

    url: str
    tag: Tag

    @classmethod
    def of_page(cls, url: str, text: str) -> Self:
        """The whole page; broken markup is repaired as browsers do."""
        tag = BeautifulSoup(fit_markup(text), "lxml")
        base = tag.find("base", href=True)
        return cls(absolute_address(url, str(base["href"])) or url if isinstance(base, Tag) else url, tag)

    def many(self, css: str, at_least: int = 0) -> list[Part]:
        """All elements that a selector matches, in the order of the page. Raises BadContent for fewer than `at_least`."""
        parts = [Part(self.url, tag) for tag in self.tag.select(css)]
        if len(parts) < at_least:
            values = {"selector": css, "count": str(len(parts)), "least": str(at_least)}
            raise self._bad(
                N_("“%(selector)s” finds %(count)s elements where there should be %(least)s or more; look at the recipe"), values
            )
        return parts

    def one(self, css: str) -> Part:
        """The only element that a selector matches. Raises BadContent when there is none, or more than one."""
        parts = self.many(css)
        if len(parts) != 1:
            values = {"selector": css, "count": str(len(parts))}
            raise self._bad(N_("“%(selector)s” finds %(count)s elements where there should be one; look at the recipe"), values)
        return parts[0]

    def text(self, css: str) -> str | None:
        """The text of the only element that a selector matches; None when there is none. Raises BadContent for more than one."""
        return self.one(css).line if self.tag.select_one(css) else None

    def pick(self, pick: Pick) -> list[str]:
        """The values that a recipe's pick selects: texts, or values of an attribute (addresses absolute); without empty ones."""
        parts = self.many(pick.css) if pick.css else [self]
        return [value for part in parts if (value := part.attribute(pick.attribute) if pick.attribute else part.line)]

    def attribute(self, name: str) -> str | None:
        """An attribute of the element, an address made absolute; None when the element does not have it."""
        value = self.tag.get(name)
        text = " ".join(value) if isinstance(value, list) else value
        return (absolute_address(self.url, text.strip()) if text and name in _ADDRESSES else text) or None

    def section(self) -> Part:
        """Of a heading or dt: the part up to the next one of its rank or above. Of any other element: the element itself."""
        if not _HEADING.fullmatch(self.tag.name):
            return self
        following = takewhile(lambda sibling: not self._ends(sibling), self.tag.next_siblings)
        return Part.of_page(self.url, f"<div>{self.tag}{''.join(str(sibling) for sibling in following)}</div>")

    @property
    def line(self) -> str:
        """The element's text on one line."""
        return one_line(str(self.tag))

    def _ends(self, sibling: PageElement) -> bool:
        """Whether a sibling is a heading that ends the section of this one."""
        return isinstance(sibling, Tag) and bool(_HEADING.fullmatch(sibling.name)) and sibling.name <= self.tag.name

    def _bad(self, reason: str, values: dict[str, str]) -> BadContent:
        return BadContent(self.url, reason, values=values)
