"""One request and its answer: over guarded connections, within limits of time and size, each failure a clear error."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import requests
import urllib3

from crawlers.errors import AddressRefused, BadContent, TooLarge, Unreachable
from crawlers.fetch.guard import NO_ADDRESS, Guard, Target, is_public
from crawlers.fetch.pace import Gate, gate_to
from crawlers.fetch.page import Page
from crawlers.fetch.transport import GuardedAdapter, StopSignal
from crawlers.messages import N_

CHUNK_BYTES = 65_536
ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")
WHOLE_ANSWER = 3
"""How often the time for a sign of life may pass until the whole answer is there."""
_NO_ANSWER = N_("no answer within %(seconds)s s; try again later")
_TOO_SLOW = N_("the answer came too slowly (%(seconds)s s are not enough); try again later")
_NO_CONNECTION = N_("this cannot be reached (%(cause)s); check the address")
_TOO_LARGE = N_("larger than %(bytes)s bytes and left out; raise limits.bytes_per_page in the recipe to take it")
_ENCODED = N_("the answer is packed as %(encoding)s, which we did not ask for; tell the site's owner")
_BROKEN = N_("the answer is packed wrongly (%(cause)s); tell the site's owner")


class Wire:
    """The way out of one session. Keeps no cookies and heeds no proxy or password of the environment.

    It goes past requests.Session, which reads the body of a redirect without a limit.
    """

    def __init__(self, guard: Guard, watch: StopSignal, agent: str) -> None:
        self._guard, self._watch = guard, watch
        self._gates: dict[str, Gate] = {}
        self._adapter = GuardedAdapter(guard, watch)
        self._headers = {
            "User-Agent": agent,
            "Accept": "*/*",
            "Accept-Language": "lv, en;q=0.8, *;q=0.5",
            "Accept-Encoding": "gzip, deflate",
        }

    def close(self) -> None:
        """Close the connections that are idle."""
        self._adapter.close()

    def ask(
        self, url: str, target: Target, headers: dict[str, str], timeout_seconds: float, most_bytes: int, *, is_part_enough: bool
    ) -> Page:
        """The answer, whatever its status; redirects are not followed. With `is_part_enough` a longer one is cut.

        Raises FetchError with this url, and Stopped.
        """
        try:
            with self._gate(target).passing(self.close, self._watch):
                self._watch.until = time.monotonic() + WHOLE_ANSWER * timeout_seconds
                request = requests.Request("GET", target.href, headers=self._headers | headers).prepare()
                with self._adapter.send(request, stream=True, timeout=timeout_seconds) as answer:
                    body = _read(answer, url, most_bytes, is_part_enough=is_part_enough)
        except AddressRefused as error:
            raise AddressRefused(url, error.reason, values=error.values) from error
        except requests.exceptions.Timeout as error:
            raise Unreachable(url, _NO_ANSWER, values={"seconds": f"{timeout_seconds:g}"}) from error
        except urllib3.exceptions.ReadTimeoutError as error:
            raise Unreachable(url, _TOO_SLOW, values={"seconds": f"{WHOLE_ANSWER * timeout_seconds:g}"}) from error
        except ValueError as error:
            raise AddressRefused(url, NO_ADDRESS) from error
        except urllib3.exceptions.DecodeError as error:
            raise BadContent(url, _BROKEN, values={"cause": _cause(error)}) from error
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise Unreachable(url, _NO_CONNECTION, values={"cause": _cause(error)}) from error
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Page(url, answer.status_code, headers, body, datetime.now(UTC).date())

    def _gate(self, target: Target) -> Gate:
        """By public IP address; on the installation's own machines by address and port. Raises AddressRefused, OSError."""
        address = self._guard.resolve(target.host, target.port)[0]
        place = address if is_public(address) else f"{address} {target.port}"
        return self._gates.setdefault(place, gate_to(place))


def _read(answer: requests.Response, url: str, most_bytes: int, *, is_part_enough: bool) -> bytes:
    """The body, unpacked bit by bit, never much more than the limit. Raises BadContent, TooLarge."""
    encoding = answer.headers.get("content-encoding", "").strip().lower()
    if encoding not in ENCODINGS:
        raise BadContent(url, _ENCODED, values={"encoding": encoding[:40]})
    chunks, size = [], 0
    for chunk in answer.raw.stream(CHUNK_BYTES, decode_content=True):
        chunks.append(chunk)
        size += len(chunk)
        if size > most_bytes:
            break
    if size > most_bytes and not is_part_enough:
        raise TooLarge(url, _TOO_LARGE, values={"bytes": f"{most_bytes:,}"})
    return b"".join(chunks)[:most_bytes]


def _cause(error: Exception) -> str:
    """What is at the bottom of it, in the words of the operating system where it is one of its errors."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, OSError) and inner.strerror:
            return inner.strerror
        args = [one for one in (getattr(inner, "reason", None), *inner.args[:1]) if isinstance(one, BaseException)]
        inner = args[0] if args else inner.__cause__
    said = getattr(error, "reason", None) or getattr(error, "strerror", None)
    text = str(said or (error.args[0] if error.args else error))
    return " ".join(text.split())[-160:]
