"""Discovery: an address in, a proposed recipe and sample records out, within few requests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from crawlers.adapters import feed, sitemap, structured, table, wordpress
from crawlers.adapters.base import Adapter, Listing, is_html, same_site
from crawlers.adapters.sitemaps import site_entries
from crawlers.errors import BadContent, CrawlError, FetchError
from crawlers.fetch import Page, PoliteSession
from crawlers.html import Html
from crawlers.labels import is_initiative_page
from crawlers.normalise import Normaliser
from crawlers.raw import Raw
from crawlers.recipe import Recipe
from crawlers.record import Record

SAMPLES = 20
PAGES_TO_TRY = 8
PAGES_TO_FOLLOW = 4
_TABLE = re.compile(r"\.(csv|tsv)($|\?)|[?&](format|download)=csv", re.IGNORECASE)


@dataclass(slots=True)
class Proposal:
    """What discovery found: a recipe, records it gives, what was tried and what the site's owner could add."""

    recipe: Recipe
    samples: list[Record] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Site:
    """The site being looked at."""

    session: PoliteSession
    recipe: Recipe
    front: Page
    html: Html
    proposal: Proposal


def discover(url: str, session: PoliteSession, base: Recipe | None = None) -> Proposal:
    """Propose how to crawl an address: the first way, from the richest to the poorest, that gives a record.

    Raises CrawlError when the address cannot be read, or when nothing on the site tells of initiatives.
    """
    recipe = base or Recipe.for_address(url)
    front = session.get(url)
    site = _Site(session, recipe, front, Html(front.url, front.text()), Proposal(recipe))
    for name, look in _WAYS.items():
        try:
            found = look(site)
        except CrawlError as error:
            site.proposal.tried.append(f"{name}: {error}")
            continue
        if found and _samples(site, found):
            site.proposal.tried.append(f"{name}: {len(site.proposal.samples)} sample records")
            return site.proposal
        site.proposal.tried.append(f"{name}: nothing")
        site.proposal.missing.append(_MISSING[name])
    raise BadContent(url, "no initiatives were recognised; tried " + ", ".join(_WAYS))


Found = tuple[Recipe, list[Raw]]


def _wordpress(site: _Site) -> Found | None:
    root = wordpress.find_root(site.session, site.recipe.url)
    if root is None:
        return None
    recipe = site.recipe.model_copy(update={"adapter": "wordpress"})
    if not recipe.types and set(wordpress.entry_types(site.session, root, recipe)) == {"post"}:
        return None
    return recipe, _first_of(wordpress.ADAPTER, Listing(site.session, recipe))


def _table(site: _Site) -> Found | None:
    if not is_html(site.front):
        return _tables_at(site, (site.front.url,))
    links = [link for link in site.html.links if _TABLE.search(link)]
    if not links:
        near = [link for link in site.html.links if same_site(link, site.front.url)][:PAGES_TO_TRY]
        links = [link for page in _pages(site, near) for link in page.links if _TABLE.search(link)]
    return _tables_at(site, tuple(dict.fromkeys(links)))


def _tables_at(site: _Site, addresses: tuple[str, ...]) -> Found | None:
    good, raws = [], []
    for address in addresses[:PAGES_TO_TRY]:
        found = list(table.ADAPTER.extract(site.session.get(address), site.recipe))
        good += [address] if found else []
        raws += found
    return (site.recipe.model_copy(update={"adapter": "table", "addresses": tuple(good)}), raws) if raws else None


def _structured(site: _Site) -> Found | None:
    return _by_pages(site, structured.ADAPTER, "structured")


def _sitemap(site: _Site) -> Found | None:
    """Without a sitemap a feed says more surely what is an entry than a walk over all pages."""
    has_sitemap = bool(next(site_entries(Listing(site.session, site.recipe), site.recipe.url), None))
    return _by_pages(site, sitemap.ADAPTER, "sitemap") if has_sitemap or not site.html.feeds else None


def _by_pages(site: _Site, adapter: Adapter, name: str) -> Found | None:
    """Whether some of the site's pages give records by this adapter; pages are taken evenly from all that there are."""
    recipe = site.recipe.model_copy(update={"adapter": name})
    entries = [url for url, _, _ in site_entries(Listing(site.session, recipe), site.recipe.url)]
    urls = [url for url in entries or _two_levels(site) if same_site(url, site.front.url)]
    likely = [u for u in urls if is_initiative_page(u, recipe.include, recipe.exclude)] if entries else urls
    step = max(1, len(likely) // PAGES_TO_TRY)
    raws = [raw for page in _fetched(site, likely[::step][:PAGES_TO_TRY]) for raw in adapter.extract(page, recipe)]
    raws += adapter.extract(site.front, recipe) if is_html(site.front) and not entries else []
    return (recipe, raws) if raws else None


def _two_levels(site: _Site) -> list[str]:
    """What the front page links to, and what the first of those pages link to, each once."""
    near = [url for url in site.html.links if same_site(url, site.front.url)]
    further = [url for page in _pages(site, near[:PAGES_TO_FOLLOW]) for url in page.links]
    return list(dict.fromkeys([*near, *further]))


def _feed(site: _Site) -> Found | None:
    usual = [urljoin(site.front.url, name) for name in ("feed", "rss.xml", "feed.xml", "atom.xml")]
    is_feed = not is_html(site.front)
    for address in [site.front.url] if is_feed else site.html.feeds or usual:
        try:
            raws = list(feed.ADAPTER.extract(site.session.get(address), site.recipe))
        except FetchError:
            continue
        if raws:
            return site.recipe.model_copy(update={"adapter": "feed", "addresses": (address,)}), raws
    return None


_WAYS: dict[str, Callable[[_Site], Found | None]] = {
    "WordPress REST": _wordpress,
    "table": _table,
    "structured data": _structured,
    "pages with labelled facts": _sitemap,
    "feed": _feed,
}
_MISSING = {
    "WordPress REST": "no open WordPress REST interface with types of its own; its owner could open /wp-json/",
    "table": "no CSV table with a column of names; its owner could link one",
    "structured data": "no schema.org data (JSON-LD or microdata) on the pages; its owner could add it",
    "pages with labelled facts": "no pages with facts such as “Country: Latvia”; a sitemap.xml would help",
    "feed": "no RSS or Atom feed; its owner could name one in the head of the page",
}


def _samples(site: _Site, found: Found) -> bool:
    recipe, raws = found
    normaliser = Normaliser(recipe)
    records = {record.remote_id: record for raw in raws if (record := normaliser.record(raw))}
    site.proposal.recipe = recipe
    site.proposal.samples = list(records.values())[:SAMPLES]
    return bool(records)


def _first_of(adapter: Adapter, listing: Listing) -> list[Raw]:
    raws: list[Raw] = []
    for item in adapter.gather(listing):
        raws += item.raws
        if len(raws) >= SAMPLES:
            break
    return raws


def _pages(site: _Site, urls: list[str]) -> Iterator[Html]:
    return (Html(page.url, page.text()) for page in _fetched(site, urls) if is_html(page))


def _fetched(site: _Site, urls: list[str]) -> Iterator[Page]:
    """Those of the pages that can be read; discovery goes on without the others."""
    for url in urls:
        try:
            page = site.session.get(url)
        except FetchError:
            continue
        if urlsplit(page.url).path:
            yield page
