"""Reader processes: each job gets one of its own, forked from a template process that has all modules and models loaded."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import IO, Any

from crawlers.isolation.messages import Channel, ChannelClosed

COMMAND = (sys.executable, "-I", "-m", "crawlers.reader_process")
ENVIRONMENT = {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
"""All that a reader gets of the environment; the host's may hold passwords. A process with threads must not fork."""
OUT_OF_MEMORY = 77
"""The exit status of a reader that ran out of memory where Python could tell."""
MAX_OUTPUT_CHARACTERS = 2_000
FORK = b"fork"
STATUS_BYTES = 32


class ReaderDied(Exception):
    """A reader process ended in the middle of a job. `status` is its exit status, negative for a signal (subprocess)."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"a reader process ended with status {status}")

    @property
    def is_out_of_time(self) -> bool:
        """Whether it computed for longer than it may."""
        return self.status == -signal.SIGXCPU

    @property
    def is_out_of_memory(self) -> bool:
        """Whether it asked for more memory than it may have, or the system ended it."""
        return self.status in (OUT_OF_MEMORY, -signal.SIGKILL, -signal.SIGABRT)


class Reader:
    """One reader process, seen from the host."""

    def __init__(self, template: Template) -> None:
        ours, theirs = socket.socketpair()
        self._template = template
        with theirs:
            self.pid = template.fork(theirs)
        self._channel = Channel(Connection(ours.detach()))
        self._status: int | None = None

    def send(self, message: object) -> None:
        """Send a message. Raises ReaderDied."""
        try:
            self._channel.send(message)
        except ChannelClosed as error:
            raise ReaderDied(self.end()) from error

    def wait(self, seconds: float) -> bool:
        """Return whether the reader sends a message, or ends, within this time."""
        return self._channel.wait(seconds)

    def receive(self) -> Any:
        """Return the next message. Raises ReaderDied."""
        try:
            return self._channel.receive()
        except ChannelClosed as error:
            raise ReaderDied(self.end()) from error

    def end(self) -> int:
        """End the process, whatever it does; return its exit status, which stays what it is where it has died already."""
        self._channel.close()
        if self._status is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._status = self._template.status_of(self.pid)
        return self._status


class Template:
    """The process from which readers are forked. It does nothing else, so that a fork is quick and shares its memory."""

    def __init__(self) -> None:
        self._output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                (*COMMAND, str(theirs.fileno())),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._output,
                pass_fds=(theirs.fileno(),),
                env=ENVIRONMENT,
                start_new_session=True,
            )

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def fork(self, connection: socket.socket) -> int:
        """Start a reader at the other end of a connection; return its process id. Raises OSError if this process is gone."""
        with self._lock:
            socket.send_fds(self._control, [FORK], [connection.fileno()])
            return self._answer()

    def status_of(self, pid: int) -> int:
        """Return the exit status of a reader that has ended or is about to, as subprocess does; SIGKILL where it is unknown."""
        with self._lock:
            try:
                self._control.send(str(pid).encode())
                return os.waitstatus_to_exitcode(self._answer())
            except OSError:
                return -signal.SIGKILL

    def end(self) -> None:
        """End the process, and with it the possibility to start readers."""
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._output.close()

    def _answer(self) -> int:
        """Return the number that the template answers. Raises OSError if it is gone."""
        answer = self._control.recv(STATUS_BYTES)
        if not answer:
            self._output.seek(0)
            output = self._output.read().decode("utf-8", "replace")[-MAX_OUTPUT_CHARACTERS:]
            raise ConnectionResetError(f"the template of the reader processes has ended: {output}")
        return int(answer)


class Readers:
    """Starts readers for this process, from a template that is started when the first one is needed."""

    def __init__(self) -> None:
        self._template: Template | None = None
        self._lock = threading.Lock()

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """Start a reader for one job, and end it afterwards."""
        reader = self._started()
        try:
            yield reader
        finally:
            reader.end()

    def forget(self) -> None:
        """Know no template any more: in a forked process it is that of its parent."""
        self._template, self._lock = None, threading.Lock()

    def end(self) -> None:
        """End the template."""
        if self._template:
            self._template.end()
        self._template = None

    def _started(self) -> Reader:
        template = self._living_template()
        try:
            return Reader(template)
        except OSError:  # it has ended since
            template.end()
            return Reader(self._living_template())

    def _living_template(self) -> Template:
        with self._lock:
            if self._template is None or not self._template.is_alive:
                self._template = Template()
            return self._template


READERS = Readers()
os.register_at_fork(after_in_child=READERS.forget)
