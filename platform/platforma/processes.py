"""Our own processes beside a site: each ends with the process that started it."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from platforma.settings import PARENT_PID, Settings

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 3
"""How long children have to end after SIGTERM."""
PROGRAM = (sys.executable, "-P", "-m", "platforma")
"""This very program: without -P, Python would take modules of the folder that we were started in, such as a newer checkout."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 2.0, 60.0
"""So long a process that ended by itself must have lived to be started again at once."""


class Child:
    """A command of ours as a process beside this one; it gets our process id, and ends when we do, however we end."""

    def __init__(self, arguments: Sequence[str], settings: Settings) -> None:
        self.name = " ".join(arguments)
        self._command, self._environment = [*PROGRAM, *arguments], environment(settings)
        self._pause = FIRST_PAUSE_SECONDS
        self._start()

    def _start(self) -> None:
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(self._command, env=self._environment, start_new_session=True)  # noqa: S603 - our own command

    def start_again_if_ended(self) -> None:
        """Start the process again if it has ended by itself: one that lived for long at once, one that ends again and again after
        pauses that grow to LONGEST_PAUSE_SECONDS."""
        if self._process.poll() is None:
            return
        lived = time.monotonic() - self._started_at
        if lived < self._pause:
            return
        self._pause = FIRST_PAUSE_SECONDS if lived >= LONGEST_PAUSE_SECONDS else min(2 * self._pause, LONGEST_PAUSE_SECONDS)
        log.warning("%s ended by itself and is started again", self.name)
        self._start()

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
