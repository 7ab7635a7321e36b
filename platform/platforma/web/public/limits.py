"""How often one network may do something within a minute, counted in the memory of this process alone."""

from __future__ import annotations

import threading
import time
from collections import Counter

from platforma.catalogue.people.rate_limits import network

MINUTE_SECONDS = 60
MAX_NETWORKS = 10_000
"""Of more networks in one minute, further ones are not admitted."""


class MinuteLimit:
    """A limit for each network; each minute all is forgotten."""

    def __init__(self, most: int) -> None:
        self._most, self._minute, self._counts, self._lock = most, 0, Counter[str](), threading.Lock()

    def admits(self, address: str) -> bool:
        """Count one attempt of an address's network; whether it is within the limit."""
        minute, name = int(time.monotonic() // MINUTE_SECONDS), network(address)
        with self._lock:
            if minute != self._minute:
                self._minute, self._counts = minute, Counter()
            if self._counts[name] >= self._most or (name not in self._counts and len(self._counts) >= MAX_NETWORKS):
                return False
            self._counts[name] += 1
            return True
