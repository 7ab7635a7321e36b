"""Find a Java of at least a given version, wherever the machine keeps it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path


class JavaNotFound(RuntimeError):
    """No Java that is new enough is on this machine; the text says where it was looked for."""


def find_java_home(minimum: int = 21) -> Path:
    """The home of the oldest JDK that is new enough; `minimum` is a feature version (21, 25 …)."""
    homes = {home: version for home in _candidate_homes() if (version := _feature_version(home)) >= minimum}
    if not homes:
        raise JavaNotFound(f"no Java {minimum}+ in ES_JAVA_HOME, JAVA_HOME, PATH, update-alternatives or the usual folders")
    return min(homes, key=lambda home: (homes[home], str(home)))


def _candidate_homes() -> Iterator[Path]:
    known: set[Path] = set()
    for java in _candidate_binaries():
        home = java.resolve().parent.parent
        if (home / "bin/java").is_file() and home not in known:
            known.add(home)
            yield home


def _candidate_binaries() -> Iterator[Path]:
    for name in ("ES_JAVA_HOME", "JAVA_HOME"):
        if os.environ.get(name):
            yield Path(os.environ[name], "bin/java")
    if on_path := shutil.which("java"):
        yield Path(on_path)
    if shutil.which("update-alternatives"):
        alternatives = subprocess.run(["update-alternatives", "--list", "java"], capture_output=True, text=True)
        yield from map(Path, alternatives.stdout.split())
    for folder in (
        "/usr/lib/jvm",
        "/opt",
        "/usr/local",
        str(Path.home() / ".sdkman/candidates/java"),
        str(Path.home() / ".jdks"),
    ):
        yield from sorted(Path(folder).glob("*/bin/java"))
    yield from sorted(Path("/Library/Java/JavaVirtualMachines").glob("*/Contents/Home/bin/java"))


def _feature_version(home: Path) -> int:
    """25 for "25.0.3", 8 for "1.8.0_392"; 0 when the JDK does not tell."""
    release = home / "release"
    text = (
        release.read_text(errors="replace")
        if release.is_file()
        else subprocess.run([home / "bin/java", "-version"], capture_output=True, text=True).stderr
    )
    match = re.search(r'(?:JAVA_VERSION=|version )"(?:1\.)?(\d+)', text)
    return int(match[1]) if match else 0
