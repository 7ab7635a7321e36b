"""Our own processes beside a site: each ends with the process that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from platforma.settings import PARENT_PID, Settings

PATIENCE_SECONDS = 3
"""How long children have to end after SIGTERM."""


class Child:
    """A command of ours as a process beside this one; it gets our process id, and ends when we do, however we end."""

    def __init__(self, arguments: Sequence[str], settings: Settings) -> None:
        command = [sys.executable, "-m", "platforma", *arguments]
        self._process = subprocess.Popen(command, env=environment(settings), start_new_session=True)  # noqa: S603 - our own command

    def ask_to_end(self) -> None:
        """Send SIGTERM, unless the process has ended already."""
        if self._process.poll() is None:
            self._process.terminate()

    def wait(self, deadline: float) -> None:
        """Wait until the deadline (by time.monotonic), then kill the process if it still runs."""
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def end_all(children: Sequence[Child]) -> None:
    """End all the processes within PATIENCE_SECONDS."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    for child in children:
        child.ask_to_end()
    for child in children:
        child.wait(deadline)


def environment(settings: Settings) -> dict[str, str]:
    """Our environment for a child process, with the settings that the command line may have changed."""
    return {
        **os.environ,
        PARENT_PID: str(os.getpid()),
        "PLATFORMA_DATA_DIR": str(settings.data_dir),
        "PLATFORMA_DATABASE_URL": settings.database_url,
        "PLATFORMA_QUEUE_URL": settings.queue_url,
        "PLATFORMA_BASE_URL": settings.base_url,
        "PLATFORMA_CRAWL_PRIVATE_HOSTS": str(int(settings.crawl_private_hosts)),
    }


def end_with_parent() -> None:
    """Called in a child: send ourselves SIGTERM within a second after the process that started us has ended."""
    parent = os.environ.pop(PARENT_PID, None)
    if parent is None:
        return

    def watch() -> None:
        while os.getppid() == int(parent):
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="end-with-parent").start()
