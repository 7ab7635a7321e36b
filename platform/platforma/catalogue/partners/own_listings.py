"""The listings of one platform as its partner sees them: by state, refused, changed by curators, shared with others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.listings import groups, listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.visibility import ids_with_record
from platforma.catalogue.models import Initiative, InitiativeState, Platform, Record, Value
from platforma.catalogue.shapes import FieldValue
from platforma.catalogue.states import PUBLIC_PLATFORMS

MAX_SHOWN = 10
"""So many listings of each sort are shown; of more, only how many there are."""
MAX_PROBLEMS = 2_000
"""So many problems of a crawl are grouped; the report has all of them."""
CURATOR = "curator"


@dataclass(frozen=True, slots=True)
class Refused:
    """A listing that a curator refused, and why."""

    listing: Listing
    reason: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What a curator set in one field of a listing, and what the platform said when they did; None where it said nothing."""

    listing: Listing
    field: str
    lang: str
    before: FieldValue | None
    after: FieldValue


@dataclass(frozen=True, slots=True)
class OwnListings:
    """`counts` are by state. `refused`, `changed` and `shared` are the first MAX_SHOWN of so many `*_in_all`."""

    counts: Mapping[InitiativeState, int]
    newest: Sequence[Listing]
    waiting: Sequence[Listing]
    refused: Sequence[Refused]
    changed: Sequence[Changed]
    changed_in_all: int
    shared: Sequence[Listing]
    shared_in_all: int


def own_listings(session: Session, platform_id: str) -> OwnListings:
    """The listings of a platform."""
    counts = _counts(session, platform_id)
    changed, shared = _changed(session, _changes(platform_id), platform_id), _shared(platform_id)
    newest_shared = session.scalars(shared.order_by(Initiative.published_at.desc(), Initiative.id.desc()).limit(MAX_SHOWN)).all()
    return OwnListings(
        counts=counts,
        newest=listing_queries.newest(session, MAX_SHOWN // 2, platform_id),
        waiting=listing_queries.new_listings(session, limit=MAX_SHOWN // 2, platform_id=platform_id),
        refused=_refused(session, _refusals(platform_id)) if counts.get(InitiativeState.REFUSED) else (),
        changed=changed,
        changed_in_all=_count(session, _changes(platform_id).with_only_columns(Value.id)) if changed else 0,
        shared=listing_queries.to_listings(session, newest_shared),
        shared_in_all=_count_of(session, shared, newest_shared),
    )


def refused_since(session: Session, platform_id: str, since: datetime) -> tuple[Sequence[Refused], int]:
    """The listings that curators refused after an instant: the last MAX_SHOWN, and how many in all."""
    query = _refusals(platform_id).where(Initiative.changed_at > since)
    return _refused(session, query), _count(session, query.with_only_columns(Initiative.id))


def changed_since(session: Session, platform_id: str, since: datetime) -> tuple[Sequence[Changed], int]:
    """What curators changed after an instant: the last MAX_SHOWN, and how many in all."""
    query = _changes(platform_id).where(Value.at > since)
    return _changed(session, query, platform_id), _count(session, query.with_only_columns(Value.id))


def public_count(session: Session, platform_id: str) -> int:
    """How many public listings a platform has."""
    return _counts(session, platform_id).get(InitiativeState.PUBLISHED, 0)


def _is_own(platform_id: str) -> ColumnElement[bool]:
    return Initiative.id.in_(ids_with_record(Record.platform_id == platform_id))


def _counts(session: Session, platform_id: str) -> dict[InitiativeState, int]:
    """How many listings of a platform are in each state: each member of a group is looked up once, the head only for those that
    are joined with it."""
    head = aliased(Initiative)
    state, id = func.coalesce(head.state, Initiative.state), func.count(groups.head_id().distinct())
    query = select(state, id).join(Record, Record.initiative_id == Initiative.id).where(Record.platform_id == platform_id)
    query = query.join(head, head.id == Initiative.merged_into_id, isouter=True).group_by(state)
    return {InitiativeState(state): count for state, count in session.execute(query)}


def _refusals(platform_id: str) -> Select[Initiative]:
    return select(Initiative).where(_is_own(platform_id), Initiative.state == InitiativeState.REFUSED)


def _refused(session: Session, query: Select[Initiative]) -> list[Refused]:
    rows = session.scalars(query.order_by(Initiative.changed_at.desc(), Initiative.id.desc()).limit(MAX_SHOWN)).all()
    found = listing_queries.to_listings(session, rows)
    return [Refused(listing, row.reason or "") for row, listing in zip(rows, found, strict=True)]


def _changes(platform_id: str) -> Select[Value, Initiative]:
    """The values of curators in listings of which the platform has a record, with the listing that stands for them."""
    member = aliased(Initiative)
    is_of_platform = exists().where(Record.initiative_id == Value.initiative_id, Record.platform_id == platform_id)
    query = select(Value, Initiative).join(member, member.id == Value.initiative_id)
    query = query.join(Initiative, Initiative.id == func.coalesce(member.merged_into_id, member.id))
    is_shown = Initiative.state.in_((InitiativeState.PUBLISHED, InitiativeState.NEW))
    return query.where(Value.layer == CURATOR, is_of_platform, is_shown)


def _changed(session: Session, query: Select[Value, Initiative], platform_id: str) -> list[Changed]:
    rows = session.execute(query.order_by(Value.at.desc(), Value.id.desc()).limit(MAX_SHOWN)).all()
    listings = listing_queries.to_listings(session, [row.Initiative for row in rows])
    return [
        Changed(listing, row.Value.field, row.Value.lang, row.Value.seen.get(platform_id), row.Value.value)
        for row, listing in zip(rows, listings, strict=True)
    ]


def _shared(platform_id: str) -> Select[Initiative]:
    """The public listings of the platform that another public platform lists, too.

    Looked at are those that have records of several platforms, and those that others were joined with.
    """
    public_ids = select(Platform.id).where(Platform.state.in_(PUBLIC_PLATFORMS), Platform.id != platform_id)
    other = aliased(Record)
    has_several = exists().where(other.initiative_id == Record.initiative_id, other.platform_id != platform_id)
    of_several = select(Record.initiative_id).where(Record.platform_id == platform_id, has_several)
    joined = select(Initiative.merged_into_id).where(Initiative.merged_into_id.is_not(None))
    has_own = listing_queries.has_record(Record.platform_id == platform_id)
    has_other = listing_queries.has_record(Record.platform_id.in_(public_ids))
    is_looked_at = Initiative.id.in_(of_several.union_all(joined))
    return select(Initiative).where(is_looked_at, has_own, has_other, Initiative.state == InitiativeState.PUBLISHED)


def _count_of(session: Session, query: Select[Initiative], first: Sequence[Initiative]) -> int:
    """How many listings a query has, of which these are the first: they are counted only where there may be more."""
    return len(first) if len(first) < MAX_SHOWN else _count(session, query.with_only_columns(Initiative.id))


def _count(session: Session, ids: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0
