"""The grace period: a record that its source no longer lists is kept for some days, then archived; it may return."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.listings import groups, settling
from platforma.catalogue.models import InitiativeState, Outbox, Platform, Record, RecordState
from platforma.catalogue.states import (
    PUBLIC_PLATFORMS,
    RecordAction,
    record_after,
)

GRACE = timedelta(days=7)
"""The length of the grace period."""


def vanish(record: Record, now: datetime) -> None:
    """Mark a record as gone: its source no longer lists it. Its grace period begins at `now`. Raises BadState."""
    record.state, record.gone_at = record_after(record.state, RecordAction.VANISH), now


def come_back(session: Session, platform: Platform, record: Record) -> None:
    """Mark a record of the platform as seen; an archived listing that it is part of returns, if the platform is public."""
    record.state, record.gone_at = record_after(record.state, RecordAction.LIST), None
    listing = groups.head(session, record.initiative)
    if listing.state == InitiativeState.ARCHIVED and platform.state in PUBLIC_PLATFORMS:
        settling.return_listing(session, listing)


def archive_overdue(session: Session, now: datetime) -> int:
    """Archive the records whose grace period is over, and the listings that have only archived records; return the number
    of records.

    The records of a listing are its own and those of the listings that were merged into it.
    """
    overdue = list(session.scalars(select(Record).where(Record.state == RecordState.GONE, Record.gone_at <= now - GRACE)))
    for record in overdue:
        record.state = record_after(record.state, RecordAction.ARCHIVE)
    session.flush()
    initiative_ids = set(groups.heads(session, {record.initiative_id for record in overdue}).values())
    settling.settle_states(session, initiative_ids)
    session.add_all(Outbox(initiative_id=id) for id in sorted(initiative_ids))
    return len(overdue)
