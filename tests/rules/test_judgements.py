"""Judgements: what joining, parting and telling apart do to listings, and what is as it was afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.errors import BadState, BadValue, NotFound
from platforma.catalogue.listings import compose, edits, groups, judgements, visibility
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.models import (
    Event,
    Initiative,
    InitiativeState,
    Judgement,
    JudgementVerdict,
    Outbox,
    PlatformState,
    RecordState,
    Value,
)
from tests.rules.rows import START, add_listing, add_platform

CURATOR = Word("c@sic.example", START)
NEW, PUBLISHED, REFUSED, ARCHIVED, MERGED = (
    InitiativeState.NEW,
    InitiativeState.PUBLISHED,
    InitiativeState.REFUSED,
    InitiativeState.ARCHIVED,
    InitiativeState.MERGED,
)
SAME, DIFFERENT = JudgementVerdict.SAME, JudgementVerdict.DIFFERENT


def judge(session: Session, left: Initiative, right: Initiative, verdict: JudgementVerdict = SAME) -> None:
    judgements.judge(session, left.public_id, right.public_id, verdict, CURATOR)


def part(session: Session, left: Initiative, right: Initiative) -> None:
    judgements.part_listings(session, left.public_id, right.public_id, CURATOR)


def leads(*listings: Initiative) -> list[int | None]:
    return [listing.merged_into_id for listing in listings]


def picture(*listings: Initiative) -> list[tuple[Any, ...]]:
    """What parting must give back."""
    return [
        (
            row.state,
            row.state_apart,
            row.merged_into_id,
            row.composed,
            row.reason,
            row.published_at,
            [v.value for v in row.values],
        )
        for row in listings
    ]


@pytest.mark.parametrize(
    ("first", "second", "standing", "state"),
    [
        (PUBLISHED, PUBLISHED, 0, PUBLISHED), (NEW, NEW, 0, NEW), (NEW, PUBLISHED, 1, PUBLISHED), (PUBLISHED, NEW, 0, PUBLISHED),
        (REFUSED, NEW, 0, REFUSED), (NEW, REFUSED, 1, REFUSED), (REFUSED, PUBLISHED, 1, PUBLISHED), (REFUSED, REFUSED, 0, REFUSED),
        (ARCHIVED, NEW, 0, PUBLISHED), (ARCHIVED, PUBLISHED, 1, PUBLISHED), (REFUSED, ARCHIVED, 1, PUBLISHED),
    ],
)  # fmt: skip
def test_what_is_public_stands_and_of_those_the_oldest(
    session: Session, first: InitiativeState, second: InitiativeState, standing: int, state: InitiativeState
) -> None:
    """An archived listing returns, because a source lists one of the two."""
    both = add_listing(session, "a", state=first), add_listing(session, "b", state=second)
    judge(session, *both)
    stands, leads_on = both[standing], both[1 - standing]
    assert (stands.state, stands.merged_into_id) == (state, None)
    assert (leads_on.state, leads_on.state_apart, leads_on.merged_into_id) == (MERGED, (first, second)[1 - standing], stands.id)
    assert leads_on.composed == {}


def test_parting_gives_back_states_texts_and_words(session: Session) -> None:
    both = add_listing(session, "a", place="Cēsis"), add_listing(session, "b", state=NEW, place="Ogre", title={"lv": "Cits"})
    both[1].values.append(Value(field="phone", lang="", value="1", layer="curator", by="c"))
    session.flush()
    compose.recompose(session, [row.id for row in both], START)
    before = picture(*both)
    judge(session, *both)
    assert picture(*both) != before
    assert both[0].composed["fields"]["phone"] == "1", "what people said of either is said of the group"
    part(session, *both)
    assert picture(*both) == before


def test_parting_two_groups_leaves_each_as_it_was(session: Session) -> None:
    one, two, three, four = (add_listing(session, letter) for letter in "abcd")
    judge(session, one, two)
    judge(session, three, four)
    judge(session, two, four)
    assert leads(one, two, three, four) == [None, one.id, one.id, one.id]
    part(session, one, three)
    assert leads(one, two, three, four) == [None, one.id, None, three.id], "the youngest judgement connected them"


def test_parting_two_that_were_joined_takes_back_that_judgement(session: Session) -> None:
    one, two, three = (add_listing(session, letter) for letter in "abc")
    judge(session, one, two)
    judge(session, two, three)
    part(session, two, one)
    assert leads(one, two, three) == [None, None, two.id]
    undone = session.scalars(select(Judgement).where(Judgement.undone_at.is_not(None))).all()
    assert [(row.left_id, row.right_id, row.undone_by) for row in undone] == [(one.id, two.id, CURATOR.by)]


def test_parted_listings_are_told_apart_and_may_be_joined_again(session: Session) -> None:
    one, two = add_listing(session, "a"), add_listing(session, "b")
    judge(session, one, two)
    part(session, one, two)
    (standing,) = judgements.standing_between(session, [one.id], [two.id])
    assert standing.verdict == DIFFERENT
    judge(session, two, one)
    (standing,) = judgements.standing_between(session, [two.id], [one.id])
    assert (standing.verdict, leads(one, two)) == (SAME, [None, one.id])


def test_what_happened_while_joined_has_its_effect_when_parted(session: Session) -> None:
    one, two = add_listing(session, "a"), add_listing(session, "b")
    three = add_listing(session, "d")
    judge(session, one, two)
    judge(session, one, three)
    two.records[0].platform.state = PlatformState.REFUSED
    three.records[0].state = RecordState.ARCHIVED
    part(session, one, two)
    part(session, one, three)
    assert [row.state for row in (one, two, three)] == [PUBLISHED, NEW, ARCHIVED]


def test_a_platforms_own_listing_is_not_public_when_parted_after_its_platform_left(session: Session) -> None:
    one, own = add_listing(session, "a"), add_listing(session)
    platform = add_platform(session, "b", initiative_id=own.id)
    judge(session, one, own)
    platform.state = PlatformState.LEFT
    part(session, one, own)
    assert (one.state, own.state) == (PUBLISHED, NEW)


def test_who_is_left_behind_by_the_only_public_platform_is_hidden(session: Session) -> None:
    stays, leaves = add_listing(session, "a"), add_listing(session, "b")
    judge(session, stays, leaves)
    stays.records[0].platform.state = PlatformState.LEFT
    judgements.leave(session, leaves, Word("rule:x", START))
    assert (stays.state, leaves.state) == (NEW, PUBLISHED)


def test_the_joined_listings_of_two_platforms_are_hidden_when_both_have_left(session: Session) -> None:
    listings = add_listing(session), add_listing(session)
    platforms = [add_platform(session, id, initiative_id=own.id) for id, own in zip("ab", listings, strict=True)]
    judge(session, *listings)
    for platform, state in zip(platforms, (PUBLISHED, NEW), strict=True):
        platform.state = PlatformState.LEFT
        visibility.withdraw(session, platform)
        assert listings[0].state == state


def test_a_listing_that_no_source_has_is_not_archived_with_the_sources_of_another(session: Session) -> None:
    own, gone = add_listing(session), add_listing(session, "a", state=ARCHIVED)
    gone.records[0].state = RecordState.ARCHIVED
    judge(session, own, gone)
    assert own.state == PUBLISHED
    part(session, own, gone)
    assert (own.state, gone.state) == (PUBLISHED, ARCHIVED)


def test_what_was_public_is_so_again_with_its_platform_behind_whichever_listing_it_stands(session: Session) -> None:
    older, public = add_listing(session, "a", state=NEW), add_listing(session, "b", state=NEW)
    public.published_at = START
    platform = public.records[0].platform
    judge(session, older, public)
    visibility.admit(session, platform, with_new=False)
    assert (older.state, older.published_at, public.merged_into_id) == (PUBLISHED, START, older.id)


@pytest.mark.parametrize(("before", "action"), [(PUBLISHED, edits.refuse), (REFUSED, edits.publish)])
def test_what_a_curator_decides_of_joined_listings_outlives_joining_and_parting(
    session: Session, before: InitiativeState, action: Callable[..., None]
) -> None:
    one, two, three = (add_listing(session, letter, state=before) for letter in "abc")
    judge(session, one, two)
    action(session, public_id=one.public_id, actor="c", **({"reason": "tests"} if action is edits.refuse else {}))
    decided = one.state
    judge(session, one, three)
    part(session, one, three)
    assert leads(one, two) == [None, one.id], "the one that stood goes on standing"
    part(session, one, two)
    assert (one.state, two.state) == (decided, decided)


def test_translations_are_joined_and_parts_are_not(session: Session) -> None:
    latvian, english = add_listing(session, "a"), add_listing(session, "b", title={"en": "Sun Bread"})
    branch = add_listing(session, "d")
    judge(session, latvian, english, JudgementVerdict.TRANSLATION)
    judge(session, branch, latvian, JudgementVerdict.PART_OF)
    assert leads(latvian, english, branch) == [None, latvian.id, None]
    assert latvian.composed["texts"]["title"] == {"lv": "Saules maize", "en": "Sun Bread"}
    judge(session, latvian, english, JudgementVerdict.PART_OF)
    assert leads(latvian, english) == [None, None], "what is part of the other is another listing"


def test_both_histories_tell_who_judged_what_and_the_index_hears_of_all(session: Session) -> None:
    one, two = add_listing(session, "a"), add_listing(session, "b")
    judge(session, one, two)
    events = session.scalars(select(Event).where(Event.action == "judge_same").order_by(Event.id)).all()
    assert [(e.actor, e.object_id, (e.after or {})["listing"]) for e in events] == [
        (CURATOR.by, one.public_id, two.public_id),
        (CURATOR.by, two.public_id, one.public_id),
    ]
    assert set(session.scalars(select(Outbox.initiative_id))) == {one.id, two.id}


def test_who_leaves_a_group_takes_none_with_it(session: Session) -> None:
    one, two, three = (add_listing(session, letter) for letter in "abc")
    judge(session, one, two)
    judge(session, one, three)
    taken_back = judgements.leave(session, one, Word("rule:x", START))
    assert leads(one, two, three) == [None, None, None]
    assert len(taken_back) == 2
    assert judgements.leave(session, one, Word("rule:x", START)) == []


def test_a_judgement_needs_two_listings_that_are_there(session: Session) -> None:
    one, gone = add_listing(session, "a"), add_listing(session, "b", state=InitiativeState.SUPPRESSED)
    with pytest.raises(BadValue):
        judge(session, one, one)
    with pytest.raises(NotFound):
        judgements.judge(session, one.public_id, "nosuch", SAME, CURATOR)
    with pytest.raises(BadState):
        judge(session, one, gone)
    with pytest.raises(BadState):
        part(session, one, add_listing(session, "d"))
    assert not list(session.scalars(select(Judgement)))


def test_the_words_of_the_one_that_stands_go_before_those_of_the_joined(session: Session) -> None:
    one, two = add_listing(session, "a"), add_listing(session, "b")
    for row, field, content in (
        (one, "place", "Cēsis"),
        (two, "place", "Ogre"),
        (one, "countries", ["LV"]),
        (two, "country", "EE"),
    ):
        row.values.append(Value(field=field, lang="", value=content, layer="curator", by="c"))
    judge(session, one, two)
    values = groups.standing_values(one.id, groups.values_behind(session, [one.id])[one.id])
    assert {value.field: value.value for value in values} == {"place": "Cēsis", "countries": ["LV"]}
