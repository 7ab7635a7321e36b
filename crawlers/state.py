"""What a crawl remembers and where its results go: the protocols between a crawl and whoever stores it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord, Record


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Where a page of a listing leads: to the pages of `items`, and to `further` pages of the listing itself.

    `is_window`: the page says of itself that it shows only the newest, so that what it shows no more need not be gone.
    """

    items: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    is_window: bool = False


@dataclass(frozen=True, slots=True)
class PageValidators:
    """What is remembered of one address from an earlier fetch.

    `etag` and `last_modified` are the validators as the server sent them (RFC 9110), `content_hash` is the hex SHA-256
    of the body, `changed_at` what the listing said of the item's last change. `leads` is there for a page of a listing
    that has validators.
    """

    etag: str | None = None
    last_modified: str | None = None
    content_hash: str | None = None
    changed_at: str | None = None
    leads: PageLinks | None = None


class CrawlState(Protocol):
    """A crawl's memory. A call either takes effect whole or not at all; every call may be the last before a crash."""

    def validators_of(self, url: str) -> PageValidators | None:
        """What was remembered of an address; None when it was never read to its end, or the recipe changed since."""

    def record_ids_of(self, url: str) -> frozenset[str]:
        """Remote ids of the records that the last good crawl read from an address."""

    def staged(self, url: str) -> frozenset[str] | None:
        """Remote ids that this same crawl read from an address before it was interrupted; None when it did not."""

    def stage(self, record: Record, url: str | None, raw: RawRecord | None = None) -> None:
        """Keep one record, with the address that it was read from. Staging a remote id again replaces it.

        `raw` is what it was normalised from, for whoever wants to normalise it anew.
        """

    def unchanged(self, remote_id: str, url: str) -> None:
        """The source still lists this item and nothing in it changed."""

    def remember(self, url: str, validators: PageValidators | None, remote_ids: frozenset[str]) -> None:
        """An address was read to its end: these are all the records that it gave or added to, maybe none.

        `validators` are what to remember of it from now on; None where what was remembered still holds.
        """

    def problem(self, problem: Problem) -> None:
        """Keep one refusal or warning."""

    def progress(self, done: int, of: int | None) -> None:
        """How far the crawl is, between two items: what was staged so far is whole. `of` is None while nobody can know."""


@dataclass(slots=True)
class MemoryState:
    """A state for a crawl that touches no catalogue (`--jsonl`, discovery, tests): remembers nothing between crawls."""

    records: dict[str, Record]
    problems: list[Problem]

    def __init__(self) -> None:
        self.records = {}
        self.problems = []

    def validators_of(self, url: str) -> PageValidators | None:  # noqa: ARG002 - the protocol's signature
        return None

    def record_ids_of(self, url: str) -> frozenset[str]:  # noqa: ARG002 - the protocol's signature
        return frozenset()

    def staged(self, url: str) -> frozenset[str] | None:  # noqa: ARG002 - the protocol's signature
        return None

    def stage(self, record: Record, url: str | None, raw: RawRecord | None = None) -> None:  # noqa: ARG002 - the protocol's signature
        self.records[record.remote_id] = record

    def remember(self, url: str, validators: PageValidators | None, remote_ids: frozenset[str]) -> None:
        """Nothing is remembered."""

    def unchanged(self, remote_id: str, url: str) -> None:  # noqa: ARG002 - the protocol's signature
        raise AssertionError(f"nothing is known before, so {remote_id} cannot be unchanged")

    def problem(self, problem: Problem) -> None:
        self.problems.append(problem)

    def progress(self, done: int, of: int | None) -> None:
        """Nobody watches."""


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """How a crawl ended.

    `complete` is True only when the listing is of the complete kind and was read to its end without an error; only
    then may what was not seen be taken for gone. `gone` are addresses that answered 404 or 410.
    `failure` is one clear sentence when the crawl could not go on, else None; `reason` is the message id of that, where it
    has one, which `values` fill (with the address that it is about as `url`), so that it can be told in any language.
    `is_interrupted`: it was stopped before its end and may go on from what is staged. `recipe` is the one that was read
    by, found by discovery where the platform's own says `auto`; None when none was found.
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
