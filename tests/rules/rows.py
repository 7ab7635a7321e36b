"""Rows of the catalogue for tests of rules: made without a database, or added to one in memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawlers import record as crawled
from platforma.catalogue.models import (
    Crawl,
    Initiative,
    InitiativeState,
    Judgement,
    JudgementVerdict,
    Platform,
    PlatformState,
    Record,
    RecordState,
    StagedRecord,
    Value,
)
from platforma.catalogue.shapes import RecordPayload

DEFAULTS = {"url": "", "recipe": {}, "recipe_version": 1, "state": PlatformState.TRUSTED}
START = datetime(2026, 1, 1, tzinfo=UTC)


def payload(**fields: Any) -> RecordPayload:
    """A record's content; titled in Latvian unless it says otherwise."""
    return cast(RecordPayload, crawled.Record("1", **{"title": {"lv": "Saules maize"}} | fields).to_json())


def record(
    platform: str = "a", *, id: int = 1, state: RecordState = RecordState.SEEN, rank: int = 100, day: int = 0, **fields: Any
) -> Record:
    """A record of a platform with this rank, known since the given day of January."""
    source = Platform(id=platform, rank=rank)
    first_seen_at = START + timedelta(days=day)
    return Record(
        id=id, platform_id=platform, platform=source, state=state, payload=payload(**fields),
        first_seen_at=first_seen_at, last_seen_at=first_seen_at,
    )  # fmt: skip


def value(field: str, content: Any, *, lang: str = "", layer: str = "curator") -> Value:
    """What a person says of a field."""
    return Value(field=field, lang=lang, value=content, layer=layer)


def add_listing(
    session: Session,
    *platforms: str,
    state: InitiativeState = InitiativeState.PUBLISHED,
    merged_into: Initiative | None = None,
    **fields: Any,
) -> Initiative:
    """A listing in a catalogue, with one record of each platform; these are made when missing. It may be joined with another."""
    listing = _listing(session, state)
    session.add(listing)
    for platform in platforms:
        add_record(session, platform, listing.public_id, initiative=listing, payload=payload(**fields))
    session.flush()
    if merged_into:
        listing.merged_into_id, listing.state, listing.state_apart = merged_into.id, InitiativeState.MERGED, state
        session.add(Judgement(left_id=merged_into.id, right_id=listing.id, verdict=JudgementVerdict.SAME, by="c", at=START))
        session.flush()
    return listing


def add_platform(session: Session, platform: str = "p", **columns: Any) -> Platform:
    """A platform in a catalogue; the one that is there already, where it is."""
    if known := session.get(Platform, platform):
        return known
    row = Platform(id=platform, public_id=platform, title=platform, **DEFAULTS | columns)
    session.add(row)
    session.flush()
    return row


def add_record(session: Session, platform: str, remote_id: str, **columns: Any) -> Record:
    """A record in a catalogue, of a listing of its own unless one is given."""
    add_platform(session, platform)
    row = Record(platform_id=platform, remote_id=remote_id, fingerprint="", first_seen_at=START, last_seen_at=START)
    if "initiative" not in columns:
        columns["initiative"] = _listing(session)
    for name, value in ({"payload": payload()} | columns).items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return row


def add_crawl(session: Session, platform: str = "p", staged: Iterable[str] = (), **columns: Any) -> Crawl:
    """A complete crawl in a catalogue that staged these remote ids."""
    add_platform(session, platform)
    row = Crawl(
        platform_id=platform,
        **{"recipe_version": 7, "extractor_version": 1, "counts": {}, "gone": [], "is_complete": True} | columns,
    )
    session.add(row)
    session.flush()
    session.add_all(StagedRecord(crawl_id=row.id, remote_id=id) for id in staged)
    session.flush()
    return row


def _listing(session: Session, state: InitiativeState = InitiativeState.PUBLISHED) -> Initiative:
    number = session.scalar(select(func.count(Initiative.id)))
    return Initiative(public_id=f"public{number}", state=state, composed={}, changed_at=START)
