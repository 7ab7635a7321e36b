"""Reading the pages of entries without the frame of their site, which is learnt where several of them meet."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from crawlers.adapters.base import Adapter, Item, read_on
from crawlers.adapters.kept_pages import KeptPages
from crawlers.errors import FetchError, SiteGivenUp, Stopped
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
from crawlers.reading.listed_names import chosen_title
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
    """Reads pages of single entries by an adapter and a recipe, without the frame: its lines and links, then its values."""

    adapter: Adapter
    recipe: Recipe
    frame: Frame = NO_FRAME

    def read(self, page: Page) -> list[RawRecord]:
        """The raw records of a page without the lines, links and images of the frame."""
        markup = without_frame(_html(page), self.frame) if self.frame.keys and is_html(page) else None
        return list(self.adapter.extract(page if markup is None else _with_markup(page, markup), self.recipe))

    def own(self, page: Page, raws: Sequence[RawRecord]) -> list[RawRecord]:
        """What was read of a page, without values of the frame; what the recipe picks is that of the whole page."""
        if not self.frame.keys:
            return list(raws)
        own = [replace(raw, fields=without_shared_values(raw.fields, self.frame)) for raw in raws]
        if not self.recipe.html.fields or not is_html(page):
            return own
        whole = {raw.remote_id: raw for raw in self.adapter.extract(page, self.recipe)}
        return [_with_picks(raw, whole.get(raw.remote_id), self.recipe) for raw in own]

    def with_lines_of(self, pages: Sequence[Traits]) -> EntryReader:
        """The same reader with the frame that pages share by their lines, links and images."""
        return replace(self, frame=shared_by(pages))

    def with_values_of(self, pages: Sequence[Sequence[RawRecord]]) -> EntryReader:
        """The same reader with the values that pages share, too, as they were read."""
        values = [Traits("", frozenset(key for raw in raws for key in traits_of_fields(raw.fields))) for raws in pages]
        return replace(self, frame=Frame(self.frame.keys | shared_by(values).keys))


def with_listed_name(raws: Sequence[RawRecord], listed: str, page: Page) -> tuple[RawRecord, ...]:
    """What was read of a page of one entry, with the name that the list gives it where that is the better title."""
    title = str(raws[0].fields.get("title") or "") if len(raws) == 1 else ""
    if not title or not listed or not is_html(page):
        return tuple(raws)
    return (replace(raws[0], fields={**raws[0].fields, "title": chosen_title(title, listed, _html(page))}),)


def entries_of(
    adapter: Adapter, recipe: Recipe, pages: Sequence[Page], names: Mapping[str, str] = MappingProxyType({})
) -> list[RawRecord]:
    """The raw records of pages of single entries, without the frame that these pages share. `names` are what the list calls them,
    by address.

    Pages that cannot be read are left out. Raises the first error where none can.
    """
    reader = EntryReader(adapter, recipe).with_lines_of([traits_of(_html(page)) for page in pages if is_html(page)])
    outcomes = [(page, _read_or_error(reader, page)) for page in pages]
    errors = [outcome for _, outcome in outcomes if isinstance(outcome, Exception)]
    if errors and len(errors) == len(outcomes):
        raise errors[0]
    read = [(page, outcome) for page, outcome in outcomes if not isinstance(outcome, Exception)]
    reader = reader.with_values_of([raws for _, raws in read])
    return [raw for page, raws in read for raw in with_listed_name(reader.own(page, raws), names.get(page.url, ""), page)]


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
    _read: dict[str, list[RawRecord] | Exception] = field(default_factory=dict)
    _is_learnt: bool = False

    def first_to_learn(self, items: Iterable[Item]) -> list[Item]:
        """The items of a listing, the pages that the frame is learnt from before other pages of entries: they are soon staged."""
        samples = set(_spread(self.urls))
        return sorted(items, key=lambda item: item.is_own_page and item.url not in samples)

    def without_frame(self, items: Sequence[Item], kept: KeptPages) -> list[Item]:
        """The items of a listing; those whose pages were read on the way hold what these say without the frame of the site.

        It is learnt from up to MAX_PAGES of them, as for other pages of entries, and remembered.
        """
        pages = {item.url: page for item in items if item.url and len(item.raws) == 1 and (page := kept.get(item.url))}
        samples = [page for url in _spread(list(pages)) if (page := pages[url])]
        self.reader = replace(self.reader, frame=self._remembered()) if samples else self.reader
        traits = [traits_of(_html(page)) for page in samples]
        if len(samples) >= MIN_PAGES and not (self.reader.frame.keys and all(map(self.reader.frame.is_of, traits))):
            reader = self.reader.with_lines_of(traits)
            outcomes = [_read_or_error(reader, page) for page in samples]
            self.reader = reader.with_values_of([raws for raws in outcomes if isinstance(raws, list)])
            self._remember()
        if not self.reader.frame.keys:
            return list(items)
        return [replace(item, raws=self._own(item, pages[item.url])) if item.url in pages else item for item in items]

    def _own(self, item: Item, page: Page) -> tuple[RawRecord, ...]:
        """What a page that was read on the way says without the frame; what was read then, where nothing is left or it fails."""
        raws = _read_or_error(self.reader, page)
        return read_on(page, self.reader.own(page, raws)) if isinstance(raws, list) and raws else item.raws

    def get(self, url: str, before: PageValidators | None) -> tuple[Page, PageValidators | None]:
        """Return a page, and the validators to compare it with; None for a page that the frame was learnt from."""
        if kept := self._kept.pop(url, None):
            self.session.back_at(url)
            return kept, None
        return self.session.get(url, before), before

    def records(self, url: str, page: Page) -> list[RawRecord]:
        """Return the raw records of the page at an address, without the frame."""
        if len(self.urls) >= MIN_PAGES and is_html(page) and not self._is_learnt:
            traits = traits_of(_html(page))
            if not self.reader.frame.keys:
                self.reader = replace(self.reader, frame=self._remembered())
            if not self.reader.frame.keys or not self.reader.frame.is_of(traits):
                self._learn(url, page, traits)
        read = self._read.pop(url, None)
        if isinstance(read, Exception):
            raise read
        return self.reader.own(page, self.reader.read(page) if read is None else read)

    def _remembered(self) -> Frame:
        before = self.state.staged_validators(self._address) or self.state.validators_of(self._address)
        return Frame(frozenset(before.leads.items) if before and before.leads else frozenset())

    def _learn(self, url: str, page: Page, traits: Traits) -> None:
        """Learn the frame anew, and remember it."""
        self._is_learnt = True
        samples = {
            address: sample
            for address in _spread(self.urls)
            if (sample := (page, traits) if address == url else self._sample(address))
        }
        reader = self.reader.with_lines_of([known for _, known in samples.values()])
        for address, (sample_page, _) in samples.items():
            self.session.back_at(address)
            self._read[address] = _read_or_error(reader, sample_page)
        self.session.back_at(url)
        self.reader = reader.with_values_of([read for read in self._read.values() if isinstance(read, list)])
        self._remember()

    def _remember(self) -> None:
        if self.reader.frame.keys:
            keys = PageLinks(items=tuple(sorted(self.reader.frame.keys)))
            self.state.remember(self._address, PageValidators(leads=keys), frozenset())

    def _sample(self, url: str) -> tuple[Page, Traits] | None:
        """Return a page to learn from; None for one that cannot be had or kept, leads elsewhere or is no HTML."""
        try:
            page = self.session.get(url)
        except FetchError:
            return None
        if sum(len(kept.body) for kept in self._kept.values()) + len(page.body) > MAX_KEPT_BYTES:
            return None
        self._kept[url] = page
        if not is_html(page) or canonical_address(page.url) != canonical_address(url):
            return None
        return page, traits_of(_html(page))

    @property
    def _address(self) -> str:
        """The key under which the frame is remembered; no page has this address."""
        return f"{self.reader.recipe.url}#frame"


def _spread(urls: Sequence[str]) -> list[str]:
    """Up to MAX_PAGES addresses, evenly spread."""
    return list(urls[:: max(1, len(urls) // MAX_PAGES)][:MAX_PAGES])


def _html(page: Page) -> Html:
    return Html(page.url, page.text())


def _read_or_error(reader: EntryReader, page: Page) -> list[RawRecord] | Exception:
    """The raw records of a page, or why it cannot be read: that is a failure of this page alone, whichever is being read."""
    try:
        return reader.read(page)
    except (SiteGivenUp, Stopped, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - raised where the page itself is read
        return error


def _with_markup(page: Page, markup: str) -> Page:
    return replace(page, body=codecs.BOM_UTF8 + markup.encode())


def _with_picks(raw: RawRecord, whole: RawRecord | None, recipe: Recipe) -> RawRecord:
    """The raw record with the picked values of the whole page."""
    picked = {name: whole.fields[name] for name in recipe.html.fields if whole and name in whole.fields}
    return replace(raw, fields=raw.fields | picked)
