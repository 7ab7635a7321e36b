"""Matching on labelled pairs and on real records of two platforms, from the shared data: the bars that it must reach, with margin."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench import matching
from platforma.catalogue.matching.scoring import Verdict, compare

LEAST_F1 = {"susy": 0.93, "names": 0.88, "restaurants": 0.96}
LEAST_RECALL_OF_SAME = {"susy": 0.5, "names": 0.0, "restaurants": 0.7}


def shared(name: str) -> Path:
    """A file of the shared data, which are no part of the project; the test is skipped where they are not at hand."""
    path = matching.shared_data() / name
    if not path.is_file():
        pytest.skip(f"{path} is not there; PLATFORMA_SHARED_DATA names its folder")
    return path


@pytest.mark.parametrize("name", LEAST_F1)
def test_labelled_pairs_are_found_and_none_is_joined_wrongly(name: str) -> None:
    pairs = matching.labelled_pairs(shared("pairs_dev.jsonl"))[name]
    joined = matching.quality(pairs, (Verdict.SAME,))
    assert matching.quality(pairs, matching.FOUND).f1 >= LEAST_F1[name]
    assert joined.precision == 1
    assert joined.recall >= LEAST_RECALL_OF_SAME[name]


def test_second_copies_of_real_records_are_found_and_nothing_else_is_asked() -> None:
    records = matching.real_records(shared("susy_sample_400.jsonl"))
    left, right = matching.two_platforms(records)
    verdicts = Counter((a == b, compare(left[a], right[b]).verdict) for a, b in matching.candidates(left, right))
    assert verdicts[True, Verdict.SAME] + verdicts[True, Verdict.UNSURE] >= 0.99 * len(records)
    assert verdicts[True, Verdict.SAME] >= 0.95 * len(records)
    assert verdicts[False, Verdict.SAME] == 0
    assert verdicts[False, Verdict.UNSURE] <= 4
