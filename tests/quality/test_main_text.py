"""The main text of pages: all that a reader came for, and little of what stands around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.main_text import GoldPage, gold_pages, mean_f1

PAGES = gold_pages(Path(__file__).parents[1] / "samples" / "pages")


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_no_part_of_the_main_text_is_lost(page: GoldPage) -> None:
    assert page.score().recall == 1


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_little_of_the_frame_is_taken_for_text(page: GoldPage) -> None:
    assert page.score().precision >= 0.88, page.main_text


def test_the_pages_together_are_read_well() -> None:
    assert len(PAGES) == 15
    assert mean_f1(PAGES) >= 0.975
