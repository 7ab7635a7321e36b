"""Grace: what a source lists no more is kept for some days, then archived, and returns by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.listings import compose, visibility
from platforma.catalogue.models import Initiative, InitiativeState, Outbox, Platform, Record, RecordState
from platforma.catalogue.states import (
    PUBLIC_PLATFORMS,
    InitiativeAction,
    RecordAction,
    initiative_after,
    record_after,
)

GRACE = timedelta(days=7)


def vanish(record: Record, now: datetime) -> None:
    """The source lists a record no more: its days of grace begin."""
    record.state, record.gone_at = record_after(record.state, RecordAction.VANISH), now


def come_back(session: Session, platform: Platform, record: Record) -> None:
    """The source lists a record of the platform; if it was gone it is there again, and the listing that it is part of."""
    record.state, record.gone_at = record_after(record.state, RecordAction.LIST), None
    listing = record.initiative
    if listing.merged_into_id is not None:
        listing = session.get_one(Initiative, listing.merged_into_id)
    if listing.state == InitiativeState.ARCHIVED and platform.state in PUBLIC_PLATFORMS:
        listing.state = initiative_after(listing.state, InitiativeAction.RETURN)


def archive_overdue(session: Session, now: datetime) -> int:
    """Archive records that were gone for the whole grace, and listings that are left without any; how many records.

    A listing stands as long as any record behind it is listed or in its grace, whichever of the joined ones it belongs to.
    """
    overdue = list(session.scalars(select(Record).where(Record.state == RecordState.GONE, Record.gone_at <= now - GRACE)))
    for record in overdue:
        record.state = record_after(record.state, RecordAction.ARCHIVE)
    session.flush()
    touched = compose.unmerged_ids(session, {record.initiative_id for record in overdue})
    visibility.settle_states(session, touched)
    session.add_all(Outbox(initiative_id=id) for id in sorted(touched))
    return len(overdue)
