"""Connections that go only to addresses the guard allows, have a deadline, and end when the crawl is stopped."""

from __future__ import annotations

import io
import math
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from crawlers.errors import Stopped
from crawlers.fetch.guard import Guard

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SLICE_SECONDS = 0.5
"""The time after which everything that waits checks again whether to stop."""


def never() -> bool:
    """Return False: the default of `stop`."""
    return False


@dataclass(slots=True)
class StopSignal:
    """Ends the reads of a session: at `deadline` (monotonic seconds of the machine), and once `stop` returns True."""

    deadline: float = math.inf
    stop: Callable[[], bool] = never

    def check(self) -> None:
        """Raise Stopped if the crawl was asked to stop."""
        if self.stop():
            raise Stopped


class GuardedAdapter(HTTPAdapter):
    """Sends requests over connections that resolve a host through the guard and connect only to the addresses it checked."""

    def __init__(self, guard: Guard, stop_signal: StopSignal) -> None:
        self._guard, self._stop_signal = guard, stop_signal
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        own = {
            "guard": self._guard,
            "stop_signal": self._stop_signal,
            "response_class": staticmethod(partial(_StoppableResponse, self._stop_signal)),
        }
        http, https = (
            type("Http", (_GuardedConnection, HTTPConnection), own),
            type("Https", (_GuardedConnection, HTTPSConnection), own),
        )
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("HttpPool", (HTTPConnectionPool,), {"ConnectionCls": http}),
            "https": type("HttpsPool", (HTTPSConnectionPool,), {"ConnectionCls": https}),
        }


class _GuardedConnection:
    """A mixin for urllib3's connections that resolves hosts through the guard, and connects within the session's deadline."""

    guard: Guard
    stop_signal: StopSignal

    def _new_conn(self: Any) -> socket.socket:
        try:
            addresses = self.guard.resolve(self._dns_host, self.port)
        except OSError as error:
            raise NameResolutionError(self.host, self, socket.gaierror(str(error))) from error
        failure: OSError | None = None
        for address in addresses:
            self.stop_signal.check()
            if (seconds := min(self.timeout, self.stop_signal.deadline - time.monotonic())) <= 0:
                break
            try:
                return create_connection((address, self.port), seconds, socket_options=self.socket_options)
            except OSError as error:
                failure = error
        self.guard.forget(self._dns_host, self.port)
        kind = ConnectTimeoutError if isinstance(failure, TimeoutError) else NewConnectionError
        raise kind(self, str(failure)) from failure


class _StoppableResponse(HTTPResponse):
    """A response whose head and body are read under the session's stop signal."""

    def __init__(self, stop_signal: StopSignal, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_StoppableReader(self.fp, sock, stop_signal))


class _StoppableReader(io.RawIOBase):
    """Reads a socket in short slices, so that neither a slow nor a silent server delays the deadline or a stop.

    A response that arrives within the first slice is read to its end even after a stop, so that the next crawl need not
    request it again.
    """

    def __init__(self, owner: io.BufferedIOBase, sock: socket.socket, stop_signal: StopSignal) -> None:
        self._owner, self._sock, self._stop_signal = owner, sock, stop_signal
        self._timeout_seconds = sock.gettimeout() or math.inf
        self._stoppable_from = time.monotonic() + SLICE_SECONDS

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        deadline = min(time.monotonic() + self._timeout_seconds, self._stop_signal.deadline)
        while (remaining_seconds := deadline - time.monotonic()) > 0:
            if time.monotonic() > self._stoppable_from:
                self._stop_signal.check()
            self._sock.settimeout(min(remaining_seconds, SLICE_SECONDS))
            try:
                return self._sock.recv_into(buffer)
            except TimeoutError:
                continue
        raise TimeoutError("timed out")

    def close(self) -> None:
        if not self.closed:
            self._owner.close()
        super().close()
