"""Numbers of requests for Prometheus, summed over the web processes of a site by prometheus_client's files."""

from __future__ import annotations

import os
import resource
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

from platforma.web.server import NUMBERS_FOLDER

BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
"""Seconds; most pages take some ten milliseconds."""
PAGE_BYTES = resource.getpagesize()


class RequestNumbers:
    """Requests by route, method and status; their times by route; the memory of the web processes."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "platforma_requests", "Answered requests.", ["route", "method", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "platforma_request_seconds", "Time to the answer.", ["route"], buckets=BUCKETS, registry=self._registry
        )
        self._pages = Counter(
            "platforma_pages", "Public pages for visitors, sent from memory or made.", ["source"], registry=self._registry
        )
        self._memory = Gauge(
            "platforma_resident_bytes", "Memory of web processes.", registry=self._registry, multiprocess_mode="livesum"
        )

    def note(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        self._memory.set(resident_bytes())

    def note_page(self, *, is_kept: bool) -> None:
        """Count one public page: from memory, or made anew."""
        self._pages.labels("memory" if is_kept else "made").inc()

    def text(self) -> bytes:
        """The numbers of all web processes of this site, in Prometheus' text format."""
        if NUMBERS_FOLDER not in os.environ:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # it has no types
        return generate_latest(registry)


def resident_bytes() -> int:
    """The memory of this process that is in use (Linux)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES
