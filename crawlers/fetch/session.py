"""The polite session: robots.txt, a delay per origin, retries, limits of time and size, guarded addresses."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

from crawlers.clock import CLOCK, Clock
from crawlers.errors import AddressRefused, BadStatus, FetchError, RobotsForbid, SiteGivenUp, Unreachable
from crawlers.fetch.guard import NO_ADDRESS, Guard, Target, is_public
from crawlers.fetch.pace import pause_seconds, retry_after_seconds, wait
from crawlers.fetch.page import Page
from crawlers.fetch.robots import AGENT, Robots
from crawlers.fetch.robots import MAX_BYTES as ROBOTS_BYTES
from crawlers.fetch.transport import StopSignal, never
from crawlers.fetch.wire import Wire
from crawlers.messages import N_
from crawlers.recipe import Limits
from crawlers.state import PageValidators

DEFAULT_DELAY_SECONDS = 1.0
MAX_REDIRECTS = 5
MAX_TRIES = 3
MAX_DELAY_SECONDS = 60.0
MAX_WAIT_SECONDS = 120.0
ROBOTS_KEPT_SECONDS = 24 * 3600
RETRIED = (429, 502, 503, 504)
MAX_WEIGHT = 10
"""A site is given up after five answers in a row that never came (each weighs 2), or ten that were errors (1)."""
_GONE = N_("the page is gone (%(status)s); take it off the list, or bring it back")
_CLOSED = N_("the site refuses us (%(status)s); ask its owner")
_ERROR = N_("the server answers %(status)s; try again later or tell the site's owner")
_CIRCLE = N_("more than %(most)s redirects; the address may lead in a circle, give the one where it ends")
_NOWHERE = N_("the server sends us on (%(status)s) but not where to; tell the site's owner")
_LONG_WAIT = N_("the server asks to wait %(seconds)s s; the crawl ends here, try again after that time")
_FAILS = N_("the site failed %(times)s times in a row, at last: %(reason)s; the crawl ends here, try again later")


@dataclass(slots=True)
class _Origin:
    """What one scheme, host and port asked of us, and how it went; times are monotonic seconds."""

    robots: Robots | None = None
    robots_until: float = -math.inf
    asked_at: float = -math.inf
    not_before: float = -math.inf
    weight: int = 0
    failures: int = 0


@dataclass(slots=True)
class PoliteSession:
    """Fetches politely. `contact` stands in the User-Agent; private addresses only where the installation allows it.

    `stop` is asked between and during requests and waits; once it says True, Stopped is raised within a second. Pauses
    go by `clock`, time limits of the network by the machine. Counts pages and bytes over its life. For one thread; sessions
    of one process share their manners towards an IP address.
    """

    contact: str | None
    allow_private: bool
    limits: Limits = field(default_factory=Limits)
    clock: Clock = CLOCK
    stop: Callable[[], bool] = never
    pages: int = 0
    bytes: int = 0
    _origins: dict[str, _Origin] = field(default_factory=dict)
    _watch: StopSignal = field(default_factory=StopSignal)
    _guard: Guard = field(init=False)
    _wire: Wire = field(init=False)

    def __post_init__(self) -> None:
        self._guard = Guard(self.allow_private)
        self._watch.stop = lambda: self.stop()
        agent = f"{AGENT}/0.1" + (f" (+mailto:{self.contact})" if self.contact else "")
        self._wire = Wire(self._guard, self._watch, agent)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._wire.close()

    def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:
        """One page, following redirects. With `validators`, the server may answer that nothing changed.

        Raises FetchError, its kind and text saying what is wrong and what to do; SiteGivenUp when no page of the site
        should be asked for any more; Stopped.
        """
        headers = _conditions(validators) | ({"Accept": accept} if accept else {})
        for _ in range(MAX_REDIRECTS + 1):
            target = self._target(url)
            origin = self._origin(target)
            robots = self._robots(url, target, origin)
            if not robots.allows(target.href):
                raise RobotsForbid(url, robots.refusal, values=robots.values)
            page = self._retried(url, target, headers, origin)
            onward = _redirect(page)
            if onward is None:
                return _checked(page, is_conditional="If-None-Match" in headers or "If-Modified-Since" in headers)
            url = onward
        raise Unreachable(url, _CIRCLE, values={"most": str(MAX_REDIRECTS)})

    def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that the robots.txt of an address names; none where it cannot be had."""
        try:
            target = self._target(url)
            return self._robots(url, target, self._origin(target)).sitemaps
        except FetchError:
            return []

    def _target(self, url: str) -> Target:
        self._guard.ports = self.limits.ports
        return self._guard.check(url)

    def _origin(self, target: Target) -> _Origin:
        return self._origins.setdefault(target.origin, _Origin())

    def _robots(self, url: str, target: Target, origin: _Origin) -> Robots:
        """The site's rules, kept for at most a day (RFC 9309, 2.4). Raises FetchError with this url."""
        if origin.robots is None or self.clock.monotonic() > origin.robots_until:
            try:
                origin.robots = self._fetch_robots(f"{target.origin}/robots.txt")
            except FetchError as error:
                raise type(error)(url, error.reason, values=error.values) from error
            origin.robots_until = self.clock.monotonic() + ROBOTS_KEPT_SECONDS
        return origin.robots

    def _fetch_robots(self, url: str) -> Robots:
        """Redirects are followed to other hosts too; after the fifth it counts as not there (RFC 9309, 2.3.1.2)."""
        for _ in range(MAX_REDIRECTS + 1):
            target = self._target(url)
            page = self._retried(url, target, {}, self._origin(target), is_robots=True)
            onward = _redirect(page)
            if onward is None:
                return Robots.of(page.status, page.body)
            url = onward
        return Robots()

    def _retried(self, url: str, target: Target, headers: dict[str, str], origin: _Origin, *, is_robots: bool = False) -> Page:
        """One answer, asked for a few times while the server is not ready."""
        for attempt in range(1, MAX_TRIES + 1):
            self._wait_for_turn(target, origin)
            is_last = attempt == MAX_TRIES
            try:
                page = self._once(url, target, headers, is_robots=is_robots)
            except Unreachable as error:
                if is_last:
                    self._note_failure(origin, error, weight=2)
                    raise
            else:
                self._heed(page, origin)
                if page.status not in RETRIED or is_last:
                    break
            origin.not_before = max(origin.not_before, self.clock.monotonic() + pause_seconds(attempt))
        self._note(page, origin)
        return page

    def _once(self, url: str, target: Target, headers: dict[str, str], *, is_robots: bool) -> Page:
        most = ROBOTS_BYTES if is_robots else self.limits.bytes_per_page
        page = self._wire.ask(url, target, headers, self.limits.timeout_seconds, most, is_part_enough=is_robots)
        self.pages += 1
        self.bytes += len(page.body)
        return page

    def _heed(self, page: Page, origin: _Origin) -> None:
        """Wait before the next request as the server asks; where it asks for too long, the site is given up."""
        asked = retry_after_seconds(page.headers.get("retry-after"), self.clock.now()) if page.status in RETRIED else None
        if asked is None:
            return
        if asked > MAX_WAIT_SECONDS:
            raise SiteGivenUp(page.url, _LONG_WAIT, {"seconds": f"{asked:.0f}"})
        origin.not_before = self.clock.monotonic() + asked

    def _note(self, page: Page, origin: _Origin) -> None:
        if page.status < 500 and page.status != 429:
            origin.weight = origin.failures = 0
            return
        error = BadStatus(page.url, _ERROR, values={"status": str(page.status)})
        self._note_failure(origin, error, weight=2 if page.status in RETRIED else 1)

    def _note_failure(self, origin: _Origin, error: FetchError, weight: int) -> None:
        origin.weight += weight
        origin.failures += 1
        if origin.weight >= MAX_WEIGHT:
            raise SiteGivenUp(error.url, _FAILS, {"times": str(origin.failures), "reason": error.text}) from error

    def _wait_for_turn(self, target: Target, origin: _Origin) -> None:
        due = max(origin.asked_at + self._delay(target, origin), origin.not_before)
        wait(due - self.clock.monotonic(), self.clock, self._watch)
        self._watch.check()
        origin.asked_at = self.clock.monotonic()

    def _delay(self, target: Target, origin: _Origin) -> float:
        asked = min((origin.robots.delay_seconds if origin.robots else None) or 0.0, MAX_DELAY_SECONDS)
        if self.limits.delay_seconds is not None:
            return max(self.limits.delay_seconds, asked)
        return max(asked, 0.0 if self._is_own(target) else DEFAULT_DELAY_SECONDS)

    def _is_own(self, target: Target) -> bool:
        """Whether the host is one of the installation's own networks, which need no delay."""
        try:
            return self.allow_private and not is_public(self._guard.resolve(target.host, target.port)[0])
        except (OSError, AddressRefused):
            return False


def _checked(page: Page, *, is_conditional: bool) -> Page:
    """The page, if it is one. Raises BadStatus."""
    values = {"status": str(page.status)}
    if page.status in (404, 410):
        raise BadStatus(page.url, _GONE, values=values, is_gone=True)
    if page.status in (401, 403):
        raise BadStatus(page.url, _CLOSED, values=values)
    if page.status >= 400:
        raise BadStatus(page.url, _ERROR, values=values)
    if page.status >= 300 and not (page.is_not_modified and is_conditional):
        raise BadStatus(page.url, _NOWHERE, values=values)
    return page


def _redirect(page: Page) -> str | None:
    """Where an answer sends us on to; None where it does not. Raises AddressRefused for what is no address."""
    said = page.headers.get("location")
    if not said or not 300 <= page.status < 400 or page.is_not_modified:
        return None
    try:
        return urljoin(page.url, said.encode("latin-1").decode("utf-8", "replace"))
    except ValueError as error:
        raise AddressRefused(said[:200], NO_ADDRESS) from error


def _conditions(validators: PageValidators | None) -> dict[str, str]:
    """Conditional request headers (RFC 9110)."""
    if validators is None:
        return {}
    pairs = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in pairs.items() if value}


__all__ = ["FetchError", "Page", "PoliteSession"]
