"""Reads of what was judged: lately, of one listing, and of what is joined with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.errors import NotFound
from platforma.catalogue.listings import groups
from platforma.catalogue.listings.forming import JOINING
from platforma.catalogue.listings.judgements import RULES
from platforma.catalogue.listings.listing_names import ListingName, listing_names, names_by_public_id
from platforma.catalogue.models import Initiative, Judgement, JudgementVerdict

MAX_JUDGED = 50
"""Of one listing no more judgements are read, the newest."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement of two listings; with PART_OF the left one is part of the right one.

    `by` and `undone_by` are people's e-mail addresses or names of rules; both instants are in UTC, None while it stands.
    """

    id: int
    left: ListingName
    right: ListingName
    verdict: JudgementVerdict
    by: str
    at: datetime
    undone_by: str | None
    undone_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether nobody has taken it back."""
        return self.undone_at is None


@dataclass(frozen=True, slots=True)
class Joined:
    """A listing that is joined with another one, and the judgement by which it came; None for one of former times."""

    name: ListingName
    judged: Judged | None


@dataclass(frozen=True, slots=True)
class Relations:
    """What a listing that stands has to do with others: joined with it, judged beside it (see `judged_of`), or mentioned."""

    joined: Sequence[Joined]
    judged: Sequence[Judged]
    mentioned: Mapping[str, ListingName]


def relations(session: Session, public_id: str, mentioned: Collection[str]) -> Relations:
    """A listing's relations; `mentioned` are public ids of listings that its history names. Raises NotFound."""
    names = names_by_public_id(session, mentioned)
    return Relations(joined_with(session, public_id), judged_of(session, public_id), names)


def latest(session: Session, limit: int) -> list[Judged]:
    """What people judged last, taken back or not; the newest first. What they put off is not among it."""
    is_persons = ~Judgement.by.startswith(RULES), Judgement.verdict != JudgementVerdict.UNSURE
    return _judged(
        session, session.scalars(select(Judgement).where(*is_persons).order_by(Judgement.id.desc()).limit(limit)).all()
    )


def judged(session: Session, judgement_id: int) -> Judged | None:
    """One judgement; None where there is none."""
    row = session.get(Judgement, judgement_id)
    return _judged(session, [row])[0] if row is not None else None


def last_of_pair(session: Session, one_id: str, other_id: str) -> Judged | None:
    """The newest standing judgement between the groups of two listings, by public ids; None without one."""
    query = select(Initiative).where(Initiative.public_id.in_([one_id, other_id])).order_by(Initiative.id)
    heads = {groups.head(session, row).id for row in session.scalars(query)}
    ids = [row.id for group in groups.members(session, heads).values() for row in group]
    is_within = Judgement.undone_at.is_(None), Judgement.left_id.in_(ids), Judgement.right_id.in_(ids)
    row = session.scalar(select(Judgement).where(*is_within).order_by(Judgement.id.desc()).limit(1))
    return _judged(session, [row])[0] if row is not None else None


def judged_of(session: Session, public_id: str) -> list[Judged]:
    """What was judged of a listing and of what is joined with it: what stands and joins nothing, and what was taken back.

    The newest first. Raises NotFound.
    """
    ids = _member_ids(session, public_id)
    is_shown = Judgement.verdict.not_in(JOINING) | Judgement.undone_at.is_not(None)
    is_of_group = Judgement.left_id.in_(ids) | Judgement.right_id.in_(ids)
    query = select(Judgement).where(is_shown, is_of_group).order_by(Judgement.id.desc()).limit(MAX_JUDGED)
    return _judged(session, session.scalars(query).all())


def joined_with(session: Session, public_id: str) -> list[Joined]:
    """The listings that are joined with one that stands, by age. Raises NotFound."""
    ids = _member_ids(session, public_id)
    is_joining = Judgement.undone_at.is_(None), Judgement.verdict.in_(JOINING), Judgement.left_id.in_(ids)
    standing = _judged(session, session.scalars(select(Judgement).where(*is_joining).order_by(Judgement.id)).all())
    names = listing_names(session, ids)
    came_by = {name.id: one for one in reversed(standing) for name in (one.left, one.right)}
    return [Joined(names[id], came_by.get(id)) for id in ids if names[id].public_id != public_id]


def _member_ids(session: Session, public_id: str) -> list[int]:
    row = session.scalar(select(Initiative).where(Initiative.public_id == public_id))
    if row is None:
        raise NotFound(public_id)
    return groups.member_ids(session, row)


def _judged(session: Session, rows: Sequence[Judgement]) -> list[Judged]:
    names = listing_names(session, _listing_ids(rows))
    return [
        Judged(
            id=row.id, left=names[row.left_id], right=names[row.right_id], verdict=JudgementVerdict(row.verdict), by=row.by,
            at=row.at, undone_by=row.undone_by, undone_at=row.undone_at,
        )
        for row in rows
    ]  # fmt: skip


def _listing_ids(rows: Collection[Judgement]) -> set[int]:
    return {id for row in rows for id in (row.left_id, row.right_id)}
