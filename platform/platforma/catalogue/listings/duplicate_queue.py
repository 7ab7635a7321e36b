"""The queue of pairs that may be duplicates: what people are asked, the likeliest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.listings import groups, judgements
from platforma.catalogue.models import DuplicateCandidate, Initiative, InitiativeState, Judgement, JudgementVerdict
from platforma.catalogue.shapes import StoredReason

NOT_ASKED = (InitiativeState.SUPPRESSED, InitiativeState.MERGED)
HeadPair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class WaitingPair:
    """Two listings that may be the same, by the public ids of those that stand, the older left.

    `score` is from 0 to 1; a person put the pair off where `is_put_off`. `found_at` is when it was first met, in UTC.
    """

    left: str
    right: str
    score: float
    reasons: Sequence[StoredReason]
    found_at: datetime
    is_put_off: bool = False


def waiting_pairs(session: Session) -> list[WaitingPair]:
    """The pairs that wait for a person: those put off last, else by score, then by age.

    Pairs that a rule joins as soon as both are published, or both wait, are not among them; nor are those of which somebody
    said what they are, be it of other members of their groups.
    """
    pairs: dict[HeadPair, WaitingPair] = {}
    said = _said(session)
    for heads, row in _candidates(session):
        judged = said.get(heads, ())
        if heads in pairs or any(judgements.is_settled(session, judgement) for judgement in judged):
            continue
        is_put_off = any(judgement.verdict == JudgementVerdict.UNSURE for judgement in judged)
        ids = sorted(((row.left_head, row.left_id), (row.right_head, row.right_id)))
        pairs[heads] = WaitingPair(ids[0][1], ids[1][1], row.score, row.reasons, row.found_at, is_put_off)
    return sorted(pairs.values(), key=lambda pair: (pair.is_put_off, -pair.score, pair.found_at, pair.left, pair.right))


def _candidates(session: Session) -> Iterable[tuple[HeadPair, Any]]:
    """The stored pairs by the listings that stand for them, the best score first."""
    sides = [aliased(Initiative) for _ in range(2)]
    heads = [aliased(Initiative) for _ in range(2)]
    query = (
        select(
            heads[0].id.label("left_head"), heads[0].public_id.label("left_id"), heads[0].state.label("left_state"),
            heads[1].id.label("right_head"), heads[1].public_id.label("right_id"), heads[1].state.label("right_state"),
            DuplicateCandidate.verdict, DuplicateCandidate.score, DuplicateCandidate.reasons, DuplicateCandidate.found_at,
        )
        .join(sides[0], sides[0].id == DuplicateCandidate.left_id)
        .join(sides[1], sides[1].id == DuplicateCandidate.right_id)
        .join(heads[0], heads[0].id == groups.head_id(sides[0]))
        .join(heads[1], heads[1].id == groups.head_id(sides[1]))
        .where(heads[0].id != heads[1].id, *(head.state.not_in(NOT_ASKED) for head in heads))
        .order_by(DuplicateCandidate.score.desc(), DuplicateCandidate.id)
    )  # fmt: skip
    for row in session.execute(query):
        if row.verdict != "same" or InitiativeState.NEW not in {row.left_state, row.right_state}:
            yield _pair_of(row.left_head, row.right_head), row


def _said(session: Session) -> Mapping[HeadPair, list[Judgement]]:
    """The standing judgements that join nothing, by the listings that stand for the two."""
    said: defaultdict[HeadPair, list[Judgement]] = defaultdict(list)
    is_standing = Judgement.undone_at.is_(None), Judgement.verdict.not_in(judgements.JOINING)
    rows = list(session.scalars(select(Judgement).where(*is_standing).order_by(Judgement.id)))
    heads = groups.heads(session, {id for row in rows for id in (row.left_id, row.right_id)})
    for row in rows:
        said[_pair_of(heads[row.left_id], heads[row.right_id])].append(row)
    return said


def _pair_of(one: int, other: int) -> HeadPair:
    return min(one, other), max(one, other)
