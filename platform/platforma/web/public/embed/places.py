"""Where else something can be found: the sources that list it, and what is told of it elsewhere on the web."""

from __future__ import annotations

from collections.abc import Sequence

from crawlers.values.addresses import is_web_address
from platforma.catalogue.listings.listing import Listing
from platforma.web.public.listing_facts import host_name

Place = tuple[str, str]
"""A label and an address on another site."""


def places(listing: Listing, *, but: str = "") -> Sequence[Place]:
    """The pages of a listing on other sites, each once: first those of its sources, but for one platform's, by their titles,
    then what it has elsewhere, by the host. Its own website is no other place."""
    sources = [source for source in listing.sources if source.url]
    found = [(source.url or "", source.platform_title) for source in sources if source.platform_id != but]
    found += [(url, host_name(url)) for url in listing.get("same_as") if is_web_address(url)]
    left_out = {_key(listing.get("website") or ""), *(_key(source.url or "") for source in sources if source.platform_id == but)}
    by_key = {_key(url): (label, url) for url, label in reversed(found)}
    return [by_key[key] for key in dict.fromkeys(_key(url) for url, _ in found) if key not in left_out]


def _key(url: str) -> str:
    """The address without what changes nothing: its scheme, www, a slash at its end."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")
