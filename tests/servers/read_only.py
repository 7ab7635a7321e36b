"""A folder with a file system of its own, which becomes read-only and writable again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SIZE = "64m"


class OwnFileSystem:
    """A file system in memory at `folder`. Nobody may have a file of it open for writing while it becomes read-only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def freeze(self) -> None:
        self._remount("ro")

    def thaw(self) -> None:
        self._remount("rw")

    def _remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.folder)], check=True)


@contextmanager
def own_file_system(folder: Path) -> Iterator[OwnFileSystem]:
    """Skips the test where this machine lets nobody mount: no server is missing then, and none can be added."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may mount a file system, and not in every container")
    try:
        yield OwnFileSystem(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
