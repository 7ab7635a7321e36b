"""A site may answer with anything: a crawl of mutated pages raises nothing, and no boundary has to catch an error of ours."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.state import MemoryState
from tests.crawlers.fuzzing import ENTRIES, NASTY, OBJECTS, PROFILES, SITES, finds_of, mutated
from tests.crawlers.memory_site import crawled, extracted, recipe_of, titles


@pytest.mark.parametrize("name", [name for name in SITES if name != "discovery"])
def test_each_site_gives_records_as_it_is(name: str) -> None:
    result, state = crawled(*SITES[name])
    assert (result.failure, finds_of(*SITES[name])) == (None, [])
    assert isinstance(state, MemoryState)
    assert state.records


@pytest.mark.parametrize("name", SITES)
@settings(derandomize=True, max_examples=12, deadline=None, database=None)
@given(seed=st.integers(0, 10**9))
def test_mutated_pages_surprise_nobody(name: str, seed: int) -> None:
    recipe, pages = SITES[name]
    found = finds_of(recipe, mutated(random.Random(seed), pages))
    assert not found, found[0].trace


@pytest.mark.parametrize("key", OBJECTS[0])
def test_whatever_one_object_has_under_a_key_the_others_come_in(key: str) -> None:
    for value in NASTY:
        things = [thing | ({key: value} if n == 1 else {}) for n, thing in enumerate(OBJECTS)]
        records, _ = extracted(recipe_of("json"), json.dumps(things))
        assert titles(records) >= {str(OBJECTS[0]["name"]), str(OBJECTS[2]["name"])}, value


@pytest.mark.parametrize("key", PROFILES[0])
def test_whatever_one_profile_has_under_a_key_the_others_come_in(key: str) -> None:
    for value in NASTY:
        profiles = [profile | ({key: value} if n == 1 else {}) for n, profile in enumerate(PROFILES)]
        records, _ = extracted(recipe_of("murmurations"), json.dumps(profiles))
        assert titles(records) >= {str(PROFILES[0]["name"]), str(PROFILES[2]["name"])}, value


@pytest.mark.parametrize("key", ENTRIES[0])
def test_whatever_one_entry_of_wordpress_has_under_a_key_the_others_come_in(key: str, caplog: pytest.LogCaptureFixture) -> None:
    recipe, pages = SITES["wordpress"]
    brief = next(address for address in pages if "_fields" in address)
    for value in NASTY:
        entries = [entry | ({key: value} if n == 1 else {}) for n, entry in enumerate(ENTRIES)]
        changed = {**pages, brief: json.dumps(entries)}
        assert titles(list(crawled(recipe, changed)[1].records.values())) >= {"Zvejnieku māja", "Kalna dārzs"}, value
    assert caplog.records == []
