"""Sites read page by page: entries found by sitemap, read from labelled facts, title and main text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from crawlers.adapters.base import Adapter, Gathering, Item, read_each
from crawlers.adapters.sitemap.reader import SitemapEntry, gather_pages
from crawlers.fetch import Page
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.markup import Html
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.values.addresses import canonical_address
from crawlers.values.contacts import open_licence
from crawlers.values.labels import is_initiative_page, map_fields
from vocabulary.messages import N_

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
"""Parts of the addresses of sitemaps with posts, pages and archives rather than a content type of the site's own."""


def gather(listing: Gathering) -> Iterator[Item]:
    """The pages of the sitemaps that may be initiatives; if some sitemaps are of content types of the site's own, only theirs."""
    return gather_pages(listing, lambda page: _raw_records_of_entry(page, listing.recipe), _entries_of_own_types)


def extract(page: Page, recipe: Recipe) -> Iterable[RawRecord]:
    """The raw record of one page; empty where the page has too few facts."""
    return raw_records(Html(page.url, page.text()), recipe)


def raw_records(page: Html, recipe: Recipe) -> Iterator[RawRecord]:
    """The raw record of a page with at least MIN_FACTS fields of ours among its facts; a page of prose alone is likely news."""
    return read_each([page], lambda page: _raw_record(page, recipe), page.url)


def _raw_record(page: Html, recipe: Recipe) -> RawRecord | None:
    """The raw record of a page; None where it has too few facts."""
    facts: dict[str, Any] = dict(page.facts)
    fields = map_fields(facts, recipe.fields)
    if len(fields) < MIN_FACTS:
        return None
    for name in _PAGE_VALUES:
        if name not in fields:
            fields[name] = _PAGE_VALUES[name](page)
    url = page.canonical or page.url
    changed_at = page.meta("article:modified_time")
    return RawRecord(
        canonical_address(url), url, fields, page.lang, changed_at=changed_at, source={"facts": facts}, alternates=page.alternates
    )


def _raw_records_of_entry(page: Html, recipe: Recipe) -> Iterable[RawRecord]:
    """The raw record of a page reached by links; empty for addresses that are no initiative's."""
    return raw_records(page, recipe) if is_initiative_page(page.url, recipe.include, recipe.exclude) else ()


_PAGE_VALUES: dict[str, Callable[[Html], str | None]] = {
    "title": lambda page: page.title,
    "description": lambda page: page.main_text,
    "summary": lambda page: page.description,
    "image": lambda page: page.image,
    "licence": lambda page: open_licence(page.licences),
}
"""How a page gives a field that its labelled facts lack; read only then, because it takes long."""


def _entries_of_own_types(entries: list[SitemapEntry]) -> list[SitemapEntry]:
    """The entries of sitemaps that are not in ORDINARY_SITEMAPS; all where there are no others."""
    own = [entry for entry in entries if not any(name in entry.sitemap_url for name in ORDINARY_SITEMAPS)]
    return own or entries


def look(site: SiteProbe) -> Iterator[Recipe]:
    """A recipe for any site with HTML pages."""
    if is_html(site.front):
        yield site.recipe.model_copy(update={"adapter": "sitemap"})


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no pages with facts such as “Country: Latvia”; a sitemap.xml that lists such pages would help"),
)
