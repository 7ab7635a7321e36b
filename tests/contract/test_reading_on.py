"""Reading on: all results in one go, and page after page by cursor, the same on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from search.engines import relaxing_search
from search.port import SORTS, BadQuery, IndexNotReady, Near, Query, SearchEngine, Sort
from tests.contract.corpus import WHEN, document, fill

HERE = Near(56.946, 24.106, km=50)


@pytest.fixture
def many(empty: SearchEngine) -> SearchEngine:
    """Two thousand and a half listings, with ties in every order, near and far."""
    return fill(empty, [
        document(f"m{n:04}", f"Vienāds nosaukums {n % 7}", lat=56.946 + n % 5 / 100, lon=24.106,
                 facets={"country": ["LV" if n % 3 else "EE"]})
        for n in range(2_500)
    ])  # fmt: skip


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("text", ["", "nosaukums"])
def test_a_scan_has_every_result_once_in_the_order_of_the_pages(many: SearchEngine, sort: Sort, text: str) -> None:
    query = Query(text, sort=sort, near=HERE, per_page=500)
    scanned = list(many.scan(query))
    assert scanned == [hit.id for page in range(1, 6) for hit in many.search(replace(query, page=page)).hits]
    assert len(set(scanned)) == 2_500


def pages(engine: SearchEngine, query: Query) -> Iterator[list[str]]:
    """The ids of page after page, by cursor."""
    page = engine.search(query)
    yield [hit.id for hit in page.hits]
    while page.cursor:
        page = engine.search(replace(query, after=page.cursor))
        yield [hit.id for hit in page.hits]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("most", [10_000, 600])
def test_cursors_lead_through_all_results_also_beyond_what_pages_reach(
    many: SearchEngine, sort: Sort, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaxing_search, "MAX_RESULTS", most)
    query = Query("nosaukums", sort=sort, near=HERE, per_page=400)
    read = list(pages(many, query))
    assert [len(ids) for ids in read] == [400] * 6 + [100]
    assert [id for ids in read for id in ids] == list(many.scan(query))


def test_a_page_by_cursor_has_counts_total_and_distances(many: SearchEngine) -> None:
    first = many.search(Query("nosaukums", near=HERE))
    second = many.search(Query("nosaukums", near=HERE, after=first.cursor))
    assert (second.total, second.facets) == (first.total, first.facets)
    assert all(hit.km is not None for hit in second.hits)


def test_the_last_page_and_an_empty_one_have_no_cursor(many: SearchEngine) -> None:
    assert many.search(Query("nosaukums", page=25, per_page=100)).cursor is None
    assert many.search(Query("xyzzy")).cursor is None
    assert list(many.scan(Query("xyzzy"))) == []


def test_relaxed_results_are_scanned_and_read_on_below_the_strict_ones(empty: SearchEngine) -> None:
    exact = [document(f"e{n}", f"Pavisam cita saulainīte {n}") for n in range(2)]
    engine = fill(empty, exact + [document(f"n{n}", "Saulainota") for n in range(9)])
    expected = ["e0", "e1", *(f"n{n}" for n in range(9))]
    assert list(engine.scan(Query("saulainīte"))) == expected
    for size in (1, 2, 3, 4):
        assert [id for ids in pages(engine, Query("saulainīte", per_page=size)) for id in ids] == expected


@pytest.mark.parametrize("most", [10_000, 3])
def test_reading_on_after_a_change_neither_repeats_nor_omits(
    empty: SearchEngine, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = fill(empty, [replace(document(f"d{n}", "Viens"), newest_at=WHEN - timedelta(days=n)) for n in range(9)])
    monkeypatch.setattr(relaxing_search, "MAX_RESULTS", most)
    query = Query(sort="newest", per_page=3)
    first = engine.search(query)
    engine.apply([replace(document("new", "Viens"), newest_at=WHEN + timedelta(days=1))], ["d0"])
    second = engine.search(replace(query, after=first.cursor))
    engine.apply([replace(document("newer", "Viens"), newest_at=WHEN + timedelta(days=2))], [])
    third = engine.search(replace(query, after=second.cursor))
    read = [hit.id for page in (first, second, third) for hit in page.hits]
    assert read == [f"d{n}" for n in range(9)]


def test_a_scan_sees_one_state_of_the_index(many: SearchEngine) -> None:
    scan = many.scan(Query(sort="name"))
    first = next(scan)
    many.apply([document("late", "Ārpus kārtas")], [f"m{n:04}" for n in range(1, 2_500)])
    assert len({first, *scan}) == 2_500


@pytest.mark.parametrize("cursor", ["", "x", "!!!!", "MTpm\n", "é", "MDph", "OjE", "a" * 999, "LTE6YQ"])
def test_a_cursor_that_is_none_is_a_bad_query(many: SearchEngine, cursor: str) -> None:
    with pytest.raises(BadQuery):
        many.search(Query(after=cursor))


def test_the_cursor_of_another_question_does_no_harm(many: SearchEngine) -> None:
    cursor = many.search(Query("nosaukums", per_page=5)).cursor
    assert many.search(Query("xyzzy", after=cursor)).hits == ()


def test_without_an_index_a_scan_says_so_at_once(empty: SearchEngine) -> None:
    with pytest.raises(IndexNotReady):
        empty.scan(Query())
