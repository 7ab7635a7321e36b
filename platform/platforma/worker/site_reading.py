"""Reading sites that somebody may register, while that person waits: in isolated processes, within small limits, some at once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from crawlers.clock import CLOCK, Clock
from crawlers.crawl import propose
from crawlers.discovery.discover import Proposal
from crawlers.errors import FetchError, SiteGivenUp, Stopped
from crawlers.fetch import Page, PoliteSession
from crawlers.fetch.probe import BudgetSpent
from crawlers.fetch.transport import never
from crawlers.recipe import Limits
from crawlers.state import OUR_FAULT, PageValidators
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.visitors import readings
from platforma.catalogue.visitors.mapped import bounded_raw, grouped, unknown_words
from platforma.catalogue.visitors.proposed_defaults import proposed_defaults
from platforma.catalogue.visitors.readings import Result, Turn
from platforma.locks import LockHeld, lock
from platforma.services import Services
from platforma.worker.recipe_run import polite_session
from vocabulary.messages import N_

log = logging.getLogger(__name__)
TOO_LONG = N_("reading the site takes longer than somebody can wait for; give the address of the page with the list")
AT_ONCE = 3
"""So many sites are read side by side, no two of one host."""
SECONDS_BETWEEN_TURNS = 0.5


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one reading may take: requests for pages, bytes received in all, and seconds."""

    pages: int = 40
    bytes: int = 20_000_000
    seconds: float = 75.0
    each: Limits = field(default_factory=lambda: Limits(bytes_per_page=4_000_000, timeout_seconds=8))


LIMITS = ReadingLimits()


@dataclass(slots=True)
class LimitedSession:
    """A polite session that gives up further pages beyond the limits, and says after each page how far it has come."""

    polite: PoliteSession
    limits: ReadingLimits
    tell_pages: Callable[[int], None]
    asked: int = field(default=0)

    def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:
        """Return a page. Raises BudgetSpent beyond the limits, FetchError, SiteGivenUp and Stopped."""
        if self.asked >= self.limits.pages or self.polite.bytes >= self.limits.bytes:
            raise BudgetSpent(url, TOO_LONG)
        self.asked += 1
        try:
            return self.polite.get(url, validators, accept)
        finally:
            self.tell_pages(self.asked)

    def sitemaps(self, url: str) -> list[str]:
        """Return the addresses of the sitemaps that the site's robots.txt names."""
        return self.polite.sitemaps(url)


def read_due_sites(services: Services, stop: Callable[[], bool] = never, clock: Clock = CLOCK) -> int:
    """Read the sites that wait, until none does; return how many. Returns 0 while another process reads them."""
    try:
        with lock(services.settings, "site-readings", wait=False):
            with services.database.writing() as session:
                readings.take_over_abandoned(session, utc_now())
            return _read_all(services, stop, clock)
    except LockHeld:
        return 0


def _read_all(services: Services, stop: Callable[[], bool], clock: Clock) -> int:
    services.thesaurus.refresh()
    running: dict[Future[None], str] = {}
    done = 0
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="site-reading") as pool:
        while True:
            while len(running) < AT_ONCE and not stop() and (turn := _next(services, running.values())):
                running[pool.submit(_read, services, turn, stop, clock)] = turn.host
            if not running:
                return done
            for future in wait(running, SECONDS_BETWEEN_TURNS, FIRST_COMPLETED).done:
                del running[future]
                done += 1


def _next(services: Services, busy_hosts: Iterable[str]) -> Turn | None:
    with services.database.writing() as session:
        return readings.begin_next(session, frozenset(busy_hosts))


def _read(services: Services, turn: Turn, stop: Callable[[], bool], clock: Clock) -> None:
    """Read one site, and store what came of it; the fault of our own code is logged."""
    try:
        _store(services, turn, _proposal(services, turn, stop, clock))
    except Stopped:
        with services.database.writing() as session:
            if stop():
                readings.put_back(session, turn.id)
            else:
                readings.fail(session, turn.id, TOO_LONG, {}, utc_now())
    except (FetchError, SiteGivenUp) as error:
        with services.database.writing() as session:
            title = error.values.get("site", "")
            readings.fail(session, turn.id, error.reason, error.values, utc_now(), title)
    except Exception:
        log.exception("reading %s", turn.url)
        with services.database.writing() as session:
            readings.fail(session, turn.id, OUR_FAULT, {}, utc_now())


def _proposal(services: Services, turn: Turn, stop: Callable[[], bool], clock: Clock) -> Proposal:
    """Discover how the site could be read, within the limits. Raises CrawlError, and Stopped after them."""
    until = time.monotonic() + LIMITS.seconds
    progress = _Progress(services, turn.id)
    with polite_session(services.settings, clock) as polite:
        polite.limits = LIMITS.each
        polite.stop = lambda: stop() or time.monotonic() > until
        limited = LimitedSession(polite, LIMITS, progress.tell_pages)
        return propose(turn.url, limited, tell_found=progress.tell_found, stop=polite.stop)


@dataclass(slots=True)
class _Progress:
    """Writes down how far a reading has come, in small commits."""

    services: Services
    id: int
    pages: int = 0
    expected: int | None = None

    def tell_pages(self, pages: int) -> None:
        self.pages = pages
        self._write()

    def tell_found(self, expected: int) -> None:
        self.expected = expected
        self._write()

    def _write(self) -> None:
        with self.services.database.writing() as session:
            readings.note_progress(session, self.id, pages=self.pages, expected=self.expected)


def _store(services: Services, turn: Turn, proposal: Proposal) -> None:
    result = Result(
        title=proposal.words.name,
        recipe=proposal.recipe.model_dump(mode="json", exclude_defaults=True),
        records=proposal.samples,
        expected=proposal.expected,
        is_open_ended=proposal.is_open_ended,
        problems=grouped(proposal.problems),
        proposed=proposed_defaults(proposal.words, turn.url, proposal.samples),
        words=unknown_words(proposal.problems),
        raws=[bounded_raw(raw) for raw in proposal.raws],
    )
    with services.database.writing() as session:
        readings.finish(session, turn.id, result, utc_now())
