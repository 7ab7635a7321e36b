"""What is known against the locked packages: advisories, where a database of them can be asked, and how old each version is.

`uv audit` asks the database. The ages come from the package index: when each locked version was uploaded, and what is newer.
Exit 1 where there is an advisory, 2 where nothing could be asked; that no database answered is told, and is no failure.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "runtime.lock"
UV = Path(sys.executable).with_name("uv")
NAME = "locked"
NO_DATABASE = "No database of advisories answered; what follows are ages only."
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>[^\s;\\]+)\s*(?:;\s*(?P<marker>[^\\]+?))?\s*\\?$", re.MULTILINE)
_NEWER = re.compile(r"(?P<name>[\w.-]+)(?:\[[^\]]*\])? v(?P<version>\S+) .*\(latest: v(?P<latest>[^)]+)\)")


@dataclass(frozen=True, slots=True)
class Age:
    """A locked version: the day on which its last file was uploaded, None where the index does not say; `newer` is the newest
    version, empty where that is this one."""

    name: str
    version: str
    uploaded: date | None
    newer: str


def pins(lock: str) -> list[str]:
    """The requirements of a lock file, without their hashes."""
    found = _PIN.finditer(lock)
    return [f"{pin['name']}=={pin['version']}" + (f" ; {pin['marker']}" if pin["marker"] else "") for pin in found]


def ages(uv_lock: str, newest: Mapping[str, str]) -> list[Age]:
    """The packages of a uv.lock, the oldest first."""
    packages = [one for one in tomllib.loads(uv_lock)["package"] if one["name"] != NAME]
    found = [Age(one["name"], one["version"], _uploaded(one), newest.get(one["name"], "")) for one in packages]
    return sorted(found, key=lambda age: (age.uploaded or date.min, age.name))


def newer_versions(tree: str) -> dict[str, str]:
    """The newest versions that `uv tree --outdated` tells of, by package."""
    return {found["name"]: found["latest"] for found in _NEWER.finditer(tree)}


def lines(found: list[Age], today: date) -> Iterator[str]:
    """A table of ages in days, with what is newer."""
    for age in found:
        days = f"{(today - age.uploaded).days:>6}" if age.uploaded else "     ?"
        newer = f"  (newest: {age.newer})" if age.newer else ""
        yield f"{days}  {age.uploaded or '–'!s:<10}  {age.name} {age.version}{newer}"


def _uploaded(package: dict[str, object]) -> date | None:
    files = [one for one in (package.get("sdist"), *_list(package.get("wheels"))) if isinstance(one, dict)]
    times = [one["upload-time"] for one in files if "upload-time" in one]
    days = [time.date() if isinstance(time, datetime) else datetime.fromisoformat(str(time)).date() for time in times]
    return max(days, default=None)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _uv(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([UV, *words, "--directory", str(folder)], capture_output=True, text=True, timeout=600)


def main() -> int:
    """Print what is known."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        requirements = ",\n".join(f'"{pin}"' for pin in (pin.replace('"', "'") for pin in pins(LOCK.read_text(encoding="utf-8"))))
        project = f'[project]\nname = "{NAME}"\nversion = "0"\nrequires-python = ">=3.11"\ndependencies = [\n{requirements}\n]\n'
        (folder / "pyproject.toml").write_text(project, encoding="utf-8")
        locked = _uv(folder, "lock")
        if locked.returncode:
            print(locked.stderr, file=sys.stderr)
            return 2
        audit = _uv(folder, "audit", "--frozen", "--preview-features", "audit-command")
        tree = _uv(folder, "tree", "--frozen", "--universal", "--outdated", "--depth", "1")
        found = ages((folder / "uv.lock").read_text(encoding="utf-8"), newer_versions(tree.stdout))
    has_asked = audit.returncode in (0, 1)
    print(audit.stdout.strip() if has_asked else NO_DATABASE, end="\n\n")
    print("  days  uploaded    package")
    print(*lines(found, datetime.now(UTC).date()), sep="\n")
    print(f"\n{len(found)} packages, {sum(bool(age.newer) for age in found)} with a newer version")
    return audit.returncode if has_asked else 0


if __name__ == "__main__":
    sys.exit(main())
