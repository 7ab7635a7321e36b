"""PostgreSQL from the system's packages, in a throw-away cluster."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import process


def bin_dir() -> Path:
    """The newest server programs; Debian keeps them off PATH, other systems on it."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(re.sub(r"\D", "", p.parts[-3]) or 0))
    if programs:
        return programs[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    raise FileNotFoundError("initdb: apt-get install -y postgresql")


@dataclass
class Postgres:
    port: int
    folder: Path
    popen: subprocess.Popen[bytes]

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://test@127.0.0.1:{self.port}/{database}"


def start_postgres(*, is_durable: bool = False) -> Postgres:
    """A server of its own; unless it is durable, it does not wait for the disk."""
    folder, port, programs = process.own_folder("pg"), process.free_port(), bin_dir()
    initdb = process.start(
        [
            programs / "initdb",
            "-D",
            folder / "data",
            "-U",
            "test",
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        folder,
    )
    if initdb.wait(60):
        raise RuntimeError((folder / "output.log").read_text())
    return run(folder, port, is_durable=is_durable)


def run(folder: Path, port: int, *, is_durable: bool) -> Postgres:
    """The server of a folder that initdb has filled."""
    programs = bin_dir()
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": str(folder),
        "max_connections": 100,
    } | ({} if is_durable else dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off"))
    popen = process.start(
        [programs / "postgres", "-D", folder / "data", *(x for k, v in options.items() for x in ("-c", f"{k}={v}"))],
        folder,
    )
    ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    process.wait_until(lambda: subprocess.run(ready).returncode == 0, popen, folder, 60)
    return Postgres(port, folder, popen)


def stop_postgres(server: Postgres) -> None:
    process.stop(server.popen.pid, server.folder, signal.SIGINT)  # fast shutdown; SIGTERM would wait for every client
