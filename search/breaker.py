"""A circuit breaker: while a server does not answer, it is asked now and then only, so that nobody waits for it in vain.

The pattern is that of M. Nygard, “Release It!” (2007): closed, open, and half open for one request.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

MAX_FAILURES = 3
"""So many requests in a row that got no answer open the breaker; one may be a question that took too long."""
PAUSE_SECONDS = 2.0


class Breaker:
    """Whether a server may be asked. Threads may share it; `clock` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._failures, self._asked_again_at = 0, 0.0

    def may_ask(self) -> bool:
        """Whether to ask now. After a pause one request may, and those beside it wait for its outcome."""
        with self._lock:
            if self._failures < MAX_FAILURES:
                return True
            if self._clock() < self._asked_again_at:
                return False
            self._asked_again_at = self._clock() + PAUSE_SECONDS
            return True

    def failed(self) -> None:
        """Note that a request got no answer."""
        with self._lock:
            self._failures += 1
            self._asked_again_at = self._clock() + PAUSE_SECONDS

    def answered(self) -> None:
        """Note that a request got an answer, whichever."""
        self._failures = 0
