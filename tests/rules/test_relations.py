"""Relations: what is judged a part of what, in both directions, over joined, parted, hidden and mere names of listings."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from platforma.catalogue.listings import compose, judgements
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.listings.relations import relations_of
from platforma.catalogue.models import Initiative, InitiativeState, JudgementVerdict
from tests.rules.rows import START, add_listing

CURATOR = Word("c@sic.example", START)
PART_OF, SAME, DIFFERENT = JudgementVerdict.PART_OF, JudgementVerdict.SAME, JudgementVerdict.DIFFERENT
Pair = tuple[list[str], list[str]]


@pytest.fixture
def three(session: Session) -> list[Initiative]:
    """Listings of a platform each, all of them public."""
    rows = [add_listing(session, letter, title={"lv": letter}) for letter in "abd"]
    compose.recompose(session, [row.id for row in rows], START)
    return rows


def judge(session: Session, left: Initiative, right: Initiative, verdict: JudgementVerdict = PART_OF) -> None:
    judgements.judge(session, left.public_id, right.public_id, verdict, CURATOR)


def related(session: Session, row: Initiative) -> Pair:
    """The titles of what a listing is a part of, and of its parts."""
    found = relations_of(session, row.public_id)
    part_of, parts = ([one.title("lv").text for one in side] for side in (found.part_of, found.parts))
    return part_of, parts


def test_a_part_and_its_whole_know_each_other_and_nobody_else_does(session: Session, three: list[Initiative]) -> None:
    part, whole, other = three
    judge(session, part, whole)
    assert [related(session, row) for row in (part, whole, other)] == [(["b"], []), ([], ["a"]), ([], [])]


@pytest.mark.parametrize("verdict", [SAME, DIFFERENT, JudgementVerdict.UNSURE, JudgementVerdict.TRANSLATION])
def test_other_judgements_relate_nothing(session: Session, three: list[Initiative], verdict: JudgementVerdict) -> None:
    judge(session, three[0], three[1], verdict)
    assert related(session, three[0]) == ([], [])


def test_what_was_judged_otherwise_later_is_no_relation(session: Session, three: list[Initiative]) -> None:
    judge(session, three[0], three[1])
    judge(session, three[0], three[1], DIFFERENT)
    assert [related(session, row) for row in three[:2]] == [([], [])] * 2


def test_several_parts_are_in_a_fixed_order(session: Session, three: list[Initiative]) -> None:
    judge(session, three[2], three[0])
    judge(session, three[1], three[0])
    assert related(session, three[0]) == ([], ["b", "d"])


@pytest.mark.parametrize("joined", [0, 1])
def test_a_relation_is_that_of_the_listing_that_stands_and_returns_when_they_are_parted(
    session: Session, three: list[Initiative], joined: int
) -> None:
    part, whole, other = three
    judge(session, part, whole)
    judge(session, three[joined], other, SAME)
    head, gone = (other, three[joined]) if three[joined].merged_into_id else (three[joined], other)
    assert [related(session, part if joined else head), related(session, head if joined else whole)] == [
        ([head.composed["texts"]["title"]["lv"] if joined else "b"], []),
        ([], ["a"]),
    ]
    assert gone.merged_into_id == head.id
    judgements.part_listings(session, three[joined].public_id, other.public_id, CURATOR)
    assert [related(session, row) for row in (part, whole, other)] == [(["b"], []), ([], ["a"]), ([], [])]


def test_a_relation_of_the_listing_that_was_joined_is_that_of_its_head(session: Session, three: list[Initiative]) -> None:
    head, joined, whole = three
    judge(session, joined, whole)
    judge(session, head, joined, SAME)
    assert [related(session, row) for row in (head, whole)] == [(["d"], []), ([], ["a"])]


def test_a_part_that_is_joined_with_its_whole_is_no_part_of_itself(session: Session, three: list[Initiative]) -> None:
    one, two, third = three
    judge(session, one, two)
    judge(session, one, third, SAME)
    judge(session, third, two, SAME)
    assert related(session, one) == ([], [])


@pytest.mark.parametrize("state", [InitiativeState.NEW, InitiativeState.REFUSED, InitiativeState.ARCHIVED])
def test_who_is_not_public_is_not_told(session: Session, three: list[Initiative], state: InitiativeState) -> None:
    part, whole, _ = three
    judge(session, part, whole)
    whole.state = state
    session.flush()
    assert related(session, part) == ([], [])


def test_the_mere_name_of_a_platform_is_not_told(session: Session, three: list[Initiative]) -> None:
    part, whole, _ = three
    judge(session, part, whole)
    whole.is_only_name = True
    session.flush()
    assert related(session, part) == ([], [])
