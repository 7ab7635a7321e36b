"""A thread for turns of slow work, so that nothing else of the worker waits for slow sites."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class TurnThread:
    """Runs one turn of a task at a time in a thread with the task's name; a turn gets a function that says when to stop."""

    def __init__(self, name: str, turn: Callable[[Callable[[], bool]], object]) -> None:
        self._name, self._turn = name, turn
        self._shutdown = threading.Event()
        self._thread: threading.Thread | None = None

    def start_due(self) -> None:
        """Begin a turn, unless one is running here."""
        if (self._thread is None or not self._thread.is_alive()) and not self._shutdown.is_set():
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def stop(self, timeout_seconds: float) -> None:
        """Let the turn stop where it is, and wait for it at most that long; what is left stays due."""
        self._shutdown.set()
        if self._thread is not None:
            self._thread.join(timeout_seconds)

    def _run(self) -> None:
        try:
            self._turn(self._shutdown.is_set)
        except Exception:
            log.exception("a turn of %s", self._name)
