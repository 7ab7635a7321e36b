"""Serving over HTTP: gunicorn with threads."""

from __future__ import annotations

import gc
import os
import socket
import struct
from collections.abc import Callable, Sequence
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from platforma.processes import PATIENCE_SECONDS, Child, end_all
from search.factory import warm_up as warm_up_search

THREADS = 8
SEND_TIMEOUT_SECONDS = 30
"""A reader that takes nothing for so long is cut off, so that its thread is free again."""
NUMBERS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder where web processes keep their numbers; prometheus_client reads it when it is imported."""
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
            "logger_class": OurLog,
            "when_ready": _limit_all_sending,
            "child_exit": _forget_memory,
            "on_exit": lambda _: end_all(self._children),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application of a process, and load what its first question would wait for."""
        app = self._make_app()
        warm_up()
        return app


class OurLog(Logger):
    """Gunicorn's log in the lines of ours."""

    def setup(self, cfg: Any) -> None:
        """Leave all to the handlers of this process."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def _forget_memory(_arbiter: Any, process: Any) -> None:
    """Take a web process that has ended out of the numbers of those that live."""
    if NUMBERS_FOLDER in os.environ:
        from prometheus_client import multiprocess  # reads the variable above when it is imported

        multiprocess.mark_process_dead(process.pid)  # type: ignore[no-untyped-call] # it has no types


def limit_sending(listener: socket.socket, seconds: int) -> None:
    """Have each connection of a listening socket fail with BlockingIOError where its reader takes nothing for so long.

    Connections inherit the option (Linux); a time limit of Python's own would also end waiting for the next question.
    """
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", seconds, 0))


def _limit_all_sending(arbiter: Any) -> None:
    for listener in arbiter.LISTENERS:
        limit_sending(listener.sock, SEND_TIMEOUT_SECONDS)


def warm_up() -> None:
    """Load what questions need, then exclude the objects that exist from garbage collection: they live as long as the process."""
    warm_up_search()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
