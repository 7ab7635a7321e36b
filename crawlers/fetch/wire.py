"""One HTTP request and its response: over guarded connections, within limits of time and size, with typed errors."""

from __future__ import annotations

import re
import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPException, RemoteDisconnected

import requests
import urllib3

from crawlers.errors import AddressRefused, BadCertificate, BadContent, FetchError, Incomplete, NoSuchHost, TooLarge, Unreachable
from crawlers.fetch.guard import NO_ADDRESS, Guard, Target, is_public
from crawlers.fetch.pace import Gate, gate_to
from crawlers.fetch.page import Page
from crawlers.fetch.transport import GuardedAdapter, StopSignal
from crawlers.fetch.unpacking import Unpacker
from vocabulary.messages import N_

CHUNK_BYTES = 65_536
ENCODINGS = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}
NO_ENCODINGS = ("", "identity", "none", "utf-8", "utf8", "7bit", "8bit", "binary")
"""What servers call an answer that is not compressed; browsers read it so, too."""
MAX_CAUSE_CHARACTERS = 160
NO_SUCH_HOST = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
"""What the look-up of a name answers where there is no such host; a name server that is down answers EAI_AGAIN."""
MAX_TIMEOUTS_PER_RESPONSE = 3
"""The time in which the whole response must arrive, in timeouts; one timeout is the longest silence."""
_NO_ANSWER = N_("no answer within %(seconds)s s; try again later")
_TOO_SLOW = N_("the answer came too slowly (%(seconds)s s are not enough); try again later")
_NO_CONNECTION = N_("this cannot be reached (%(cause)s); check the address")
_NO_HOST = N_("there is no host %(host)s; check the address")
_BAD_CERTIFICATE = N_("the certificate of %(host)s is not valid (%(cause)s); the site's owner can renew it")
_NO_TLS = N_("no secure connection to %(host)s comes about (%(cause)s); the site's owner may have to repair it")
_MALFORMED = N_("the answer is no proper HTTP (%(cause)s); the site's owner can correct it")
_CUT = N_("the answer ends in the middle; try again later, the site's owner may have to repair it")
_TOO_LARGE = N_("larger than %(bytes)s bytes and left out; raise limits.bytes_per_page in the recipe to take it")
_ENCODED = N_("the answer is compressed as %(encoding)s, which we did not ask for; the site's owner can correct it")
_BROKEN = N_("the answer is compressed wrongly (%(cause)s); the site's owner can correct it")
MARKUP_BYTES = 5_000
_PAGE_BEGINNING, _PAGE_END = re.compile(rb"(?i)<(html|body)[\s>]"), re.compile(rb"(?i)</(html|body)\s*>")
_ADDRESS_ERRORS = (
    *(requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, requests.exceptions.InvalidSchema),
    *(urllib3.exceptions.LocationValueError, UnicodeError),
)


@dataclass(frozen=True, slots=True)
class ResponseLimits:
    """The limits of a response. `timeout_seconds` is the longest silence of the server, `seconds` the time for all of it.

    A body of more than `max_bytes` (decompressed) is an error; with `is_truncated` it is cut there instead.
    """

    timeout_seconds: float
    seconds: float
    max_bytes: int
    is_truncated: bool


class Wire:
    """The HTTP client of one session. It keeps no cookies, and ignores proxies and passwords of the environment.

    It does not use requests.Session, which reads the body of a redirect without a limit. `last_seconds` is the time that the
    last request took, without the wait for other sessions.
    """

    last_seconds: float = 0.0

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
        try:
            with self._gate(target).passing(self.close, self._stop_signal), self._timed(limits.seconds):
                request = requests.Request("GET", target.href, headers=self._headers | headers).prepare()
                timeout_seconds = min(limits.timeout_seconds, limits.seconds)
                with self._adapter.send(request, stream=True, timeout=timeout_seconds) as response:
                    body = _read_body(response, url, limits)
                    if response.status_code == HTTPStatus.OK and not limits.is_truncated and _is_cut_markup(response, body):
                        raise Incomplete(url, _CUT)
        except FetchError as error:
            raise type(error)(url, error.reason, values=error.values) from error
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise _failure(error, url, target.host, limits) from error
        names = {name.lower(): value for name, value in response.headers.items()}
        return Page(url, response.status_code, names, body, datetime.now(UTC).date())

    @contextmanager
    def _timed(self, seconds: float) -> Iterator[None]:
        """Let reads end after this time, and note how long it took."""
        started = time.monotonic()
        self._stop_signal.deadline = started + seconds
        try:
            yield
        finally:
            self.last_seconds = time.monotonic() - started

    def _gate(self, target: Target) -> Gate:
        """Return the gate to an IP address; in a private network, that to the address and port.

        Raises AddressRefused and OSError.
        """
        address = self._guard.resolve(target.host, target.port)[0]
        server = address if is_public(address) else f"{address} {target.port}"
        return self._gates.setdefault(server, gate_to(server))


def _failure(error: Exception, url: str, host: str, limits: ResponseLimits) -> FetchError:
    """Return what a failed request is to people who read of it."""
    inner = _innermost(error)
    values = {"cause": _cause(error), "host": host, "seconds": f"{limits.timeout_seconds:g}"}
    if isinstance(error, requests.exceptions.Timeout):
        return Unreachable(url, _NO_ANSWER, values=values)
    if isinstance(error, urllib3.exceptions.ReadTimeoutError):
        return Unreachable(url, _TOO_SLOW, values=values | {"seconds": f"{round(limits.seconds, 1):g}"})
    if isinstance(inner, socket.gaierror) and inner.errno in NO_SUCH_HOST:
        return NoSuchHost(url, _NO_HOST, values=values)
    if isinstance(inner, ssl.SSLCertVerificationError):
        return BadCertificate(url, _BAD_CERTIFICATE, values=values | {"cause": inner.verify_message})
    if isinstance(error, requests.exceptions.SSLError):
        return Unreachable(url, _NO_TLS, values=values)
    if isinstance(error, urllib3.exceptions.ProtocolError):
        return Incomplete(url, _CUT)
    if isinstance(error, _ADDRESS_ERRORS):
        return AddressRefused(url, NO_ADDRESS)
    if isinstance(error, ValueError) or (isinstance(inner, HTTPException) and not isinstance(inner, RemoteDisconnected)):
        return Unreachable(url, _MALFORMED, values={"cause": " ".join(str(inner).split())[-MAX_CAUSE_CHARACTERS:]})
    return Unreachable(url, _NO_CONNECTION, values=values)


def _read_body(response: requests.Response, url: str, limits: ResponseLimits) -> bytes:
    """Return the decompressed body; little more than the limit is ever held in memory.

    Raises BadContent, TooLarge, and Incomplete for one that is compressed wrongly or ends in the middle.
    """
    unpacker = _unpacker(response, url)
    chunks, size, packed_size = [], 0, 0
    for packed in response.raw.stream(CHUNK_BYTES, decode_content=False):
        packed_size += len(packed)
        try:
            for chunk in unpacker.unpack(packed, limits.max_bytes + 1 - size) if unpacker else (packed,):
                chunks.append(chunk)
                size += len(chunk)
        except zlib.error as error:
            raise Incomplete(url, _BROKEN, values={"cause": str(error)}) from error
        if max(size, packed_size) > limits.max_bytes:
            break
    is_cut = unpacker is not None and packed_size > 0 and not unpacker.is_whole
    if is_cut and response.ok and max(size, packed_size) <= limits.max_bytes:
        raise Incomplete(url, _CUT)
    if max(size, packed_size) > limits.max_bytes and not limits.is_truncated:
        raise TooLarge(url, _TOO_LARGE, values={"bytes": f"{limits.max_bytes:,}"})
    return b"".join(chunks)[: limits.max_bytes]


def _is_cut_markup(response: requests.Response, body: bytes) -> bool:
    """Whether an HTML page whose end is only that of the connection has the beginning of a page and not its end."""
    if any(name in response.headers for name in ("Content-Length", "Transfer-Encoding", "Content-Encoding")):
        return False
    return bool(_PAGE_BEGINNING.search(body[:MARKUP_BYTES])) and not _PAGE_END.search(body[-MARKUP_BYTES:])


def _unpacker(response: requests.Response, url: str) -> Unpacker | None:
    """Return what unpacks the body; None where it is not compressed. Raises BadContent for an encoding that is not read."""
    header = response.headers.get("content-encoding", "")
    encodings = [name for part in header.lower().split(",") if (name := part.strip()) not in NO_ENCODINGS]
    if not encodings:
        return None
    if len(encodings) > 1 or encodings[0] not in ENCODINGS:
        raise BadContent(url, _ENCODED, values={"encoding": ", ".join(encodings)[:40]})
    return Unpacker(ENCODINGS[encodings[0]])


def _innermost(error: BaseException) -> BaseException:
    """Return the error that this one was made of."""
    wrapped = [cause for cause in (getattr(error, "reason", None), *error.args[:2]) if isinstance(cause, BaseException)]
    inner = wrapped[-1] if wrapped else error.__cause__
    return _innermost(inner) if inner is not None else error


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
    return " ".join(text.split())[-MAX_CAUSE_CHARACTERS:]
