"""Holding: each limit at both of its sides."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from platforma.catalogue.ingest.plausibility import GREW, OUTSIDE, TRIED, VANISHED, CrawlSizes, hold_reason, judge, seen_records
from platforma.catalogue.models import CrawlPurpose, RecordState
from tests.rules.rows import add_crawl, add_platform, add_record


@pytest.mark.parametrize(
    ("known", "gone", "is_held"),
    [
        (2, 2, False),  # of few records two may go, even if they are all
        (3, 2, False),
        (3, 3, True),
        (10, 2, False),
        (10, 3, True),
        (20, 2, False),  # ten percent are two
        (20, 3, True),
        (29, 2, False),
        (29, 3, True),
        (30, 3, False),  # exactly ten percent
        (30, 4, True),
        (39, 3, False),
        (39, 4, True),
        (1000, 100, False),
        (1000, 101, True),
        (1009, 101, True),
        (1010, 101, False),
    ],
)
def test_more_than_two_and_more_than_a_tenth_must_not_vanish(known: int, gone: int, is_held: bool) -> None:
    reason = judge(CrawlSizes(found=known - gone, known=known, gone=gone, last_good=known), {})
    assert reason == ((VANISHED, {"gone": str(gone), "known": str(known)}) if is_held else None)


@pytest.mark.parametrize(
    ("last_good", "found", "is_held"),
    [(10, 20, False), (10, 21, True), (1, 2, False), (1, 3, True), (None, 9999, False), (0, 9999, False)],
)
def test_more_than_twice_the_last_good_count_is_looked_at(last_good: int | None, found: int, is_held: bool) -> None:
    reason = judge(CrawlSizes(found, known=last_good or 0, last_good=last_good), {})
    assert reason == ((GREW, {"found": str(found), "last": str(last_good)}) if is_held else None)


@pytest.mark.parametrize(
    ("expected", "found", "limits"),
    [
        ({"min": 5}, 5, None),
        ({"min": 5}, 4, ("5", "∞")),
        ({"max": 8}, 8, None),
        ({"max": 8}, 9, ("0", "8")),
        ({"min": 5, "max": 8}, 5, None),
        ({"min": 5, "max": 8}, 8, None),
        ({"min": 5, "max": 8}, 4, ("5", "8")),
        ({"min": 5, "max": 8}, 9, ("5", "8")),
        ({"min": 0, "max": 0}, 0, None),
        ({"min": 0, "max": 0}, 1, ("0", "0")),
        ({"min": None, "max": 8}, 9, ("0", "8")),
        ({"min": 5, "max": None}, 4, ("5", "∞")),
    ],
)
def test_what_the_recipe_expects(expected: dict[str, Any], found: int, limits: tuple[str, str] | None) -> None:
    reason = judge(CrawlSizes(found), expected)
    assert reason == (limits and (OUTSIDE, {"found": str(found), "low": limits[0], "high": limits[1]}))


FEWER = CrawlSizes(found=7, known=10, gone=3, last_good=10)
MORE = CrawlSizes(found=21, known=10, last_good=10)


def test_a_minimum_stands_for_what_may_vanish_and_a_maximum_for_what_may_be_added() -> None:
    assert judge(FEWER, {"min": 5}) is None
    assert judge(MORE, {"max": 50}) is None
    vanished, grew = judge(FEWER, {}), judge(MORE, {})
    assert vanished is not None and judge(FEWER, {"max": 50}) == vanished
    assert grew is not None and judge(MORE, {"min": 5}) == grew
    assert judge(FEWER, {"min": None, "max": None}) == judge(FEWER, {})
    assert judge(MORE, {"min": None, "max": None}) == judge(MORE, {})


def test_what_vanished_is_told_before_what_was_added() -> None:
    assert judge(CrawlSizes(found=30, known=10, gone=3, last_good=10), {}) == (VANISHED, {"gone": "3", "known": "10"})
    assert judge(CrawlSizes(found=30, known=10, gone=3, last_good=10), {"max": 20}) == (
        OUTSIDE,
        {"found": "30", "low": "0", "high": "20"},
    )


IDS = [f"r{number}" for number in range(10)]


def known_ids(session: Session, count: int = 10) -> None:
    for id in IDS[:count]:
        add_record(session, "p", id)


def test_what_is_known_is_what_the_platform_still_shows(session: Session) -> None:
    known_ids(session, 2)
    add_record(session, "p", "gone", state=RecordState.GONE)
    add_record(session, "p", "archived", state=RecordState.ARCHIVED)
    add_record(session, "other", "r1")
    add_record(session, "other", "elsewhere")
    assert seen_records(session, "p") == {"r0", "r1"}


@pytest.mark.parametrize(("remaining", "gone"), [(8, None), (7, "3")])
def test_a_complete_crawl_tells_what_vanished(session: Session, remaining: int, gone: str | None) -> None:
    known_ids(session)
    reason = hold_reason(session, add_crawl(session, staged=IDS[:remaining]))
    assert reason == (gone and (VANISHED, {"gone": gone, "known": "10"}))


def test_a_window_tells_nothing_of_what_vanished(session: Session) -> None:
    known_ids(session)
    assert hold_reason(session, add_crawl(session, staged=IDS[:1], is_complete=False)) is None


def test_only_what_this_crawl_staged_counts(session: Session) -> None:
    known_ids(session)
    add_crawl(session, staged=IDS)
    assert hold_reason(session, add_crawl(session, staged=IDS[:7])) == (VANISHED, {"gone": "3", "known": "10"})


def test_a_first_crawl_never_waits(session: Session) -> None:
    assert hold_reason(session, add_crawl(session, staged=[])) is None
    assert hold_reason(session, add_crawl(session, staged=IDS)) is None


@pytest.mark.parametrize(("found", "is_held"), [(10, False), (11, True)])
@pytest.mark.parametrize("is_complete", [True, False])
def test_growth_is_measured_by_the_last_good_count(session: Session, found: int, is_held: bool, is_complete: bool) -> None:
    add_platform(session, last_good_count=5)
    crawl = add_crawl(session, staged=[str(number) for number in range(found)], is_complete=is_complete)
    assert hold_reason(session, crawl) == ((GREW, {"found": str(found), "last": "5"}) if is_held else None)


@pytest.mark.parametrize(
    ("recipe", "is_held"),
    [({}, False), ({"expect": None}, False), ({"expect": {"min": 2}}, False), ({"expect": {"min": 3}}, True)],
)
def test_the_recipe_is_asked(session: Session, recipe: dict[str, Any], is_held: bool) -> None:
    add_platform(session, recipe=recipe)
    reason = hold_reason(session, add_crawl(session, staged=IDS[:2]))
    assert reason == ((OUTSIDE, {"found": "2", "low": "3", "high": "∞"}) if is_held else None)


def test_a_trial_always_waits_and_a_new_mapping_never(session: Session) -> None:
    known_ids(session)
    trial = add_crawl(session, staged=IDS, purpose=CrawlPurpose.TRIAL, recipe_version=7)
    assert hold_reason(session, trial) == (TRIED, {"version": "7"})
    assert hold_reason(session, add_crawl(session, staged=[], purpose=CrawlPurpose.MAPPING)) is None
    assert hold_reason(session, add_crawl(session, staged=[], purpose=CrawlPurpose.TURN)) is not None
