"""Plans: what an engine is asked for, before any engine is there."""

from __future__ import annotations

from search.plan import MOST_EXPANDED, make_plan
from search.port import Query
from search.tiers import marks_of


def test_a_long_question_is_looked_for_by_its_own_words_alone() -> None:
    words = ["pārtikas", "banka", *(f"vārds{number}" for number in range(MOST_EXPANDED - 2))]
    short, long = (make_plan(Query(text=" ".join(some))) for some in (words, [*words, "vēl"]))
    assert "food bank" in short.called() and ("keys", "en:food") in marks_of(short.strict())
    assert long.called() == () and ("keys", "en:food") not in marks_of(long.strict())
    assert ("keys", "lv:banka") in marks_of(long.strict())
