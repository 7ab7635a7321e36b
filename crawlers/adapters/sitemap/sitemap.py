"""Sites of which only pages are open: entries found by sitemap, read from headings, labelled facts and main text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from crawlers.adapters.base import Adapter, Gathering, Item
from crawlers.adapters.sitemap.reader import Entry, gather_pages
from crawlers.fetch import Page
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.markup import Html
from crawlers.messages import N_
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.values.addresses import canonical_address
from crawlers.values.labels import is_initiative_page, map_fields

MIN_FACTS = 2
ORDINARY_SITEMAPS = (
    "-posts-post-",
    "-posts-page-",
    "-taxonomies-",
    "-users-",
    "post-sitemap",
    "page-sitemap",
    "category-",
    "author-",
)
"""Parts of the names of WordPress sitemaps that hold posts, pages and archives rather than a type of their own."""


def gather(listing: Gathering) -> Iterator[Item]:
    """The sitemap's pages that may be initiatives; where the site has sitemaps for types of its own, only those."""
    return gather_pages(listing, lambda page: _raw_records_of_entry(page, listing.recipe), _entries_of_own_types)


def extract(page: Page, recipe: Recipe) -> Iterable[RawRecord]:
    """The initiative of one page, or nothing when the page tells no facts of one."""
    return raw_records(Html(page.url, page.text()), recipe)


def raw_records(page: Html, recipe: Recipe) -> Iterator[RawRecord]:
    """One raw record from a page with at least two facts that we know; prose alone is news, not an initiative."""
    facts: dict[str, Any] = dict(page.facts)
    fields = map_fields(facts, recipe.fields)
    if len(fields) < MIN_FACTS:
        return
    for name in ("title", "description", "summary", "image"):
        if name not in fields:
            fields[name] = _PAGE_VALUES[name](page)
    url = page.canonical or page.url
    changed_at = page.meta("article:modified_time")
    yield RawRecord(
        canonical_address(url), url, fields, page.lang, changed_at=changed_at, source={"facts": facts}, alternates=page.alternates
    )


def _raw_records_of_entry(page: Html, recipe: Recipe) -> Iterable[RawRecord]:
    return raw_records(page, recipe) if is_initiative_page(page.url, recipe.include, recipe.exclude) else ()


_PAGE_VALUES: dict[str, Callable[[Html], str | None]] = {
    "title": lambda page: page.title,
    "description": lambda page: page.main_text,
    "summary": lambda page: page.description,
    "image": lambda page: page.image,
}
"""What the page itself says where its labelled facts do not; read only then."""


def _entries_of_own_types(entries: list[Entry]) -> list[Entry]:
    own = [entry for entry in entries if not any(name in entry[2] for name in ORDINARY_SITEMAPS)]
    return own or entries


def look(site: SiteProbe) -> Iterator[Recipe]:
    """Any site with pages can be read so."""
    if is_html(site.front):
        yield site.recipe.model_copy(update={"adapter": "sitemap"})


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no pages with facts such as “Country: Latvia”; a sitemap.xml that lists such pages would help"),
)
