"""The queue of pairs that may be duplicates: what people are asked, the likeliest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from platforma.catalogue.errors import BadState
from platforma.catalogue.listings import forming, groups, judgements
from platforma.catalogue.matching.scoring import turned_reason
from platforma.catalogue.models import DuplicateCandidate, Initiative, InitiativeState, Judgement, JudgementVerdict
from platforma.catalogue.shapes import StoredReason
from platforma.catalogue.states import DECIDED

NOT_ASKED = (InitiativeState.SUPPRESSED, InitiativeState.MERGED)
HeadPair = tuple[int, int]
Columns = TypeVarTuple("Columns")
Id = ColumnElement[int] | InstrumentedAttribute[int]


@dataclass(frozen=True, slots=True)
class WaitingPair:
    """Two listings that may be the same, by the public ids of those that stand, the older left.

    `score` is from 0 to 1; a person put the pair off where `is_put_off`. `found_at` is when it was first met, in UTC. Where
    `is_certain` a rule joins the two as soon as both are published, or both wait, so that nobody need be asked.
    """

    left: str
    right: str
    score: float
    reasons: Sequence[StoredReason]
    found_at: datetime
    is_put_off: bool = False
    is_certain: bool = False

    def other(self, public_id: str) -> str:
        """The listing of the two that is not this one."""
        return self.right if public_id == self.left else self.left


def waiting_pairs(session: Session) -> list[WaitingPair]:
    """The pairs that wait for a person: those put off last, else by score, then by age.

    Pairs that a rule joins as soon as both are published, or both wait, are not among them; nor are those of which somebody
    said what they are, be it of other members of their groups.
    """
    waiting = (pair for pair in _pairs(session) if not pair.is_certain)
    return sorted(waiting, key=lambda pair: (pair.is_put_off, -pair.score, pair.found_at, pair.left, pair.right))


def count_and_oldest() -> Select[int, Any]:
    """A statement: how many pairs wait of which nobody said what the two are not, and when the oldest was met.

    What `asked_again` finds waits as well; together these are the pairs of `waiting_pairs`.
    """
    waiting, said = _waiting().subquery(), _parted().subquery()
    is_of_pair = (said.c.low == waiting.c.low) & (said.c.high == waiting.c.high)
    query = select(func.count(waiting.c.low), func.min(waiting.c.found_at)).select_from(waiting)
    return query.outerjoin(said, is_of_pair).where(said.c.low.is_(None))


def asked_again(session: Session) -> list[datetime]:
    """When those waiting pairs were met of which somebody once said what the two are not, before one of them changed."""
    waiting, said = _waiting().subquery(), _parted().subquery()
    is_of_pair = (said.c.low == waiting.c.low) & (said.c.high == waiting.c.high)
    rows = session.execute(select(waiting.c.low, waiting.c.high, waiting.c.found_at).join(said, is_of_pair)).all()
    judged = _said(session, {id for row in rows for id in (row.low, row.high)})
    return [
        row.found_at
        for row in rows
        if not any(judgements.is_settled(session, judgement) for judgement in judged[row.low, row.high])
    ]


def pairs_of(session: Session, public_ids: Collection[str]) -> dict[str, list[WaitingPair]]:
    """For each of these listings the pairs of which nobody said what they are, the likeliest first; also what is certain."""
    heads = [aliased(Initiative) for _ in range(2)]
    is_of_one = or_(*(head.public_id.in_(public_ids) for head in heads))
    found: defaultdict[str, list[WaitingPair]] = defaultdict(list)
    for pair in _pairs(session, heads, is_of_one):
        for id in {pair.left, pair.right} & set(public_ids):
            found[id].append(pair)
    return found


def asked_pair(session: Session, one_id: str, other_id: str) -> WaitingPair | None:
    """The pair of two listings, by public ids in any order; None where nobody is asked, or somebody said what they are."""
    pairs = pairs_of(session, [one_id]).get(one_id, [])
    return next((pair for pair in pairs if other_id in (pair.left, pair.right) and one_id != other_id), None)


def decide(session: Session, left_id: str, right_id: str, verdict: JudgementVerdict, word: judgements.Word) -> Judgement:
    """Judge a pair of which nobody said yet what it is; with PART_OF the left one is part of the right one.

    Raises NotFound, BadValue where both are one, and BadState where somebody else decided meanwhile.
    """
    groups.lock_groups(session)
    query = select(Initiative.public_id, Initiative.id).where(Initiative.public_id.in_([left_id, right_id]))
    ids = {row.public_id: row.id for row in session.execute(query)}
    if len(ids) == 2 and asked_pair(session, left_id, right_id) is None:
        raise BadState(DECIDED)
    judgements.judge(session, left_id, right_id, verdict, word)
    (judgement,) = judgements.standing_between(session, [ids[left_id]], [ids[right_id]])
    return judgement


def _pairs(
    session: Session, heads: Sequence[type[Initiative]] | None = None, *conditions: ColumnElement[bool]
) -> Iterable[WaitingPair]:
    """The pairs that meet conditions on the listings that stand for them, and of which nobody said what they are."""
    heads = heads or [aliased(Initiative) for _ in range(2)]
    candidates = list(_candidates(session, heads, *conditions))
    said = _said(session, {id for pair, _ in candidates for id in pair})
    seen: set[HeadPair] = set()
    for pair, row in candidates:
        judged = said.get(pair, ())
        if pair in seen or any(judgements.is_settled(session, judgement) for judgement in judged):
            continue
        seen.add(pair)
        is_put_off = any(judgement.verdict == JudgementVerdict.UNSURE for judgement in judged)
        is_certain = row.verdict == "same" and InitiativeState.NEW in {row.left_state, row.right_state}
        is_turned = row.left_head > row.right_head
        left, right = (row.right_id, row.left_id) if is_turned else (row.left_id, row.right_id)
        reasons = [turned_reason(*reason) for reason in row.reasons] if is_turned else row.reasons
        yield WaitingPair(left, right, row.score, reasons, row.found_at, is_put_off, is_certain)


def _candidates(
    session: Session, heads: Sequence[type[Initiative]], *conditions: ColumnElement[bool]
) -> Iterable[tuple[HeadPair, Any]]:
    """The stored pairs by the listings that stand for them, those that a person is asked about and the best score first."""
    query = (
        select(
            heads[0].id.label("left_head"), heads[0].public_id.label("left_id"), heads[0].state.label("left_state"),
            heads[1].id.label("right_head"), heads[1].public_id.label("right_id"), heads[1].state.label("right_state"),
            DuplicateCandidate.verdict, DuplicateCandidate.score, DuplicateCandidate.reasons, DuplicateCandidate.found_at,
        )
        .order_by(DuplicateCandidate.verdict == "same", DuplicateCandidate.score.desc(), DuplicateCandidate.id)
    )  # fmt: skip
    for row in session.execute(_joined(query, heads).where(*conditions)):
        yield _pair_of(row.left_head, row.right_head), row


def _joined(query: Select[*Columns], heads: Sequence[type[Initiative]]) -> Select[*Columns]:
    """A query of stored pairs, with the listings that stand for the two; pairs of which nobody can be asked are left out."""
    sides = [aliased(Initiative) for _ in range(2)]
    query = query.select_from(DuplicateCandidate)
    query = query.join(sides[0], sides[0].id == DuplicateCandidate.left_id)
    query = query.join(sides[1], sides[1].id == DuplicateCandidate.right_id)
    query = query.join(heads[0], heads[0].id == groups.head_id(sides[0]))
    query = query.join(heads[1], heads[1].id == groups.head_id(sides[1]))
    return query.where(heads[0].id != heads[1].id, *(head.state.not_in(NOT_ASKED) for head in heads))


def _waiting() -> Select[int, int, datetime]:
    """The pairs that a rule will not join, by the listings that stand for the two, and when they were met first."""
    heads = [aliased(Initiative) for _ in range(2)]
    is_new = or_(*(head.state == InitiativeState.NEW for head in heads))
    low, high = _ordered(heads[0].id, heads[1].id)
    met = select(low.label("low"), high.label("high"), func.min(DuplicateCandidate.found_at).label("found_at"))
    return _joined(met, heads).where(~((DuplicateCandidate.verdict == "same") & is_new)).group_by(low, high)


def _parted() -> Select[int, int]:
    """The pairs of which somebody said what the two are not, by the listings that stand for them."""
    left, right = aliased(Initiative), aliased(Initiative)
    low, high = _ordered(groups.head_id(left), groups.head_id(right))
    query = select(low.label("low"), high.label("high")).select_from(Judgement)
    query = query.join(left, left.id == Judgement.left_id).join(right, right.id == Judgement.right_id)
    return query.where(Judgement.undone_at.is_(None), Judgement.verdict.in_(judgements.PARTING)).distinct()


def _ordered(one: Id, other: Id) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Two ids, the lower one first."""
    return case((one < other, one), else_=other), case((one < other, other), else_=one)


def _said(session: Session, head_ids: Collection[int]) -> Mapping[HeadPair, list[Judgement]]:
    """The standing judgements between groups of these heads that join nothing, by the listings that stand for the two."""
    said: defaultdict[HeadPair, list[Judgement]] = defaultdict(list)
    is_standing = Judgement.undone_at.is_(None), Judgement.verdict.not_in(forming.JOINING)
    left, right = aliased(Initiative), aliased(Initiative)
    columns = Judgement, groups.head_id(left).label("left_head"), groups.head_id(right).label("right_head")
    query = select(*columns).join(left, left.id == Judgement.left_id).join(right, right.id == Judgement.right_id)
    for ids in groups.batched(sorted(head_ids)):
        for row in session.execute(query.where(*is_standing, groups.head_id(left).in_(ids)).order_by(Judgement.id)):
            said[_pair_of(row.left_head, row.right_head)].append(row.Judgement)
    return said


def _pair_of(one: int, other: int) -> HeadPair:
    return min(one, other), max(one, other)
