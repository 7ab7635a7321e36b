"""What is told of the locked packages: every pin of the lock is asked about, and the oldest stands first."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from tools.advisories import Age, ages, lines, newer_versions, pins

LOCK = (Path(__file__).parents[2] / "requirements" / "runtime.lock").read_text(encoding="utf-8")
UV_LOCK = """
version = 1
[[package]]
name = "locked"
version = "0"
[[package]]
name = "young"
version = "1.0"
sdist = { url = "a", upload-time = "2026-11-08T17:25:47.436Z" }
wheels = [{ url = "b", upload-time = "2026-11-09T00:00:01Z" }]
[[package]]
name = "old"
version = "2.0"
wheels = [{ url = "c", upload-time = "2024-01-02T03:04:05Z" }]
[[package]]
name = "unsaid"
version = "3"
sdist = { url = "d" }
"""


def test_every_pin_is_read_with_its_condition() -> None:
    assert pins(
        "a==1.0 \\\n    --hash=sha256:0\nb-c==2 ; python_full_version < '3.11.3' \\\n    --hash=sha256:1\n    # via\n    #   x==9\n"
    ) == [
        "a==1.0",
        "b-c==2 ; python_full_version < '3.11.3'",
    ]
    assert len(pins(LOCK)) == len(re.findall(r"^\w.*==", LOCK, re.MULTILINE)) > 50


def test_the_oldest_stands_first_and_what_is_newer_beside_it() -> None:
    newest = newer_versions(
        "locked v0\n├── old v2.0 (latest: v2.1)\n├── young[x] v1.0 (extra: x) (latest: v1.1.post1)\n└── unsaid v3\n"
    )
    assert newest == {"old": "2.1", "young": "1.1.post1"}
    found = ages(UV_LOCK, newest)
    assert found == [
        Age("unsaid", "3", None, ""),
        Age("old", "2.0", date(2024, 1, 2), "2.1"),
        Age("young", "1.0", date(2026, 11, 9), "1.1.post1"),
    ]
    assert list(lines(found, date(2026, 12, 1)))[1:] == [
        "  1064  2024-01-02  old 2.0  (newest: 2.1)",
        "    22  2026-11-09  young 1.0  (newest: 1.1.post1)",
    ]
