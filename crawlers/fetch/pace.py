"""The pace of requests: Retry-After, exponential backoff, and one connection to an IP address at a time."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from weakref import WeakValueDictionary

from crawlers.clock import Clock
from crawlers.fetch.transport import SLICE_SECONDS, StopSignal

FIRST_PAUSE_SECONDS = 1.0
"""The longest backoff after the first failure; it doubles with each further one."""

LONGEST_WAIT_SECONDS = 365.0 * 24 * 3600
"""The longest wait that a Retry-After header is believed to mean."""


def pause_seconds(attempt: int) -> float:
    """Return the backoff after an attempt (1, 2, …): a random part, at least half, of 1, 2, 4 … seconds."""
    longest: float = FIRST_PAUSE_SECONDS * 2 ** (attempt - 1)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret depends on it


def retry_after_seconds(header: str | None, now: float) -> float | None:
    """Return how long a Retry-After header (RFC 9110: seconds, or an HTTP date) asks to wait; `now` is a POSIX time.

    No answer is longer than LONGEST_WAIT_SECONDS. None if there is no header or it is malformed.
    """
    text = (header or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        return min(float(text), LONGEST_WAIT_SECONDS)
    try:
        return min(max(0.0, parsedate_to_datetime(text).timestamp() - now), LONGEST_WAIT_SECONDS)
    except (ValueError, TypeError, OverflowError):
        return None


def wait(seconds: float, clock: Clock, stop_signal: StopSignal) -> None:
    """Sleep in slices. Raises Stopped within a slice after the crawl was asked to stop."""
    remaining_seconds = seconds
    while remaining_seconds > 0:
        stop_signal.check()
        clock.sleep(min(remaining_seconds, SLICE_SECONDS))
        remaining_seconds -= SLICE_SECONDS


@dataclass(slots=True, weakref_slot=True)
class Gate:
    """A lock on one IP address. `close_idle` closes the idle connections of the session that went through last."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    close_idle: Callable[[], None] | None = None

    @contextmanager
    def passing(self, close_idle: Callable[[], None], stop_signal: StopSignal) -> Iterator[None]:
        """Hold the lock; idle connections of another session are closed first. Raises Stopped."""
        while not self.lock.acquire(timeout=SLICE_SECONDS):
            stop_signal.check()
        try:
            if self.close_idle not in (None, close_idle):
                self.close_idle()
            self.close_idle = close_idle
            yield
        finally:
            self.lock.release()


_GATES: WeakValueDictionary[str, Gate] = WeakValueDictionary()
_GATES_LOCK = threading.Lock()


def gate_to(server: str) -> Gate:
    """Return this process's only gate to a server, named by its IP address (and port); it lives while somebody holds it."""
    with _GATES_LOCK:
        return _GATES.setdefault(server, Gate())
