"""Sites with schema.org data (JSON-LD, microdata, RDFa) on their pages, found by sitemap, else by following links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crawlers.adapters.base import Adapter, Gathering, Item, read_each
from crawlers.adapters.sitemap.reader import gather_pages
from crawlers.fetch import Page
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.markup import Html
from crawlers.markup.entities import Entity
from crawlers.reading.schema_org import entity_to_raw, initiatives
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.values.labels import map_fields
from vocabulary.messages import N_


def gather(listing: Gathering) -> Iterator[Item]:
    """The pages of the sitemap; without one, the pages that can be reached by links, with their records."""
    return gather_pages(listing, lambda page: raw_records(page, listing.recipe))


def extract(page: Page, recipe: Recipe) -> Iterable[RawRecord]:
    """The raw records of one page."""
    return raw_records(Html(page.url, page.text()), recipe)


def raw_records(page: Html, recipe: Recipe) -> Iterator[RawRecord]:
    """A raw record for each entity of the page that may be an initiative."""
    entities = initiatives(page, (recipe.title,))
    if len(entities) == 1:
        yield from read_each(entities, lambda entity: _only_record(entity, page, recipe), page.url)
    else:
        yield from read_each(entities, lambda entity: entity_to_raw(entity, page, is_alone=False), page.url)


def _only_record(entity: Entity, page: Html, recipe: Recipe) -> RawRecord:
    """The raw record of a page's only entity, with what the page says of itself."""
    raw = entity_to_raw(entity, page, is_alone=True)
    raw.alternates = page.alternates
    return with_page_facts(raw, page, recipe)


def with_page_facts(raw: RawRecord, page: Html, recipe: Recipe) -> RawRecord:
    """The raw record of a page's only entity, with fields that it lacks from the labelled facts and main text of the page."""
    raw.source = {**raw.source, "facts": page.facts}
    for name, value in map_fields(dict(page.facts), recipe.fields).items():
        if not raw.fields.get(name):
            raw.fields[name] = value
    if not raw.fields.get("description"):
        raw.fields["description"] = page.main_text
    return raw


def look(site: SiteProbe) -> Iterator[Recipe]:
    """A recipe for any site with HTML pages."""
    if is_html(site.front):
        yield site.recipe.model_copy(update={"adapter": "structured"})


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no schema.org data (JSON-LD, microdata or RDFa) about initiatives; the owner could add it to their pages"),
)
