"""The polite session: robots.txt, a delay per origin, retries, limits of time and size, guarded addresses."""

from __future__ import annotations

import codecs
import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from charset_normalizer import from_bytes
from protego import Protego
from requests.adapters import HTTPAdapter

from crawlers.errors import (
    AddressRefused,
    BadContent,
    BadStatus,
    FetchError,
    RobotsForbid,
    TooLarge,
    Unreachable,
)
from crawlers.guard import GuardedAdapter, check_address, is_public
from crawlers.recipe import Limits
from crawlers.state import Known

AGENT = "PlatformaBot"
DEFAULT_DELAY_SECONDS = 1.0
MOST_REDIRECTS = 5
MOST_TRIES = 3
LONGEST_WAIT_SECONDS = 60.0
ROBOTS_BYTES = 512_000
RETRIED = (429, 502, 503, 504)
_META_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Page:
    """One answer. `url` is where it came from at last, `body` the decoded bytes; empty when not modified."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes = b""

    @property
    def is_not_modified(self) -> bool:
        return self.status == 304

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def known(self) -> Known:
        """What to remember of it."""
        digest = hashlib.sha256(self.body).hexdigest()
        return Known(self.headers.get("etag"), self.headers.get("last-modified"), digest)

    def text(self) -> str:
        """The body as text: byte order mark, then the header's charset, then the page's, then a guess; never fails."""
        for label in self._charsets():
            try:
                return self.body.decode(label)
            except (LookupError, UnicodeDecodeError):
                continue
        guess = from_bytes(self.body[:100_000]).best()
        return self.body.decode(guess.encoding if guess else "utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON. Raises BadContent."""
        try:
            return json.loads(self.text())
        except (ValueError, RecursionError) as error:
            raise BadContent(self.url, f"this should be JSON and is not ({error})") from error

    def _charsets(self) -> list[str]:
        marked = [label for mark, label in _BOMS if self.body.startswith(mark)]
        declared = re.findall(r"charset=[\"']?([\w-]+)", self.headers.get("content-type", ""))
        in_page = [label.decode() for label in _META_CHARSET.findall(self.body[:4096])]
        return [*marked, *declared, *in_page, "utf-8"]


@dataclass(slots=True)
class _Origin:
    robots: Protego
    next_at: float = 0.0


@dataclass(slots=True)
class PoliteSession:
    """Fetches politely. `contact` stands in the User-Agent; private addresses only where the installation allows it.

    `sleep` is for tests. Counts pages and bytes over its life.
    """

    contact: str | None
    allow_private: bool
    limits: Limits = field(default_factory=Limits)
    sleep: Callable[[float], None] = time.sleep
    pages: int = 0
    bytes: int = 0
    _session: requests.Session = field(default_factory=requests.Session)
    _origins: dict[str, _Origin] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._session.trust_env = False
        self._session.headers["User-Agent"] = f"{AGENT}/0.1" + (f" (+mailto:{self.contact})" if self.contact else "")
        self._session.headers["Accept-Language"] = "lv, en;q=0.8, *;q=0.5"
        adapter = HTTPAdapter() if self.allow_private else GuardedAdapter()
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._session.close()

    def get(self, url: str, known: Known | None = None, accept: str | None = None) -> Page:
        """One page, following redirects. With `known`, the server may answer that nothing changed.

        Raises FetchError, its kind and text saying what is wrong and what to do.
        """
        headers = _conditions(known) | ({"Accept": accept} if accept else {})
        for _ in range(MOST_REDIRECTS + 1):
            check_address(url, allow_private=self.allow_private)
            origin = self._origin(url)
            if not origin.robots.can_fetch(url, AGENT):
                raise RobotsForbid(url, "robots.txt forbids this; ask the site's owner to allow PlatformaBot")
            page = self._retried(url, headers, origin)
            target = page.headers.get("location")
            if not (target and 300 <= page.status < 400 and page.status != 304):
                return self._checked(page)
            url = urljoin(url, target)
        raise Unreachable(url, f"more than {MOST_REDIRECTS} redirects; the address may lead in a circle")

    def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that the robots.txt of an address names; none where it cannot be had."""
        try:
            return list(self._origin(url).robots.sitemaps)
        except FetchError:
            return []

    def _checked(self, page: Page) -> Page:
        if page.status in (404, 410):
            raise BadStatus(page.url, f"the page is gone ({page.status})", is_gone=True)
        if page.status in (401, 403):
            raise BadStatus(page.url, f"the site refuses us ({page.status}); ask its owner")
        if page.status >= 400:
            raise BadStatus(page.url, f"the server answers {page.status}; try again later or tell the site's owner")
        return page

    def _retried(self, url: str, headers: dict[str, str], origin: _Origin) -> Page:
        for attempt in range(1, MOST_TRIES + 1):
            self._wait_for_turn(url, origin)
            try:
                page = self._once(url, headers, self.limits.bytes_per_page)
            except Unreachable:
                if attempt == MOST_TRIES:
                    raise
                self.sleep(0.5 * 2**attempt)
                continue
            if page.status not in RETRIED or attempt == MOST_TRIES:
                break
            self.sleep(_retry_after(page) if "retry-after" in page.headers else 0.5 * 2**attempt)
        return page

    def _once(self, url: str, headers: dict[str, str], most_bytes: int) -> Page:
        timeout = self.limits.timeout_seconds
        try:
            with self._session.get(url, headers=headers, timeout=timeout, stream=True, allow_redirects=False) as answer:
                body = _read(answer, url, most_bytes, time.monotonic() + 3 * timeout)
        except AddressRefused as error:
            raise AddressRefused(url, error.text) from error
        except requests.exceptions.Timeout as error:
            raise Unreachable(url, f"no answer within {timeout:g} s; try again later") from error
        except (requests.exceptions.InvalidURL, UnicodeError) as error:
            raise AddressRefused(url, "this is no address") from error
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
            raise Unreachable(url, f"cannot be reached ({_cause(error)}); check the address") from error
        self.pages += 1
        self.bytes += len(body)
        return Page(url, answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, body)

    def _origin(self, url: str) -> _Origin:
        parts = urlsplit(url)
        key = f"{parts.scheme}://{parts.netloc}"
        if key not in self._origins:
            self._origins[key] = _Origin(self._robots(f"{key}/robots.txt"))
        return self._origins[key]

    def _robots(self, url: str) -> Protego:
        """RFC 9309: no robots.txt (4xx) allows all, one that cannot be read (5xx) forbids all."""
        try:
            page = self._once(url, {}, ROBOTS_BYTES)
        except TooLarge:
            return Protego.parse("")
        if page.status >= 500:
            return Protego.parse("User-agent: *\nDisallow: /")
        return Protego.parse(page.text() if page.status == 200 else "")

    def _wait_for_turn(self, url: str, origin: _Origin) -> None:
        now = time.monotonic()
        if origin.next_at > now:
            self.sleep(origin.next_at - now)
        origin.next_at = time.monotonic() + self._delay(url, origin)

    def _delay(self, url: str, origin: _Origin) -> float:
        asked = origin.robots.crawl_delay(AGENT)
        if self.limits.delay_seconds is not None:
            return max(self.limits.delay_seconds, float(asked or 0))
        if asked is not None:
            return min(float(asked), LONGEST_WAIT_SECONDS)
        return 0.0 if self.allow_private and _is_private(url) else DEFAULT_DELAY_SECONDS


def _read(answer: requests.Response, url: str, most_bytes: int, until: float) -> bytes:
    chunks, size = [], 0
    for chunk in answer.raw.stream(65_536, decode_content=True):
        size += len(chunk)
        if size > most_bytes:
            raise TooLarge(url, f"larger than {most_bytes:,} bytes; left out (raise limits.bytes_per_page to take it)")
        if time.monotonic() > until:
            raise Unreachable(url, "the answer came too slowly; try again later")
        chunks.append(chunk)
    return b"".join(chunks)


def _conditions(known: Known | None) -> dict[str, str]:
    """Conditional request headers (RFC 9110)."""
    if known is None:
        return {}
    pairs = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in pairs.items() if value}


def _retry_after(page: Page) -> float:
    said = page.headers["retry-after"].strip()
    if said.isdigit():
        return min(float(said), LONGEST_WAIT_SECONDS)
    try:
        return min(max(0.0, parsedate_to_datetime(said).timestamp() - time.time()), LONGEST_WAIT_SECONDS)
    except ValueError:
        return 1.0


def _is_private(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return not is_public(host)
    except ValueError:
        return host == "localhost"


def _cause(error: Exception) -> str:
    text = str(getattr(error, "reason", None) or (error.args[0] if error.args else error))
    return " ".join(text.split())[-160:]


__all__ = ["FetchError", "Page", "PoliteSession"]
