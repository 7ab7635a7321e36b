"""Relations: what a listing is a part of, and what is a part of it, as people judged."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from platforma.catalogue.listings import groups
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.listing_queries import to_listings
from platforma.catalogue.listings.visibility import is_published
from platforma.catalogue.models import Initiative, Judgement, JudgementVerdict


@dataclass(frozen=True, slots=True)
class Relations:
    """The published listings that a listing is a part of, and those that are parts of it; each by row id, none in both."""

    part_of: Sequence[Listing] = ()
    parts: Sequence[Listing] = ()

    @property
    def public_ids(self) -> set[str]:
        return {listing.public_id for listing in (*self.part_of, *self.parts)}


def relations_of(session: Session, public_id: str) -> Relations:
    """The relations of a listing by its public id; what is judged of a joined listing is true of the one that stands for it."""
    rows = session.connection().execute(_JUDGED, {"public_id": public_id}).all()
    if not rows:
        return Relations()
    part_of = _published(session, {row.right_id for row in rows if row.is_part}, ())
    parts = _published(session, {row.left_id for row in rows if not row.is_part}, [listing.public_id for listing in part_of])
    return Relations(part_of, parts)


def _judged() -> Select[int, int, bool]:
    """What the listing with the public id `public_id` was judged to be a part of, and what to be a part of it."""
    head = select(Initiative.id).where(Initiative.public_id == bindparam("public_id")).scalar_subquery()
    members = select(Initiative.id).where(or_(Initiative.id == head, Initiative.merged_into_id == head))
    is_own_left, is_own_right = Judgement.left_id.in_(members), Judgement.right_id.in_(members)
    is_part_of = Judgement.undone_at.is_(None), Judgement.verdict == JudgementVerdict.PART_OF
    query = select(Judgement.left_id, Judgement.right_id, is_own_left.label("is_part"))
    return query.where(*is_part_of, or_(is_own_left, is_own_right), ~(is_own_left & is_own_right))


_JUDGED = _judged()
"""Made once: to make it takes longer than to run it."""


def _published(session: Session, ids: Collection[int], without: Collection[str]) -> list[Listing]:
    """The published listings that stand for these, by row id."""
    heads = set(groups.heads(session, ids).values())
    is_meant = Initiative.id.in_(heads), Initiative.public_id.not_in(without), is_published()
    return to_listings(session, list(session.scalars(select(Initiative).where(*is_meant).order_by(Initiative.id))))
