"""One site of each kind that the crawlers were not written for, filled with invented records, given only its address."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from bench.unknown.entries import Entry, read_entries
from bench.unknown.measure import measure
from crawlers.crawl import crawl
from crawlers.discovery.discover import discover
from crawlers.errors import CrawlError
from crawlers.fetch import PoliteSession
from crawlers.state import MemoryState
from tests.samples.initiatives import write

SIZES = (11, 13)
"""Enough for a second page of a list."""
SITES = (
    ("WordPress REST", "rest_route, terms, shortcodes"),
    ("sitemaps", "two languages"),
    ("schema.org", "microdata"),
    ("feeds", "Atom in pages"),
    ("registers", "XLSX"),
    ("registers", "CSV, windows-1257"),
    ("one page", "details"),
    ("labelled facts", "columns"),
    ("prose", "breadcrumb"),
    ("prose", "in the menu"),
    ("other interfaces", "GoGoCarto"),
)


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    return read_entries(write(tmp_path_factory.mktemp("rows") / "rows.jsonl"))


def read(address: str) -> tuple[list[dict[str, Any]], str]:
    """As the command does it, within this process."""
    state = MemoryState()
    try:
        with PoliteSession(None, True) as session:
            crawl(discover(address, session).recipe, session, state)
    except CrawlError as error:
        return [], str(error)
    return [asdict(record) for record in state.records.values()], ""


@pytest.mark.parametrize(("kind", "variant"), SITES)
def test_titles_and_countries_come_out_right_and_little_else(entries: list[Entry], kind: str, variant: str) -> None:
    outcome = measure(entries, kind, variant, 1, read, SIZES)
    assert outcome.passed, (outcome.recall, outcome.country, outcome.extra_share, outcome.notes)
    assert not outcome.country_wrong
