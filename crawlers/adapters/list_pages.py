"""Pages of a site that may hold its lists, for discovery: those near the front page, and the whole lists to which these lead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from urllib.parse import unquote

from crawlers.adapters.downloads import nearby_pages
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.markup import Html
from crawlers.markup.elements import text_within
from crawlers.reading.cards import main_part
from crawlers.reading.links import find_entries
from crawlers.reading.selected_links import selected_addresses
from crawlers.texts.wordlists import data_beside
from crawlers.values.addresses import absolute_address, canonical_address, same_site, split_address
from crawlers.values.initiative_words import is_about_initiatives, is_excluded_heading
from crawlers.values.labels import is_initiative_page
from crawlers.values.site_pages import is_legal, is_list_title, legal_part, names_list
from vocabulary import sort_words

MAX_WHOLE_LISTS = 4
"""The number of pages two clicks away that are looked at."""
MAX_CALLED_LISTS = 2
"""So many links are followed for their text alone."""
MAX_LABEL_CHARACTERS = 80
MAX_LABEL_WORDS = 6
MAX_LINKS = 3000
"""Of more links of a page only the first are looked at."""

_FILE = re.compile(r"\.\w{2,5}$")


def list_pages(site: SiteProbe) -> Iterator[Html]:
    """The front page, pages one click away, and whole lists two clicks away; without legal pages, each once."""
    if not is_html(site.front):
        return
    seen: dict[str, Html] = {}
    for page in (site.html, *nearby_pages(site)):
        if canonical_address(page.url) not in seen and not is_legal_page(page):
            seen[canonical_address(page.url)] = page
            yield page
    wanted = [url for url in _whole_lists(seen.values()) if canonical_address(url) not in seen]
    for page in site.pages(wanted[:MAX_WHOLE_LISTS]):
        if canonical_address(page.url) not in seen and not is_legal_page(page):
            seen[canonical_address(page.url)] = page
            yield page


def is_legal_page(page: Html) -> bool:
    """Whether a page is a legal one, such as a cookie policy, by its address or its title."""
    return bool(legal_part(split_address(page.url).path)) or is_legal(page.title)


def _whole_lists(pages: Iterable[Html]) -> list[str]:
    """Addresses that may be those of whole lists, the likeliest first: of links that say "all", whose address says nothing but
    what is listed ("/medlemmar/"), of links that name a list ("National organisations"), and of folders of entries.
    """
    pages = list(pages)
    said = [url for page in pages for url in _links_saying_all(page)]
    folders = [url for page in pages for url in _folders_of_entries(page)]
    named = [url for page in pages for url in _links_named_as_lists(page)]
    called = list(dict.fromkeys(url for page in pages for url in _links_called_lists(page)))[:MAX_CALLED_LISTS]
    counted = dict.fromkeys([*(url for url in said if url in folders), *said, *named, *called, *folders])
    return sorted(counted, key=lambda url: not is_about_initiatives(split_address(url).path))


def _links_saying_all(page: Html) -> Iterator[str]:
    """The addresses of links whose short text has a word for "all"; those to news are left out."""
    for number, link in enumerate(page.root.iter("a")):
        if number >= MAX_LINKS:
            return
        text = text_within(link, MAX_LABEL_CHARACTERS)
        words = sort_words(text)
        if 0 < len(words) <= MAX_LABEL_WORDS and not _all_words().isdisjoint(words) and not is_excluded_heading(text):
            yield from _list_address(page, link.get("href") or "")


def _links_named_as_lists(page: Html) -> Iterator[str]:
    """The addresses of links that end in a word for what is listed, whatever the text of the link."""
    for link in islice(page.root.iter("a"), MAX_LINKS):
        for url in _list_address(page, link.get("href") or ""):
            name = unquote(split_address(url).path.rstrip("/").rpartition("/")[2])
            if is_list_title(_FILE.sub("", name)):
                yield url


def _links_called_lists(page: Html) -> Iterator[str]:
    """The addresses of links whose text has a word for what is listed, in the content of a page."""
    for link in islice(main_part(page).iter("a"), MAX_LINKS):
        text = text_within(link, MAX_LABEL_CHARACTERS)
        if names_list(text) and not is_excluded_heading(text):
            yield from _list_address(page, link.get("href") or "")


def _folders_of_entries(page: Html) -> Iterator[str]:
    """The addresses of the folders in which the entries of a page's lists lie, other than the page's own."""
    for selection in find_entries(page)[:3]:
        for entry in selected_addresses(page, selection.css)[:1]:
            folder = split_address(entry)._replace(query="", fragment="").geturl().rstrip("/").rpartition("/")[0] + "/"
            yield from _list_address(page, folder)


def _list_address(page: Html, href: str) -> Iterator[str]:
    """The absolute address of a link that may lead to a list on the same site."""
    url = absolute_address(page.base, href.strip()).split("#")[0]
    path = split_address(url).path
    if url and same_site(url, page.url) and is_initiative_page(url) and not is_excluded_heading(path):
        yield url


@cache
def _all_words() -> frozenset[str]:
    data: dict[str, list[str]] = data_beside(__file__)
    return frozenset(word for words in data.values() for text in words for word in sort_words(text))
