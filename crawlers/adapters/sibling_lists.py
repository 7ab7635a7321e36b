"""Lists of blocks that a site keeps on several pages of one folder, such as one for each topic or town; for discovery."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crawlers.fetch.probe import SiteProbe
from crawlers.markup import Html
from crawlers.markup.css_selectors import Part
from crawlers.reading.links import find_entries
from crawlers.reading.selected_links import addresses_of, selected_addresses
from crawlers.values.addresses import same_site, split_address
from crawlers.values.labels import is_initiative_page

MAX_SIBLINGS_READ = 5
MIN_SIBLINGS = 3
MAX_LISTS_OF_LINKS = 4
MIN_SHARE_OF_LINKS = 0.5
_TELLING = re.compile(r"[.#]")
_OF_HEADINGS = re.compile(r"h[2-6][^ >]*$")


def links_to_siblings(site: SiteProbe, above: Iterable[Html], page: Html, css: str) -> tuple[Html, str] | None:
    """The page that links to this one and to others of its folder with blocks by the same selector, and the selector
    of these links; None without such a page.

    The blocks must lead to sites of their own, which those of staff or news do not. A selector without a class or id, or of
    headings, says too little of what it finds on other pages.
    """
    folder = _folder(page.url)
    if not is_initiative_page(folder) or not _TELLING.search(css) or _OF_HEADINGS.search(css) or not _lead_elsewhere(page, css):
        return None
    for upper in above:
        for selection in find_entries(upper)[:MAX_LISTS_OF_LINKS] if upper.url != page.url else ():
            urls = selected_addresses(upper, selection.css)
            siblings = [url for url in urls if url != page.url]
            is_of_folder = MIN_SIBLINGS <= len(siblings) < len(urls) and all(_folder(url) == folder for url in siblings)
            if is_of_folder and any(_lead_elsewhere(other, css) for other in _sample(site, siblings)):
                return upper, selection.css
    return None


def _sample(site: SiteProbe, urls: list[str]) -> Iterator[Html]:
    return site.pages(urls[:: max(1, len(urls) // MAX_SIBLINGS_READ)][:MAX_SIBLINGS_READ])


def _lead_elsewhere(page: Html, css: str) -> bool:
    """Whether a page has such blocks, and most of them a link to another site."""
    blocks = Part.of_page(page.url, page.text).many(css)
    leading = sum(any(not same_site(url, page.url) for url in addresses_of(block.many("a[href]"))) for block in blocks)
    return bool(blocks) and leading >= MIN_SHARE_OF_LINKS * len(blocks)


def _folder(url: str) -> str:
    parts = split_address(url)
    return parts._replace(path=parts.path.rstrip("/").rpartition("/")[0] + "/", query="", fragment="").geturl()
