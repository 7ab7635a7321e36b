"""The host: does a job in a reader process, fetches and stores for it, and goes on without the pages that no reader can read."""

from __future__ import annotations

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from crawlers.errors import BadContent, FetchError, HostBusy, SiteGivenUp, Stopped
from crawlers.fetch.page import Page
from crawlers.isolation.messages import Answer, Call, CrawlJob, Failure, ProposalJob, Surprise, Usage
from crawlers.isolation.readers import READERS, Reader, ReaderDied
from crawlers.record import Problem, RawRecord, Record
from crawlers.state import LOST_PAGES, OUR_FAULT, CrawlState, PageValidators
from vocabulary.messages import N_

log = logging.getLogger(__name__)
TOO_SLOW = N_("this page takes too long to be read, so it was left out; make it smaller, or tell us its address")
TOO_BIG = N_("this page takes too much memory to be read, so it was left out; make it smaller, or tell us its address")
CRASHED = N_("this page ended the program that reads it, so it was left out; tell us its address")
TOO_MANY_LOST = N_("%(pages)s pages took too much time or memory to be read; the crawl ends here; tell us the site's address")
MAX_LOST_PAGES = 20
"""Of one job; each costs up to the time of one page, and the start of a process."""
MAX_KEPT_BYTES = 16 * 1024 * 1024
"""Of pages that are kept until they are read, so that they are not fetched again when a reader dies; the oldest go first."""
SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_TO_STOP = 3.0
"""The time that a reader has to come to an end after a stop, before it is ended."""
FETCH_CALLS = ("get", "sitemaps")
MAX_KEPT_ERRORS = 10_000
"""Of pages that could not be fetched in this job, so that none is asked for twice; more than one crawl reads by default."""
Request = tuple[str, str | None, str | None, str | None]
"""What is asked of a server: the address, its two validators, and media types."""
Failed = tuple[str, str | None]
"""What could not be had: the address, and media types. No validators change that."""


class Session(Protocol):
    """What the host fetches with."""

    def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:
        """Return a page. Raises FetchError, SiteGivenUp and Stopped."""

    def sitemaps(self, url: str) -> list[str]:
        """Return the addresses of the sitemaps that the site's robots.txt names."""


class ReaderFault(BadContent):
    """A reader met an error that nobody thought of; where it did is in the log."""


class TooManyLost(BadContent):
    """More pages of a job than may be could not be read."""


@dataclass(slots=True)
class _Attempt:
    """What one reader has handed over; the next one need not do it again.

    `pages` are the remote ids of each page that was read completely, `problems` counts those that were told, by hash.
    """

    pages: dict[str, frozenset[str]] = field(default_factory=dict)
    problems: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True)
class Host:
    """One job and what came of it so far.

    `lost` are the pages that a reader died of, with the message id of the reason; at most `max_lost`, else MAX_LOST_PAGES.
    `staged_ids` and `refused` tell what the state was given. `seconds` is the time by stage: `fetch`, `read`, `store`.
    `usage` is what the last reader took. `tell_found` is told how many records a proposal's list is expected to have.
    """

    session: Session
    state: CrawlState | None = None
    stop: Callable[[], bool] = lambda: False
    max_lost: int | None = None
    tell_found: Callable[[int], None] = lambda _: None
    lost: dict[str, str] = field(default_factory=dict)
    staged_ids: set[str] = field(default_factory=set)
    refused: int = 0
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    usage: Usage | None = None
    _page: str | None = None  # the address that the reader named last
    _kept: dict[Request, Page] = field(default_factory=dict)
    _kept_bytes: int = 0
    _errors: dict[Failed, FetchError] = field(default_factory=dict)
    _done: _Attempt = field(default_factory=_Attempt)
    _before: _Attempt = field(default_factory=_Attempt)

    def run(self, job: CrawlJob | ProposalJob) -> Any:
        """Return what the job gives. Raises CrawlError, such as ReaderFault and TooManyLost, and Stopped."""
        while True:
            try:
                with READERS.reader() as reader:
                    reader.send(replace(job, lost=self.lost))
                    outcome = self._serve(reader)
            except ReaderDied as death:
                self._lose_page(death)
            else:
                return self._value(outcome)

    def cost(self) -> dict[str, int]:
        """Return what the job took so far, by the names of COSTS."""
        names = dict(zip((TOO_SLOW, TOO_BIG, CRASHED), LOST_PAGES, strict=True))
        lost = Counter(names[reason] for reason in self.lost.values())
        times = {f"{stage}_ms": seconds * 1000 for stage, seconds in self.seconds.items()}
        if self.usage:
            times |= {"reader_cpu_ms": self.usage.cpu_seconds * 1000, "reader_megabytes": self.usage.peak_bytes / 1e6}
        return {**lost, **{name: round(amount) for name, amount in times.items()}}

    def _value(self, outcome: Answer | Failure | Surprise) -> Any:
        if isinstance(outcome, Failure):
            raise outcome.error()
        if isinstance(outcome, Surprise):
            log.error("reading %s: %s", self._page, outcome.trace)
            raise ReaderFault(self._page or "", OUR_FAULT)
        self.usage = outcome.usage or self.usage
        return outcome.value

    def _serve(self, reader: Reader) -> Answer | Failure | Surprise:
        """Answer the reader's calls until its job is done; return how it ended."""
        while True:
            with self._timed("read"):
                message = self._message(reader)
            if not isinstance(message, Call):
                return message
            answer = self._answer(message)
            if message.is_answered:
                reader.send(answer)

    def _message(self, reader: Reader) -> Call | Answer | Failure | Surprise:
        """Return the reader's next message. Raises ReaderDied, and Stopped where the reader does not end after a stop."""
        stopped_at: float | None = None
        while not reader.wait(SECONDS_BETWEEN_LOOKS):
            if self.stop():
                stopped_at = stopped_at or time.monotonic()
                if time.monotonic() - stopped_at > SECONDS_TO_STOP:
                    raise Stopped
        message: Call | Answer | Failure | Surprise = reader.receive()
        return message

    def _answer(self, call: Call) -> Answer | Failure:
        """Do what a call asks for. Errors of the session go to the reader; those of the state are raised."""
        if call.is_answered and self.stop():
            return Failure.of(Stopped())
        with self._timed("fetch" if call.name in FETCH_CALLS else "store"):
            try:
                return Answer(getattr(self, f"answer_{call.name}")(*call.arguments))
            except (FetchError, SiteGivenUp, Stopped) as error:
                return Failure.of(error)

    def answer_get(self, url: str, validators: PageValidators | None, accept: str | None) -> Page:
        """Return a page; one that is still kept, or that could not be fetched before in this job, is not asked for again."""
        self._page = url
        known = validators or PageValidators()
        key = (url, known.etag, known.last_modified, accept)
        if error := self._errors.get((url, accept)):
            raise error.with_traceback(None)
        page = self._kept.get(key) or self._fetched(url, validators, accept)
        self._keep(key, page)
        return page

    def _fetched(self, url: str, validators: PageValidators | None, accept: str | None) -> Page:
        """Fetch a page. An error is kept, unless it is that of a host that may be free soon."""
        try:
            return self.session.get(url, validators, accept)
        except FetchError as error:
            if not isinstance(error, HostBusy) and len(self._errors) < MAX_KEPT_ERRORS:
                self._errors[url, accept] = error.with_traceback(None)
            raise

    def _keep(self, key: Request, page: Page) -> None:
        """Keep a page for the next reader, in case this one dies."""
        if key not in self._kept:
            self._kept[key] = page
            self._kept_bytes += len(page.body)
        while self._kept_bytes > MAX_KEPT_BYTES and len(self._kept) > 1:
            self._kept_bytes -= len(self._kept.pop(next(iter(self._kept))).body)

    def answer_back_at(self, url: str) -> None:
        self._page = url

    def answer_sitemaps(self, url: str) -> list[str]:
        return self.session.sitemaps(url)

    def answer_validators_of(self, url: str) -> PageValidators | None:
        return self._state.validators_of(url)

    def answer_record_ids_of(self, url: str) -> frozenset[str]:
        return self._state.record_ids_of(url)

    def answer_staged(self, url: str) -> frozenset[str] | None:
        self._page = url
        return self._before.pages[url] if url in self._before.pages else self._state.staged(url)

    def answer_staged_validators(self, url: str) -> PageValidators | None:
        return self._state.staged_validators(url)

    def answer_stage(self, record: Record, url: str | None, raw: RawRecord | None) -> None:
        self.staged_ids.add(record.remote_id)
        self._state.stage(record, url, raw)

    def answer_unchanged(self, remote_id: str, url: str) -> None:
        self.staged_ids.add(remote_id)
        self._state.unchanged(remote_id, url)

    def answer_remember(self, url: str, validators: PageValidators | None, remote_ids: frozenset[str]) -> None:
        self._done.pages[url] = remote_ids
        self._state.remember(url, validators, remote_ids)

    def answer_problem(self, problem: Problem) -> None:
        key = hash(repr(problem))
        if self._before.problems[key] > 0:
            self._before.problems[key] -= 1
            return
        self._done.problems[key] += 1
        self.refused += problem.severity == "refused"
        self._state.problem(problem)

    def answer_progress(self, done: int, of: int | None) -> None:
        self._state.progress(done, of)

    def answer_found(self, expected: int) -> None:
        self.tell_found(expected)

    def answer_log(self, name: str, level: int, text: str) -> None:
        logging.getLogger(name).log(level, "%s", text)

    @property
    def _state(self) -> CrawlState:
        if self.state is None:
            raise TypeError("a proposal has no state")
        return self.state

    def _lose_page(self, death: ReaderDied) -> None:
        """Note that the page that the reader was at cannot be read. Raises TooManyLost and ReaderFault."""
        page = self._page
        if page is None or page in self.lost:
            log.error("%s: %s", page, death)
            raise ReaderFault(page or "", OUR_FAULT) from death
        log.warning("%s: %s", page, death)
        self.lost[page] = TOO_SLOW if death.is_out_of_time else TOO_BIG if death.is_out_of_memory else CRASHED
        if len(self.lost) > (self.max_lost or MAX_LOST_PAGES):
            raise TooManyLost(page, TOO_MANY_LOST, values={"pages": str(len(self.lost))}) from death
        self._before = _Attempt(dict(self._done.pages), Counter(self._done.problems))

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] += time.perf_counter() - started
