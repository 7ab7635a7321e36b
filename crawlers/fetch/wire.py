"""One HTTP request and its response: over guarded connections, within limits of time and size, with typed errors."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

import requests
import urllib3

from crawlers.errors import AddressRefused, BadContent, TooLarge, Unreachable
from crawlers.fetch.guard import NO_ADDRESS, Guard, Target, is_public
from crawlers.fetch.pace import Gate, gate_to
from crawlers.fetch.page import Page
from crawlers.fetch.transport import GuardedAdapter, StopSignal
from vocabulary.messages import N_

CHUNK_BYTES = 65_536
ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")
MAX_TIMEOUTS_PER_RESPONSE = 3
"""The time in which the whole response must arrive, in timeouts; one timeout is the longest silence."""
_NO_ANSWER = N_("no answer within %(seconds)s s; try again later")
_TOO_SLOW = N_("the answer came too slowly (%(seconds)s s are not enough); try again later")
_NO_CONNECTION = N_("this cannot be reached (%(cause)s); check the address")
_TOO_LARGE = N_("larger than %(bytes)s bytes and left out; raise limits.bytes_per_page in the recipe to take it")
_ENCODED = N_("the answer is compressed as %(encoding)s, which we did not ask for; the site's owner can correct it")
_BROKEN = N_("the answer is compressed wrongly (%(cause)s); the site's owner can correct it")


@dataclass(frozen=True, slots=True)
class ResponseLimits:
    """The limits of a response. `timeout_seconds` is the longest silence of the server.

    A body of more than `max_bytes` (decompressed) is an error; with `is_truncated` it is cut there instead.
    """

    timeout_seconds: float
    max_bytes: int
    is_truncated: bool


class Wire:
    """The HTTP client of one session. It keeps no cookies, and ignores proxies and passwords of the environment.

    It does not use requests.Session, which reads the body of a redirect without a limit.
    """

    def __init__(self, guard: Guard, stop_signal: StopSignal, agent: str) -> None:
        self._guard, self._stop_signal = guard, stop_signal
        self._gates: dict[str, Gate] = {}
        self._adapter = GuardedAdapter(guard, stop_signal)
        self._headers = {
            "User-Agent": agent,
            "Accept": "*/*",
            "Accept-Language": "lv, en;q=0.8, *;q=0.5",
            "Accept-Encoding": "gzip, deflate",
        }

    def close(self) -> None:
        """Close idle connections."""
        self._adapter.close()

    def request(self, url: str, target: Target, headers: dict[str, str], limits: ResponseLimits) -> Page:
        """Return the response to a GET, whatever its status; redirects are not followed.

        Raises FetchError with this url, and Stopped.
        """
        timeout_seconds = limits.timeout_seconds
        try:
            with self._gate(target).passing(self.close, self._stop_signal):
                self._stop_signal.deadline = time.monotonic() + MAX_TIMEOUTS_PER_RESPONSE * timeout_seconds
                request = requests.Request("GET", target.href, headers=self._headers | headers).prepare()
                with self._adapter.send(request, stream=True, timeout=timeout_seconds) as response:
                    body = _read_body(response, url, limits)
        except AddressRefused as error:
            raise AddressRefused(url, error.reason, values=error.values) from error
        except requests.exceptions.Timeout as error:
            raise Unreachable(url, _NO_ANSWER, values={"seconds": f"{timeout_seconds:g}"}) from error
        except urllib3.exceptions.ReadTimeoutError as error:
            raise Unreachable(url, _TOO_SLOW, values={"seconds": f"{MAX_TIMEOUTS_PER_RESPONSE * timeout_seconds:g}"}) from error
        except ValueError as error:
            raise AddressRefused(url, NO_ADDRESS) from error
        except urllib3.exceptions.DecodeError as error:
            raise BadContent(url, _BROKEN, values={"cause": _cause(error)}) from error
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise Unreachable(url, _NO_CONNECTION, values={"cause": _cause(error)}) from error
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Page(url, response.status_code, headers, body, datetime.now(UTC).date())

    def _gate(self, target: Target) -> Gate:
        """Return the gate to an IP address; in a private network, that to the address and port.

        Raises AddressRefused and OSError.
        """
        address = self._guard.resolve(target.host, target.port)[0]
        server = address if is_public(address) else f"{address} {target.port}"
        return self._gates.setdefault(server, gate_to(server))


def _read_body(response: requests.Response, url: str, limits: ResponseLimits) -> bytes:
    """Return the decompressed body; little more than the limit is ever held in memory. Raises BadContent and TooLarge."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in ENCODINGS:
        raise BadContent(url, _ENCODED, values={"encoding": encoding[:40]})
    chunks, size = [], 0
    for chunk in response.raw.stream(CHUNK_BYTES, decode_content=True):
        chunks.append(chunk)
        size += len(chunk)
        if size > limits.max_bytes:
            break
    if size > limits.max_bytes and not limits.is_truncated:
        raise TooLarge(url, _TOO_LARGE, values={"bytes": f"{limits.max_bytes:,}"})
    return b"".join(chunks)[: limits.max_bytes]


def _cause(error: Exception) -> str:
    """Return the text of an error's innermost cause; that of the operating system where it is an OSError."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, OSError) and inner.strerror:
            return inner.strerror
        wrapped = [cause for cause in (getattr(inner, "reason", None), *inner.args[:1]) if isinstance(cause, BaseException)]
        inner = wrapped[0] if wrapped else inner.__cause__
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None)
    text = str(reason or (error.args[0] if error.args else error))
    return " ".join(text.split())[-160:]
