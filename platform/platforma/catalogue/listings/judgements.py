"""Judgements: listings are joined, parted and told apart. Each judgement is a row, can be taken back, and is in both histories.

A group is what is connected by standing judgements that listings are the same, or translations of each other. Who stands for
it, and in which state, is concluded from its members each time, so that taking a judgement back restores what was before it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.errors import BadState, BadValue, NotFound
from platforma.catalogue.listings import chosen_values, forming, groups
from platforma.catalogue.models import (
    DuplicateCandidate,
    Initiative,
    InitiativeState,
    Judgement,
    JudgementVerdict,
    Record,
)
from platforma.catalogue.shapes import StoredReason
from platforma.catalogue.states import INITIATIVE_REASONS
from vocabulary.messages import N_

PARTING = (JudgementVerdict.DIFFERENT, JudgementVerdict.PART_OF)
"""Listings of which these are said are never joined by a rule."""
RULES = "rule:"
"""`by` of what a rule judged begins with this."""
ITSELF = N_("These are the same address: name two listings")
NOT_JOINED = N_("These two are not joined, so they cannot be parted")
TAKEN_BACK = N_("This decision was taken back already; nothing has been changed")


@dataclass(frozen=True, slots=True)
class Word:
    """Who judges, and why: a person's e-mail address or the name of a rule, with the score and its reasons where there is one."""

    by: str
    at: datetime
    score: float | None = None
    reasons: Sequence[StoredReason] = ()


def judge(session: Session, left_id: str, right_id: str, verdict: JudgementVerdict, word: Word) -> None:
    """Judge two listings by their public ids: join them, part them, or note what they are to each other.

    With PART_OF the left one is part of the right one. Raises NotFound, BadState for a listing that was removed, and BadValue
    where both are one.
    """
    groups.lock_groups(session)
    left, right = (_listing(session, id) for id in (left_id, right_id))
    if left.id == right.id:
        raise BadValue("right", ITSELF)
    if verdict in forming.JOINING:
        join(session, left, right, word, verdict)
    elif groups.head(session, left).id == groups.head(session, right).id:
        part(session, left, right, word, verdict)
    else:
        _note(session, left, right, verdict, word)


def part_listings(session: Session, left_id: str, right_id: str, word: Word) -> None:
    """Part two joined listings by their public ids. Raises NotFound, and BadState where they are not joined."""
    groups.lock_groups(session)
    left, right = (_listing(session, id) for id in (left_id, right_id))
    part(session, left, right, word)


def join(
    session: Session, left: Initiative, right: Initiative, word: Word, verdict: JudgementVerdict = JudgementVerdict.SAME
) -> None:
    """Join two listings, with all that each was joined with. Listings that are joined already stay as they are."""
    heads = {groups.head(session, left).id, groups.head(session, right).id}
    if len(heads) == 1:
        return
    _note(session, left, right, verdict, word)
    forming.regroup(session, heads, word.at)


def part(
    session: Session,
    left: Initiative,
    right: Initiative,
    word: Word,
    verdict: JudgementVerdict = JudgementVerdict.DIFFERENT,
) -> None:
    """Part two joined listings: the judgements that connect them are taken back, the youngest first, until none does.

    What was joined before either of them came stays joined. Raises BadState where they are not joined.
    """
    head = groups.head(session, left)
    if head.id != groups.head(session, right).id or left.id == right.id:
        raise BadState(NOT_JOINED)
    standing = forming.joining_judgements(session, groups.member_ids(session, head))
    while path := forming.path(standing, left.id, right.id):
        last = max(path, key=lambda judgement: judgement.id)
        _take_back(last, word)
        standing.remove(last)
    _note(session, left, right, verdict, word)
    forming.regroup(session, {head.id}, word.at)


def leave(session: Session, listing: Initiative, word: Word) -> list[Judgement]:
    """Let a listing leave its group, because it became something else; return the judgements that are taken back by that.

    The others of the group are joined with each other only as far as a judgement says so.
    """
    head = groups.head(session, listing)
    left = [
        judgement
        for judgement in forming.joining_judgements(session, groups.member_ids(session, head))
        if listing.id in (judgement.left_id, judgement.right_id)
    ]
    for judgement in left:
        _take_back(judgement, word)
    if left:
        record_event(
            session, actor=word.by, action="leave", object_type="initiative", object_id=listing.public_id,
            before={"joined": _public_ids(session, left, listing.id)},
        )  # fmt: skip
        forming.regroup(session, {head.id}, word.at)
    return left


def take_back(session: Session, judgement_id: int, word: Word) -> Judgement:
    """Take back a standing judgement and return it: everything is as it was before, and the pair waits again if it had waited.

    What was joined or parted by it is parted or joined again; what it took back stands again, unless something else was said
    of these two since. Raises NotFound, and BadState where it does not stand any more or a listing was removed.
    """
    groups.lock_groups(session)
    judgement = session.scalar(select(Judgement).where(Judgement.id == judgement_id).with_for_update())
    if judgement is None:
        raise NotFound(str(judgement_id))
    if judgement.undone_at is not None:
        raise BadState(TAKEN_BACK)
    left, right = (_not_removed(session, _locked(session, id)) for id in (judgement.left_id, judgement.right_id))
    heads = {groups.head(session, listing).id for listing in (left, right)}
    restored = _taken_back_by(session, judgement)
    _take_back(judgement, word)
    for former in restored:
        former.undone_at = former.undone_by = None
    for listing, other in ((left, right), (right, left)):
        record_event(
            session, actor=word.by, action="take_back", object_type="initiative", object_id=listing.public_id,
            before={"verdict": judgement.verdict, "listing": other.public_id},
        )  # fmt: skip
    if judgement.verdict in forming.JOINING or any(former.verdict in forming.JOINING for former in restored):
        concerned = {id for former in restored for id in (former.left_id, former.right_id)}
        forming.regroup(session, heads | set(groups.heads(session, concerned).values()), word.at)
    _ask_again(session, judgement)
    return judgement


def would_stand(session: Session, left_id: str, right_id: str) -> str:
    """Which of two listings that stand, by public ids, would stand for both if they were joined. Raises NotFound."""
    return min((_found(session, id) for id in (left_id, right_id)), key=forming.rank).public_id


def standing_between(session: Session, ids: Collection[int], others: Collection[int]) -> list[Judgement]:
    """The standing judgements between a listing of `ids` and one of `others`, by id."""
    is_standing = Judgement.undone_at.is_(None), _is_between(Judgement, ids, others)
    return list(session.scalars(select(Judgement).where(*is_standing).order_by(Judgement.id)))


def is_settled(session: Session, judgement: Judgement) -> bool:
    """Whether nobody need be asked again: both listings still say what they said then. What a person put off is asked.

    One that came with an export, which does not tell what was said then, holds until it is taken back.
    """
    if judgement.verdict == JudgementVerdict.UNSURE:
        return False
    if not judgement.left_material and not judgement.right_material:
        return True
    now = materials(session, [judgement.left_id, judgement.right_id])
    seen = judgement.left_material, judgement.right_material
    return seen == (now.get(judgement.left_id, ""), now.get(judgement.right_id, ""))


def materials(session: Session, listing_ids: Collection[int]) -> dict[int, str]:
    """A hash of what matching saw of each listing's own records; empty for one without records."""
    by_listing: defaultdict[int, list[str]] = defaultdict(list)
    for ids in groups.batched(sorted(listing_ids)):
        query = select(Record.initiative_id, Record.material).where(Record.initiative_id.in_(ids), Record.material.is_not(None))
        for id, material in session.execute(query):
            by_listing[id].append(material or "")
    return {id: hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:32] for id, parts in by_listing.items()}


def _listing(session: Session, public_id: str) -> Initiative:
    """The listing, locked. Raises NotFound, and BadState for one that was removed."""
    return _not_removed(session, _found(session, public_id, is_locked=True))


def _found(session: Session, public_id: str, *, is_locked: bool = False) -> Initiative:
    query = select(Initiative).where(Initiative.public_id == public_id)
    row = session.scalar(query.with_for_update() if is_locked else query)
    if row is None:
        raise NotFound(public_id)
    return row


def _locked(session: Session, initiative_id: int) -> Initiative:
    return session.get_one(Initiative, initiative_id, with_for_update=True)


def _not_removed(session: Session, row: Initiative) -> Initiative:
    if groups.head(session, row).state == InitiativeState.SUPPRESSED:
        raise BadState(INITIATIVE_REASONS[InitiativeState.SUPPRESSED])
    return row


def _note(session: Session, left: Initiative, right: Initiative, verdict: JudgementVerdict, word: Word) -> None:
    """Store a judgement in the place of what stood between the two, and record it in both histories."""
    for former in standing_between(session, [left.id], [right.id]):
        _take_back(former, word)
    word = _as_asked(session, left, right, word)
    material = materials(session, [left.id, right.id])
    judgement = Judgement(
        left_id=left.id, right_id=right.id, verdict=verdict, by=word.by, at=word.at, score=word.score,
        reasons=list(word.reasons), asked_since=_asked_since(session, left, right),
        left_material=material.get(left.id, ""), right_material=material.get(right.id, ""),
    )  # fmt: skip
    session.add(judgement)
    session.flush()
    if verdict != JudgementVerdict.UNSURE:
        _settle_candidates(session, left, right)
    score = {} if word.score is None else {"score": word.score, "reasons": list(word.reasons)}
    for listing, other in ((left, right), (right, left)):
        record_event(
            session, actor=word.by, action=f"judge_{verdict}", object_type="initiative", object_id=listing.public_id,
            after={"listing": other.public_id} | score,
        )  # fmt: skip


def _asked_since(session: Session, left: Initiative, right: Initiative) -> datetime | None:
    """Since when people have been asked about the groups of two listings; None where nobody is."""
    asked = select(DuplicateCandidate.found_at).where(_is_between_groups(session, left, right))
    return session.scalar(asked.order_by(DuplicateCandidate.found_at).limit(1))


def _as_asked(session: Session, left: Initiative, right: Initiative, word: Word) -> Word:
    """The word with the score and the reasons with which people were asked of the two groups, where it has none of its own."""
    if word.score is not None:
        return word
    candidates = select(DuplicateCandidate).where(_is_between_groups(session, left, right))
    asked = session.scalar(candidates.order_by(DuplicateCandidate.score.desc(), DuplicateCandidate.id).limit(1))
    return word if asked is None else Word(word.by, word.at, asked.score, asked.reasons)


def _ask_again(session: Session, judgement: Judgement) -> None:
    """Let the pair wait, as it did before it was judged, and since then. Nothing where nobody was asked of it."""
    low, high = sorted((judgement.left_id, judgement.right_id))
    is_of_pair = DuplicateCandidate.left_id == low, DuplicateCandidate.right_id == high
    if judgement.score is not None and session.scalar(select(DuplicateCandidate.id).where(*is_of_pair)) is None:
        session.add(
            DuplicateCandidate(
                left_id=low, right_id=high, verdict="unsure", score=judgement.score, reasons=judgement.reasons,
                found_at=judgement.asked_since or judgement.at,
            )
        )  # fmt: skip
        session.flush()


def _settle_candidates(session: Session, left: Initiative, right: Initiative) -> None:
    """Nobody is asked any more about pairs of the two listings' groups."""
    session.connection().execute(delete(DuplicateCandidate).where(_is_between_groups(session, left, right)))


def _is_between_groups(session: Session, left: Initiative, right: Initiative) -> ColumnElement[bool]:
    """Condition on DuplicateCandidate: it is of a member of one listing's group and a member of the other's."""
    return _is_between(DuplicateCandidate, *(groups.member_ids(session, listing) for listing in (left, right)))


def _is_between(
    table: type[Judgement | DuplicateCandidate], ids: Collection[int], others: Collection[int]
) -> ColumnElement[bool]:
    """Condition: a row is of a listing of `ids` and one of `others`, on either side."""
    return or_(
        and_(table.left_id.in_(ids), table.right_id.in_(others)),
        and_(table.left_id.in_(others), table.right_id.in_(ids)),
    )


def _taken_back_by(session: Session, judgement: Judgement) -> list[Judgement]:
    """What was taken back when this was judged, and what nothing has replaced since: those that parted two, else of the pair."""
    query = select(Judgement).where(Judgement.undone_at == judgement.at, Judgement.undone_by == judgement.by)
    former = list(session.scalars(query.where(Judgement.id < judgement.id).order_by(Judgement.id)))
    pair = {judgement.left_id, judgement.right_id}
    if judgement.verdict in forming.JOINING:
        former = [one for one in former if {one.left_id, one.right_id} == pair]
    return [
        one
        for one in former
        if all(standing is judgement for standing in standing_between(session, [one.left_id], [one.right_id]))
    ]


def _take_back(judgement: Judgement, word: Word) -> None:
    chosen_values.take_back(judgement, word.by)
    judgement.undone_at, judgement.undone_by = word.at, word.by


def _public_ids(session: Session, judgements: Iterable[Judgement], id: int) -> list[str]:
    """The public ids of the listings that judgements connect with one, sorted."""
    others = {forming.other_id(judgement, id) for judgement in judgements}
    return sorted(session.scalars(select(Initiative.public_id).where(Initiative.id.in_(others))))
