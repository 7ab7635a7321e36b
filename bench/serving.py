"""A program that serves pages, asked over HTTP: latency one after the other, throughput by several at once, memory."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WARM_UP = 20
CLIENTS = 4
SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds."""

    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> Timing:
        """The percentiles of at least two times."""
        cuts = statistics.quantiles(milliseconds, n=100)
        return cls(statistics.median(milliseconds), cuts[94], cuts[98])

    def __str__(self) -> str:
        return f"{self.p50:.1f} / {self.p95:.1f} / {self.p99:.1f}"


@dataclass(frozen=True, slots=True)
class Served:
    """A running program and where it listens."""

    port: int
    pid: int

    def timing(self, paths: Sequence[str]) -> Timing:
        """How long each page takes, asked one after the other over one connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for path in paths[:WARM_UP]:
            _get(connection, path)
        milliseconds = []
        for path in paths:
            started = time.perf_counter()
            _get(connection, path)
            milliseconds.append((time.perf_counter() - started) * 1000)
        return Timing.of(milliseconds)

    def throughput(self, paths: Sequence[str]) -> float:
        """Pages a second, several clients at once; they share the machine with the program."""
        counts = [0] * CLIENTS
        until = time.perf_counter() + SECONDS

        def ask(client: int) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            while time.perf_counter() < until:
                _get(connection, paths[(counts[client] * CLIENTS + client) % len(paths)])
                counts[client] += 1

        threads = [threading.Thread(target=ask, args=(client,)) for client in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(counts) / SECONDS

    def cpu_milliseconds(self) -> float:
        """The time that the program and its processes have been computing so far, which others on the machine do not add to."""
        return cpu_milliseconds((self.pid, *_children(self.pid)))

    def private_megabytes(self) -> float:
        """Memory that only this program's largest process has."""
        return max(_private_megabytes(pid) for pid in (self.pid, *_children(self.pid)))


@contextmanager
def served(command: Sequence[str], port: int, path: str, environment: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Run a program until `path` answers; it ends at the block's end."""
    with Path(os.devnull).open("w") as silence:
        process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=silence, stderr=silence)
    try:
        _wait(port, path, process)
        yield Served(port, process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def cpu_milliseconds(pids: Iterable[int]) -> float:
    """The time that processes of this machine have been computing so far."""
    return sum(map(_cpu_ticks, pids)) * 1000 / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _get(connection: http.client.HTTPConnection, path: str) -> None:
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")


def _wait(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            _get(http.client.HTTPConnection("127.0.0.1", port, timeout=30), path)
            return
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"nothing answers on port {port}") from error
            time.sleep(0.2)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _cpu_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _private_megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Dirty", "Private_Clean"))) / 1024
