"""Connections that go only where the guard allows, end in time however slowly a server answers, and heed a stop."""

from __future__ import annotations

import io
import math
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from crawlers.errors import Stopped
from crawlers.fetch.guard import Guard

SLICE_SECONDS = 0.5
"""How long anything waits before it asks again whether to stop."""


def never() -> bool:
    """A stop that nobody asks for."""
    return False


@dataclass(slots=True)
class StopSignal:
    """What every read of a session obeys: an answer is whole by `until` (monotonic seconds), and `stop` ends all."""

    until: float = math.inf
    stop: Callable[[], bool] = never

    def check(self) -> None:
        """Raises Stopped when the crawl was asked to stop."""
        if self.stop():
            raise Stopped


class GuardedAdapter(HTTPAdapter):
    """Sends requests over connections that look a host up through the guard and connect to the addresses it checked."""

    def __init__(self, guard: Guard, watch: StopSignal) -> None:
        self._guard, self._watch = guard, watch
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        own = {"guard": self._guard, "response_class": staticmethod(partial(_WatchedResponse, self._watch))}
        http, https = type("Http", (_Guarded, HTTPConnection), own), type("Https", (_Guarded, HTTPSConnection), own)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("HttpPool", (HTTPConnectionPool,), {"ConnectionCls": http}),
            "https": type("HttpsPool", (HTTPSConnectionPool,), {"ConnectionCls": https}),
        }


class _Guarded:
    """Mixed into urllib3's connections."""

    guard: Guard

    def _new_conn(self: Any) -> socket.socket:
        try:
            addresses = self.guard.resolve(self._dns_host, self.port)
        except OSError as error:
            raise NameResolutionError(self.host, self, socket.gaierror(str(error))) from error
        failure: OSError | None = None
        for address in addresses:
            try:
                return create_connection((address, self.port), self.timeout, socket_options=self.socket_options)
            except OSError as error:
                failure = error
        self.guard.forget(self._dns_host, self.port)
        kind = ConnectTimeoutError if isinstance(failure, TimeoutError) else NewConnectionError
        raise kind(self, str(failure)) from failure


class _WatchedResponse(HTTPResponse):
    """An answer whose head and body are read under the session's watch."""

    def __init__(self, watch: StopSignal, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_WatchedReader(self.fp, sock, watch))


class _WatchedReader(io.RawIOBase):
    """Reads a socket in short slices, so that neither a trickle nor silence outlasts the watch.

    An answer that comes at once is read to its end also when a stop was asked for, so that nobody asks for it again.
    """

    def __init__(self, owner: io.BufferedIOBase, sock: socket.socket, watch: StopSignal) -> None:
        self._owner, self._sock, self._watch = owner, sock, watch
        self._patience = sock.gettimeout() or math.inf
        self._stoppable_from = time.monotonic() + SLICE_SECONDS

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        until = min(time.monotonic() + self._patience, self._watch.until)
        while (left := until - time.monotonic()) > 0:
            if time.monotonic() > self._stoppable_from:
                self._watch.check()
            self._sock.settimeout(min(left, SLICE_SECONDS))
            try:
                return self._sock.recv_into(buffer)
            except TimeoutError:
                continue
        raise TimeoutError("timed out")

    def close(self) -> None:
        if not self.closed:
            self._owner.close()
        super().close()
