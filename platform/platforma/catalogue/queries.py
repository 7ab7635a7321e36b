"""Reads: functions over a session, each in a total order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from platforma.catalogue import compose, notices
from platforma.catalogue.crawl_store import problems_of, report
from platforma.catalogue.errors import NotFound, Suppressed
from platforma.catalogue.ids import slugify
from platforma.catalogue.listing import Listing, Source
from platforma.catalogue.models import (
    Crawl,
    CrawlState,
    Event,
    Initiative,
    InitiativeState,
    Platform,
    PlatformState,
    Record,
    Value,
)
from platforma.catalogue.reports import CrawlReport
from platforma.catalogue.states import PUBLIC_PLATFORMS
from platforma.catalogue.visibility import is_withdrawn, standing_ids

Counts = Mapping[str, int]
"""How many initiatives platforms have, by their ids."""
SHOWN_STATES = (InitiativeState.PUBLISHED, InitiativeState.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a listing that was merged now stands."""

    public_id: str
    slug: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over what is public; `updated_at` is the end of the last good crawl, None before the first."""

    initiatives: int
    platforms: int
    countries: int
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlatformCard:
    """A platform as lists and its page show it; instants are UTC."""

    id: str
    public_id: str
    slug: str
    title: str
    url: str
    state: str
    licence: str | None
    contact_email: str | None
    contact_lang: str | None
    reason: str | None
    initiatives: int
    created_at: datetime
    last_crawl: CrawlReport | None


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """What waits for a decision."""

    proposed_platforms: int
    new_listings: int
    held_crawls: int
    mapping_needed: int
    unreadable_platforms: int
    maybe_removed: int


@dataclass(frozen=True, slots=True)
class ValueLine:
    """What a person said of a field, and whether the sources have said something new since."""

    field: str
    lang: str
    value: Any
    layer: str
    by: str
    at: datetime
    source_value_now: Any
    in_conflict: bool


def listing(session: Session, public_id: str) -> Listing | Moved:
    """A public listing, or where it went. Raises NotFound and Suppressed."""
    row = _initiative(session, public_id)
    if row.state == InitiativeState.SUPPRESSED:
        raise Suppressed(public_id)
    if row.merged_into_id is not None:
        return _moved(session, row.merged_into_id)
    if row.state not in SHOWN_STATES:
        raise NotFound(public_id)
    return to_listings(session, [row])[0]


def listing_for_desk(session: Session, public_id: str) -> Listing | Moved:
    """A listing in whichever state, or where it went, but not one that was removed for good. Raises NotFound and Suppressed."""
    row = _initiative(session, public_id)
    if row.state == InitiativeState.SUPPRESSED:
        raise Suppressed(public_id)
    if row.merged_into_id is not None:
        return _moved(session, row.merged_into_id)
    return to_listings(session, [row])[0]


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_SOURCE = (
    Platform.id, Platform.title, Record.remote_id, Record.payload["url"].as_string(), Record.last_seen_at,
    Record.state.label("source_state"), Platform.state.in_(PUBLIC_PLATFORMS).label("is_public"),
)  # fmt: skip
"""What a Source is made of, in its order, and whether its platform is public; payloads are not read, for they are long."""
_SOURCES = (
    select(func.coalesce(Initiative.merged_into_id, Initiative.id), *_SOURCE)
    .select_from(Initiative)
    .join(Record, Record.initiative_id == Initiative.id)
    .join(Platform, Platform.id == Record.platform_id)
    .where(or_(Initiative.id.in_(_IDS), Initiative.merged_into_id.in_(_IDS)))
    .order_by(Record.id)
)
_behind = aliased(Initiative)
_SHOWN = (
    select(
        Initiative.public_id, Initiative.state, Initiative.version, Initiative.composed,
        Initiative.published_at, Initiative.changed_at, *_SOURCE,
    )
    .select_from(Initiative)
    .join(_behind, or_(_behind.id == Initiative.id, _behind.merged_into_id == Initiative.id))
    .outerjoin(Record, Record.initiative_id == _behind.id)
    .outerjoin(Platform, Platform.id == Record.platform_id)
    .where(Initiative.public_id.in_(_IDS))
    .order_by(Record.id)
)  # fmt: skip
"""Listings, a row for each source or one for none: cheaper than to ask for them and then for their sources."""

_TITLES = select(Platform.id, Platform.title).where(Platform.state.in_(PUBLIC_PLATFORMS))


def listings(session: Session, public_ids: Sequence[str]) -> list[Listing]:
    """The published ones among these, in the order given."""
    found: dict[str, tuple[Row[Any], list[Sequence[Any]]]] = {}
    for row in session.connection().execute(_SHOWN, {"ids": list(public_ids)}).all():
        if row.state == InitiativeState.PUBLISHED:  # in SQL, SQLite would go by the state's index
            _, sources = found.setdefault(row.public_id, (row, []))
            sources += [row[-len(_SOURCE) :]] if row.remote_id is not None else []
    return [_to_listing(found[id][0], _telling(found[id][1])) for id in public_ids if id in found]


def newest(session: Session, limit: int, platform_id: str | None = None) -> list[Listing]:
    """The listings published last, of one platform or of all."""
    query = select(Initiative).where(_is_public())
    if platform_id is not None:
        query = query.where(Initiative.id.in_(standing_ids(Record.platform_id == platform_id)))
    query = query.order_by(Initiative.published_at.desc(), Initiative.id.desc()).limit(limit)
    return to_listings(session, list(session.scalars(query)))


def totals(session: Session) -> Totals:
    """The sums of the start page."""
    initiatives = session.scalar(select(func.count()).where(_is_public())) or 0
    platforms = session.scalar(select(func.count()).where(Platform.state.in_(PUBLIC_PLATFORMS))) or 0
    composed = session.scalars(select(Initiative.composed["fields"]["country"].as_string()).where(_is_public()).distinct())
    countries = sum(country is not None for country in composed)
    return Totals(initiatives, platforms, countries, updated_at(session))


def updated_at(session: Session) -> datetime | None:
    """The end of the last good crawl, in UTC; None before the first."""
    return session.scalar(select(func.max(Crawl.ended_at)).where(Crawl.state == CrawlState.DONE))


def public_platforms(session: Session, counts: Counts | None = None) -> list[PlatformCard]:
    """The platforms that visitors see, by title; with `counts` where these are known already."""
    return platforms_in(session, PUBLIC_PLATFORMS, counts)


def platform_titles(session: Session) -> dict[str, str]:
    """Id to title of the platforms that visitors see; cheap, for pages that only name them."""
    return {row.id: row.title for row in session.connection().execute(_TITLES).all()}


def platforms_in(session: Session, states: Collection[PlatformState], counts: Counts | None = None) -> list[PlatformCard]:
    """The platforms in these states, by title."""
    query = select(Platform).where(Platform.state.in_(states)).order_by(Platform.title, Platform.id)
    return _cards(session, list(session.scalars(query)), counts)


def platform_card(session: Session, public_id: str, counts: Counts | None = None) -> PlatformCard:
    """One public platform; with `counts` where these are known already. Raises NotFound."""
    row = session.scalar(select(Platform).where(Platform.public_id == public_id, Platform.state.in_(PUBLIC_PLATFORMS)))
    if row is None:
        raise NotFound(public_id)
    return _cards(session, [row], counts)[0]


def platform_by_id(session: Session, platform_id: str) -> PlatformCard:
    """One platform in whatever state, for the desk. Raises NotFound."""
    row = session.get(Platform, platform_id)
    if row is None:
        raise NotFound(platform_id)
    return _cards(session, [row])[0]


def recipe_of(session: Session, platform_id: str) -> Any:
    """A platform's recipe as JSON. Raises NotFound."""
    platform = session.get(Platform, platform_id)
    if platform is None:
        raise NotFound(f"there is no platform {platform_id}; see: platforma platforms list")
    return platform.recipe


def sitemap_entries(session: Session) -> Iterator[tuple[str, str, datetime]]:
    """(public id, slug, changed at) of every published listing, by id."""
    query = select(Initiative).where(_is_public()).order_by(Initiative.id)
    for row in session.scalars(query.execution_options(yield_per=1000)):
        yield row.public_id, row.composed.get("slug", "-"), row.changed_at


def desk_counts(session: Session) -> DeskCounts:
    """The numbers of the desk's first page."""
    proposed = select(func.count()).where(Platform.state == PlatformState.PROPOSED)
    held = select(func.count()).where(Crawl.state == CrawlState.HELD)
    new = select(func.count()).where(_is_waiting())
    platforms, listings, crawls = (session.scalar(query) or 0 for query in (proposed, new, held))
    mapping, unreadable = (notices.platforms_with(session, topics) for topics in (notices.SHAPE_TOPICS, notices.TROUBLE_TOPICS))
    maybe_removed = len(notices.open_notices(session, notices.REMOVAL_TOPICS))
    return DeskCounts(platforms, listings, crawls, mapping, unreadable, maybe_removed)


def new_listings(session: Session, *, limit: int, offset: int = 0, platform_id: str | None = None) -> list[Listing]:
    """Listings that wait for a decision, the longest waiting first; those that are hidden with their platforms do not."""
    query = select(Initiative).where(_is_waiting())
    if platform_id is not None:
        query = query.where(Initiative.id.in_(standing_ids(Record.platform_id == platform_id)))
    return to_listings(session, list(session.scalars(query.order_by(Initiative.id).limit(limit).offset(offset))))


def held_crawls(session: Session) -> list[CrawlReport]:
    """Crawls that wait for a decision, the oldest first."""
    query = select(Crawl).where(Crawl.state == CrawlState.HELD).order_by(Crawl.id)
    return [_report(session, crawl) for crawl in session.scalars(query)]


def crawl_report(session: Session, crawl_id: int) -> CrawlReport:
    """One crawl with all its problems. Raises NotFound."""
    crawl = session.get(Crawl, crawl_id)
    if crawl is None:
        raise NotFound(str(crawl_id))
    return _report(session, crawl, with_problems=True)


def history(session: Session, object_type: str, object_id: str) -> list[Event]:
    """What was done to an object, the newest first."""
    query = select(Event).where(Event.object_type == object_type, Event.object_id == object_id)
    return list(session.scalars(query.order_by(Event.id.desc())))


def values_of(session: Session, public_id: str) -> list[ValueLine]:
    """What people said of a listing's fields."""
    row = _initiative(session, public_id)
    records = compose.records_behind(session, [row.id])[row.id]
    query = select(Value).where(Value.initiative_id == row.id).order_by(Value.field, Value.lang, Value.layer)
    return [_value_line(value, compose.source_value(records, value.field, value.lang)) for value in session.scalars(query)]


def to_listings(session: Session, rows: Sequence[Initiative]) -> list[Listing]:
    """Rows as listings with their sources, in the same order."""
    sources = _sources(session, [row.id for row in rows])
    return [_to_listing(row, sources.get(row.id, ())) for row in rows]


def _moved(session: Session, id: int) -> Moved:
    target = session.get_one(Initiative, id)
    return Moved(target.public_id, target.composed.get("slug", "-"))


def _to_listing(row: Initiative | Row[Any], sources: Sequence[Source]) -> Listing:
    composed = row.composed
    return Listing(
        public_id=row.public_id,
        slug=composed.get("slug", "-"),
        state=row.state,
        version=row.version,
        texts=composed.get("texts", {}),
        fields=composed.get("fields", {}),
        sources=tuple(sources),
        original_lang=composed.get("original_lang"),
        origins=composed.get("origins", {}),
        derived=composed.get("derived", {}),
        published_at=row.published_at,
        changed_at=row.changed_at,
        full_text_allowed=composed.get("licensed", False),
    )


def _sources(session: Session, initiative_ids: Sequence[int]) -> dict[int, list[Source]]:
    """The sources of each listing, in the order of their records."""
    found: defaultdict[int, list[Sequence[Any]]] = defaultdict(list)
    for initiative_id, *source in session.execute(_SOURCES, {"ids": list(initiative_ids)}):
        found[initiative_id].append(source)
    return {id: _telling(rows) for id, rows in found.items()}


def _telling(rows: Sequence[Sequence[Any]]) -> list[Source]:
    """The sources of public platforms; all, while no such platform has the listing. As compose.telling has it."""
    return [Source(*row[:-1]) for row in rows if row[-1]] or [Source(*row[:-1]) for row in rows]


def _is_public() -> ColumnElement[bool]:
    return Initiative.state == InitiativeState.PUBLISHED


def _is_waiting() -> ColumnElement[bool]:
    return (Initiative.state == InitiativeState.NEW) & ~is_withdrawn()


def _initiative(session: Session, public_id: str) -> Initiative:
    row = session.scalar(select(Initiative).where(Initiative.public_id == public_id))
    if row is None:
        raise NotFound(public_id)
    return row


def _cards(session: Session, rows: Sequence[Platform], counts: Counts | None = None) -> list[PlatformCard]:
    ids = [row.id for row in rows]
    totals_by_id = _published_by_platform(session, ids) if counts is None else counts
    last = last_crawls(session, ids)
    return [
        PlatformCard(
            row.id, row.public_id, slugify(row.title), row.title, row.url, row.state, row.licence,
            row.contact_email, row.contact_lang,
            row.reason, totals_by_id.get(row.id, 0), row.created_at, last.get(row.id),
        )
        for row in rows
    ]  # fmt: skip


def _published_by_platform(session: Session, platform_ids: Sequence[str]) -> dict[str, int]:
    """How many published listings each platform has a record behind, by its id."""
    child = aliased(Initiative)
    query = (
        select(Record.platform_id, func.count(Initiative.id.distinct()))
        .join(child, child.id == Record.initiative_id)
        .join(Initiative, Initiative.id == func.coalesce(child.merged_into_id, child.id))
        .where(_is_public(), Record.platform_id.in_(platform_ids))
        .group_by(Record.platform_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def last_crawls(session: Session, platform_ids: Sequence[str]) -> dict[str, CrawlReport]:
    """The last crawl that ended of each platform, by platform id."""
    newest_ids = (select(func.max(Crawl.id)).where(Crawl.platform_id.in_(platform_ids), Crawl.ended_at.is_not(None))).group_by(
        Crawl.platform_id
    )
    return {c.platform_id: _report(session, c) for c in session.scalars(select(Crawl).where(Crawl.id.in_(newest_ids)))}


def _report(session: Session, crawl: Crawl, with_problems: bool = False) -> CrawlReport:
    told = report(crawl)
    return replace(told, problems=problems_of(session, crawl.id)) if with_problems else told


def _value_line(value: Value, source_now: Any) -> ValueLine:
    in_conflict = source_now is not None and source_now != value.source_value_seen and source_now != value.value
    return ValueLine(value.field, value.lang, value.value, value.layer, value.by, value.at, source_now, in_conflict)
