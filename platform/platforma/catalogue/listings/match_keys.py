"""The blocking keys of records in the database: stored when a record is new or materially changed, and looked up in an index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from platforma.catalogue.listings.groups import batched
from platforma.catalogue.matching.blocking import blocking_keys
from platforma.catalogue.matching.profiles import Profile, material, profile_of
from platforma.catalogue.models import Base, MatchKey, Record

VERSION = 1
"""The version of profiles and keys; when it is raised, the nightly look stores those of all records anew."""
MAX_SHARING = 40
"""A key that more records share tells nothing: the town that all are in, a word that many names have."""
MAX_PROFILES = 20_000
"""What so many records say is remembered while they are compared, for neighbours are met again and again: some 130 MB."""
MAX_MEETINGS = 30
"""So many records are compared with one, those first with which it shares the rarest keys."""
_RECORDS = Base.metadata.tables[Record.__tablename__]
_STORE_MATERIAL = update(_RECORDS).where(_RECORDS.c.id == bindparam("record_id")).values(material=bindparam("new_material"))
"""A statement for many rows: one for each row would look through all rows that the session holds."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """A record as matching reads it; its profile is None where so many were read that they would take too much memory."""

    id: int
    initiative_id: int
    profile: Profile | None


def store_keys(session: Session, record_ids: Collection[int] | None = None, *, limit: int | None = None) -> list[Keyed]:
    """Store the keys of those of these records (None: of all) that are new or materially changed, and return them by id.

    With `record_ids` None only records are read whose keys are missing or of an older version.
    """
    if record_ids is None:
        query = select(Record.id).where(_is_outdated()).order_by(Record.id).limit(limit)
        record_ids = list(session.scalars(query))
    changed: list[Keyed] = []
    for ids in batched(sorted(record_ids)):
        columns = Record.id, Record.initiative_id, Record.payload, Record.material
        rows = session.execute(select(*columns).where(Record.id.in_(ids)).order_by(Record.id)).all()
        profiles = {row.id: profile_of(row.payload) for row in rows}
        materials = {id: _stored_material(profile) for id, profile in profiles.items()}
        new = [row for row in rows if materials[row.id] != row.material]
        _store(session, {row.id: profiles[row.id] for row in new}, materials)
        is_room = len(changed) < MAX_PROFILES
        changed += [Keyed(row.id, row.initiative_id, profiles[row.id] if is_room else None) for row in new]
    return changed


def meetings(session: Session, profiles: Mapping[int, Iterable[Profile]], *, are_stored: bool = True) -> dict[int, list[int]]:
    """For each of some things (by any id) the ids of at most MAX_MEETINGS records that share keys with its profiles, the
    likeliest first.

    The records of the profiles themselves are among them, unless these are not stored.
    """
    keys = {id: frozenset(key for profile in of_one for key in blocking_keys(profile)) for id, of_one in profiles.items()}
    least = 2 if are_stored else 1
    records = _records_by_key(session, frozenset(key for of_one in keys.values() for key in of_one), least)
    return {id: _by_rarity(of_one, records)[:MAX_MEETINGS] for id, of_one in keys.items()}


def _is_outdated() -> ColumnElement[bool]:
    return or_(Record.material.is_(None), Record.material < f"{VERSION}:", Record.material >= f"{VERSION};")


def _stored_material(profile: Profile) -> str:
    return f"{VERSION}:{material(profile)}"


def _store(session: Session, profiles: Mapping[int, Profile], materials: Mapping[int, str]) -> None:
    """Store the keys of some records, by id, and the hashes of what was seen of them."""
    if not profiles:
        return
    seen = [{"record_id": id, "new_material": materials[id]} for id in profiles]
    session.connection().execute(_STORE_MATERIAL, seen)
    session.execute(delete(MatchKey).where(MatchKey.record_id.in_(profiles)))
    rows = [{"key": key, "record_id": id} for id, profile in profiles.items() for key in sorted(blocking_keys(profile))]
    if rows:
        session.connection().execute(insert(MatchKey), rows)


def _records_by_key(session: Session, keys: Collection[str], least: int) -> dict[str, list[int]]:
    """The records that have each key, for keys that tell something and that so many have at least."""
    records: defaultdict[str, list[int]] = defaultdict(list)
    for batch in batched(sorted(keys)):
        telling = (
            select(MatchKey.key).where(MatchKey.key.in_(batch)).group_by(MatchKey.key)
            .having(func.count().between(least, MAX_SHARING))
        )  # fmt: skip
        rows = session.execute(select(MatchKey.key, MatchKey.record_id).where(MatchKey.key.in_(telling)))
        for key, record_id in rows:
            records[key].append(record_id)
    return records


def _by_rarity(keys: Collection[str], records: Mapping[str, list[int]]) -> list[int]:
    """The records that share any of the keys, those first that share many rare ones."""
    points: defaultdict[int, float] = defaultdict(float)
    for key in keys:
        for record_id in (sharing := records.get(key, [])):
            points[record_id] += 1 / len(sharing)
    return sorted(points, key=lambda id: (-points[id], id))
