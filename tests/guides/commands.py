"""Commands of a guide, run as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).parents[2] / "docs"
PROGRAMS = Path(sys.executable).parent


class Block(NamedTuple):
    """A fenced block: its language, what stands behind that, and its lines."""

    lang: str
    info: str
    script: str


def blocks_of(page: str) -> list[Block]:
    """The fenced blocks of a page of docs/, in their order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return [Block(*found) for found in re.findall(r"^```(\w*) ?(.*)\n((?:.*\n)*?)```$", text, re.MULTILINE)]


def environment(folder: Path) -> dict[str, str]:
    """That of a shell in which the program is at hand and the directory is in `data` of a folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLATFORMA_")}
    return kept | {"PLATFORMA_DATA_DIR": str(folder / "data"), "PATH": f"{PROGRAMS}{os.pathsep}{kept['PATH']}"}


def run(folder: Path, script: str) -> str:
    """What a shell says that runs these commands in a folder and ends at the first that fails."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment(folder),
        text=True,
        capture_output=True,
        timeout=600,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout
