"""A clock for tests: its pauses take no time, and it remembers them."""

from __future__ import annotations

import threading

from crawlers.clock import Clock

LOOK_SECONDS = 0.01


class QuickClock(Clock):
    """The machine's time and all that was slept; who waits for an event looks around after a moment."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self._slept = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self._slept

    def now(self) -> float:
        return super().now() + self._slept

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self._slept += seconds

    def wait(self, event: threading.Event, seconds: float) -> bool:
        return event.wait(min(seconds, LOOK_SECONDS))
