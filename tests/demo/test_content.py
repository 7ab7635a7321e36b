"""The demonstration: enough, varied, and honest about itself."""

from __future__ import annotations

from collections import Counter

import requests

from platforma.demo.content import entries
from platforma.demo.pages import NOTICES
from platforma.demo.serve import start_sites
from platforma.demo.sites import SITES
from vocabulary import load


def every() -> list[dict[str, object]]:
    return [entry for site in SITES for entry in entries(site.id) if isinstance(entry, dict)]


def test_there_are_enough_initiatives_of_enough_countries() -> None:
    assert sum(len(entries(site.id)) for site in SITES) >= 150
    countries = {load().find_country(str(entry["country"])) for entry in every() if entry.get("country")} - {None}
    assert len(countries) >= 9


def test_some_stand_on_two_sites_at_once() -> None:
    titles: Counter[str] = Counter()
    for entry in every():
        title = entry.get("title", entry.get("name"))
        titles[str(next(iter(title.values())) if isinstance(title, dict) else title)] += 1
    assert sum(count > 1 for count in titles.values()) >= 8


def test_every_site_says_that_it_is_a_demonstration_in_both_languages() -> None:
    with start_sites() as sites:
        for site in SITES:
            text = requests.get(sites.urls[site.id], timeout=5).text
            assert all(notice in text for notice in NOTICES.values()), site.id


def test_websites_use_names_that_belong_to_nobody() -> None:
    for entry in every():
        address = str(entry.get("website") or entry.get("url"))
        assert ".example" in address or address == "None", address
