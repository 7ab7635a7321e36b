"""A PostgreSQL server of a test's own, to be frozen, killed and started again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from . import postgres, process


class FailingPostgres:
    """The server, which keeps its data when it is killed."""

    def __init__(self) -> None:
        self._server = postgres.start_postgres(is_durable=True)

    @property
    def url(self) -> str:
        return self._server.url()

    def freeze(self) -> None:
        """Stop all its processes, so that connections stand and nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._server.popen.send_signal(signal.SIGQUIT)
        self._server.popen.wait(60)

    def start_again(self) -> None:
        self._server = postgres.run(self._server.folder, self._server.port, is_durable=True)

    def stop(self) -> None:
        self.thaw()
        postgres.stop_postgres(self._server)

    def _signal(self, sign: int) -> None:
        main = self._server.popen.pid
        for pid in (main, *process.children(main)):
            if process.is_running(pid):
                os.kill(pid, sign)


@contextmanager
def failing_postgres() -> Iterator[FailingPostgres]:
    """A new server; ended, whatever its state, with its folder."""
    server = FailingPostgres()
    try:
        yield server
    finally:
        server.stop()
