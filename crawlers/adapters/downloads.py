"""Files that a site links to, on its front page or one click away; for discovery."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from crawlers.fetch.probe import SiteProbe
from crawlers.markup import Html
from crawlers.values.addresses import absolute_address, same_site
from crawlers.values.initiative_words import is_about_initiatives
from crawlers.values.labels import is_initiative_page
from vocabulary import fold

MAX_NEARBY_PAGES = 8
MAX_FILES = 8
_DATA_WORDS = re.compile(r"dati|data|download|lejupiel|open|atvert|list|kalend|calend|event|pasakum|map|karte|kart")


def linked_files(site: SiteProbe, pattern: str) -> list[str]:
    """Link addresses that match a regular expression, ignoring case, each once: of the front page, else of nearby pages."""
    regex = re.compile(pattern, re.IGNORECASE)
    matches = [url for url in link_addresses(site.html) if regex.search(url)]
    if not matches:
        matches = [url for page in nearby_pages(site) for url in link_addresses(page) if regex.search(url)]
    return list(dict.fromkeys(matches))[:MAX_FILES]


def nearby_pages(site: SiteProbe) -> Iterator[Html]:
    """Pages one click away from the front page, at most MAX_NEARBY_PAGES: first those whose address has words for initiatives,
    then words for data.
    """
    links = [url for url in site.links if url.rstrip("/") != site.front.url.rstrip("/") and is_initiative_page(url)]
    ranked = sorted(dict.fromkeys(links), key=_rank)
    return site.pages(ranked[:MAX_NEARBY_PAGES])


def _rank(url: str) -> tuple[bool, bool, int]:
    """A sort key that puts the likeliest addresses first, then the shallow ones."""
    path = fold(urlsplit(url).path)
    return not is_about_initiatives(path), not _DATA_WORDS.search(path), path.count("/")


def link_addresses(page: Html) -> Iterator[str]:
    """The absolute http(s) addresses of all links of a page and its head, without fragments; webcal: becomes http(s):."""
    base = page.base
    for link in page.root.iter("a", "link", "area"):
        url = absolute_address(base, (link.get("href") or "").strip())
        if url.startswith("webcal"):
            url = _without_webcal(url, page.url)
        if url.startswith(("http://", "https://")):
            yield url.split("#")[0]


def _without_webcal(url: str, page_url: str) -> str:
    """A webcal: address with the scheme of the page that is on the same site, else with https."""
    is_of_page = not url.startswith("webcals") and same_site("http" + url.removeprefix("webcal"), page_url)
    scheme = page_url.split(":")[0] if is_of_page else "https"
    return f"{scheme}:{url.partition(':')[2]}"
