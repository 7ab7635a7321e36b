"""The addresses to which what a recipe selects leads: links, and buttons that load more of a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from crawlers.markup import Html
from crawlers.markup.css_selectors import Part
from crawlers.markup.elements import Element, text_within
from crawlers.reading.next_labels import is_loading_label
from crawlers.reading.selections import path_selector
from crawlers.values.addresses import absolute_address, same_site, split_address

LOADING_ATTRIBUTES = (
    *(
        "data-next",
        "data-next-url",
        "data-next-page-url",
        "data-next-href",
        "data-load-more",
        "data-load-more-url",
        "data-more-url",
    ),
    *("hx-get", "data-hx-get", "up-href", "data-url", "data-href", "data-endpoint", "data-ajax-url", "data-path"),
)
"""Attributes in which a button keeps the address of what it loads."""
_LOADING_NAME = re.compile(r"(^|[\s_-])(more|next|load\w{0,10}|infinite\w{0,10})($|[\s_-])", re.IGNORECASE)
_MAX_NAME_CHARACTERS = 500
_ADDRESS = re.compile(r"(https?://|/|\?|\.{1,2}/|[\w-]{1,100}[/?.])[^\s{}<>]*")
_WHOLE_PAGE = re.compile(r"<(html|head|body)[\s>]", re.IGNORECASE)


def selected_addresses(page: Html, css: str) -> list[str]:
    """The absolute http(s) addresses of what a selector finds, each once.

    Of an answer that is a part of a page, such as a button loads, the elements around the part do not count.
    """
    whole = Part.of_page(page.url, page.text)
    parts = whole.many(css)
    if not parts and "," not in css and not _WHOLE_PAGE.search(page.text[:5000]):
        steps = css.split(" > ")
        parts = next((found for n in range(1, len(steps)) if (found := whole.many(" > ".join(steps[n:])))), [])
    return addresses_of(parts)


def addresses_of(parts: Iterable[Part]) -> list[str]:
    """The absolute http(s) addresses of links and loading buttons, each once, without fragments."""
    addresses = (part.attribute("href") or absolute_address(part.url, _loading_address(part.attribute)) for part in parts)
    return list(dict.fromkeys(url.split("#")[0] for url in addresses if url and split_address(url).scheme in ("http", "https")))


def loading_selector(page: Html) -> str:
    """The selector of a button that loads more of the page's list from an address that it keeps; "" without one."""
    for element in page.root.iter("button", "a", "div", "span", "li"):
        address = _loading_address(element.get)
        if address and same_site(absolute_address(page.base, address), page.url) and _says_more(element):
            return path_selector(element)
    return ""


def _loading_address(attribute: Callable[[str], str | None]) -> str:
    return next((value for name in LOADING_ATTRIBUTES if _is_address(value := attribute(name) or "")), "")


def _is_address(value: str) -> bool:
    """Whether a value is an address of a list's further part; that of WordPress' own programs needs more than an address."""
    return bool(_ADDRESS.fullmatch(value)) and "admin-ajax" not in value


def _says_more(element: Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:_MAX_NAME_CHARACTERS]
    return bool(_LOADING_NAME.search(names)) or is_loading_label(text_within(element, _MAX_NAME_CHARACTERS))
