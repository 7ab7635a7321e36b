"""What is asked for in one language and written only in the other, on the judged concepts of bench/crossing.jsonl."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import crossing
from search.factory import open_engine
from tests.contract.corpus import fill


@pytest.mark.parametrize(("asked_in", "written_in", "min_share"), [("lv", "en", 0.67), ("en", "lv", 0.71)])
def test_most_of_what_is_found_in_its_own_language_is_found_in_the_other(
    tmp_path: Path, asked_in: str, written_in: str, min_share: float
) -> None:
    rows = [json.loads(line) for line in crossing.JUDGED.read_text(encoding="utf-8").splitlines()]
    engine = fill(open_engine("embedded:", tmp_path), [crossing.listing(row, written_in) for row in rows])
    questions = list(crossing.questions_of(rows, asked_in))
    assert crossing.share(engine, questions) >= min_share > 3 * crossing.share(engine, questions, expand=False)
