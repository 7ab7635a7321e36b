"""Packages from which only a few files are wanted: downloaded and checked against their hash, never installed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path(__file__).parent


class NotFetched(Exception):
    """A package did not come; the text is one line that says why."""


@contextmanager
def downloaded(lock: str, *options: str) -> Iterator[Path]:
    """The one package that a lock file beside this module names, in a folder that goes away afterwards. Raises NotFetched."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
        done = subprocess.run(  # noqa: S603 - pip, with arguments of ours
            [*command, *options, "-r", str(FOLDER / lock), "-d", folder], stderr=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            raise NotFetched((done.stderr.strip().splitlines() or ["pip did not say why"])[-1])
        (package,) = Path(folder).iterdir()
        yield package
