"""One site of each kind that the crawlers were not written for, filled with real records, given only its address."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.unknown.entries import read_entries
from bench.unknown.measure import Outcome, measure

SITES = (
    ("WordPress REST", "rest_route, terms, shortcodes"),
    ("sitemaps", "two languages"),
    ("schema.org", "microdata"),
    ("feeds", "Atom in pages"),
    ("registers", "XLSX"),
    ("one page", "details"),
    ("labelled facts", "columns"),
    ("prose", "breadcrumb"),
)


def test_titles_and_countries_come_out_right_and_little_else(shared_data: Path) -> None:
    entries = read_entries(shared_data / "susy_sample_400.jsonl")
    whole = Outcome()
    for kind, variant in SITES:
        whole.add(measure(entries, kind, variant, 1, Path(sys.prefix) / "bin" / "platforma"))
    assert whole.passed, (whole.recall, whole.country, whole.extra_share)
