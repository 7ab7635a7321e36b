"""What a crawl remembers and where its results go: the protocol between a crawl and its storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord, Record
from vocabulary.messages import N_

EXTRACTOR_VERSION = 10
"""Raise it when extraction or normalising changes: the next crawl then reads all pages again."""
LOST_PAGES = ("lost_slow", "lost_big", "lost_broken")
"""Counts of the pages that were left out because reading them took too long or too much memory, or crashed."""
COSTS = (*LOST_PAGES, "fetch_ms", "read_ms", "store_ms", "reader_cpu_ms", "reader_megabytes")
"""What reading took: pages lost, the time by stage, and the processor time and most memory of the reader."""
OUR_FAULT = N_("something went wrong on our side; we try again automatically, you need not do anything")
INTERRUPTED = N_("the crawl was interrupted; what was read is kept, and the next crawl continues from there")


@dataclass(frozen=True, slots=True)
class PageLinks:
    """The links of a page of a listing: `items` to pages of single items, `further` to more pages of the listing.

    `names` are what the page calls the items, in their order, "" where it does not; empty where that is not looked for.
    `is_window`: the page declares that it shows only the newest items, so an item that is missing may still exist.
    """

    items: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    is_window: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageValidators:
    """What a crawl remembers of one address, to find out in the next crawl whether its content changed.

    `etag` and `last_modified` are header values as the server sent them (RFC 9110), `content_hash` is the SHA-256 of the
    body in hex, `changed_at` the date of the item's last change as the listing wrote it. `leads` are the links of a page
    of a listing; None for other pages, and where the server sends neither etag nor last_modified.
    """

    etag: str | None = None
    last_modified: str | None = None
    content_hash: str | None = None
    changed_at: str | None = None
    leads: PageLinks | None = None


class CrawlState(Protocol):
    """A crawl's memory. Each call takes effect completely or not at all; the process may crash after any call."""

    def validators_of(self, url: str) -> PageValidators | None:
        """Return what is remembered of an address; None if it was never read completely, or the recipe changed since."""

    def record_ids_of(self, url: str) -> frozenset[str]:
        """Return the remote ids of the records that the last successful crawl read from an address."""

    def staged(self, url: str) -> frozenset[str] | None:
        """Return the remote ids that this crawl read from an address before it was interrupted; None if it did not."""

    def staged_validators(self, url: str) -> PageValidators | None:
        """Return what this crawl has remembered of an address so far, also before it was interrupted; None if nothing."""

    def stage(self, record: Record, url: str | None, raw: RawRecord | None = None) -> None:
        """Store a record and the address that it was read from; replaces an earlier record of the same remote id.

        `raw` is what the record was normalised from, so that it can be normalised again without a fetch.
        """

    def unchanged(self, remote_id: str, url: str) -> None:
        """Store that the source still lists a record and that it did not change."""

    def remember(self, url: str, validators: PageValidators | None, remote_ids: frozenset[str]) -> None:
        """Store that an address was read completely and gave, or added to, exactly these records, maybe none.

        `validators` replace what was remembered of the address; None where that still holds.
        """

    def problem(self, problem: Problem) -> None:
        """Store a refusal or warning."""

    def progress(self, done: int, of: int | None) -> None:
        """Note that `done` of `of` items are complete, so that what was staged can be saved. `of` is None while unknown."""


@dataclass(slots=True)
class MemoryState:
    """A state for a crawl without a catalogue (`--jsonl`, tests). It remembers nothing between crawls."""

    records: dict[str, Record] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def validators_of(self, url: str) -> PageValidators | None:  # noqa: ARG002 - the protocol's signature
        return None

    def record_ids_of(self, url: str) -> frozenset[str]:  # noqa: ARG002 - the protocol's signature
        return frozenset()

    def staged(self, url: str) -> frozenset[str] | None:  # noqa: ARG002 - the protocol's signature
        return None

    def staged_validators(self, url: str) -> PageValidators | None:  # noqa: ARG002 - the protocol's signature
        return None

    def stage(self, record: Record, url: str | None, raw: RawRecord | None = None) -> None:  # noqa: ARG002 - the protocol's signature
        self.records[record.remote_id] = record

    def remember(self, url: str, validators: PageValidators | None, remote_ids: frozenset[str]) -> None:
        """Do nothing."""

    def unchanged(self, remote_id: str, url: str) -> None:  # noqa: ARG002 - the protocol's signature
        raise AssertionError(f"no crawl came before, so {remote_id} cannot be unchanged")

    def problem(self, problem: Problem) -> None:
        self.problems.append(problem)

    def progress(self, done: int, of: int | None) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """How a crawl ended.

    `complete` is True only if the adapter's listing is complete (see Adapter) and was read to its end without an error.
    Only then may records that were not seen count as gone. `found` is the number of records that the source lists,
    `refused` that of refusals. `gone` are addresses that answered 404 or 410.

    `failure` is one sentence in English if the crawl could not go on, else None; `reason` is its message id, where it has
    one, that `values` fill (among them the address as `url`). `is_interrupted`: it was stopped before its end, and the next
    crawl can continue from what is staged. `recipe` is the one that the crawl used, where the platform's says `auto` the
    discovered one; None if none was found. `cost` is what reading took, by the names of COSTS that are known.
    """

    complete: bool
    found: int
    refused: int
    failure: str | None = None
    reason: str | None = None
    values: Mapping[str, str] | None = None
    is_interrupted: bool = False
    gone: tuple[str, ...] = ()
    pages_fetched: int = 0
    bytes_fetched: int = 0
    recipe: Recipe | None = None
    cost: Mapping[str, int] = field(default_factory=dict)
