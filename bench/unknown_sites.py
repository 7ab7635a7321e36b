"""What a crawl finds on unknown sites: `python -m bench.unknown_sites FILE` on the sample of real initiatives.

FILE holds JSON lines of initiatives (name, description, country_raw, city, website, types, lat, lon). For each variant of
each kind of site a site is built of 20 to 36 of them and served on this machine; theme, language of labels, form of links
and entries are chosen by the seed. The crawler is given only the address. Titles: share of the entries whose title came
out; countries: share of those whose site states it that came out with the right one; extra: share of the records that
are no entry, or one a second time. Asked for: 95 %, 90 %, at most 5 %.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from bench.unknown.entries import Entry, read_entries
from bench.unknown.measure import KINDS, Outcome, crawl, measure


def main() -> None:
    asked = _arguments()
    entries = read_entries(asked.file)
    print("| kind | variant | setting | titles | countries (wrong) | extra | s | |\n|---|---|---|---|---|---|---|---|")
    total, kinds = Outcome(), []
    for kind in KINDS:
        subtotal = _kind(asked, entries, kind)
        if subtotal.expected:
            kinds.append((kind, subtotal))
            total.add(subtotal)
    print("\n| kind | titles | countries (wrong) | extra | s | |\n|---|---|---|---|---|---|")
    for kind, subtotal in [*kinds, ("all", total)]:
        print(f"| {kind} | {_cells(subtotal)} |")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="JSON lines of initiatives")
    parser.add_argument(
        "--platforma", type=Path, default=Path(sys.executable).with_name("platforma"), help="the command to measure"
    )
    parser.add_argument("--seed", type=int, nargs="+", default=[1], help="one site for each variant and seed")
    parser.add_argument("--only", default="", help="only kinds or variants whose name holds this")
    parser.add_argument("--verbose", action="store_true", help="name the first missing and extra titles")
    return parser.parse_args()


def _kind(asked: argparse.Namespace, entries: list[Entry], kind: str) -> Outcome:
    """Measure and print the variants of a kind; the sum."""
    subtotal = Outcome()
    for variant in KINDS[kind]:
        if asked.only.lower() not in f"{kind} / {variant}".lower():
            continue
        for seed in asked.seed:
            outcome = measure(entries, kind, variant, seed, partial(crawl, asked.platforma))
            subtotal.add(outcome)
            print(f"| {kind} | {variant} | {outcome.setting} | {_cells(outcome)} |", flush=True)
            if asked.verbose:
                print("".join(f"    {note}\n" for note in outcome.notes), end="", flush=True)
    return subtotal


def _cells(one: Outcome) -> str:
    titles = f"{one.right}/{one.expected} {one.recall:.0%}"
    countries = f"{one.country_right}/{one.stated} {one.country:.0%} ({one.country_wrong})"
    return f"{titles} | {countries} | {one.extra} {one.extra_share:.0%} | {one.seconds:.0f} | {'✓' if one.passed else '✗'}"


if __name__ == "__main__":
    main()
