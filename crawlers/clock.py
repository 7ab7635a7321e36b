"""The time by which a crawl goes, and its waiting: given to it, so that a test's hours pass at once."""

from __future__ import annotations

import threading
import time


class Clock:
    """The machine's own time. `monotonic` and `now` are seconds, the latter since 1970 (POSIX)."""

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""
        return time.monotonic()

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Come back after so many seconds."""
        time.sleep(seconds)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Come back once the event is set, at the latest after so many seconds; whether it is set."""
        return event.wait(seconds)


CLOCK = Clock()
