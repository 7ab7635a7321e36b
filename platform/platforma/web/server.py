"""Serving over HTTP: gunicorn with threads."""

from __future__ import annotations

import gc
import os
import selectors
import socket
import struct
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from platforma.processes import PATIENCE_SECONDS, Child, end_all
from platforma.web.overload import waited_seconds
from search.factory import warm_up as warm_up_search

THREADS = 8
SEND_TIMEOUT_SECONDS = 30
"""A reader that takes nothing for so long is cut off, so that its thread is free again."""
RECEIVE_TIMEOUT_SECONDS = 10
"""A client that begins a request and then sends nothing for so long is cut off, too."""
FIRST_BYTE_SECONDS = 10
"""A client that connects and sends nothing for so long is cut off; until then it takes no thread."""
NUMBERS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder where web processes keep their numbers; prometheus_client reads it when it is imported."""
GARBAGE_THRESHOLDS = (50_000, 20, 50)
"""Higher than Python's: a page makes some ten thousand objects, which reference counting frees without looking for cycles."""


class Site(BaseApplication):
    """Gunicorn around a WSGI application that is made in each of its processes."""

    def __init__(
        self,
        make_app: Callable[[], Any],
        bind: str,
        processes: int,
        children: Sequence[Child],
    ) -> None:
        self._make_app, self._bind, self._processes, self._children = make_app, bind, processes, children
        super().__init__()

    def load_config(self) -> None:
        """Set the options of gunicorn. One that it does not know ends the process."""
        options: dict[str, object] = {
            "bind": self._bind,
            "workers": self._processes,
            "threads": THREADS,
            "worker_class": PatientWorker,
            "graceful_timeout": PATIENCE_SECONDS,
            "timeout": 60,
            "control_socket_disable": True,
            "loglevel": "warning",
            "logger_class": OurLog,
            "when_ready": _limit_all_waiting,
            "child_exit": _forget_memory,
            "on_exit": lambda _: end_all(self._children),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT, and keep the processes beside it running."""
        Keeper(self, self._children).run()

    def load(self) -> Any:
        """Make the application of a process, and load what its first question would wait for."""
        app = self._make_app()
        warm_up()
        return app


class Keeper(Arbiter):
    """Gunicorn's main process, which also looks after the processes beside the site, once a second as after its own."""

    def __init__(self, site: Site, children: Sequence[Child]) -> None:
        self._beside = children
        super().__init__(site)

    def manage_workers(self) -> None:
        """Start what has ended: web processes, and those beside them."""
        super().manage_workers()
        for child in self._beside:
            child.start_again_if_ended()

    def stop(self, graceful: bool = True) -> None:
        """End the web processes; those beside them end meanwhile."""
        for child in self._beside:
            child.ask_to_end()
        super().stop(graceful)


class PatientWorker(ThreadWorker):
    """A web process in which clients that say nothing take no thread, and which knows how long each request has waited."""

    def enqueue_req(self, conn: Any) -> None:
        """Hand a connection to the threads; one that has sent nothing yet waits in the poller, for FIRST_BYTE_SECONDS at most."""
        if conn.initialized or conn.data_ready:
            conn.waits_since = time.monotonic()
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + FIRST_BYTE_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: Any) -> Any:
        """Answer the next request of a connection, in a thread."""
        waited_seconds.set(time.monotonic() - conn.waits_since)
        return super().handle(conn)


class OurLog(Logger):
    """Gunicorn's log in the lines of ours."""

    def setup(self, cfg: Any) -> None:
        """Leave all to the handlers of this process."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True

    def exception(self, msg: object, *args: object, **kwargs: Any) -> None:
        """Log an error with its place, but none for a client that stopped sending: that is its own affair."""
        if not isinstance(sys.exc_info()[1], BlockingIOError):
            super().exception(msg, *args, **kwargs)


def _forget_memory(_arbiter: Any, process: Any) -> None:
    """Take a web process that has ended out of the numbers of those that live."""
    if NUMBERS_FOLDER in os.environ:
        from prometheus_client import multiprocess  # reads the variable above when it is imported

        multiprocess.mark_process_dead(process.pid)  # type: ignore[no-untyped-call] # it has no types


def limit_waiting(listener: socket.socket, send_seconds: int, receive_seconds: int) -> None:
    """Have each connection of a listening socket fail with BlockingIOError where the other side takes or sends nothing so long.

    Connections inherit the option (Linux); a time limit of Python's own would also end waiting for the next question.
    """
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", send_seconds, 0))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", receive_seconds, 0))


def _limit_all_waiting(arbiter: Any) -> None:
    for listener in arbiter.LISTENERS:
        limit_waiting(listener.sock, SEND_TIMEOUT_SECONDS, RECEIVE_TIMEOUT_SECONDS)


def warm_up() -> None:
    """Load what questions need, then exclude the objects that exist from garbage collection: they live as long as the process."""
    warm_up_search()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
