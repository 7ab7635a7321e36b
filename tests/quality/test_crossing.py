"""What is asked for in one language and written only in the other, on the judged concepts of bench/crossing.jsonl."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import crossing
from search.factory import open_engine
from tests.contract.corpus import fill


@pytest.mark.parametrize(("asked", "written", "least"), [("lv", "en", 0.6), ("en", "lv", 0.65)])
def test_most_of_what_is_found_in_its_own_language_is_found_in_the_other(
    tmp_path: Path, asked: str, written: str, least: float
) -> None:
    rows = [json.loads(line) for line in crossing.JUDGED.read_text(encoding="utf-8").splitlines()]
    engine = fill(open_engine("embedded:", tmp_path), [crossing.listing(row, written) for row in rows])
    questions = list(crossing.asked_for(rows, asked))
    assert crossing.share(engine, questions) >= least > 3 * crossing.share(engine, questions, expand=False)
