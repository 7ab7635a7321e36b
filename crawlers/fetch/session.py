"""The polite session: robots.txt, a delay per origin, retries with backoff, limits of time and size, guarded addresses."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import NoReturn, Self
from urllib.parse import urljoin

from crawlers.clock import CLOCK, Clock
from crawlers.errors import (
    AddressRefused,
    BadCertificate,
    BadContent,
    BadStatus,
    FetchError,
    HostBusy,
    Incomplete,
    RobotsForbid,
    SiteGivenUp,
    Unreachable,
)
from crawlers.fetch.guard import NO_ADDRESS, Guard, Target, is_public
from crawlers.fetch.pace import pause_seconds, retry_after_seconds, wait
from crawlers.fetch.page import Page
from crawlers.fetch.robots import AGENT, Robots
from crawlers.fetch.robots import MAX_BYTES as MAX_ROBOTS_BYTES
from crawlers.fetch.transport import StopSignal, never
from crawlers.fetch.walls import is_protected, refuse_wall
from crawlers.fetch.wire import MAX_TIMEOUTS_PER_RESPONSE, ResponseLimits, Wire
from crawlers.recipe import Limits, Recipe
from crawlers.state import PageValidators
from crawlers.values.addresses import canonical_address, site_of
from vocabulary.messages import N_

DEFAULT_DELAY_SECONDS = 1.0
MAX_REDIRECTS = 5
MAX_TRIES = 3
MAX_ADDRESS_BYTES = 2_000
"""Pages at longer addresses could not be remembered. sitemaps.org allows fewer than 2,048 characters."""
MAX_TIMEOUTS_PER_PAGE = 4
"""The time for one page with all its redirects and tries, in timeouts."""
MIN_SECONDS = 0.1
"""What a request has at least, however slow those before it were."""
UNCOMPRESSED = {"Accept-Encoding": "identity"}
MAX_DELAY_SECONDS = 60.0
"""The longest delay between two requests that robots.txt can ask for."""
MAX_RETRY_AFTER_SECONDS = 120.0
"""The longest wait that a Retry-After header can ask for; after a longer one the site is given up."""
ROBOTS_MAX_AGE_SECONDS = 24 * 3600
RETRIED_STATUSES = (429, 502, 503, 504)
PARTIAL_STATUSES = (202, 206)
"""Answers with less than the page: of a server that is still at work, and of one that was not asked for a part."""
MAX_FAILURE_WEIGHT = 10
"""The weight of failures in a row after which a site is given up: 2 for no response and for a retried status, else 1."""
_GONE = N_("the page is gone (%(status)s); take it off the list, or bring it back")
_CLOSED = N_("the site denies access (%(status)s); to be read, it must allow PlatformaBot")
_ERROR = N_("the server answers %(status)s; we try again later, the site's owner may have to repair it")
_SLOW = N_("the answer took %(seconds)s s")
_EMPTY = N_("the answer is empty; we try again later, the site's owner may have to repair it")
_PART = N_("the server sent only a part of the page (%(status)s); we try again later, the site's owner may have to repair it")
_CIRCLE = N_("more than %(most)s redirects; the address may lead in a circle, give the one where it ends")
_NOWHERE = N_("the server redirects (%(status)s) without saying where to; the site's owner can correct it")
_LONG_WAIT = N_("the server asks to wait %(seconds)s s; the crawl ends here, try again after that time")
TOO_LONG = N_("this address is longer than any page needs and was left out; give the page a shorter one")
HOST_BUSY = N_("%(host)s is read for other platforms now; we try again later, you need not do anything")
_LONG_WAIT_ELSEWHERE = N_("%(host)s asks to wait %(seconds)s s; this crawl asks it for nothing more, the next one does")
_FAILS_ELSEWHERE = N_(
    "%(host)s failed to answer several times in a row (%(times)s), most recently: %(reason)s; this crawl asks it for nothing"
    " more, the next one does"
)
_FAILS = N_(
    "the site failed to answer several times in a row (%(times)s), most recently: %(reason)s; the"
    " crawl ends here, try again later"
)


@dataclass(slots=True)
class _Origin:
    """The state of one origin (scheme, host and port). Times are monotonic seconds, `weight` is that of MAX_FAILURE_WEIGHT."""

    robots: Robots | None = None
    robots_until: float = -math.inf
    requested_at: float = -math.inf
    not_before: float = -math.inf
    weight: int = 0
    failures: int = 0
    given_up: tuple[str, dict[str, str]] | None = None
    """Why nothing more is asked of it, where it is not the site's own: a message id and its values."""


def always(site: str, seconds: float) -> bool:  # noqa: ARG001 - what may_ask is called with
    """Return True: the default of `may_ask`."""
    return True


@dataclass(slots=True)
class _PageTime:
    """The time that the requests for one page may still take: all redirects and tries, without the pauses between them."""

    seconds: float


@dataclass(slots=True)
class PoliteSession:
    """Fetches pages politely. Use a session in one thread; the sessions of a process share one connection to an IP address.

    `contact` stands in the User-Agent. `allow_private` allows addresses of private networks. `stop` is asked between and
    during requests and waits; Stopped is raised within a second after it returns True. Pauses go by `clock`, timeouts of
    the network by the machine's time. `pages` and `bytes` count what was received. `is_truncated`: of a page that is larger than
    the limits, the beginning is enough.

    `may_ask` is called before each page with its host (see site_of) and the most seconds that this may take. Where it returns
    False, HostBusy is raised, and the host is among `busy_hosts`. `own_sites` are the hosts whose failure ends the crawl
    (SiteGivenUp); others are only asked for nothing more. None: any.
    """

    contact: str | None
    allow_private: bool
    limits: Limits = field(default_factory=Limits)
    clock: Clock = CLOCK
    stop: Callable[[], bool] = never
    is_truncated: bool = False
    may_ask: Callable[[str, float], bool] = always
    own_sites: set[str] | None = None
    busy_hosts: set[str] = field(default_factory=set)
    pages: int = 0
    bytes: int = 0
    _fronts: frozenset[str] = frozenset()
    _origins: dict[str, _Origin] = field(default_factory=dict)
    _stop_signal: StopSignal = field(default_factory=StopSignal)
    _guard: Guard = field(init=False)
    _wire: Wire = field(init=False)

    def __post_init__(self) -> None:
        self._guard = Guard(self.allow_private)
        self._stop_signal.stop = lambda: self.stop()
        agent = f"{AGENT}/0.1" + (f" (+mailto:{self.contact})" if self.contact else "")
        self._wire = Wire(self._guard, self._stop_signal, agent)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._wire.close()

    def crawls(self, recipe: Recipe, stop: Callable[[], bool]) -> None:
        """Fetch for one recipe from now on: within its limits, and until `stop` returns True."""
        addresses = (recipe.url, *recipe.addresses)
        self.limits, self.stop = recipe.limits, stop
        self._fronts = frozenset(map(canonical_address, addresses))
        self.own_sites = set(map(site_of, addresses))

    def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:
        """Return a page after redirects. With `validators`, the server may answer that it is not modified.

        Validators are those of this address alone: they are not sent on to another one that it redirects to, and a page
        that comes from there has none. Raises FetchError, whose class and text say what is wrong; SiteGivenUp if no page of
        the site should be requested any more; Stopped.
        """
        asked_url, asked, page_time = url, canonical_address(url), self._page_time()
        for _ in range(MAX_REDIRECTS + 1):
            is_asked = canonical_address(url) == asked
            conditions = _conditions(validators) if is_asked else {}
            headers = conditions | ({"Accept": accept} if accept else {})
            target = self._target(url)
            origin = self._origin(target)
            robots = self._robots(url, target, origin)
            if not robots.allows(target.href):
                raise RobotsForbid(url, robots.refusal, values=robots.values)
            page = self._fetch_with_retries(url, target, headers, origin, page_time)
            location = _redirect_location(page)
            if location is None:
                page = _checked(page, asked=asked_url, is_conditional=bool(conditions))
                return page if is_asked else page.without_validators()
            url = location
            if self.own_sites is not None and asked in self._fronts:
                self.own_sites.add(site_of(url))
        raise Unreachable(url, _CIRCLE, values={"most": str(MAX_REDIRECTS)})

    def sitemaps(self, url: str) -> list[str]:
        """Return the addresses of the sitemaps that the site's robots.txt names; none if it cannot be fetched."""
        try:
            target = self._target(url)
            return self._robots(url, target, self._origin(target)).sitemaps
        except FetchError:
            return []

    def back_at(self, url: str) -> None:
        """Do nothing: pages are not read here."""

    def _target(self, url: str) -> Target:
        if len(url.encode("utf-8", "replace")) > MAX_ADDRESS_BYTES:
            raise AddressRefused(url[:200], TOO_LONG)
        self._guard.ports = self.limits.ports
        return self._guard.check(url)

    def _origin(self, target: Target) -> _Origin:
        return self._origins.setdefault(target.origin, _Origin())

    def _robots(self, url: str, target: Target, origin: _Origin) -> Robots:
        """Return the site's rules, cached for a day (RFC 9309, 2.4). Raises FetchError with this url."""
        if origin.robots is None or self.clock.monotonic() > origin.robots_until:
            try:
                origin.robots = self._fetch_robots(f"{target.origin}/robots.txt")
            except FetchError as error:
                raise type(error)(url, error.reason, values=error.values) from error
            origin.robots_until = self.clock.monotonic() + ROBOTS_MAX_AGE_SECONDS
        return origin.robots

    def _fetch_robots(self, url: str) -> Robots:
        """Follow redirects, also to other hosts; after the fifth the file counts as missing (RFC 9309, 2.3.1.2)."""
        page_time = self._page_time()
        for _ in range(MAX_REDIRECTS + 1):
            target = self._target(url)
            page = self._fetch_with_retries(url, target, {}, self._origin(target), page_time, is_robots=True)
            location = _redirect_location(page)
            if location is None:
                return Robots.of(page.status, page.body)
            url = location
        return Robots()

    def _page_time(self) -> _PageTime:
        return _PageTime(MAX_TIMEOUTS_PER_PAGE * self.limits.timeout_seconds)

    def _fetch_with_retries(
        self,
        url: str,
        target: Target,
        headers: dict[str, str],
        origin: _Origin,
        page_time: _PageTime,
        *,
        is_robots: bool = False,
    ) -> Page:
        """Return the response, whatever its status. RETRIED_STATUSES and connection errors are retried with backoff.

        A response that ended in the middle is asked for again without compression, which may be what is wrong with it.
        """
        self._check_may_ask(url, origin)
        for attempt in range(1, MAX_TRIES + 1):
            self._wait_for_turn(target, origin)
            is_last = attempt == MAX_TRIES
            try:
                page = self._fetch_once(url, target, headers, page_time, is_robots=is_robots)
            except Unreachable as error:
                has_time = page_time.seconds >= self.limits.timeout_seconds
                if is_last or not has_time or isinstance(error, BadCertificate):
                    self._count_failure(origin, error, weight=2)
                    raise
                headers = headers | UNCOMPRESSED if isinstance(error, Incomplete) else headers
            else:
                self._apply_retry_after(page, origin)
                if page.status not in RETRIED_STATUSES or is_last or is_protected(page):
                    break
            origin.not_before = max(origin.not_before, self.clock.monotonic() + pause_seconds(attempt))
        self._count_response(page, origin)
        return page

    def _check_may_ask(self, url: str, origin: _Origin) -> None:
        """Raise Unreachable where the origin was given up, and HostBusy where its host may not be asked now."""
        if origin.given_up:
            raise Unreachable(url, origin.given_up[0], values=origin.given_up[1])
        longest_pause = max(MAX_DELAY_SECONDS, self.limits.delay_seconds or 0.0)
        seconds = MAX_TIMEOUTS_PER_PAGE * self.limits.timeout_seconds + longest_pause
        if not self.may_ask(site_of(url), seconds):
            self.busy_hosts.add(site_of(url))
            raise HostBusy(url, HOST_BUSY, values={"host": site_of(url)})

    def _fetch_once(self, url: str, target: Target, headers: dict[str, str], page_time: _PageTime, *, is_robots: bool) -> Page:
        """Return the response to one request; its time is taken from that of the page. Raises Unreachable where none is left."""
        limits = ResponseLimits(
            timeout_seconds=self.limits.timeout_seconds,
            seconds=min(MAX_TIMEOUTS_PER_RESPONSE * self.limits.timeout_seconds, max(page_time.seconds, MIN_SECONDS)),
            max_bytes=MAX_ROBOTS_BYTES if is_robots else self.limits.bytes_per_page,
            is_truncated=is_robots or self.is_truncated,
        )
        try:
            page = self._wire.request(url, target, headers, limits)
        finally:
            page_time.seconds -= self._wire.last_seconds
        self.pages += 1
        self.bytes += len(page.body)
        return page

    def _apply_retry_after(self, page: Page, origin: _Origin) -> None:
        """Delay the next request as the server asks. Gives the origin up if it asks for too long."""
        if page.status not in RETRIED_STATUSES:
            return
        seconds = retry_after_seconds(page.headers.get("retry-after"), self.clock.now())
        if seconds is None:
            return
        if seconds > MAX_RETRY_AFTER_SECONDS:
            self._give_up(origin, page.url, _LONG_WAIT, _LONG_WAIT_ELSEWHERE, {"seconds": f"{seconds:.0f}"})
        origin.not_before = self.clock.monotonic() + seconds

    def _count_response(self, page: Page, origin: _Origin) -> None:
        """Reset the origin's failures, or count one more, also for a slow answer. After too many it is given up."""
        if page.status < 500 and page.status != 429:
            if self._wire.last_seconds > self.limits.timeout_seconds:
                slow = Unreachable(page.url, _SLOW, values={"seconds": f"{self._wire.last_seconds:.0f}"})
                self._count_failure(origin, slow, weight=1)
            else:
                origin.weight = origin.failures = 0
            return
        error = BadStatus(page.url, _ERROR, values={"status": str(page.status)})
        self._count_failure(origin, error, weight=2 if page.status in RETRIED_STATUSES else 1)

    def _count_failure(self, origin: _Origin, error: FetchError, weight: int) -> None:
        origin.weight += weight
        origin.failures += 1
        if origin.weight >= MAX_FAILURE_WEIGHT:
            self._give_up(origin, error.url, _FAILS, _FAILS_ELSEWHERE, {"times": str(origin.failures), "reason": error.text})

    def _give_up(self, origin: _Origin, url: str, reason: str, reason_elsewhere: str, values: dict[str, str]) -> NoReturn:
        """Raise SiteGivenUp where the address is the site's own, else Unreachable, also for each further page of the origin."""
        if self.own_sites is None or site_of(url) in self.own_sites:
            raise SiteGivenUp(url, reason, values)
        origin.given_up = reason_elsewhere, values | {"host": site_of(url)}
        raise Unreachable(url, reason_elsewhere, values=origin.given_up[1])

    def _wait_for_turn(self, target: Target, origin: _Origin) -> None:
        """Wait until the origin may be requested again. Raises Stopped."""
        due = max(origin.requested_at + self._delay_seconds(target, origin), origin.not_before)
        wait(due - self.clock.monotonic(), self.clock, self._stop_signal)
        self._stop_signal.check()
        origin.requested_at = self.clock.monotonic()

    def _delay_seconds(self, target: Target, origin: _Origin) -> float:
        """Return the delay between two requests: the recipe's, else the default, and at least that of robots.txt."""
        robots_seconds = min((origin.robots.delay_seconds if origin.robots else None) or 0.0, MAX_DELAY_SECONDS)
        if self.limits.delay_seconds is not None:
            return max(self.limits.delay_seconds, robots_seconds)
        return max(robots_seconds, 0.0 if self._is_private(target) else DEFAULT_DELAY_SECONDS)

    def _is_private(self, target: Target) -> bool:
        """Return whether the host is in a private network that may be crawled; such hosts need no delay."""
        try:
            return self.allow_private and not is_public(self._guard.resolve(target.host, target.port)[0])
        except (OSError, AddressRefused):
            return False


def _checked(page: Page, *, asked: str, is_conditional: bool) -> Page:
    """Return the page if it is whole, or 304 to a conditional request. Raises BadStatus, BadContent and Walled."""
    values = {"status": str(page.status)}
    refuse_wall(page, asked)
    if page.status in (404, 410):
        raise BadStatus(page.url, _GONE, values=values, is_gone=True)
    if page.status in (401, 403):
        raise BadStatus(page.url, _CLOSED, values=values)
    if page.status >= 400:
        raise BadStatus(page.url, _ERROR, values=values)
    if page.status >= 300 and not (page.is_not_modified and is_conditional):
        raise BadStatus(page.url, _NOWHERE, values=values)
    if page.status in PARTIAL_STATUSES:
        raise BadContent(page.url, _PART, values=values)
    if not page.is_not_modified and (not page.body or page.body.isspace()):
        raise BadContent(page.url, _EMPTY)
    return page


def _redirect_location(page: Page) -> str | None:
    """Return the absolute address that a response redirects to; None if it does not. Raises AddressRefused if malformed."""
    location = page.headers.get("location")
    if not location or not 300 <= page.status < 400 or page.is_not_modified:
        return None
    try:
        return urljoin(page.url, location.encode("latin-1").decode("utf-8", "replace"))
    except ValueError as error:
        raise AddressRefused(location[:200], NO_ADDRESS) from error


def _conditions(validators: PageValidators | None) -> dict[str, str]:
    """Return the headers of a conditional request (RFC 9110)."""
    if validators is None:
        return {}
    pairs = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in pairs.items() if value}
