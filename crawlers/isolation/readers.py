"""Reader processes: starting them, keeping a few for the next job, and telling why one ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from typing import Any

from crawlers.isolation.messages import Channel, ChannelClosed

COMMAND = (sys.executable, "-I", "-m", "crawlers.reader_process")
ENVIRONMENT = {"LANG": "C.UTF-8"}
"""All that a reader gets of the environment; the host's may hold passwords."""
OUT_OF_MEMORY = 77
"""The exit status of a reader that ran out of memory where Python could tell."""
MAX_IDLE = 2
MAX_IDLE_BYTES = 300 * 1024 * 1024
"""A reader that once had more memory than this is not kept, as what it freed may not go back to the system."""
MAX_TRACE_CHARACTERS = 2_000
SECONDS_TO_END = 5.0


class ReaderDied(Exception):
    """A reader process ended in the middle of a job. `status` is its exit status, negative for a signal (subprocess)."""

    def __init__(self, status: int, output: str) -> None:
        self.status = status
        super().__init__(f"a reader process ended with status {status}: {output}")

    @property
    def is_out_of_time(self) -> bool:
        """Whether it computed for longer than it may."""
        return self.status == -signal.SIGXCPU

    @property
    def is_out_of_memory(self) -> bool:
        """Whether it is known to have asked for more memory than it may have."""
        return self.status in (OUT_OF_MEMORY, -signal.SIGKILL, -signal.SIGABRT)


class Reader:
    """One reader process, seen from the host."""

    def __init__(self) -> None:
        ours, theirs = Pipe()
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            (*COMMAND, str(theirs.fileno())),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._output,
            pass_fds=(theirs.fileno(),),
            env=ENVIRONMENT,
            start_new_session=True,
        )
        theirs.close()
        self._channel = Channel(ours)
        self.peak_bytes = 0

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def send(self, message: object) -> None:
        """Send a message. Raises ReaderDied."""
        try:
            self._channel.send(message)
        except ChannelClosed as error:
            raise self._death() from error

    def wait(self, seconds: float) -> bool:
        """Return whether the reader sends a message, or ends, within this time."""
        return self._channel.wait(seconds)

    def receive(self) -> Any:
        """Return the next message. Raises ReaderDied."""
        try:
            return self._channel.receive()
        except ChannelClosed as error:
            raise self._death() from error

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self.close()

    def close(self) -> None:
        """Let the process end, and wait for it."""
        self._channel.close()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._output.close()

    def _death(self) -> ReaderDied:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(SECONDS_TO_END)
        status = self._process.poll()
        self._output.seek(0)
        output = self._output.read().decode("utf-8", "replace")[-MAX_TRACE_CHARACTERS:]
        return ReaderDied(-signal.SIGKILL if status is None else status, output)


class ReaderPool:
    """The idle readers of this process. A reader does one job at a time; as many are started as are needed at once."""

    def __init__(self) -> None:
        self._idle: list[Reader] = []
        self._lock = threading.Lock()

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """Lend a reader. After an error, whatever it is, the reader is ended, else kept for the next job."""
        reader = self._take()
        try:
            yield reader
        except BaseException:
            reader.kill()
            raise
        self._keep(reader)

    def forget(self) -> None:
        """Know no readers any more: in a forked process they are those of its parent."""
        self._idle, self._lock = [], threading.Lock()

    def _take(self) -> Reader:
        with self._lock:
            while self._idle:
                reader = self._idle.pop()
                if reader.is_alive:
                    return reader
                reader.close()
        return Reader()

    def _keep(self, reader: Reader) -> None:
        with self._lock:
            is_kept = len(self._idle) < MAX_IDLE and reader.is_alive and reader.peak_bytes <= MAX_IDLE_BYTES
            if is_kept:
                self._idle.append(reader)
        if not is_kept:
            reader.close()


READERS = ReaderPool()
os.register_at_fork(after_in_child=READERS.forget)
