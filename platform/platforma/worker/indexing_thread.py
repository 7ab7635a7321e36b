"""Indexing of what a request has changed, right after it and beside it: nobody waits for the disk before the next page."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from platforma.services import Services
from platforma.worker.indexing import drain_outbox

log = logging.getLogger(__name__)


class IndexingThread:
    """One thread that drains the outbox of these services when it is asked to; it begins with the first request for it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="indexing")
        self._lock = Lock()
        self._last: Future[None] | None = None

    def ask(self) -> None:
        """Index what is committed by now; at once, or after what is being indexed. One that waits for its turn does for all."""
        with self._lock:
            if self._last is None or self._last.running() or self._last.done():
                self._last = self._pool.submit(self._drain)

    def wait(self) -> None:
        """Return when everything that was asked for is done."""
        if self._last is not None:
            self._last.result()

    def _drain(self) -> None:
        """Drain the outbox; what fails is logged and stays there for the worker, which looks each minute."""
        try:
            drain_outbox(self._services)
        except Exception as error:
            log.warning("the index waits: %s", error, exc_info=True)
