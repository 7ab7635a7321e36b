"""Files that a site links to: on the page that we were given, else one click away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from crawlers.fetch.probe import SiteProbe
from crawlers.markup import Html
from crawlers.reading.cards import base_of
from crawlers.values.addresses import same_site
from crawlers.values.initiative_words import is_about_initiatives
from crawlers.values.labels import is_initiative_page
from vocabulary import fold

MAX_NEARBY_PAGES = 8
MAX_FILES = 8
_DATA_WORDS = re.compile(r"dati|data|download|lejupiel|open|atvert|list|kalend|calend|event|pasakum|map|karte|kart")


def linked_files(site: SiteProbe, pattern: str) -> list[str]:
    """Addresses that match a pattern (case does not matter), each once: of the front page, else of pages near to it."""
    wanted = re.compile(pattern, re.IGNORECASE)
    matches = [url for url in link_addresses(site.html) if wanted.search(url)]
    if not matches:
        matches = [url for page in nearby_pages(site) for url in link_addresses(page) if wanted.search(url)]
    return list(dict.fromkeys(matches))[:MAX_FILES]


def nearby_pages(site: SiteProbe) -> Iterator[Html]:
    """Pages one click away: those that sound like lists of initiatives, then like data, then the others."""
    links = [url for url in site.links if url.rstrip("/") != site.front.url.rstrip("/") and is_initiative_page(url)]
    ranked = sorted(dict.fromkeys(links), key=_rank)
    return site.pages(ranked[:MAX_NEARBY_PAGES])


def _rank(url: str) -> tuple[bool, bool, int]:
    path = fold(urlsplit(url).path)
    return not is_about_initiatives(path), not _DATA_WORDS.search(path), path.count("/")


def link_addresses(page: Html) -> Iterator[str]:
    """Absolute addresses of all links of a page, those in its head too; webcal: is http(s) by another name."""
    for link in page.root.iter("a", "link", "area"):
        try:
            url = urljoin(base_of(page), (link.get("href") or "").strip())
        except ValueError:
            continue
        if url.startswith("webcal"):
            scheme = (
                "https"
                if url.startswith("webcals") or not same_site("http" + url.removeprefix("webcal"), page.url)
                else page.url.split(":")[0]
            )
            url = f"{scheme}:{url.partition(':')[2]}"
        if url.startswith(("http://", "https://")):
            yield url.split("#")[0]
