"""Groups: the listings that were joined, of which one stands, and the records and words of people behind it.

The one that stands is the head; each other member leads to it by `merged_into_id`, which is never a chain. A listing that was
joined with none is a group of its own. Whatever asks what is behind a listing asks here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from platforma.catalogue.models import Initiative, InitiativeState, Platform, PlatformState, Record, Value

Id = TypeVar("Id", int, str)
BATCH = 500
"""So many ids go into one query."""
_LOCK = 7_017
"""The number of PostgreSQL's advisory lock of groups."""
_ONE_VALUE = {"country": "countries"}
"""Fields that are one thing to a person: who says one of them also says the other."""


def lock_groups(session: Session) -> None:
    """Let one transaction at a time form groups, so that two crawls that bring the same thing see each other.

    It is taken after the lock of a platform and before any of a listing: else two could wait for each other. SQLite has one
    writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def head_id(member: type[Initiative] = Initiative) -> ColumnElement[int]:
    """The id of the listing that stands for a member's group, as a column."""
    return func.coalesce(member.merged_into_id, member.id)


def is_member_of(heads: type[Initiative], member: type[Initiative]) -> ColumnElement[bool]:
    """Condition that joins members with the listing that stands for them, itself among them."""
    return or_(member.id == heads.id, member.merged_into_id == heads.id)


def head(session: Session, listing: Initiative) -> Initiative:
    """The listing that stands for a listing's group."""
    return session.get_one(Initiative, listing.merged_into_id) if listing.merged_into_id is not None else listing


def heads(session: Session, initiative_ids: Collection[int]) -> dict[int, int]:
    """The id of the head of each listing."""
    found: dict[int, int] = {}
    for ids in batched(sorted(initiative_ids)):
        rows = session.execute(select(Initiative.id, head_id().label("head_id")).where(Initiative.id.in_(ids)))
        found |= {row.id: row.head_id for row in rows}
    return found


def members(session: Session, head_ids: Collection[int]) -> dict[int, list[Initiative]]:
    """The listings of each head's group, the head among them, by id."""
    groups: defaultdict[int, list[Initiative]] = defaultdict(list)
    for ids in batched(sorted(head_ids)):
        is_in_group = or_(Initiative.id.in_(ids), Initiative.merged_into_id.in_(ids))
        for row in session.scalars(select(Initiative).where(is_in_group).order_by(Initiative.id)):
            groups[row.merged_into_id or row.id].append(row)
    return groups


def member_ids(session: Session, listing: Initiative) -> list[int]:
    """The ids of the listings of a listing's group, itself among them, by age."""
    head_id = head(session, listing).id
    return [row.id for row in members(session, [head_id])[head_id]]


def let_joined_follow(
    session: Session, head_ids: Collection[int], before: Collection[InitiativeState], after: InitiativeState
) -> None:
    """Let what was done to heads hold for the listings joined with them: those that were in one of the states `before` apart
    are in the state `after`, if they are ever parted."""
    for ids in batched(sorted(head_ids)):
        is_following = Initiative.merged_into_id.in_(ids), Initiative.state_apart.in_(before)
        session.execute(update(Initiative).where(*is_following).values(state_apart=after))


def records_behind(session: Session, head_ids: Collection[int]) -> dict[int, list[Record]]:
    """The records of each head's group, ordered by record id."""
    head_of = _members_by_id(session, head_ids)
    records: defaultdict[int, list[Record]] = defaultdict(list)
    query = select(Record).where(Record.initiative_id.in_(head_of)).options(joinedload(Record.platform)).order_by(Record.id)
    for record in session.scalars(query):
        records[head_of[record.initiative_id]].append(record)
    return records


def members_without_records(session: Session, head_ids: Collection[int]) -> set[int]:
    """Those of the heads that have a listing in their group which no source ever had: a platform's own, or one made by hand."""
    head_of = _members_by_id(session, head_ids)
    has_record = select(Record.id).where(Record.initiative_id == Initiative.id).exists()
    without = session.scalars(select(Initiative.id).where(Initiative.id.in_(head_of), ~has_record))
    return {head_of[id] for id in without}


def platform_states_behind(session: Session, head_ids: Collection[int]) -> dict[int, set[PlatformState]]:
    """The states of the platforms that have each head's group: those of its records, and those that a member of it is itself."""
    states: defaultdict[int, set[PlatformState]] = defaultdict(set)
    head_of = _members_by_id(session, head_ids)
    of_records = select(Record.initiative_id, Platform.state).join(Platform, Platform.id == Record.platform_id).distinct()
    of_own = select(Platform.initiative_id, Platform.state)
    rows = [
        *session.execute(of_records.where(Record.initiative_id.in_(head_of))),
        *session.execute(of_own.where(Platform.initiative_id.in_(head_of))),
    ]
    for member_id, state in rows:
        states[head_of[member_id]].add(PlatformState(state))
    return states


def values_behind(session: Session, head_ids: Collection[int]) -> dict[int, list[Value]]:
    """All that people say of each head's group, ordered by value id; of these, `standing_values` count."""
    head_of = _members_by_id(session, head_ids)
    values: defaultdict[int, list[Value]] = defaultdict(list)
    for value in session.scalars(select(Value).where(Value.initiative_id.in_(head_of)).order_by(Value.id)):
        values[head_of[value.initiative_id]].append(value)
    return values


def joined_listings(session: Session, platform_id: str) -> frozenset[int]:
    """The ids of the listings of a platform's records that are joined with others."""
    members = aliased(Initiative)
    is_head = select(members.id).where(members.merged_into_id == Initiative.id).exists()
    query = select(Initiative.id).join(Record, Record.initiative_id == Initiative.id).where(Record.platform_id == platform_id)
    return frozenset(session.scalars(query.where(or_(Initiative.merged_into_id.is_not(None), is_head))))


def standing_values(head_id: int, values: Iterable[Value]) -> list[Value]:
    """Of all values of a group those that stand: for each field, language and layer the head's, else the oldest listing's.

    A member's seat does not stand beside the head's countries, or the other way round, since both are one thing.
    """
    by_age = sorted(values, key=lambda value: (value.initiative_id != head_id, value.initiative_id, value.field, value.lang))
    speakers: dict[tuple[str, str, str], int] = {}
    for value in by_age:
        speakers.setdefault(seat(value), value.initiative_id)
    return [value for value in by_age if speakers[seat(value)] == value.initiative_id]


def subject(field: str) -> str:
    """What a field is about: of fields that are one thing to a person, the same one."""
    return _ONE_VALUE.get(field, field)


def seat(value: Value) -> tuple[str, str, str]:
    """What of a group one listing alone speaks of: what the field is about, in a language and a layer."""
    return subject(value.field), value.lang, value.layer


def batched(ids: Sequence[Id]) -> Iterable[tuple[Id, ...]]:
    """The ids or keys in batches that a database takes as parameters of one query."""
    return (tuple(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH))


def _members_by_id(session: Session, head_ids: Collection[int]) -> Mapping[int, int]:
    """The head of each listing in the heads' groups."""
    joined = select(Initiative.id, Initiative.merged_into_id).where(Initiative.merged_into_id.in_(head_ids))
    return {id: id for id in head_ids} | {row.id: row.merged_into_id for row in session.execute(joined)}
