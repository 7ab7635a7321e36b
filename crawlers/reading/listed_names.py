"""What a list calls its entries, and whether that or the heading of an entry's page is the name."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote, urlsplit

from crawlers.markup import Html
from crawlers.markup.elements import Element, text_within
from crawlers.reading.cards import is_name
from crawlers.texts.clean import name_line, one_line
from crawlers.values.addresses import absolute_address
from vocabulary import fold

MAX_CHARACTERS = 120
"""Of a name; longer texts tell of an entry."""
MAX_WORDS = 12
MAX_ELEMENTS_AROUND = 6
MIN_LETTERS = 3
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_WORD = re.compile(r"\w+")
_IS_TEASER = re.compile(r"(…|\.\.\.|[.!?])$")


def names_of_links(page: Html, urls: frozenset[str]) -> dict[str, str]:
    """What a list page calls the pages at these addresses: the text of the link, where it is a name of its own, else the only
    heading in the largest element around the link that holds no link to another one of them."""
    links: dict[str, list[Element]] = {}
    for link in page.root.iter("a"):
        if (url := _address(link, page)) in urls:
            links.setdefault(url, []).append(link)
    said = {url: [text for link in alike if _may_be_name(text := _text(link))] for url, alike in links.items()}
    often = Counter(fold(text) for texts in said.values() for text in set(texts))  # “Zum Projekt” names none
    names = {url: next((text for text in texts if often[fold(text)] == 1), "") for url, texts in said.items()}
    around = {url: names[url] or _heading_around(alike[0], url, page, urls) for url, alike in links.items()}
    often = Counter(map(fold, around.values()))
    return {url: name for url, name in around.items() if name and often[fold(name)] == 1}


def chosen_title(title: str, listed: str, page: Html) -> str:
    """The title of an entry's page, or the name by which the list calls it.

    The list's name counts only where the page does not declare its heading as its title, too, and where the name is nearer to
    the page's address, or the heading is a sentence and the name is none.
    """
    key, listed_key = fold(title), fold(listed)
    is_longer = listed_key in key and not _is_sentence(title)
    if not listed or key in listed_key or is_longer or _is_declared(key, page):
        return title
    words = _words(unquote(urlsplit(page.url).path.rstrip("/").rpartition("/")[2]))
    nearness, of_listed = (len(words & _words(text)) for text in (title, listed))
    if of_listed > nearness or (of_listed == nearness > 0 and _is_sentence(title)):
        return listed
    return title


def _address(link: Element, page: Html) -> str:
    """Where a link leads; the page itself where it has no address."""
    return absolute_address(page.base, (link.get("href") or "").strip()).split("#")[0]


def _heading_around(link: Element, url: str, page: Html, urls: frozenset[str]) -> str:
    around = link
    for element in list(link.iterancestors())[:MAX_ELEMENTS_AROUND]:
        if any(lead in urls and lead != url for lead in (_address(one, page) for one in element.iter("a"))):
            break
        around = element
    headings = [text for heading in around.iter(*_HEADINGS) if _may_be_name(text := _text(heading))]
    return headings[0] if len(headings) == 1 else ""


def _may_be_name(text: str) -> bool:
    return is_name(text) and len(text) <= MAX_CHARACTERS and not _is_sentence(text)


def _is_declared(key: str, page: Html) -> bool:
    """Whether a heading of the page is this text, and its declared title has it, too."""
    declared = [page.meta("og:title") or "", *(node.text or "" for node in page.root.iter("title"))]
    headings = (fold(_text(heading)) for heading in page.root.iter("h1", "h2"))
    return key in headings and any(key in fold(one_line(text)) for text in declared)


def _is_sentence(text: str) -> bool:
    return bool(_IS_TEASER.search(text)) or len(text.split()) > MAX_WORDS


def _text(element: Element) -> str:
    return name_line(one_line(text_within(element, 2 * MAX_CHARACTERS)))


def _words(text: str) -> set[str]:
    """The words of a name or address, with umlauts as addresses write them."""
    plain = re.sub(r"([aou])e", r"\1", fold(text).replace("_", " "))
    return {word for word in _WORD.findall(plain) if len(word) >= MIN_LETTERS}
