"""HTML pages read by CSS selectors: lists in pages, pages of single entries, and pages with several initiatives in blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from itertools import islice
from typing import Any

from bs4 import Tag

from crawlers.adapters import html_look
from crawlers.adapters.base import Adapter, Gathering, Item, Reading, read_each
from crawlers.fetch import Page
from crawlers.fetch.probe import is_html
from crawlers.markup import Html
from crawlers.markup.css_selectors import Part
from crawlers.markup.elements import Element, markup_of
from crawlers.reading.cards import breadcrumb_country, main_part, own_link, read_card
from crawlers.reading.frame import shared_values, without_shared_values
from crawlers.reading.listed_names import names_of_links
from crawlers.reading.name_lines import MAX_LINES, line_blocks
from crawlers.reading.next_labels import next_label
from crawlers.reading.schema_org import with_only_entity, without_owner
from crawlers.reading.selected_links import addresses_of, selected_addresses
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.state import PageLinks
from crawlers.texts.clean import one_line
from crawlers.values.addresses import canonical_address, same_site
from crawlers.values.contacts import open_licence
from crawlers.values.labels import is_initiative_page
from vocabulary import fold, load
from vocabulary.messages import N_

LIST_FIELDS = ("tags", "country", "themes", "sectors")
"""Fields for which a recipe's pick may select several values."""
MAX_BLOCKS_AROUND = 10
_IS_THING = re.compile(r"\b(?:itemscope|typeof)\b", re.IGNORECASE)
"""In the markup of a block that schema.org describes."""
_GROUP_HEADINGS = ["h1", "h2", "h3", "h4"]


def gather(listing: Gathering) -> Iterator[Item]:
    """The pages that the list pages link to by `entries`; without `entries`, the list pages with the initiatives in them."""
    recipe = listing.recipe
    starts = lists = recipe.addresses or (recipe.url,)
    if recipe.html.lists:
        lists_above = [
            reading for url in starts if (reading := listing.read(url, lambda page: _read_list_of_lists(page, recipe)))
        ]
        yield from (item for item, _ in lists_above)
        lists = tuple(_own_urls(listing, dict.fromkeys(url for _, leads in lists_above for url in leads.items)))
    if not recipe.html.next and not recipe.html.entries:
        yield from (Item(url) for url in lists)
        return
    known_ids: set[str] = set()
    for item, leads in _list_pages(listing, lists, known_ids, list_url=starts[0]):
        urls, names = _own_urls(listing, leads.items), dict(zip(leads.items, leads.names, strict=False))
        if len(known_ids) >= recipe.limits.pages:
            listing.is_whole = False
            return
        yield item
        yield from (Item(url, is_own_page=True, name=names.get(url, "")) for url in urls if url not in known_ids)
        known_ids |= {*urls, *listing.ids_of(item)}


def extract(page: Page, recipe: Recipe) -> Iterable[RawRecord]:
    """The raw records of one page: one for each block or line, or one for the page where the recipe has neither."""
    return raw_records(_parse(page), recipe, list_url=page.url)


def raw_records(page: Html, recipe: Recipe, *, list_url: str) -> Iterator[RawRecord]:
    """A raw record for each block, or one for the page. The remote id of a block is `list_url` and its folded title."""
    if not recipe.html.blocks and not recipe.html.lines:
        yield from read_each([page], lambda page: with_only_entity(_page_record(page, recipe), page, recipe), page.url)
        return
    whole = Part.of_page(page.url, page.text)
    column_names = _column_names(whole, recipe.html.blocks) if recipe.html.blocks else []
    blocks = _outside_menus(_not_too_deep(whole.many(recipe.html.blocks or recipe.html.lines)))
    parts = [part for part in blocks if len(part.line) != 1]  # a letter of an alphabetical list
    if recipe.html.lines:
        lines = (line for part in parts for line in line_blocks(str(part.tag)))
        parts = [Part.of_page(page.url, line) for line in islice(lines, MAX_LINES)]
    numbered = enumerate(zip(parts, _places_above(whole, parts), strict=True), start=1)
    reader = _BlockReader(page, recipe, list_url, column_names)
    yield from _without_shared_values(list(read_each(numbered, lambda block: reader.record(block[0], *block[1]), page.url)))


def _without_shared_values(raws: list[RawRecord]) -> Iterator[RawRecord]:
    """The raw records of one page without values that most of them share, which are the site's."""
    frame = shared_values(raw.fields for raw in raws)
    for raw in raws:
        yield replace(raw, fields=without_shared_values(raw.fields, frame)) if frame.keys else raw


@dataclass(frozen=True, slots=True)
class _BlockReader:
    """Reads the blocks of a page; `list_url` is the address by which they are named."""

    page: Html
    recipe: Recipe
    list_url: str
    column_names: list[str]

    def record(self, number: int, part: Part, place: dict[str, str]) -> RawRecord | None:
        """The raw record of a block with the country or region above it; None for a row of column names."""
        block = part.section()
        markup = _with_column_names(block, self.column_names)
        if not markup:
            return None
        fields, facts = read_card(markup, part.url, self.recipe.fields)
        fields |= _picked_fields(block, markup, self.recipe) if self.recipe.html.fields else {}
        fields = place | fields
        url = own_link(markup, part.url) or self.page.canonical or self.page.url
        remote_id = f"{canonical_address(self.list_url)}#{fold(str(fields.get('title') or f'block {number}'))}"
        source = {"facts": facts, "fields": _without_long_text(fields)}
        raw = RawRecord(remote_id, url, fields, self.page.lang, source=source)
        return (
            with_only_entity(raw, Html(part.url, f"<div>{markup}</div>"), self.recipe, is_block=True)
            if _IS_THING.search(markup)
            else raw
        )


def _outside_menus(blocks: list[Part]) -> list[Part]:
    """The blocks that are in no menu; all where all are in one. A menu may be built as the list below it is."""
    outside = [block for block in blocks if not any(_is_menu(parent) for parent in block.tag.parents)]
    return outside or blocks


def _is_menu(tag: Tag) -> bool:
    return tag.name == "nav" or tag.get("role") in ("navigation", "menubar")


def _not_too_deep(blocks: list[Part]) -> list[Part]:
    """The blocks that lie in at most MAX_BLOCKS_AROUND others, since the text of each is read again with all around it."""
    around: dict[int, int] = {}  # by id() of a block: in how many others it lies
    for block in blocks:
        around[id(block.tag)] = next((around[id(parent)] + 1 for parent in block.tag.parents if id(parent) in around), 0)
    return [block for block in blocks if around[id(block.tag)] <= MAX_BLOCKS_AROUND]


def _read_list_of_lists(page: Page, recipe: Recipe) -> Reading:
    return (), PageLinks(items=tuple(selected_addresses(_parse(page), recipe.html.lists)))


def _own_urls(listing: Gathering, urls: Iterable[str]) -> list[str]:
    """The addresses on the site's own hosts; that others are left out is recorded."""
    return [url for url in urls if listing.own.has(url) or listing.leave_to_others(url)]


def _list_pages(
    listing: Gathering, starts: tuple[str, ...], known_ids: set[str], *, list_url: str
) -> Iterator[tuple[Item, PageLinks]]:
    """The list pages and their next pages, each once, as items with their links to entries.

    The caller adds what is new in each page to `known_ids`; after a page that adds nothing, its next pages are not read.
    `list_url` is the address by which blocks are named.
    """
    waiting, queued = list(starts), set(starts)
    while waiting:
        if len(queued) - len(waiting) >= listing.recipe.limits.pages:
            listing.is_whole = False
            return
        reading = listing.read(waiting.pop(0), lambda page: _read_list(page, listing.recipe, list_url=list_url))
        if reading is None:
            continue
        (item, leads), before = reading, len(known_ids)
        yield item, leads
        next_urls = [url for url in leads.further if url not in queued]
        if len(known_ids) > before:
            queued |= set(next_urls)
            waiting += next_urls


def _read_list(page: Page, recipe: Recipe, *, list_url: str) -> Reading:
    """A list page: its links to entries and to next pages; without `entries`, its own raw records."""
    if not is_html(page):
        return (), PageLinks()
    parsed = _parse(page)
    next_urls = tuple(_next_urls(parsed, recipe.html.next))
    if recipe.html.entries:
        urls = tuple(_entry_urls(parsed, recipe))
        names = {} if "title" in recipe.html.fields else names_of_links(parsed, frozenset(urls))
        return (), PageLinks(urls, next_urls, names=tuple(names.get(url, "") for url in urls) if names else ())
    return raw_records(parsed, recipe, list_url=list_url), PageLinks(further=next_urls)


def _parse(page: Page) -> Html:
    return Html(page.url, page.text())


def _next_urls(page: Html, css: str) -> list[str]:
    """The addresses of further pages; where a selector names the text of a link, this must be the whole text of it."""
    if not css:
        return []
    is_by_text = "-soup-contains" in css
    links = [link for link in Part.of_page(page.url, page.text).many(css) if not is_by_text or next_label(link.line)]
    return [url for url in addresses_of(links) if same_site(url, page.url)]


def _entry_urls(page: Html, recipe: Recipe) -> list[str]:
    """The addresses of the entries that a list page links to, without the list's own pages."""
    other_urls = set(_next_urls(page, recipe.html.next)) | {page.url}
    urls = [url for url in selected_addresses(page, recipe.html.entries) if url not in other_urls]
    return [url for url in urls if is_initiative_page(url, recipe.include, recipe.exclude)]


def _page_record(page: Html, recipe: Recipe) -> RawRecord:
    """The raw record of a page about one initiative: its heading, labelled facts, main text and metadata."""
    part = main_part(page)
    without_owner(part, recipe.title)
    markup = markup_of(part, with_tail=True)
    card, facts = read_card(markup, page.base, recipe.fields, is_page=True)
    fields = {name: value for name, value in card.items() if name not in ("title", "description")}
    if recipe.html.fields:
        fields |= _picked_fields(Part.of_page(page.url, page.text), markup, recipe)
    fields.setdefault("title", _title_of(page, part))
    fields.setdefault("description", page.main_text or markup)
    for name, said_by_page in (("summary", page.description), ("image", page.image)):
        if said_by_page:
            fields.setdefault(name, said_by_page)
    if licence := open_licence(page.licences):
        fields.setdefault("licence", licence)
    if country := breadcrumb_country(page):
        fields.setdefault("country", country)
    url = page.canonical or page.url
    changed_at, source = page.meta("article:modified_time"), {"facts": facts, "fields": _without_long_text(fields)}
    return RawRecord(
        canonical_address(url), url, dict(fields), page.lang, changed_at=changed_at, source=source, alternates=page.alternates
    )


def _title_of(page: Html, part: Element) -> str:
    """The heading in the page's content with which its <title> begins or ends, else the page's title.

    One such heading may be the name of the site; of several, the one with the longest text up to the next one is taken.
    """
    whole = one_line(next((node.text_content() for node in page.root.iter("title")), ""))
    content = one_line(part.text_content())
    headings = [text for heading in part.iter("h1", "h2") if (text := one_line(heading.text_content()))]
    named = {text: content.find(text) for text in headings if whole.startswith(text) or whole.endswith(text)}
    if not named:
        return page.title
    ends = [*list(named.values())[1:], len(content)]
    sizes = {text: end - start for (text, start), end in zip(named.items(), ends, strict=True)}
    return max(sizes, key=lambda text: sizes[text])


def _picked_fields(part: Part, markup: str, recipe: Recipe) -> dict[str, Any]:
    """The values of the recipe's picks. Raises BadContent for several values of a field that is not in LIST_FIELDS."""
    facts = Html(part.url, f"<div>{markup}</div>").facts
    fields: dict[str, Any] = {}
    for name, pick in recipe.html.fields.items():
        by_label = [value for label, value in facts.items() if pick.label and fold(label) == fold(pick.label)]
        values = by_label if pick.label else part.pick(pick)
        if len(values) > 1 and name not in LIST_FIELDS:
            part.one(pick.css)
        if values:
            fields[name] = values if name in LIST_FIELDS else values[0]
    return fields


def _places_above(page: Part, blocks: list[Part]) -> list[dict[str, str]]:
    """For each block the country or region that the nearest heading before it names; empty where that heading names none."""
    numbers = {id(block.tag): number for number, block in enumerate(blocks)}
    inside = {id(heading) for block in blocks for heading in block.tag.find_all(_GROUP_HEADINGS)}
    places: list[dict[str, str]] = [{}] * len(blocks)
    place: dict[str, str] = {}
    for element in page.tag.find_all(True):
        if id(element) in numbers:
            places[numbers[id(element)]] = place
        elif isinstance(element, Tag) and element.name in _GROUP_HEADINGS and id(element) not in inside:
            place = _place_named(Part(page.url, element).line)
    return places


def _place_named(text: str) -> dict[str, str]:
    """Country or region, where a text is the name of one and nothing else."""
    if load().find_lone_country(text):
        return {"country": text}
    return {"region": text} if load().regions.find(text) else {}


def _column_names(page: Part, css: str) -> list[str]:
    """The column names of the table of which the blocks are rows; empty where they are no rows."""
    row = next((part.tag for part in page.many(css)), None)
    table = row.find_parent("table") if row is not None and row.name == "tr" else None
    first = table.find("tr") if table is not None else None
    return [Part(page.url, cell).line for cell in first.find_all(["th", "td"], recursive=False)] if isinstance(first, Tag) else []


def _with_column_names(block: Part, column_names: list[str]) -> str:
    """The markup of a row as a table of label and value; "" for the row of column names; the markup of any other block."""
    if not column_names:
        return str(block.tag)
    cells = [cell for cell in block.tag.find_all(["td", "th"], recursive=False) if isinstance(cell, Tag)]
    if len(cells) != len(column_names) or [Part(block.url, cell).line for cell in cells] == column_names:
        return ""
    rows = (
        f"<tr><th>{escape(name)}</th><td>{cell.decode_contents()}</td></tr>"
        for name, cell in zip(column_names, cells, strict=True)
    )
    return f"<table>{''.join(rows)}</table>"


def _without_long_text(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields to keep as the source of a record: all but the description."""
    return {name: value for name, value in fields.items() if name != "description"}


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=html_look.look,
    missing=N_("no page that lists three or more initiatives in the same way; its owner could give each a heading and a text"),
)
