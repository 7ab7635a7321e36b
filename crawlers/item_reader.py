"""Reading one item of a listing: fetch its page where that is needed, and extract its raw records."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crawlers.adapters.base import Adapter, Emptiness, Item, is_day_over, read_on, refusal, unreadable
from crawlers.adapters.entry_pages import EntryPages, with_listed_name
from crawlers.adapters.own_site import MOVED, OwnSite, reason_it_is_gone
from crawlers.errors import BadStatus, FetchError, SiteGivenUp, Stopped
from crawlers.fetch.indexing import NOT_TO_BE_LISTED, asks_not_to_be_listed
from crawlers.fetch.probe import Fetcher
from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord
from crawlers.state import PageValidators
from crawlers.values.addresses import canonical_address

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ItemContent:
    """What was read of an item.

    `raws` is None where nothing changed since the last crawl. `validators` are to be remembered with the item's address;
    None where those that were remembered still hold. `warning` is about the page as a whole.
    """

    raws: Sequence[RawRecord] | None = None
    validators: PageValidators | None = None
    warning: Problem | None = None


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """An item could not be read. `is_gone`: the server says that its page does not exist any more (404 or 410)."""

    problem: Problem
    is_gone: bool = False


@dataclass(slots=True)
class ItemReader:
    """Reads the items of one listing.

    `validators_of` and `record_ids_of` are those of CrawlState. `trusts_dates`: an item whose date of change in the listing
    is the same as in the last crawl did not change (see tells_apart). `lost` are the addresses that must not be read, with
    the message id of the reason. `entry_pages` reads the pages of single entries, `names` are what the listing calls
    them, by address.
    """

    adapter: Adapter
    recipe: Recipe
    session: Fetcher
    validators_of: Callable[[str], PageValidators | None]
    trusts_dates: bool
    lost: Mapping[str, str] = field(default_factory=dict)
    record_ids_of: Callable[[str], frozenset[str]] = lambda _: frozenset()
    entry_pages: EntryPages | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    _lists: set[str] = field(init=False)
    _own: OwnSite = field(init=False)
    _emptiness: Emptiness = field(init=False)

    def __post_init__(self) -> None:
        self._own = OwnSite(self.session, self.recipe)
        self._emptiness = Emptiness(self.recipe, self.record_ids_of)
        self._lists = {canonical_address(url) for url in (self.recipe.url, *self.recipe.addresses)}

    def read(self, item: Item, *, is_forced: bool = False) -> ItemContent | ReadFailure:
        """Return what an item holds; with `is_forced` its raw records also where they did not change.

        Any failure of the page or of our own reading is returned. Raises SiteGivenUp and Stopped, which end the crawl.
        """
        if item.url is not None and item.url in self.lost:
            return ReadFailure(Problem("refused", self.lost[item.url], item.url))
        if item.url and (item.is_read or item.is_unchanged):
            self._lists.add(canonical_address(item.url))
        is_forced = is_forced or self.adapter.depends_on_day
        before = self.validators_of(item.url) if item.url and not is_forced else None
        if item.url and not is_forced and self._is_unchanged(item, before):
            return ItemContent()
        try:
            return self._content(Item(item.url) if item.is_unchanged else item, before)
        except FetchError as error:
            return ReadFailure(refusal(error), error.is_gone)
        except (SiteGivenUp, Stopped, MemoryError):
            raise
        except Exception as error:
            log.exception("reading %s", item.url)
            return ReadFailure(unreadable(item.url, error))

    def _is_unchanged(self, item: Item, before: PageValidators | None) -> bool:
        """Return whether the listing says that an item did not change, so that nothing is fetched."""
        has_same_date = before is not None and item.changed_at is not None and before.changed_at == item.changed_at
        return item.is_unchanged or (has_same_date and self.trusts_dates and not item.raws)

    def _content(self, item: Item, before: PageValidators | None) -> ItemContent | ReadFailure:
        """Return what an item holds; a failure where its page now says that nothing is there, or asks not to be listed.

        `before` are the validators of the last crawl. Raises whatever reading may raise.
        """
        if item.is_read or not item.url:
            return ItemContent(item.raws, item.validators or PageValidators(changed_at=item.changed_at))
        entries = self.entry_pages if item.is_own_page else None
        page, before = entries.get(item.url, before) if entries else (self.session.get(item.url, before), before)
        if item.is_own_page and (reason := reason_it_is_gone(item.url, page.url, self._own, self._lists)):
            is_certain = reason[0] == MOVED or self._own.knows_aliases
            raise BadStatus(item.url, reason[0], values=reason[1], is_gone=is_certain)
        if page.url != item.url:
            self.session.back_at(item.url)
        validators = before if page.is_not_modified and before is not None else page.validators
        changed_at = item.changed_at if is_day_over(item.changed_at, page.fetched_on) else None
        validators = replace(validators, changed_at=changed_at)
        if page.is_not_modified or (before is not None and before.content_hash == validators.content_hash):
            return ItemContent(None, None if validators == before else validators)
        if item.is_own_page and asks_not_to_be_listed(page):
            return ReadFailure(Problem("refused", NOT_TO_BE_LISTED, item.url), is_gone=True)
        raws = read_on(page, entries.records(item.url, page) if entries else self.adapter.extract(page, self.recipe))
        raws = with_listed_name(raws, self.names.get(item.url, ""), page)
        problem = None if raws else self._emptiness.problem_of(item.url, page)
        if problem and problem.severity == "refused":
            return ReadFailure(problem)
        return ItemContent(raws, validators, problem)
