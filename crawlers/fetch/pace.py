"""How fast to ask: what a server says of waiting, pauses that grow, and one connection to an IP address at a time."""

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


def pause_seconds(attempt: int) -> float:
    """Before the next try after so many: about 1, 2, 4 … seconds, up to a half less, so that many crawlers part."""
    longest: float = FIRST_PAUSE_SECONDS * 2 ** (attempt - 1)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret depends on it


def retry_after_seconds(said: str | None, now: float) -> float | None:
    """How long a Retry-After header (RFC 9110: seconds, or an HTTP date) asks to wait from this POSIX time.

    None where it says nothing that can be understood.
    """
    text = (said or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None


def wait(seconds: float, clock: Clock, watch: StopSignal) -> None:
    """Sleep in slices. Raises Stopped soon after the crawl was asked to stop."""
    left = seconds
    while left > 0:
        watch.check()
        clock.sleep(min(left, SLICE_SECONDS))
        left -= SLICE_SECONDS


@dataclass(slots=True, weakref_slot=True)
class Gate:
    """The way to one IP address; who went through last may still hold an idle connection, and knows how to close it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    close_idle: Callable[[], None] | None = None

    @contextmanager
    def passing(self, close_idle: Callable[[], None], watch: StopSignal) -> Iterator[None]:
        """Alone with the address, once all others are through. Raises Stopped."""
        while not self.lock.acquire(timeout=SLICE_SECONDS):
            watch.check()
        try:
            if self.close_idle not in (None, close_idle):
                self.close_idle()
            self.close_idle = close_idle
            yield
        finally:
            self.lock.release()


_GATES: WeakValueDictionary[str, Gate] = WeakValueDictionary()
_GATES_LOCK = threading.Lock()


def gate_to(place: str) -> Gate:
    """The one gate of this process to a place; it lives as long as somebody keeps it."""
    with _GATES_LOCK:
        return _GATES.setdefault(place, Gate())
