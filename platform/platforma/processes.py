"""Processes of ours beside a site: each ends with the one that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from platforma.settings import Settings

PATIENCE_SECONDS = 3


class Child:
    """A process of ours beside the site; it is told our pid and ends when we do, however we end."""

    def __init__(self, arguments: Sequence[str], settings: Settings) -> None:
        command = [sys.executable, "-m", "platforma", *arguments]
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
