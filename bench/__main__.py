"""`python -m bench`: how questions are answered, what pages weigh, how long searches take, beside what people use instead."""

from __future__ import annotations

import argparse
import shutil

from bench import judged, offline, search, weight


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Times whole search pages over HTTP, on both engines.")
    parser.add_argument("--size", type=int, nargs="+", default=[10_000], help="how many listings, several sizes at will (10000)")
    parser.add_argument("--queries", type=int, default=300, help="how many pages are asked for (300)")
    parser.add_argument("--datasette", default=shutil.which("datasette"), help="the datasette command (where it is installed)")
    parser.add_argument("--only-weight", action="store_true", help="only what browsers load, not how long searches take")
    parser.add_argument("--only-device", action="store_true", help="only the search of the saved catalogue on a device")
    chosen = parser.parse_args()
    if chosen.only_device:
        offline.run()
        return
    judged.run()
    print()
    weight.run(chosen.datasette)
    if chosen.only_weight:
        return
    print()
    offline.run()
    print()
    search.run(chosen.size, chosen.queries, chosen.datasette)


if __name__ == "__main__":
    main()
