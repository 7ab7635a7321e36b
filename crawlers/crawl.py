"""A crawl from beginning to end, and the only failure policy: one bad page is told and changes nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from crawlers.adapters import ADAPTERS
from crawlers.adapters.base import Adapter, Gathering, Item, is_day_over, tells_apart, unreadable
from crawlers.collector import RecordCollector
from crawlers.discovery.discover import discover
from crawlers.errors import CrawlError, Fault, FetchError, RecipeError, SiteGivenUp, Stopped
from crawlers.fetch import PoliteSession
from crawlers.messages import N_
from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord
from crawlers.state import CrawlResult, CrawlState, PageValidators

log = logging.getLogger(__name__)
ONLY_FILES = N_("%(adapter)s reads local files only (platforma import); try adapter: auto")
EXTRACTOR_VERSION = 3
"""Raise it when extraction or normalising changes: everything is then read anew."""
INTERRUPTED = N_("it was stopped before its end; what was read waits, and the next crawl goes on from there")
NOTHING_TAKEN = N_("nothing could be taken; the report says for each address what is wrong and what to do")
NOTHING_FOUND = N_("no initiative was found; look at the address and at how the site is read")


def crawl(recipe: Recipe, session: PoliteSession, state: CrawlState, *, stop: Callable[[], bool] = lambda: False) -> CrawlResult:
    """Crawl one platform into the state. Never raises for what a site does; the result tells."""
    session.limits = recipe.limits
    work = _Crawl(recipe, session, state, stop)
    session.stop = work.should_stop
    try:
        work.run()
    except Stopped:
        work.interrupt()
    except CrawlError as error:
        work.fail(error)
    return work.result()


class _Crawl:
    """One run: what was found so far."""

    def __init__(self, recipe: Recipe, session: PoliteSession, state: CrawlState, stop: Callable[[], bool]) -> None:
        self._recipe, self._session, self._state, self._stop = recipe, session, state, stop
        self._deadline = session.clock.monotonic() + recipe.limits.seconds
        self._pile = RecordCollector(Normaliser(recipe), state)
        self._trusts_dates = False
        self._refused = 0
        self._gone: list[str] = []
        self._is_whole = True
        self._is_complete_kind = False
        self._is_interrupted = False
        self._found_recipe: Recipe | None = None
        self._error: FetchError | SiteGivenUp | None = None
        self.failure: str | None = None

    def run(self) -> None:
        recipe = self._recipe
        if recipe.adapter == "auto":
            recipe = discover(recipe.url, self._session, recipe).recipe
        self._found_recipe = recipe
        if recipe.adapter not in ADAPTERS:
            raise RecipeError(Fault("adapter", ONLY_FILES, {"adapter": recipe.adapter}))
        adapter = ADAPTERS[recipe.adapter]
        self._is_complete_kind = adapter.is_complete
        listing = Gathering(self._session, recipe, self._state.validators_of, self._state.record_ids_of)
        items = list(adapter.gather(listing))
        self._is_whole = listing.is_whole
        self._tell(listing.problems)
        self._trusts_dates = tells_apart(item.changed_at for item in items)
        self._pile = RecordCollector(Normaliser(recipe), self._state)
        for number, item in enumerate(items, start=1):
            if self.should_stop():
                self.interrupt()
                return
            self._item(item, adapter, recipe)
            self._state.progress(number, len(items))
        if not self._pile.found:
            self.failure = NOTHING_TAKEN if self._refused else NOTHING_FOUND

    def should_stop(self) -> bool:
        """Whether somebody asked to stop, or the time is over; also asked while a page is waited for."""
        return self._stop() or self._session.clock.monotonic() > self._deadline

    def interrupt(self) -> None:
        """End here; what was staged stays."""
        self._is_interrupted = True
        self.failure = INTERRUPTED

    def fail(self, error: CrawlError) -> None:
        """End here for good."""
        self.failure = str(error)
        self._error = error if isinstance(error, FetchError | SiteGivenUp) else None

    def result(self) -> CrawlResult:
        return CrawlResult(
            complete=self._is_complete_kind and self._is_whole and self.failure is None,
            found=len(self._pile.found),
            refused=self._refused,
            failure=self.failure,
            reason=self._error.reason if self._error else None,
            values={**self._error.values, "url": self._error.url} if self._error else None,
            is_interrupted=self._is_interrupted,
            gone=tuple(self._gone),
            pages_fetched=self._session.pages,
            bytes_fetched=self._session.bytes,
            recipe=self._found_recipe,
        )

    def _item(self, item: Item, adapter: Adapter, recipe: Recipe, *, is_anew: bool = False) -> None:
        """Read one item and stage its records; with `is_anew` also when it did not change."""
        if item.url and not is_anew and (staged := self._state.staged(item.url)) is not None:
            self._pile.restore_page(item.url, staged)
            return
        is_anew = is_anew or adapter.depends_on_day or bool(item.url and self._pile.is_translation(item.url))
        before = self._state.validators_of(item.url) if item.url and not is_anew else None
        if item.url and not is_anew and self._is_unchanged(item, before):
            self._pile.unchanged(item.url)
            return
        try:
            raws, known = self._read(Item(item.url) if item.is_unchanged else item, before, adapter, recipe)
        except FetchError as error:
            self._is_whole = self._is_whole and error.is_gone
            self._gone += [item.url] if error.is_gone and item.url else []
            self._tell([Problem("refused", error.reason, error.url, values=error.values)])
            return
        except (SiteGivenUp, Stopped):
            raise
        except Exception as error:
            log.exception("reading %s", item.url)
            self._is_whole = False
            self._tell([unreadable(item.url, error)])
            return
        if raws is None:
            self._pile.unchanged(item.url or "", known)
            return
        for url in (url for raw in raws for url in self._pile.untouched_translations(raw)):
            former = self._state.validators_of(url)
            self._item(Item(url, changed_at=former.changed_at if former else None), adapter, recipe, is_anew=True)
        self._tell(self._pile.add_all(raws, item.url, known))

    def _is_unchanged(self, item: Item, before: PageValidators | None) -> bool:
        """Whether the listing says that an item is as it was, so that nothing need be asked."""
        is_same = before is not None and item.changed_at is not None and before.changed_at == item.changed_at
        return item.is_unchanged or (is_same and self._trusts_dates and not item.raws)

    def _read(
        self, item: Item, before: PageValidators | None, adapter: Adapter, recipe: Recipe
    ) -> tuple[Sequence[RawRecord] | None, PageValidators | None]:
        """An item's raw records (None where its page did not change), and what to remember of its address.

        Raises FetchError, and whatever an extractor may stumble over.
        """
        if item.is_read or not item.url:
            return item.raws, item.validators or PageValidators(changed_at=item.changed_at)
        page = self._session.get(item.url, before)
        known = page.validators if not page.is_not_modified or before is None else before
        known = replace(known, changed_at=item.changed_at if is_day_over(item.changed_at, page.fetched_on) else None)
        is_same = page.is_not_modified or (before is not None and before.content_hash == known.content_hash)
        return (None, None if known == before else known) if is_same else (list(adapter.extract(page, recipe)), known)

    def _tell(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self._refused += problem.severity == "refused"
            self._state.problem(problem)
