"""A crawl from beginning to end, in a reader process. Failure policy: one bad page is reported and changes nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crawlers.adapters import ADAPTERS
from crawlers.adapters.base import Gathering, tells_apart
from crawlers.adapters.entry_pages import EntryPages, EntryReader
from crawlers.collector import Outcome, RecordCollector
from crawlers.discovery.discover import discover
from crawlers.discovery.list_words import with_said_defaults
from crawlers.errors import CrawlError, Fault, FetchError, RecipeError, SiteGivenUp, Stopped
from crawlers.fetch.probe import Fetcher
from crawlers.item_reader import ItemReader
from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import Problem
from crawlers.state import INTERRUPTED, CrawlResult, CrawlState
from vocabulary.messages import N_

ONLY_FILES = N_("%(adapter)s reads local files only (platforma import); try adapter: auto")
NOTHING_TAKEN = N_("nothing could be read; the report says for each address what is wrong and what to do")
NOTHING_FOUND = N_("no initiative was found; look at the address and at how the site is read")


def run_crawl(recipe: Recipe, session: Fetcher, state: CrawlState, lost: Mapping[str, str] | None = None) -> CrawlResult:
    """Crawl one platform into the state. Whatever the site does, nothing is raised; the result tells how the crawl ended.

    `lost` are the pages that must not be read, with the message id of the reason.
    """
    tally = _Tally(state)
    try:
        _run(recipe, session, state, tally, lost or {})
    except Stopped:
        tally.failure, tally.is_interrupted = _Failure(INTERRUPTED), True
    except CrawlError as error:
        tally.failure = _failure(error)
    return tally.result()


def _run(recipe: Recipe, session: Fetcher, state: CrawlState, tally: _Tally, lost: Mapping[str, str]) -> None:
    """Crawl, and count in the tally. Raises Stopped and CrawlError."""
    if recipe.adapter == "auto":
        proposal = discover(recipe.url, session, recipe)
        recipe = with_said_defaults(proposal.recipe, proposal.titles)
    tally.recipe = recipe
    if recipe.adapter not in ADAPTERS:
        raise RecipeError(Fault("adapter", ONLY_FILES, {"adapter": recipe.adapter}))
    adapter = ADAPTERS[recipe.adapter]
    listing = Gathering(session, recipe, state.validators_of, state.record_ids_of)
    items = list(adapter.gather(listing))
    tally.is_complete = adapter.is_complete and listing.is_whole
    tally.report(listing.problems)
    trusts_dates = tells_apart(item.changed_at for item in items)
    urls = [item.url for item in items if item.is_own_page and item.url and item.url not in lost]
    entry_pages = EntryPages(EntryReader(adapter, recipe), session, state, urls)
    names = {item.url: item.name for item in items if item.url and item.name}
    memory = state.validators_of, trusts_dates, lost, state.record_ids_of
    reader = ItemReader(adapter, recipe, session, *memory, entry_pages, names)
    collector = RecordCollector(reader, Normaliser(recipe), state)
    tally.remote_ids = collector.remote_ids
    items = entry_pages.without_frame(items, listing.entries)
    for number, item in enumerate(entry_pages.first_to_learn(items), start=1):
        for outcome in collector.take(item):
            tally.add(outcome)
        state.progress(number, len(items))
    if not collector.remote_ids:
        tally.failure = _Failure(NOTHING_TAKEN if tally.refused else NOTHING_FOUND)


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a crawl could not go on: the text in English, and the message id with its values where there is one."""

    text: str
    reason: str | None = None
    values: Mapping[str, str] | None = None


def _failure(error: CrawlError) -> _Failure:
    if isinstance(error, FetchError | SiteGivenUp):
        return _Failure(str(error), error.reason, {**error.values, "url": error.url})
    return _Failure(str(error))


@dataclass(slots=True)
class _Tally:
    """What a crawl came to so far, also where it ends early. Problems go to the state at once."""

    state: CrawlState
    recipe: Recipe | None = None
    is_complete: bool = False
    remote_ids: set[str] = field(default_factory=set)
    refused: int = 0
    gone_urls: list[str] = field(default_factory=list)
    failure: _Failure | None = None
    is_interrupted: bool = False

    def add(self, outcome: Outcome) -> None:
        """Count what came of a page."""
        self.is_complete = self.is_complete and outcome.is_whole
        self.gone_urls += [outcome.gone_url] if outcome.gone_url else []
        self.report(outcome.problems)

    def report(self, problems: Iterable[Problem]) -> None:
        """Hand problems to the state, and count the refusals."""
        for problem in problems:
            self.refused += problem.severity == "refused"
            self.state.problem(problem)

    def result(self) -> CrawlResult:
        """Return how the crawl ended."""
        failure = self.failure
        return CrawlResult(
            complete=self.is_complete and failure is None,
            found=len(self.remote_ids),
            refused=self.refused,
            failure=failure.text if failure else None,
            reason=failure.reason if failure else None,
            values=failure.values if failure else None,
            is_interrupted=self.is_interrupted,
            gone=tuple(self.gone_urls),
            recipe=self.recipe,
        )
