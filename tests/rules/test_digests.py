"""Rules of digests: when they are due, and how sets of listings are packed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from platforma.catalogue.enums import DigestFrequency
from platforma.catalogue.people import saved_queries
from platforma.catalogue.people.digest_times import next_digest_at
from platforma.catalogue.people.listing_sets import pack, unpack
from search.port import Area, Filter, Near, Query


@pytest.mark.parametrize(
    ("now", "frequency", "due"),
    [
        ("2026-03-02T05:59", "daily", "2026-03-02T06:00"),
        ("2026-03-02T06:00", "daily", "2026-03-03T06:00"),
        ("2026-03-02T05:59", "weekly", "2026-03-02T06:00"),
        ("2026-03-02T06:00", "weekly", "2026-03-09T06:00"),
        ("2026-03-01T22:30", "weekly", "2026-03-02T06:00"),
        ("2026-03-28T12:00", "daily", "2026-03-29T05:00"),
        ("2026-03-24T12:00", "weekly", "2026-03-30T05:00"),
        ("2026-10-24T12:00", "daily", "2026-10-25T06:00"),
    ],
)
def test_digests_are_due_at_eight_in_riga_in_summer_and_winter(now: str, frequency: str, due: str) -> None:
    moments = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, due)]
    assert next_digest_at(moments[0], DigestFrequency(frequency), "Europe/Riga") == moments[1]


@given(some.sets(some.integers(min_value=1, max_value=200_000), max_size=200))
def test_a_set_of_listings_comes_back_as_it_was(ids: set[int]) -> None:
    assert unpack(pack(ids)) == ids


def test_a_full_set_of_100000_listings_is_small() -> None:
    assert len(pack(range(1, 100_001))) < 200
    assert len(pack(range(1, 100_001, 7))) < 12_600
    assert unpack(b"") == set()


def test_a_saved_question_has_all_that_decides_what_is_found_and_nothing_else() -> None:
    asked = Query(
        text="maize", lang="en", filters={"kind": Filter(("event",), ("project",))}, area=Area(20, 55, 28, 58),
        near=Near(57.3, 25.3, 25, "LV-cesis"), when="upcoming", expand=False,
    )  # fmt: skip
    question = saved_queries.to_question(asked)
    other_view = Query(**{name: getattr(asked, name) for name in Query.__slots__} | {"page": 3, "sort": "name", "facets": ()})
    assert saved_queries.to_question(other_view) == question
    found = saved_queries.to_query(question, date(2026, 3, 2))
    assert (found.today, found.sort, found.facets, found.relax) == (date(2026, 3, 2), "newest", (), False)
    kept = ("text", "lang", "filters", "area", "near", "when", "expand")
    assert [getattr(found, name) for name in kept] == [getattr(asked, name) for name in kept]


def test_a_question_that_cannot_be_is_an_error() -> None:
    with pytest.raises(ValueError, match="filters"):
        saved_queries.to_query({"filters": 7}, date(2026, 3, 2))
