"""Sites of the six kinds that are built otherwise than the demonstration's: found by their address alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from crawlers.crawl import crawl
from crawlers.fetch import PoliteSession
from crawlers.recipe import Recipe
from crawlers.state import MemoryState
from tests.crawlers.server import served
from tests.crawlers.unseen_sites import (
    TITLES,
    atom_feed_at_its_usual_place,
    json_ld_without_sitemap,
    labelled_pages_with_a_text_sitemap,
    microdata_in_pages,
    register_in_windows_1257,
    wordpress_plain_permalinks,
)


@pytest.mark.parametrize(
    ("make", "has_country"),
    [(wordpress_plain_permalinks, True), (json_ld_without_sitemap, True), (register_in_windows_1257, True),
     (labelled_pages_with_a_text_sitemap, True), (atom_feed_at_its_usual_place, False), (microdata_in_pages, True)],
)  # fmt: skip
def test_its_initiatives_are_found_and_nothing_else(make: Callable[[], Flask], has_country: bool) -> None:
    state = MemoryState()
    with served(make()) as url, PoliteSession(None, True) as session:
        result = crawl(Recipe.for_address(url), session, state)
    assert result.failure is None
    assert {next(iter(record.title.values())) for record in state.records.values()} == TITLES
    if has_country:
        assert {record.country for record in state.records.values()} == {"LV"}
