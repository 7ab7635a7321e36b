"""Reading the pages of entries without the frame of their site, which is learnt where several of them meet."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from crawlers.adapters.base import Adapter
from crawlers.errors import FetchError
from crawlers.fetch import Page
from crawlers.fetch.probe import Fetcher, is_html
from crawlers.markup import Html
from crawlers.reading.frame import (
    MIN_PAGES,
    Frame,
    Traits,
    shared_by,
    traits_of,
    traits_of_fields,
    without_frame,
    without_shared_values,
)
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.state import CrawlState, PageLinks, PageValidators
from crawlers.values.addresses import canonical_address

MAX_PAGES = 9
"""The number of pages from which the frame of a site is learnt."""
NO_FRAME = Frame()
MAX_KEPT_BYTES = 4_000_000
"""Of pages that were fetched to learn from, and are kept until they are read."""


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Reads pages of single entries by an adapter and a recipe, without the frame."""

    adapter: Adapter
    recipe: Recipe
    frame: Frame = NO_FRAME

    def records(self, page: Page) -> list[RawRecord]:
        """The raw records of a page without the frame; values that the recipe picks are those of the whole page."""
        if not self.frame.keys or not is_html(page):
            return list(self.adapter.extract(page, self.recipe))
        markup = without_frame(Html(page.url, page.text()), self.frame)
        own = page if markup is None else _with_markup(page, markup)
        raws = [
            replace(raw, fields=without_shared_values(raw.fields, self.frame)) for raw in self.adapter.extract(own, self.recipe)
        ]
        if self.recipe.html.fields and markup is not None:
            whole = {raw.remote_id: raw for raw in self.adapter.extract(page, self.recipe)}
            raws = [_with_picks(raw, whole.get(raw.remote_id), self.recipe) for raw in raws]
        return raws

    def learnt_from(self, pages: Sequence[tuple[Page, Traits]], back_at: Callable[[str], None] = lambda _: None) -> EntryReader:
        """The same reader with the frame that pages share: their lines and links, then the values that are read without these.

        `back_at` is told the address of each page before it is read.
        """
        reader = replace(self, frame=shared_by([traits for _, traits in pages]))
        values = []
        for page, _ in pages:
            back_at(page.url)
            values.append(Traits("", frozenset(key for raw in reader.records(page) for key in traits_of_fields(raw.fields))))
        return replace(reader, frame=Frame(reader.frame.keys | shared_by(values).keys))

    def of_pages(self, pages: Sequence[Page]) -> EntryReader:
        """The same reader with the frame that these pages share."""
        return self.learnt_from([(page, traits_of(Html(page.url, page.text()))) for page in pages if is_html(page)])


@dataclass(slots=True)
class EntryPages:
    """The pages of single entries that one crawl reads; `urls` are the addresses of all that are listed.

    The frame is learnt at the first page that has changed: from up to MAX_PAGES pages, evenly spread over the list, which
    are then fetched whether they changed or not. It is remembered, so that later crawls ask for no more than what changed,
    until a page comes that has less than half of it.
    """

    reader: EntryReader
    session: Fetcher
    state: CrawlState
    urls: Sequence[str] = ()
    _kept: dict[str, Page] = field(default_factory=dict)
    _is_learnt: bool = False

    def get(self, url: str, before: PageValidators | None) -> tuple[Page, PageValidators | None]:
        """Return a page, and the validators to compare it with; None for a page that the frame was learnt from."""
        if kept := self._kept.pop(url, None):
            self.session.back_at(url)
            return kept, None
        return self.session.get(url, before), before

    def records(self, url: str, page: Page) -> list[RawRecord]:
        """Return the raw records of the page at an address, without the frame."""
        if len(self.urls) >= MIN_PAGES and is_html(page) and not self._is_learnt:
            traits = traits_of(Html(page.url, page.text()))
            if not self.reader.frame.keys:
                self.reader = replace(self.reader, frame=self._remembered())
            if not self.reader.frame.keys or not self.reader.frame.is_of(traits):
                self._learn(url, page, traits)
        return self.reader.records(page)

    def _remembered(self) -> Frame:
        before = self.state.validators_of(self._address)
        return Frame(frozenset(before.leads.items) if before and before.leads else frozenset())

    def _learn(self, url: str, page: Page, traits: Traits) -> None:
        """Learn the frame anew, and remember it."""
        self._is_learnt = True
        pages = [(page, traits) if address == url else self._sample(address) for address in _spread(self.urls)]
        self.reader = replace(self.reader, frame=NO_FRAME).learnt_from([known for known in pages if known], self.session.back_at)
        self.session.back_at(url)
        if self.reader.frame.keys:
            keys = PageLinks(items=tuple(sorted(self.reader.frame.keys)))
            self.state.remember(self._address, PageValidators(leads=keys), frozenset())

    def _sample(self, url: str) -> tuple[Page, Traits] | None:
        """Return a page to learn from; None for one that cannot be fetched, leads elsewhere or is no HTML."""
        try:
            page = self.session.get(url)
        except FetchError:
            return None
        if sum(len(kept.body) for kept in self._kept.values()) + len(page.body) <= MAX_KEPT_BYTES:
            self._kept[url] = page
        if not is_html(page) or canonical_address(page.url) != canonical_address(url):
            return None
        return page, traits_of(Html(page.url, page.text()))

    @property
    def _address(self) -> str:
        """The key under which the frame is remembered; no page has this address."""
        return f"{self.reader.recipe.url}#frame"


def _spread(urls: Sequence[str]) -> list[str]:
    """Up to MAX_PAGES addresses, evenly spread."""
    return list(urls[:: max(1, len(urls) // MAX_PAGES)][:MAX_PAGES])


def _with_markup(page: Page, markup: str) -> Page:
    return replace(page, body=codecs.BOM_UTF8 + markup.encode())


def _with_picks(raw: RawRecord, whole: RawRecord | None, recipe: Recipe) -> RawRecord:
    """The raw record with the picked values of the whole page."""
    picked = {name: whole.fields[name] for name in recipe.html.fields if whole and name in whole.fields}
    return replace(raw, fields=raw.fields | picked)
