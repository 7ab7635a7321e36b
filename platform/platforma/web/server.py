"""Serving over HTTP: gunicorn with threads."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from typing import Any

from gunicorn.app.base import BaseApplication

from platforma.processes import PATIENCE_SECONDS, Child, end_all
from search.factory import warm_up as warm_up_search

THREADS = 8
GARBAGE_THRESHOLDS = (50_000, 20, 50)
"""Higher than Python's: a page makes some ten thousand objects, which reference counting frees without looking for cycles."""


class Site(BaseApplication):
    """Gunicorn around a Flask application that is made in each of its processes."""

    def __init__(self, make_app: Callable[[], Any], bind: str, processes: int, children: Sequence[Child]) -> None:
        self._make_app, self._bind, self._processes, self._children = make_app, bind, processes, children
        super().__init__()

    def load_config(self) -> None:
        """Set the options of gunicorn. One that it does not know ends the process."""
        options: dict[str, object] = {
            "bind": self._bind,
            "workers": self._processes,
            "threads": THREADS,
            "worker_class": "gthread",
            "graceful_timeout": PATIENCE_SECONDS,
            "timeout": 60,
            "control_socket_disable": True,
            "loglevel": "warning",
            "on_exit": lambda _: end_all(self._children),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application of a process, and load what its first question would wait for."""
        app = self._make_app()
        warm_up()
        return app


def warm_up() -> None:
    """Load what questions need, then exclude the objects that exist from garbage collection: they live as long as the process."""
    warm_up_search()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
