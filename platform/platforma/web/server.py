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
"""A page makes some ten thousand objects that reference counting takes away by itself; looking for cycles waits."""


class Site(BaseApplication):
    """Gunicorn around a Flask application that is made in each of its processes."""

    def __init__(self, make_app: Callable[[], Any], bind: str, processes: int, children: Sequence[Child]) -> None:
        self._make_app, self._bind, self._processes, self._children = make_app, bind, processes, children
        super().__init__()

    def load_config(self) -> None:
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
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, settled."""
        app = self._make_app()
        warm_up()
        return app


def warm_up() -> None:
    """Load what questions need; what lives as long as the process is no more searched for rubbish."""
    warm_up_search()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
