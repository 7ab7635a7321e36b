"""Decisions on pairs taken back: what was, is again; and two curators at once do not undo each other's work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.errors import BadState, BadValue, NotFound
from platforma.catalogue.listings import compose, duplicate_queue, duplicates, judged, judgements
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.models import DuplicateCandidate, Event, Initiative, InitiativeState, Judgement, JudgementVerdict
from tests.rules.rows import START, add_listing

BY, OTHER = "c@sic.example", "d@sic.example"
SAME, DIFFERENT, PART_OF, TRANSLATION, UNSURE = (
    JudgementVerdict.SAME,
    JudgementVerdict.DIFFERENT,
    JudgementVerdict.PART_OF,
    JudgementVerdict.TRANSLATION,
    JudgementVerdict.UNSURE,
)
NEW, PUBLISHED, REFUSED = InitiativeState.NEW, InitiativeState.PUBLISHED, InitiativeState.REFUSED


def word(minute: int, by: str = BY) -> Word:
    return Word(by, START + timedelta(minutes=minute))


def pair(session: Session) -> tuple[Initiative, Initiative]:
    """Two listings of one name on two platforms, about which people are asked."""
    both = add_listing(session, "a"), add_listing(session, "b")
    duplicates.match_records(session, [row.records[0].id for row in both], now=START)
    compose.recompose(session, [row.id for row in both], START)
    session.flush()
    return both


def decide(session: Session, left: Initiative, right: Initiative, verdict: JudgementVerdict, minute: int = 1) -> Judgement:
    return duplicate_queue.decide(session, left.public_id, right.public_id, verdict, word(minute))


def waits(session: Session) -> list[tuple[set[str], float, list[str], bool]]:
    pairs = duplicate_queue.waiting_pairs(session)
    return [({one.left, one.right}, one.score, [text for text, _ in one.reasons], one.is_put_off) for one in pairs]


def picture(*listings: Initiative) -> list[tuple[Any, ...]]:
    return [(row.state, row.state_apart, row.merged_into_id, row.composed) for row in listings]


@pytest.mark.parametrize("verdict", [SAME, TRANSLATION, DIFFERENT, PART_OF])
def test_each_decision_taken_back_leaves_all_as_it_was_and_the_pair_waits_again(
    session: Session, verdict: JudgementVerdict
) -> None:
    both = pair(session)
    before, asked = picture(*both), waits(session)
    assert len(asked) == 1
    judgement = decide(session, *both, verdict)
    assert waits(session) == [] and (picture(*both) != before) == (verdict in (SAME, TRANSLATION))
    judgements.take_back(session, judgement.id, word(2))
    assert (picture(*both), waits(session)) == (before, asked)
    assert (judgement.undone_by, judgement.undone_at) == (BY, START + timedelta(minutes=2))


@pytest.mark.parametrize("verdict", [SAME, TRANSLATION, DIFFERENT, PART_OF])
def test_a_pair_that_waits_again_is_as_old_as_its_first_question(session: Session, verdict: JudgementVerdict) -> None:
    both = pair(session)
    for minute in (10, 20):
        judgement = decide(session, *both, verdict, minute)
        judgements.take_back(session, judgement.id, word(minute + 1))
        (waiting,) = duplicate_queue.waiting_pairs(session)
        assert waiting.found_at == START


def test_a_decision_of_an_older_version_does_not_tell_since_when_the_pair_had_waited(session: Session) -> None:
    judgement = decide(session, *pair(session), DIFFERENT, 10)
    judgement.asked_since = None
    judgements.take_back(session, judgement.id, word(11))
    (waiting,) = duplicate_queue.waiting_pairs(session)
    assert waiting.found_at == START + timedelta(minutes=10)


def test_a_pair_put_off_waits_on_and_is_first_again_when_that_is_taken_back(session: Session) -> None:
    both = pair(session)
    judgement = decide(session, *both, UNSURE)
    assert [put_off for *_, put_off in waits(session)] == [True]
    judgements.take_back(session, judgement.id, word(2))
    assert [put_off for *_, put_off in waits(session)] == [False]


def test_what_a_decision_replaced_stands_again(session: Session) -> None:
    both = pair(session)
    put_off = decide(session, *both, UNSURE)
    joined = decide(session, *both, SAME, 2)
    assert put_off.undone_at is not None
    judgements.take_back(session, joined.id, word(3))
    assert put_off.undone_at is None and [put_off for *_, put_off in waits(session)] == [True]


def test_parting_taken_back_joins_as_before(session: Session) -> None:
    one, two, three = (add_listing(session, letter) for letter in "abd")
    for minute, (left, right) in enumerate([(one, two), (two, three)]):
        judgements.judge(session, left.public_id, right.public_id, SAME, word(minute))
    before = picture(one, two, three)
    judgements.part_listings(session, one.public_id, three.public_id, word(5))
    assert three.merged_into_id is None
    (parted,) = judgements.standing_between(session, [one.id], [three.id])
    judgements.take_back(session, parted.id, word(6))
    assert picture(one, two, three) == before


def test_what_was_said_anew_since_is_not_said_twice(session: Session) -> None:
    one, two, three = (add_listing(session, letter) for letter in "abd")
    for minute, (left, right) in enumerate([(one, two), (two, three)]):
        judgements.judge(session, left.public_id, right.public_id, SAME, word(minute))
    judgements.part_listings(session, one.public_id, three.public_id, word(5))
    (parted,) = judgements.standing_between(session, [one.id], [three.id])
    judgements.judge(session, two.public_id, three.public_id, DIFFERENT, word(6))
    judgements.take_back(session, parted.id, word(7))
    (standing,) = judgements.standing_between(session, [two.id], [three.id])
    assert standing.verdict == DIFFERENT and three.merged_into_id is None


def test_only_what_stands_is_taken_back(session: Session) -> None:
    both = pair(session)
    judgement = decide(session, *both, SAME)
    judgements.take_back(session, judgement.id, word(2))
    with pytest.raises(BadState):
        judgements.take_back(session, judgement.id, word(3))
    with pytest.raises(NotFound):
        judgements.take_back(session, judgement.id + 1, word(3))


def test_both_histories_tell_that_it_was_taken_back(session: Session) -> None:
    both = pair(session)
    judgements.take_back(session, decide(session, *both, DIFFERENT).id, word(2, OTHER))
    events = session.scalars(select(Event).where(Event.action == "take_back").order_by(Event.id)).all()
    assert [(event.actor, event.object_id, (event.before or {})["listing"]) for event in events] == [
        (OTHER, both[0].public_id, both[1].public_id),
        (OTHER, both[1].public_id, both[0].public_id),
    ]


def test_the_second_of_two_curators_changes_nothing(session: Session) -> None:
    both = pair(session)
    decide(session, *both, SAME)
    joined = picture(*both)
    for verdict in JudgementVerdict:
        with pytest.raises(BadState):
            decide(session, *both, verdict, 2)
    assert picture(*both) == joined
    last = judged.last_of_pair(session, both[1].public_id, both[0].public_id)
    assert last and (last.verdict, last.by) == (SAME, BY)


def test_a_listing_is_no_pair_with_itself_and_none_with_one_that_is_not_there(session: Session) -> None:
    one, _ = pair(session)
    with pytest.raises(BadValue):
        duplicate_queue.decide(session, one.public_id, one.public_id, SAME, word(1))
    with pytest.raises(NotFound):
        duplicate_queue.decide(session, one.public_id, "nosuch", SAME, word(1))


def test_who_would_stand_is_who_stands(session: Session) -> None:
    for first in (NEW, PUBLISHED, REFUSED):
        both = add_listing(session, "a", state=first), add_listing(session, "b")
        expected = judgements.would_stand(session, both[1].public_id, both[0].public_id)
        judgements.judge(session, both[0].public_id, both[1].public_id, SAME, word(1))
        assert [row.public_id for row in both if row.merged_into_id is None] == [expected]


def test_what_a_rule_will_join_is_said_of_a_new_listing_and_not_asked(session: Session) -> None:
    new = add_listing(session, "a", state=NEW, website="https://saule.example")
    public = add_listing(session, "b", website="https://saule.example")
    duplicates.match_records(session, [row.records[0].id for row in (new, public)], now=START)
    assert duplicate_queue.waiting_pairs(session) == []
    (likely,) = duplicate_queue.pairs_of(session, [new.public_id])[new.public_id]
    assert likely.is_certain and likely.other(new.public_id) == public.public_id
    decide(session, new, public, DIFFERENT)
    assert duplicate_queue.pairs_of(session, [new.public_id]) == {}


def test_pairs_are_found_by_any_member_of_a_group(session: Session) -> None:
    one, two = pair(session)
    three = add_listing(session, "d", title={"lv": "Cits"})
    judgements.judge(session, three.public_id, two.public_id, SAME, word(1))
    head = three if two.merged_into_id == three.id else two
    assert duplicate_queue.asked_pair(session, one.public_id, head.public_id) is not None
    decide(session, one, head, DIFFERENT)
    assert list(session.scalars(select(DuplicateCandidate))) == []


def test_what_was_judged_is_read_with_names_also_of_what_is_joined(session: Session) -> None:
    one, two = pair(session)
    decide(session, one, two, SAME)
    (joined,) = judged.joined_with(session, one.public_id)
    assert (joined.name.public_id, joined.name.title("lv").text, joined.name.platforms) == (two.public_id, "Saules maize", ["b"])
    assert joined.judged is not None and joined.judged.by == BY
    assert judged.judged_of(session, one.public_id) == [], "that is told by the join"
    judgements.part_listings(session, one.public_id, two.public_id, word(2))
    lines = [(line.verdict, line.stands, line.right.title("lv").text) for line in judged.judged_of(session, two.public_id)]
    assert lines == [(DIFFERENT, True, "Saules maize"), (SAME, False, "Saules maize")]
    assert [line.verdict for line in judged.latest(session, 1)] == [DIFFERENT]


def test_what_rules_judged_and_what_was_put_off_is_not_among_what_was_decided_lately(session: Session) -> None:
    one, two = pair(session)
    decide(session, one, two, UNSURE)
    judgements.judge(session, one.public_id, two.public_id, SAME, word(2, duplicates.RULE))
    assert judged.latest(session, 9) == []
