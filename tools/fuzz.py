"""Fuzzing of the crawlers: sites in memory answer with mutated bytes until the time is over.

Prints each distinct error that a crawl may not end in, or that a boundary had to catch, once, with its smallest input.
A find belongs into tests/crawlers/test_one_bad_value.py. Exit 1 where there was any.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]

from tests.crawlers.fuzzing import SITES, Body, Find, finds_of, mutated  # noqa: E402 - found by the path above

MAX_SHRINKING_SECONDS = 20.0
MAX_SHOWN_BYTES = 2_000
Site = dict[str, Body]


def main() -> int:
    """Fuzz for the seconds that the command line gives; print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=None, help="of the first mutation; printed, so that a run can be repeated")
    parser.add_argument("--site", choices=list(SITES), action="append", help="only these sites")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**9)
    found = fuzz(arguments.site or list(SITES), seed, time.monotonic() + arguments.seconds)
    return 1 if found else 0


def fuzz(names: list[str], seed: int, until: float) -> set[tuple[str, str]]:
    """Mutate the sites in turn until a monotonic time; return the distinct finds by error and place."""
    known: set[tuple[str, str]] = set()
    cases = 0
    while time.monotonic() < until:
        name = names[cases % len(names)]
        recipe, pages = SITES[name]
        site = mutated(random.Random(seed + cases), pages)
        for find in finds_of(recipe, site):
            if (find.error, find.place) not in known:
                known.add((find.error, find.place))
                report(name, seed + cases, find, smallest(site, pages, _has(name, find)))
        cases += 1
    print(f"{cases} cases from seed {seed}: {len(known)} distinct finds")
    return known


def _has(name: str, find: Find) -> Callable[[Site], bool]:
    """Whether a site still ends in a find."""
    recipe = SITES[name][0]
    return lambda site: any((other.error, other.place) == (find.error, find.place) for other in finds_of(recipe, site))


def smallest(site: Site, whole: Site, has_find: Callable[[Site], bool]) -> tuple[str, bytes]:
    """The address of the mutated page, and the smallest of its bodies that was found to end in the same find."""
    address = next(address for address, body in site.items() if body != whole[address])
    body, step = bytes(site[address]), max(1, len(site[address]) // 2)  # type: ignore[arg-type] # a mutated body is bytes
    until = time.monotonic() + MAX_SHRINKING_SECONDS
    while step and time.monotonic() < until:
        start = 0
        while start < len(body) and time.monotonic() < until:
            shorter = body[:start] + body[start + step :]
            if shorter and has_find({**site, address: shorter}):
                body = shorter
            else:
                start += step
        step //= 2
    return address, body


def report(name: str, seed: int, find: Find, smallest_input: tuple[str, bytes]) -> None:
    """Print a find with its smallest input."""
    address, body = smallest_input
    print(f"\n{find.error} in {find.place} (site {name!r}, seed {seed})\n{find.trace}")
    print(f"page {address!r}, {len(body)} bytes: {body[:MAX_SHOWN_BYTES]!r}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
