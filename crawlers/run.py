"""A crawl from beginning to end, and the only failure policy: one bad page is told and changes nothing else."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable

from crawlers.adapters import ADAPTERS
from crawlers.adapters.base import Adapter, Item, Listing
from crawlers.discover import discover
from crawlers.errors import CrawlError, FetchError, RecipeError, Stopped
from crawlers.fetch import Page, PoliteSession
from crawlers.messages import N_
from crawlers.normalise import Normaliser
from crawlers.raw import Raw
from crawlers.recipe import Recipe
from crawlers.record import Problem
from crawlers.state import CrawlResult, CrawlState, Known

log = logging.getLogger(__name__)
EXTRACTOR_VERSION = 1
"""Raise it when extraction or normalising changes: everything is then read anew."""
INTERRUPTED = N_("it was stopped before its end; what was read waits, and the next crawl goes on from there")
NOTHING_TAKEN = N_("nothing could be taken; the report says for each address what is wrong and what to do")
NOTHING_FOUND = N_("no initiative was found; look at the address and at how the site is read")


def crawl(recipe: Recipe, session: PoliteSession, state: CrawlState, *, stop: Callable[[], bool] = lambda: False) -> CrawlResult:
    """Crawl one platform into the state. Never raises for what a site does; the result tells."""
    session.limits = recipe.limits
    work = _Crawl(recipe, session, state, stop)
    try:
        work.run()
    except Stopped:
        work.interrupt()
    except CrawlError as error:
        work.failure = str(error)
    return work.result()


class _Crawl:
    """One run: what was found so far."""

    def __init__(self, recipe: Recipe, session: PoliteSession, state: CrawlState, stop: Callable[[], bool]) -> None:
        self._recipe, self._session, self._state, self._stop = recipe, session, state, stop
        self._deadline = time.monotonic() + recipe.limits.seconds
        self._found: set[str] = set()
        self._refused = 0
        self._gone: list[str] = []
        self._is_whole = True
        self._is_complete_kind = False
        self._is_interrupted = False
        self.failure: str | None = None

    def run(self) -> None:
        recipe = self._recipe
        if recipe.adapter == "auto":
            recipe = discover(recipe.url, self._session, recipe).recipe
        if recipe.adapter not in ADAPTERS:
            raise RecipeError(f"adapter {recipe.adapter} reads local files only (platforma import); try adapter: auto")
        adapter = ADAPTERS[recipe.adapter]
        self._is_complete_kind = adapter.is_complete
        listing = Listing(self._session, recipe)
        items = list(adapter.gather(listing))
        self._is_whole = listing.is_whole
        self._tell(listing.problems)
        normaliser = Normaliser(recipe)
        for number, item in enumerate(items, start=1):
            if self._stop() or time.monotonic() > self._deadline:
                self.interrupt()
                return
            self._item(item, adapter, recipe, normaliser)
            self._state.progress(number, len(items))
        if not self._found:
            self.failure = NOTHING_TAKEN if self._refused else NOTHING_FOUND

    def interrupt(self) -> None:
        """End before the end; the result says so."""
        self._is_interrupted = True
        self.failure = INTERRUPTED

    def result(self) -> CrawlResult:
        return CrawlResult(
            complete=self._is_complete_kind and self._is_whole and self.failure is None,
            found=len(self._found),
            refused=self._refused,
            failure=self.failure,
            is_interrupted=self._is_interrupted,
            gone=tuple(self._gone),
            pages_fetched=self._session.pages,
            bytes_fetched=self._session.bytes,
        )

    def _item(self, item: Item, adapter: Adapter, recipe: Recipe, normaliser: Normaliser) -> None:
        """Read one item and stage its records."""
        if item.url and (staged := self._state.staged(item.url)):
            self._found |= staged
            return
        before = self._state.known(item.url) if item.url else None
        try:
            page = self._session.get(item.url, before) if item.url else None
            raws = item.raws if page is None else self._extracted(page, item, before, adapter, recipe)
        except FetchError as error:
            self._is_whole = self._is_whole and error.is_gone
            self._gone += [item.url] if error.is_gone and item.url else []
            self._tell([Problem("refused", error.text, error.url)])
            return
        except Stopped:
            raise
        except Exception as error:
            log.exception("reading %s", item.url)
            self._is_whole = False
            values = {"error": type(error).__name__}
            self._tell([Problem("refused", "this page could not be read ({error})", item.url, values=values)])
            return
        known = _remembered(page, item) if page else None
        for raw in raws:
            self._stage(raw, item.url, known, normaliser)

    def _extracted(self, page: Page, item: Item, before: Known | None, adapter: Adapter, recipe: Recipe) -> Iterable[Raw]:
        """The page's raw records; of a page that did not change, none: its records are staged as unchanged."""
        is_same = page.is_not_modified or (before is not None and before.content_hash == page.known.content_hash)
        if not is_same:
            return list(adapter.extract(page, recipe))
        for remote_id in self._state.of_page(item.url or page.url):
            self._found.add(remote_id)
            self._state.unchanged(remote_id, item.url or page.url)
        return ()

    def _stage(self, raw: Raw, url: str | None, known: Known | None, normaliser: Normaliser) -> None:
        record = normaliser.record(raw)
        self._tell(normaliser.problems)
        normaliser.problems.clear()
        if record is not None:
            self._found.add(record.remote_id)
            self._state.stage(record, url, known, raw)

    def _tell(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self._refused += problem.severity == "refused"
            self._state.problem(problem)


def _remembered(page: Page, item: Item) -> Known:
    known = page.known
    return Known(known.etag, known.last_modified, known.content_hash, item.changed_at)
