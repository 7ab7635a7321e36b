"""What of claims waits for a curator: words that were asked for, and changes; and all listings that are claimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.listings import groups, listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.models import ClaimChange, Initiative, Membership, SiteProof, User
from platforma.catalogue.partners.claims import is_word_waiting

WORD, CHANGE = "word", "change"
"""What can wait: for the curators' word on whose listing it is, or for their look at a change."""
_head = aliased(Initiative)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits, since an instant in UTC; `by` is the claimant's address."""

    since: datetime
    what: str
    by: str
    listing: Listing


def count_and_oldest() -> Select[int, Any]:
    """A statement: how many words and changes wait, and the instant since when the oldest does."""
    both = _both().subquery()
    return select(func.count(both.c.since), func.min(both.c.since, type_=both.c.since.type))


def waiting(session: Session, *, limit: int, offset: int) -> list[Waiting]:
    """What waits, the oldest first."""
    both = _both().subquery()
    query = select(both).order_by(both.c.since, both.c.membership_id, both.c.what).limit(limit).offset(offset)
    rows = session.execute(query).all()
    listings = _by_row_id(session, [row.head_id for row in rows])
    return [Waiting(row.since, row.what, row.email, listings[row.head_id]) for row in rows]


def all_listings(session: Session, *, limit: int, offset: int) -> tuple[Sequence[Listing], int]:
    """The listings that somebody has claimed, those claimed last first, and how many there are."""
    head_id = groups.head_id().label("id")
    claimed = select(head_id, func.max(Membership.id).label("last")).join(Membership, Membership.initiative_id == Initiative.id)
    found = claimed.group_by(head_id).subquery()
    ids = session.scalars(select(found.c.id).order_by(found.c.last.desc()).limit(limit).offset(offset)).all()
    listings = _by_row_id(session, ids)
    return [listings[id] for id in ids], session.scalar(select(func.count()).select_from(found)) or 0


def _both() -> Select[Any, Any]:
    about = select(Membership.id, User.email, groups.head_id().label("head_id"))
    about = about.join(User, User.id == Membership.user_id).join(Initiative, Initiative.id == Membership.initiative_id)
    of = about.where(User.closed_at.is_(None)).subquery()
    words = select(
        SiteProof.asked_at.label("since"), literal(WORD).label("what"), SiteProof.membership_id, of.c.email, of.c.head_id
    )
    words = words.join(of, of.c.id == SiteProof.membership_id).where(*is_word_waiting())
    changes = select(ClaimChange.sent_at, literal(CHANGE), ClaimChange.membership_id, of.c.email, of.c.head_id)
    changes = changes.join(of, of.c.id == ClaimChange.membership_id).where(ClaimChange.is_accepted.is_(None))
    return words.union_all(changes)  # type: ignore[return-value] # as a statement it is used alike


def _by_row_id(session: Session, ids: Sequence[int]) -> dict[int, Listing]:
    rows = session.scalars(select(Initiative).where(Initiative.id.in_(ids))).all()
    return dict(zip((row.id for row in rows), listing_queries.to_listings(session, rows), strict=True))
