"""The clock of a crawl. Tests pass their own, so that they need not wait."""

from __future__ import annotations

import threading
import time


class Clock:
    """The machine's time."""

    def monotonic(self) -> float:
        """Return seconds since an arbitrary moment; they never decrease."""
        return time.monotonic()

    def now(self) -> float:
        """Return the POSIX time in seconds."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Return after this many seconds."""
        time.sleep(seconds)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Return whether the event is set: at once when it is, else after this many seconds."""
        return event.wait(seconds)


CLOCK = Clock()
