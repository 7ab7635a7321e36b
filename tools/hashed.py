"""Packages from which only a few files are wanted: downloaded and checked against their hash, never installed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[1] / "requirements"


@contextmanager
def downloaded(lock: str, *options: str) -> Iterator[Path]:
    """The one package that a lock file in requirements/ names, in a folder that goes away afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
        subprocess.run([*command, *options, "-r", str(REQUIREMENTS / lock), "-d", folder], check=True)
        (package,) = Path(folder).iterdir()
        yield package
