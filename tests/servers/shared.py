"""One server of a kind for a whole test run, whichever xdist worker asks first."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from . import process

_RUN = "TEST_SERVERS_RUN"  # "<pid of the controlling pytest>:<folder>", inherited by the workers


def begin_run() -> None:
    """Called by the controlling pytest only (a worker finds the variable set)."""
    os.environ[_RUN] = f"{os.getpid()}:{tempfile.mkdtemp(prefix='platforma-run-', dir='/tmp')}"


def shared(name: str, start: Callable[[], dict[str, object]]) -> dict[str, object]:
    """What `start` returned, in whichever worker it ran; it must hold `pid` and `folder`, and may hold the `signal` that ends it."""
    controller, folder = os.environ[_RUN].split(":", 1)
    note = Path(folder, f"{name}.json")
    with open(note.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            server = start()
            _guard(int(controller), server)
            note.write_text(json.dumps(server))
        return dict(json.loads(note.read_text()))


def end_run() -> None:
    folder = Path(os.environ.pop(_RUN).split(":", 1)[1])
    for note in folder.glob("*.json"):
        server = json.loads(note.read_text())
        process.stop(server["pid"], Path(server["folder"]), server.get("signal", 15))
    shutil.rmtree(folder, ignore_errors=True)


def _guard(controller: int, server: dict[str, object]) -> None:
    """Start a shell that ends the server when the test run was killed and could not."""
    script = 'while kill -0 $0 2>/dev/null && kill -0 $1 2>/dev/null; do sleep 1; done; kill -$3 $1 2>/dev/null && sleep 2 && rm -rf -- "$2"'
    subprocess.Popen(
        ["sh", "-c", script, str(controller), str(server["pid"]), str(server["folder"]), str(server.get("signal", 15))],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
