"""What follows a request and that nobody waits for: the index brought up to date, and the workers woken."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock

from platforma.services import Services
from platforma.worker.indexing import drain_outbox
from platforma.worker.task_queue import wake

log = logging.getLogger(__name__)
PAUSE_SECONDS = 0.5
"""So long after the first request for it the thread begins: what is asked for meanwhile is done at once, and the page that
follows is not made while the two take turns at the interpreter."""


class IndexingThread:
    """One thread that drains the outbox of these services, and wakes their workers, a moment after it is asked to."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="indexing")
        self._lock, self._hurries = Lock(), Event()
        self._is_asked = self._is_waking = False
        self._last: Future[None] | None = None

    def ask(self, *, is_waking: bool = False) -> None:
        """Index what is committed by now, and with `is_waking` wake the workers. One that has not begun does for all."""
        with self._lock:
            self._is_waking = self._is_waking or is_waking
            if not self._is_asked:
                self._is_asked = True
                self._last = self._pool.submit(self._follow)

    def wait(self) -> None:
        """Return when everything that was asked for is done, which begins at once."""
        if self._last is not None:
            self._hurries.set()
            self._last.result()
            self._hurries.clear()

    def _follow(self) -> None:
        self._hurries.wait(PAUSE_SECONDS)
        with self._lock:
            is_waking, self._is_asked, self._is_waking = self._is_waking, False, False
        self._drain()
        if is_waking:
            wake(self._services.settings)

    def _drain(self) -> None:
        """Drain the outbox; what fails is logged and stays there for the worker, which looks each minute."""
        try:
            drain_outbox(self._services)
        except Exception as error:
            log.warning("the index waits: %s", error, exc_info=True)
