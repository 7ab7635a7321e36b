"""`python -m bench`: the time of whole search pages, on both engines."""

from __future__ import annotations

import argparse

from bench import search_page


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Times whole search pages on both engines.")
    parser.add_argument("--size", type=int, default=400, help="how many listings (400)")
    parser.add_argument("--queries", type=int, default=200, help="how many pages are asked for (200)")
    chosen = parser.parse_args()
    search_page.run(chosen.size, chosen.queries)


if __name__ == "__main__":
    main()
