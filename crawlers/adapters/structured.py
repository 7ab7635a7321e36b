"""Sites with schema.org data (JSON-LD, microdata, RDFa) on their pages, found by sitemap, else by walking the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crawlers.adapters.base import Adapter, Gathering, Item
from crawlers.adapters.sitemap.reader import gather_pages
from crawlers.fetch import Page
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.markup import Html
from crawlers.messages import N_
from crawlers.reading.schema_org import entity_to_raw, initiatives
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.values.labels import map_fields


def gather(listing: Gathering) -> Iterator[Item]:
    """The pages of the sitemap; without one, the things of all pages that can be reached."""
    return gather_pages(listing, lambda page: raw_records(page, listing.recipe))


def extract(page: Page, recipe: Recipe) -> Iterable[RawRecord]:
    """Every initiative of one page."""
    return raw_records(Html(page.url, page.text()), recipe)


def raw_records(page: Html, recipe: Recipe) -> Iterator[RawRecord]:
    """A raw record for each thing on the page that may be an initiative."""
    entities = initiatives(page, (recipe.title,))
    for entity in entities:
        raw = entity_to_raw(entity, page, is_alone=len(entities) == 1)
        raw.alternates = page.alternates if len(entities) == 1 else {}
        yield with_page_facts(raw, page, recipe) if len(entities) == 1 else raw


def with_page_facts(raw: RawRecord, page: Html, recipe: Recipe) -> RawRecord:
    """The record of the only thing of a page, with what the page's labelled facts say beside."""
    for name, value in map_fields(dict(page.facts), recipe.fields).items():
        if not raw.fields.get(name):
            raw.fields[name] = value
    if not raw.fields.get("description"):
        raw.fields["description"] = page.main_text
    return raw


def look(site: SiteProbe) -> Iterator[Recipe]:
    """Any site with pages may have things on them."""
    if is_html(site.front):
        yield site.recipe.model_copy(update={"adapter": "structured"})


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no schema.org data (JSON-LD, microdata or RDFa) about initiatives; the owner could add it to their pages"),
)
