"""Serving over HTTP: gunicorn with threads, and a worker beside it that ends with it."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from gunicorn.app.base import BaseApplication

from platforma.settings import Settings
from search.plan import make_plan
from search.port import Query

THREADS = 8
PATIENCE_SECONDS = 3
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
        settle()
        return app


def settle() -> None:
    """Load what questions need; what lives as long as the process is no more searched for rubbish."""
    make_plan(Query(text="sākums"))
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


class Child:
    """A process of ours beside the site; it is told our pid and ends when we do, however we end."""

    def __init__(self, arguments: Sequence[str], settings: Settings) -> None:
        command = [sys.executable, "-m", "platforma.cli", *arguments]
        self._process = subprocess.Popen(command, env=environment(settings), start_new_session=True)  # noqa: S603 - our own command

    def ask_to_end(self) -> None:
        """Send SIGTERM; a process that has ended already is fine."""
        if self._process.poll() is None:
            self._process.terminate()

    def wait(self, until: float) -> None:
        """Wait till the monotonic instant, then end it for certain."""
        try:
            self._process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def end_all(children: Sequence[Child]) -> None:
    """End the processes, within PATIENCE_SECONDS all together."""
    until = time.monotonic() + PATIENCE_SECONDS
    for child in children:
        child.ask_to_end()
    for child in children:
        child.wait(until)


def environment(settings: Settings) -> dict[str, str]:
    """This environment with the settings that the command line may have changed, for a process beside us."""
    return {
        **os.environ,
        "PLATFORMA_PARENT_PID": str(os.getpid()),
        "PLATFORMA_DATA_DIR": str(settings.data_dir),
        "PLATFORMA_DATABASE_URL": settings.database_url,
        "PLATFORMA_QUEUE_URL": settings.queue_url,
        "PLATFORMA_BASE_URL": settings.base_url,
        "PLATFORMA_CRAWL_PRIVATE_HOSTS": str(int(settings.crawl_private_hosts)),
    }


def end_with_parent() -> None:
    """In a child: end as soon as the process that started us is gone, however it ended."""
    parent = os.environ.pop("PLATFORMA_PARENT_PID", None)
    if parent is None:
        return

    def watch() -> None:
        while os.getppid() == int(parent):
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="end-with-parent").start()
