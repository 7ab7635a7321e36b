"""Servers for tests: unprivileged, on their own ports, in their own folder, ended by pid."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path


def unprivileged() -> tuple[int, int] | None:
    """User and group of `nobody` where we are root; None otherwise."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def own_folder(name: str) -> Path:
    """A new folder that the unprivileged user owns and can reach (pytest's own tmp_path is 0700 root)."""
    folder = Path(tempfile.mkdtemp(prefix=f"platforma-{name}-", dir="/tmp"))
    give(folder)
    return folder


def give(path: Path) -> None:
    if ids := unprivileged():
        for p in [path, *path.rglob("*")]:
            os.chown(p, *ids)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def start(command: Sequence[object], folder: Path, env: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    log = open(folder / "output.log", "ab")
    user, group = unprivileged() or (None, None)
    return subprocess.Popen(
        [str(c) for c in command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LC_ALL": "C.UTF-8",
            **(env or {}),
        },
        user=user,
        group=group,
        extra_groups=None if user is None else [],
    )


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], folder: Path, timeout_seconds: float) -> None:
    deadline = time.monotonic() + timeout_seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            tail = (folder / "output.log").read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{process.args!r} did not become ready (exit {process.poll()}):\n{tail}")
        time.sleep(0.1)


def is_running(pid: int) -> bool:
    """False for a zombie too: the worker that started it may reap it late."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children(pid: int) -> list[int]:
    """The processes that a process has started and that are still there."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def stop(pid: int, folder: Path | None = None, sig: int = signal.SIGTERM, patience_seconds: float = 15) -> None:
    deadline = time.monotonic() + patience_seconds
    if is_running(pid):
        os.kill(pid, sig)
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    if is_running(pid):
        os.killpg(pid, signal.SIGKILL)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
