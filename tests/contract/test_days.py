"""What is for which days, the same on both engines."""

from __future__ import annotations

from datetime import date

import pytest

from search.port import Document, Filter, Query, SearchEngine, When
from tests.contract.corpus import document, fill, ids

TODAY = date(2026, 11, 29)


def event(id: str, first: str, last: str | None = None) -> Document:
    starts_on, ends_on = date.fromisoformat(first), date.fromisoformat(last or first)
    return document(id, "Tirdziņš", facets={"kind": ["event"]}, starts_on=starts_on, ends_on=ends_on)


def call(id: str, last: str | None = None) -> Document:
    return document(id, "Konkurss", facets={"kind": ["funding"]}, ends_on=date.fromisoformat(last) if last else None)


@pytest.fixture
def calendar(empty: SearchEngine) -> SearchEngine:
    """Things that are over, that are today, and that come."""
    return fill(empty, [
        event("e_over", "2026-11-27", "2026-11-28"), event("e_going", "2026-11-01", "2026-12-31"), event("e_today", "2026-11-29"),
        event("e_comes", "2026-12-05"), event("e_ended", "2026-10-01"), event("e_long", "2026-06-01", "2026-11-20"), document("e_undated", "Tirdziņš", facets={"kind": ["event"]}),
        call("c_closed", "2026-11-28"), call("c_today", "2026-11-29"), call("c_later", "2027-01-15"), call("c_always"),
        document("plain", "Tirdziņa biedrība"),
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("upcoming", ["e_going", "e_today", "e_comes"]),
        ("open", ["c_today", "c_later", "c_always"]),
        ("past", ["c_closed", "e_over", "e_long", "e_ended"]),
    ],
)
def test_days_choose_and_order(calendar: SearchEngine, when: When, expected: list[str]) -> None:
    page = calendar.search(Query(when=when, today=TODAY))
    assert [hit.id for hit in page.hits] == expected
    assert (page.total, page.sort) == (len(expected), "soonest")
    assert sum(one.count for one in page.facets["kind"]) == len(expected)


def test_what_is_current_and_what_is_all(calendar: SearchEngine) -> None:
    everything = set(ids(calendar, today=TODAY, when="all"))
    assert len(everything) == 12
    assert everything - set(ids(calendar, today=TODAY)) == {"c_closed", "e_over", "e_ended", "e_long"}
    assert set(ids(calendar, when="past")) == everything, "with no today, days do not matter"


def test_days_go_with_words_and_filters(calendar: SearchEngine) -> None:
    assert set(ids(calendar, "tirdziņš", today=TODAY, when="upcoming")) == {"e_going", "e_today", "e_comes"}
    assert ids(calendar, today=TODAY, when="open", filters={"kind": Filter(("event",))}) == []


def test_the_soonest_first(calendar: SearchEngine) -> None:
    found = ids(calendar, "tirdziņš", today=TODAY, sort="soonest")
    assert found[:3] == ["e_going", "e_today", "e_comes"] and set(found[3:]) == {"e_undated", "plain"}


def test_events_stand_by_the_day_they_begin_and_calls_by_their_last(empty: SearchEngine) -> None:
    engine = fill(empty, [
        event("e_long", "2026-10-01", "2027-03-31"), event("e_short", "2026-12-02"), event("b_tie", "2026-12-03", "2026-12-04"),
        event("a_tie", "2026-12-03"), call("d_tie", "2026-12-03"), call("c_late", "2026-12-20"), call("c_always"),
    ])  # fmt: skip
    expected = ["e_long", "e_short", "a_tie", "b_tie", "d_tie", "c_late", "c_always"]
    assert ids(engine, today=TODAY, sort="soonest") == expected
    assert list(engine.scan(Query(sort="soonest", today=TODAY))) == expected


def test_of_what_is_over_the_last_day_counts_and_ties_go_by_id(empty: SearchEngine) -> None:
    engine = fill(empty, [
        event("long", "2026-01-01", "2026-11-28"), event("b_short", "2026-11-20"), call("a_call", "2026-11-20"),
        event("begun_later", "2026-11-01", "2026-11-10"),
    ])  # fmt: skip
    assert list(engine.scan(Query(when="past", today=TODAY))) == ["long", "a_call", "b_short", "begun_later"]
