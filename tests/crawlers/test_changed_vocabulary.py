"""What curators made of the vocabulary holds in the processes that read sites and files, too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawlers.importing.isolation import read_file_apart
from crawlers.recipe import parse_recipe
from crawlers.record import Problem
from vocabulary import TermChange, load, use_changes

WINE: TermChange = {
    "dimension": "theme",
    "id": "wine_making",
    "words": {"labels": {"lv": "vīna darīšana", "en": "wine making"}, "plurals": {}, "descriptions": {}, "also": ["Weinbau"]},
    "is_offered": True,
    "replaced_by": [],
}
RETIRED: TermChange = {"dimension": "theme", "id": "youth", "words": None, "is_offered": False, "replaced_by": ["wine_making"]}


@pytest.fixture(autouse=True)
def shipped_vocabulary() -> Iterator[None]:
    yield
    use_changes(())


def themes(folder: Path, value: str) -> tuple[str, ...]:
    (folder / "a.csv").write_text(f"id;nosaukums;joma\n1;Viens;{value}\n", encoding="utf-8")
    recipe = parse_recipe({"platform": "a", "adapter": "file", "key": "id", "fields": {"title": "nosaukums"}}, "a")
    records = [one for one in read_file_apart(folder / "a.csv", recipe, {}) if not isinstance(one, Problem)]
    return records[0].themes


def test_a_reader_knows_the_terms_that_were_added_before_its_job(tmp_path: Path) -> None:
    assert themes(tmp_path, "Weinbau") == ()
    use_changes([WINE])
    assert themes(tmp_path, "Weinbau") == ("wine_making",)
    use_changes(())
    assert themes(tmp_path, "Weinbau") == ()


def test_a_record_keeps_the_id_that_another_one_replaced(tmp_path: Path) -> None:
    use_changes([WINE, RETIRED])
    assert themes(tmp_path, "jaunieši") == ("youth",), "listings show the one in its place; undoing gives this one back"
    assert load().successors("theme", "youth") == ("wine_making",)
    assert "youth" not in {term.id for term in load().terms("theme")}
