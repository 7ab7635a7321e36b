"""Holding: each limit at both of its sides."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy.orm import Session

from platforma.catalogue.ingest.batch import fingerprint
from platforma.catalogue.ingest.mass_changes import MassChanges, emptied_fields, is_retitled, mass_changes
from platforma.catalogue.ingest.plausibility import (
    EMPTIED,
    GREW,
    OUTSIDE,
    RETITLED,
    TRIED,
    VANISHED,
    CrawlSizes,
    hold_reason,
    judge,
    seen_records,
)
from platforma.catalogue.models import Crawl, CrawlPurpose, RecordState, StagedRecord
from tests.rules.rows import add_crawl, add_platform, add_record, payload


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


@pytest.mark.parametrize(
    ("found_again", "changed", "is_held"),
    [
        (2, 2, False),  # of few records two may change, even if they are all
        (3, 2, False),
        (3, 3, True),
        (5, 2, False),
        (5, 3, True),
        (6, 3, False),  # exactly half
        (6, 4, True),
        (100, 50, False),
        (100, 51, True),
        (101, 50, False),
        (101, 51, True),
    ],
)
def test_more_than_two_and_more_than_half_must_not_be_retitled_or_emptied(found_again: int, changed: int, is_held: bool) -> None:
    values = {"changed": str(changed), "known": str(found_again)}
    for name, reason in (("retitled", RETITLED), ("emptied", EMPTIED)):
        sizes = CrawlSizes(found_again, **{"found_again": found_again, name: changed})
        assert judge(sizes, {}) == ((reason, values) if is_held else None)


@pytest.mark.parametrize(
    ("percent", "changed", "is_held"),
    [
        (None, 6, True),
        (80, 8, False),
        (80, 9, True),
        (100, 10, False),
        (0, 3, True),
        (0, 2, False),
        (20, 2, False),
        (20, 3, True),
    ],
)
def test_a_recipe_tells_how_many_percent_may_change(percent: int | None, changed: int, is_held: bool) -> None:
    for name in ("retitled", "emptied"):
        sizes = CrawlSizes(10, **{"found_again": 10, name: changed})
        assert (judge(sizes, {"changes": percent}) is not None) is is_held


def test_titles_are_told_before_fields_and_what_vanished_before_both() -> None:
    changes = {"found_again": 9, "retitled": 9, "emptied": 9}
    told = [judge(CrawlSizes(9, known=9, gone=gone, **changes), {}) for gone in (0, 3)]
    assert [reason and reason[0] for reason in told] == [RETITLED, VANISHED]


@pytest.mark.parametrize(
    ("before", "after", "is_other"),
    [
        ({"lv": "Saules maize"}, {"lv": "Sākums"}, True),
        ({"lv": "Saules maize"}, {"lv": "SAULES  Maize"}, False),
        ({"lv": "Saules maize"}, {"und": "Saules maize"}, False),
        ({"lv": "Saules maize"}, {"und": "Sākums"}, True),
        ({"lv": "Saules maize"}, {"lv": "Saules maize", "en": "Bread"}, False),
        ({"lv": "Saules maize", "en": "Bread"}, {"lv": "Saules maize"}, False),
        ({"lv": "Saules maize", "en": "Bread"}, {"lv": "Sākums", "en": "Bread"}, True),
        ({"lv": "Saules maize"}, {"lv": "Saules maize | Vietne"}, True),
    ],
)
def test_what_another_title_is(before: dict[str, str], after: dict[str, str], is_other: bool) -> None:
    assert is_retitled(before, after) is is_other


def test_a_field_is_emptied_where_people_see_that_it_is() -> None:
    before = payload(place="Ogre", tags=("a",), website="https://a.example", raw={"x": 1}, description={"lv": "a", "en": "b"})
    after = payload(tags=(), website="https://b.example", raw={}, description={"lv": "a"}, phone="+371 6")
    assert set(emptied_fields(before, after)) == {"place", "tags", "description/en"}


@pytest.mark.parametrize(
    ("before", "after", "emptied"),
    [
        ({"lv": "Saules maize", "en": "Bread"}, {"lv": "Saules maize"}, {"title/en"}),
        ({"lv": "Saules maize", "en": "Bread", "et": "Leib"}, {"et": "Leib"}, {"title/lv", "title/en"}),
        ({"und": "Saules maize"}, {"lv": "Saules maize"}, set()),
        ({"und": "Saules maize", "en": "Bread"}, {"lv": "Saules maize", "en": "Bread"}, set()),
        ({"lv": "Saules maize"}, {"lv": "Saules maize", "en": "Bread"}, set()),
    ],
)
def test_a_text_is_emptied_in_the_languages_that_went_unless_others_came(
    before: dict[str, str], after: dict[str, str], emptied: set[str]
) -> None:
    assert set(emptied_fields(payload(title=before), payload(title=after))) == emptied


def staged(session: Session, crawl: Crawl, id: str, **fields: Any) -> None:
    """What a crawl read of a record, in place of that it did not change."""
    row = session.get_one(StagedRecord, (crawl.id, id))
    row.payload, row.hash = payload(**fields), f"new {id}"


def test_mass_changes_are_counted_over_the_known_records_that_were_found_again(session: Session) -> None:
    for id in ("a", "b", "c", "lost"):
        add_record(session, "p", id, payload=payload(place="Ogre", website="https://a.example"))
    add_record(session, "p", "gone", state=RecordState.GONE, payload=payload(place="Ogre"))
    add_record(session, "q", "a", payload=payload(place="Ogre"))
    crawl = add_crawl(session, staged=["a", "b", "c", "gone", "new"])
    staged(session, crawl, "a", title={"lv": "Sākums"}, website="https://a.example")
    staged(session, crawl, "b")
    for id in ("gone", "new"):
        staged(session, crawl, id, title={"lv": "Sākums"})
    assert mass_changes(session, crawl) == MassChanges(found_again=3, retitled=1, emptied=Counter(place=2, website=1))


def test_a_record_whose_content_is_the_same_is_not_read(session: Session) -> None:
    record = add_record(session, "p", "a", payload=payload(place="Ogre"))
    crawl = add_crawl(session, staged=["a"])
    staged(session, crawl, "a")
    record.fingerprint = fingerprint("new a", crawl.recipe_version)
    assert mass_changes(session, crawl) == MassChanges(found_again=1)
    record.fingerprint = fingerprint("new a", crawl.recipe_version + 1)
    assert mass_changes(session, crawl).emptied == {"place": 1}, "another recipe may read it otherwise"


@pytest.mark.parametrize(("purpose", "is_held"), [(CrawlPurpose.TURN, True), (CrawlPurpose.MAPPING, False)])
def test_what_a_curator_mapped_anew_is_not_held(session: Session, purpose: CrawlPurpose, is_held: bool) -> None:
    known_ids(session, 4)
    crawl = add_crawl(session, staged=IDS[:4], purpose=purpose)
    for id in IDS[:4]:
        staged(session, crawl, id, title={"lv": "Sākums"})
    assert hold_reason(session, crawl) == ((RETITLED, {"changed": "4", "known": "4"}) if is_held else None)


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
