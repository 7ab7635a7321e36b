"""Scan a running demonstration for a while: its API by its description, then its pages by a hostile visit (docs/testing.md).

Prints each distinct find once. Exit 1 where there was any.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]

from tests.scanning.api import scan_api  # noqa: E402 - found by the path above
from tests.scanning.demonstration import Demonstration, demonstration  # noqa: E402 - found by the path above
from tests.scanning.hostile_visit import Visit  # noqa: E402 - found by the path above

PARTS = ("api", "visit")
FORMS_EACH = 2


def main() -> int:
    """Scan for the seconds that the command line gives, half of them each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=None, help="printed, so that what is sent can be repeated")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part")
    arguments = parser.parse_args()
    parts = arguments.part or PARTS
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**9)
    seconds = max(1, arguments.seconds // len(parts))
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder, demonstration(Path(folder)) as site:
        is_clean = [scan_of_api(site, seed, seconds) if part == "api" else visit_of(site, seed, seconds) for part in parts]
    return 0 if all(is_clean) else 1


def scan_of_api(site: Demonstration, seed: int, seconds: int) -> bool:
    """Print what schemathesis says; return whether it found nothing."""
    scan = scan_api(site.base_url, site.data, seed=seed, seconds=seconds)
    print(scan.output, flush=True)
    return scan.is_clean


def visit_of(site: Demonstration, seed: int, seconds: int) -> bool:
    """Print the distinct finds of a visit, and what was done; return whether there was none."""
    until = time.monotonic() + seconds
    visit = Visit(site, random.Random(seed), lambda: time.monotonic() > until)
    visit.run(None, FORMS_EACH)
    for find in visit.finds.values():
        print(find, end="\n\n")
    print(", ".join(f"{count} {name}" for name, count in visit.counts.items()))
    print(", ".join(f"{count} × {status}" for status, count in sorted(visit.statuses.items())))
    print(f"{len(visit.finds)} distinct finds", flush=True)
    return not visit.finds


if __name__ == "__main__":
    sys.exit(main())
