"""Reads of listings; the order of every result is total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.errors import NotFound, Suppressed
from platforma.catalogue.listings import compose, conflicts, groups
from platforma.catalogue.listings.conflicts import Sources
from platforma.catalogue.listings.layers import BY_PLATFORM, author_of, strongest
from platforma.catalogue.listings.listing import Listing, Source
from platforma.catalogue.listings.visibility import (
    EACH_BY_ITSELF,
    ids_with_record,
    is_asked,
    is_published,
    is_published_by_age,
    is_waiting,
)
from platforma.catalogue.models import Initiative, InitiativeState, Platform, Record, Value
from platforma.catalogue.pictures.shown import KeptPicture, pictures_of
from platforma.catalogue.shapes import Composed, FieldValue
from platforma.catalogue.states import PUBLIC_PLATFORMS, SHOWN_STATES

MAX_SORTED = 1_000
"""A platform with more records has its newest listings found among the newest of all."""
_IDS: BindParameter[object] = bindparam("ids", expanding=True)
_SOURCE = (
    Platform.id, Platform.title, Record.remote_id, Record.payload["url"].as_string(), Record.last_seen_at,
    Record.state.label("source_state"), Platform.state.label("platform_state"),
)  # fmt: skip
"""The columns of a Source, in its order, and the state of its platform. Payloads are not read: they are long."""
_SOURCES = (
    select(groups.head_id(), *_SOURCE)
    .select_from(Initiative)
    .join(Record, Record.initiative_id == Initiative.id)
    .join(Platform, Platform.id == Record.platform_id)
    .where(or_(Initiative.id.in_(_IDS), Initiative.merged_into_id.in_(_IDS)))
    .order_by(Record.id)
)
_member = aliased(Initiative)
_LISTING = (
    Initiative.public_id, Initiative.version, Initiative.composed, Initiative.published_at, Initiative.changed_at,
    Initiative.is_only_name, Initiative.state,
)  # fmt: skip
_SHOWN = (
    select(*_LISTING, *_SOURCE)
    .select_from(Initiative)
    .join(_member, groups.is_member_of(Initiative, _member))
    .outerjoin(Record, Record.initiative_id == _member.id)
    .outerjoin(Platform, Platform.id == Record.platform_id)
    .order_by(Record.id)
)
"""Listings with their sources, a row for each source: one query is cheaper than two. Columns of a missing source are None."""
_SHOWN_OF_MANY = _SHOWN.where(Initiative.public_id.in_(_IDS))
_FEW = tuple(f"id{number}" for number in range(20))
_SHOWN_OF_FEW = _SHOWN.where(Initiative.public_id.in_([bindparam(name, "") for name in _FEW]))
"""For the listings of a page: its text is always the same, while one of as many ids as are asked for is written each time."""
_merged = aliased(Initiative)
"""A listing that was merged into another one."""
_ListingRow = tuple[str, int, Composed, datetime | None, datetime, bool, InitiativeState]
"""The values of the columns of _LISTING."""
_SourceRow = tuple[str, str, str, str | None, datetime, str, str]
"""The values of the columns of _SOURCE."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The listing that a merged one was merged into."""

    public_id: str
    slug: str


@dataclass(frozen=True, slots=True)
class News:
    """What a platform newly says of a field for which a person's value stands."""

    platform_id: str
    platform_title: str
    value: FieldValue


@dataclass(frozen=True, slots=True)
class ValueLine:
    """The value that people set for a field and that is shown: `author` is owner or curator, `by` the address or the name
    of who set it, `at` when. `news` is what sources say against it, the first of it since `contested_at`. `follows_platform`:
    it changes with the platform that the listing is of, and cannot be released."""

    field: str
    lang: str
    value: FieldValue
    author: str
    by: str
    at: datetime
    news: tuple[News, ...]
    contested_at: datetime | None
    is_kept_for_good: bool
    follows_platform: bool


def listing(session: Session, public_id: str) -> Listing | Moved:
    """A public listing, or the one that it was merged into. Raises NotFound, and Suppressed for one that was removed."""
    found = _read(session.connection(), [public_id], SHOWN_STATES)
    if found:
        return found[0]
    row = _initiative(session, public_id)
    if row.state == InitiativeState.SUPPRESSED:
        raise Suppressed(public_id)
    if row.merged_into_id is not None:
        return _moved(session, row.merged_into_id)
    raise NotFound(public_id)


def listing_for_desk(session: Session, public_id: str) -> Listing | Moved:
    """A listing in any state, or the one that it was merged into. Raises NotFound, and Suppressed for one that was removed."""
    row = _initiative(session, public_id)
    if row.state == InitiativeState.SUPPRESSED:
        raise Suppressed(public_id)
    if row.merged_into_id is not None:
        return _moved(session, row.merged_into_id)
    return to_listings(session, [row])[0]


def listings(session: Session, public_ids: Sequence[str]) -> list[Listing]:
    """The published listings among these public ids, in the order of the ids."""
    return listings_by(session.connection(), public_ids)


def listings_by(connection: Connection, public_ids: Sequence[str]) -> list[Listing]:
    """As listings, by a connection."""
    return [one for one in _read(connection, public_ids, (InitiativeState.PUBLISHED,)) if not one.is_only_name]


def _read(connection: Connection, public_ids: Sequence[str], states: Collection[InitiativeState]) -> list[Listing]:
    """The listings among these public ids that are in one of the states and not merged, in the order of the ids."""
    rows: dict[str, tuple[_ListingRow, list[_SourceRow]]] = {}
    for row in _shown_rows(connection, public_ids):
        shown, source = tuple(row[: len(_LISTING)]), tuple(row[len(_LISTING) :])
        if shown[-1] in states:  # in SQL, SQLite would go by the state's index
            _, sources = rows.setdefault(shown[0], (shown, []))
            sources += [source] if source[0] is not None else []
    pictures = _pictures(connection, {id: shown[2] for id, (shown, _) in rows.items()})
    return [_to_listing(*rows[id], pictures.get(id)) for id in public_ids if id in rows]


def _shown_rows(connection: Connection, public_ids: Sequence[str]) -> Sequence[Row[Any]]:
    """The rows of _SHOWN for these public ids."""
    if len(public_ids) > len(_FEW):
        return connection.execute(_SHOWN_OF_MANY, {"ids": list(public_ids)}).all()
    return connection.execute(_SHOWN_OF_FEW, dict(zip(_FEW, public_ids, strict=False))).all()


def newest(session: Session, limit: int, platform_id: str | None = None) -> list[Listing]:
    """The published listings of one platform or of all, the last published first."""
    query = select(Initiative).where(is_published_by_age())
    if platform_id is not None:
        query = query.where(_is_of_platform(session, platform_id))
    query = query.order_by(Initiative.published_at.desc(), Initiative.id.desc()).limit(limit)
    return to_listings(session, list(session.scalars(query)))


def has_record(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Condition on Initiative: a record of its own, or of a listing merged into it, meets the conditions.

    It is looked up in an index for one listing after the other: for queries that read listings in the order of another index
    until they have enough.
    """
    own = select(Record.id).where(Record.initiative_id == Initiative.id, *conditions)
    of_merged = select(Record.id).where(Record.initiative_id == _merged.id, *conditions)
    merged = select(_merged.id).where(_merged.merged_into_id == Initiative.id, of_merged.exists())
    return own.exists() | merged.exists()


def _is_of_platform(session: Session, platform_id: str) -> ColumnElement[bool]:
    """Condition on Initiative, for the newest: of a platform with few records all are looked up and sorted, of one with many
    some are soon met among the newest of all."""
    is_own = Record.platform_id == platform_id
    few = select(Record.id).where(is_own).limit(MAX_SORTED + 1).subquery()
    has_many = (session.scalar(select(func.count()).select_from(few)) or 0) > MAX_SORTED
    return has_record(is_own) if has_many else Initiative.id.in_(ids_with_record(is_own))


def listing_of_platform(session: Session, platform_id: str) -> Listing | None:
    """The public listing that a platform itself is, also where it is only a name; None where it has none."""
    own = aliased(Initiative)
    is_public = Initiative.state == InitiativeState.PUBLISHED
    query = select(Initiative).join(own, groups.head_id(own) == Initiative.id).where(is_public)
    row = session.scalar(query.join(Platform, Platform.initiative_id == own.id).where(Platform.id == platform_id))
    return None if row is None else to_listings(session, [row])[0]


def published_ids(session: Session, public_ids: Sequence[str], until: datetime | None = None) -> dict[str, int]:
    """Public id to row id of the published listings among these; with `until` only of those published by then."""
    found: dict[str, int] = {}
    for start in range(0, len(public_ids), groups.BATCH):
        is_meant = Initiative.public_id.in_(public_ids[start : start + groups.BATCH]), is_published()
        query = select(Initiative.public_id, Initiative.id).where(*is_meant)
        rows = session.execute(query if until is None else query.where(Initiative.published_at <= until))
        found |= {row.public_id: row.id for row in rows}
    return found


def new_listings(session: Session, *, limit: int, offset: int = 0, platform_id: str | None = None) -> list[Listing]:
    """Listings that wait for a decision, the oldest first: those that a curator is asked of; with `platform_id`, all of this
    platform. Those that are hidden with their platforms do not wait."""
    if platform_id is None:
        query = select(Initiative).where(is_asked())
    else:
        query = select(Initiative).where(is_waiting(), Initiative.id.in_(ids_with_record(Record.platform_id == platform_id)))
    return to_listings(session, list(session.scalars(query.order_by(Initiative.id).limit(limit).offset(offset))))


@dataclass(frozen=True, slots=True)
class Alike:
    """What listings that wait have in common: the platform of their records, by id, and their kind, None where unknown."""

    platform_id: str
    kind: str | None

    @classmethod
    def of(cls, listing: Listing) -> Alike | None:
        """What is like a listing; None for one without a source."""
        return cls(listing.sources[0].platform_id, listing.get("kind")) if listing.sources else None


def waiting_alike(session: Session, alike: Alike, *, limit: int, offset: int = 0) -> tuple[list[Listing], int]:
    """The listings of a kind that wait and that a platform has, the oldest first, and how many there are."""
    query = select(Initiative).where(*_is_alike(alike))
    rows = session.scalars(query.order_by(Initiative.id).limit(limit).offset(offset)).all()
    return to_listings(session, rows), count_alike(session, alike)


def count_alike(session: Session, alike: Alike) -> int:
    """How many listings of a kind wait that a platform has."""
    return session.scalar(select(func.count()).where(*_is_alike(alike))) or 0


def counts_alike(session: Session, platform_id: str) -> dict[Alike, int]:
    """How many listings of each kind wait that a platform has."""
    found = select(_kind().label("kind")).where(is_waiting(), _is_of(platform_id)).subquery()
    rows = session.execute(select(found.c.kind, func.count()).group_by(found.c.kind))
    return {Alike(platform_id, kind): count for kind, count in rows}


def ids_alike(session: Session, alike: Alike, *, until: str, limit: int) -> list[str]:
    """The public ids of such listings, the oldest first; none that is younger than the one with the public id `until`."""
    newest = select(Initiative.id).where(Initiative.public_id == until).scalar_subquery()
    query = select(Initiative.public_id).where(*_is_alike(alike), Initiative.id <= newest)
    return list(session.scalars(query.order_by(Initiative.id).limit(limit)))


def newest_waiting(session: Session) -> str:
    """The public id of the youngest listing that waits; empty where none does."""
    return session.scalar(select(Initiative.public_id).where(is_waiting()).order_by(Initiative.id.desc()).limit(1)) or ""


def _is_alike(alike: Alike) -> tuple[ColumnElement[bool], ...]:
    is_of_kind = _kind() == alike.kind if alike.kind else _kind().is_(None)
    return is_waiting(), is_of_kind, _is_of(alike.platform_id)


def _kind() -> ColumnElement[str]:
    kind: ColumnElement[str] = Initiative.composed["fields"]["kind"].as_string()
    return kind


def _is_of(platform_id: str) -> ColumnElement[bool]:
    """Condition on Initiative: the platform has a record of it, or of one that is joined with it."""
    member = aliased(Initiative)
    of_platform = select(Record.id).where(Record.platform_id == platform_id).offset(EACH_BY_ITSELF)
    own = of_platform.where(Record.initiative_id == Initiative.id).exists()
    joined = of_platform.join(member, member.id == Record.initiative_id).where(member.merged_into_id == Initiative.id).exists()
    return or_(own, joined)


def values_of(session: Session, public_id: str) -> list[ValueLine]:
    """The values that people set for a listing's fields, or for those of the listings joined with it, and that are shown.

    They are in the order of field and language. Raises NotFound.
    """
    row = _initiative(session, public_id)
    records = groups.records_behind(session, [row.id])[row.id]
    values = groups.values_behind(session, [row.id]).get(row.id, [])
    sources, titles = compose.sources_of(records), {record.platform_id: record.platform.title for record in records}
    return [_value_line(value, sources, titles) for value in strongest(groups.standing_values(row.id, values)).values()]


def to_listings(session: Session, rows: Sequence[Initiative]) -> list[Listing]:
    """The listings of the rows, with their sources, in the same order."""
    sources, pictures = (
        _sources(session, [row.id for row in rows]),
        _pictures(session.connection(), {row.public_id: row.composed for row in rows}),
    )
    return [_to_listing(_columns(row), sources.get(row.id, ()), pictures.get(row.public_id)) for row in rows]


def _columns(row: Initiative) -> _ListingRow:
    return row.public_id, row.version, row.composed, row.published_at, row.changed_at, row.is_only_name, row.state


def _moved(session: Session, id: int) -> Moved:
    target = session.get_one(Initiative, id)
    return Moved(target.public_id, target.composed.get("slug", "-"))


def _pictures(connection: Connection, composed: Mapping[str, Composed]) -> dict[str, KeptPicture]:
    """The pictures by public id; nothing is asked where no listing names an image."""
    ids = [id for id, parts in composed.items() if parts.get("fields", {}).get("image")]
    return pictures_of(connection, ids) if ids else {}


def _to_listing(row: _ListingRow, sources: Sequence[_SourceRow], picture: KeptPicture | None) -> Listing:
    """A listing with the sources that are of public platforms, or with all of them where there is none."""
    public_id, version, composed, published_at, changed_at, is_only_name, state = row
    shown = compose.prefer_public(sources, is_public=lambda source: source[-1] in PUBLIC_PLATFORMS)
    return Listing(
        public_id=public_id,
        slug=composed.get("slug", "-"),
        state=state,
        is_only_name=is_only_name,
        version=version,
        texts=composed.get("texts", {}),
        fields=composed.get("fields", {}),
        sources=tuple(Source(*source[:-1]) for source in shown),
        original_lang=composed.get("original_lang"),
        origins=composed.get("origins", {}),
        derived=composed.get("derived", {}),
        published_at=published_at,
        changed_at=changed_at,
        full_text_allowed=composed.get("licensed", False),
        picture=picture,
    )


def _sources(session: Session, initiative_ids: Sequence[int]) -> dict[int, list[_SourceRow]]:
    """What the sources of each listing are made of, ordered by record id."""
    sources: defaultdict[int, list[_SourceRow]] = defaultdict(list)
    for initiative_id, *source in session.execute(_SOURCES, {"ids": list(initiative_ids)}):
        sources[initiative_id].append(tuple(source))
    return sources


def _initiative(session: Session, public_id: str) -> Initiative:
    row = session.scalar(select(Initiative).where(Initiative.public_id == public_id))
    if row is None:
        raise NotFound(public_id)
    return row


def _value_line(value: Value, sources: Sources, titles: Mapping[str, str]) -> ValueLine:
    said = conflicts.news(value, sources)
    return ValueLine(
        field=value.field,
        lang=value.lang,
        value=value.value,
        author=author_of(value),
        by=value.by,
        at=value.at,
        news=tuple(News(id, titles[id], words) for id, words in said.items()),
        contested_at=value.contested_at,
        is_kept_for_good=value.is_kept_for_good,
        follows_platform=value.by == BY_PLATFORM,
    )
