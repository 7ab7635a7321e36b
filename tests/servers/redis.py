"""Redis from the system's packages, without persistence."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import process


@dataclass
class Redis:
    port: int
    folder: Path
    popen: subprocess.Popen[bytes]

    def url(self, database: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{database}"


def start_redis(port: int | None = None) -> Redis:
    """An empty server, on a free port or this one."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if not program:
        raise FileNotFoundError("redis-server: apt-get install -y redis-server")
    folder, port = process.own_folder("redis"), port or process.free_port()
    popen = process.start(
        [
            program,
            "--port",
            port,
            "--bind",
            "127.0.0.1",
            "--dir",
            folder,
            "--save",
            "",
            "--appendonly",
            "no",
            "--databases",
            "32",
        ],
        folder,
    )
    process.wait_until(lambda: _answers(port), popen, folder, 60)
    return Redis(port, folder, popen)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as s:
            s.sendall(b"PING\r\n")
            return s.recv(7).startswith(b"+PONG")
    except OSError:
        return False


def stop_redis(server: Redis, *, at_once: bool = False) -> None:
    """End it; `at_once` as a power cut would."""
    process.stop(server.popen.pid, server.folder, signal.SIGKILL if at_once else signal.SIGTERM)
