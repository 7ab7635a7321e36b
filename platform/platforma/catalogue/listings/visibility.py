"""Visibility: which listings become public, and which are hidden, with the platforms that their records are from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.listings import compose, matching
from platforma.catalogue.models import (
    Event,
    Initiative,
    InitiativeState,
    Platform,
    PlatformState,
    Record,
    RecordState,
)
from platforma.catalogue.states import PUBLIC_PLATFORMS, WITHDRAWN_PLATFORMS, InitiativeAction, initiative_after

_SHOWN = (InitiativeState.PUBLISHED, InitiativeState.ARCHIVED)
_holder = aliased(Initiative)


def standing_ids(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Ids of the listings that stand, where a record behind them (their own, or a joined one's) meets the conditions."""
    query = select(func.coalesce(_holder.merged_into_id, _holder.id)).join(Record, Record.initiative_id == _holder.id)
    return query.join(Platform, Platform.id == Record.platform_id).where(*conditions)


def is_withdrawn() -> ColumnElement[bool]:
    """Whether a listing is hidden with its platforms: each of them was refused or has left; for a query of Initiative."""
    withdrawn = standing_ids(Platform.state.in_(WITHDRAWN_PLATFORMS))
    others = standing_ids(Platform.state.not_in(WITHDRAWN_PLATFORMS))
    own = select(Platform.initiative_id).where(Platform.state.in_(WITHDRAWN_PLATFORMS), Platform.initiative_id.is_not(None))
    return (Initiative.id.in_(withdrawn) & Initiative.id.not_in(others)) | Initiative.id.in_(own)


def is_trusted(session: Session, platform: Platform) -> bool:
    """Whether new listings of the platform are public at once; of a paused one, whether they were before the pause."""
    if platform.state != PlatformState.PAUSED:
        return platform.state == PlatformState.TRUSTED
    approvals = select(Event.after).where(Event.object_type == "platform", Event.object_id == platform.id)
    last = session.scalar(approvals.where(Event.action == "approve").order_by(Event.id.desc()).limit(1))
    return (last or {}).get("state") != PlatformState.PROBATION


def withdraw(session: Session, platform: Platform) -> None:
    """Hide the listings of a platform that is public no more, but for those that another public platform stands behind."""
    session.flush()
    ids = _ids(session, platform)
    for some in compose.batched(ids):
        records = compose.records_behind(session, some)
        for row in _rows(session, some, _SHOWN):
            if not any(record.platform.state in PUBLIC_PLATFORMS for record in records[row.id]):
                row.state = initiative_after(row.state, InitiativeAction.WITHDRAW)
    _settle_and_compose(session, ids)


def admit(session: Session, platform: Platform, *, with_new: bool) -> None:
    """Make the listings of a platform public that were so before and, `with_new`, those that wait for a decision.

    What is certainly the same as a listing that is public already is joined with it. What a curator refused stays so.
    """
    session.flush()
    ids, now = _ids(session, platform), utc_now()
    admitted = [row for row in _rows(session, ids, (InitiativeState.NEW,)) if with_new or row.published_at]
    for row in admitted:
        row.state, row.published_at = initiative_after(row.state, InitiativeAction.ADMIT), row.published_at or now
    session.flush()
    matching.match_new(session, [row.id for row in admitted], now=now)
    _settle_and_compose(session, ids)


def settle_states(session: Session, initiative_ids: Collection[int]) -> None:
    """Archive what no source holds any more, and bring back what one holds again; a record in its days of grace counts."""
    for ids in compose.batched(sorted(initiative_ids)):
        records = compose.records_behind(session, ids)
        for row in _rows(session, ids, _SHOWN):
            states = {record.state for record in compose.public_records(records[row.id])}
            is_over, is_archived = states == {RecordState.ARCHIVED}, row.state == InitiativeState.ARCHIVED
            if is_over and not is_archived:
                row.state = initiative_after(row.state, InitiativeAction.ARCHIVE)
            elif is_archived and states and not is_over:
                row.state = initiative_after(row.state, InitiativeAction.RETURN)


def _settle_and_compose(session: Session, ids: Sequence[int]) -> None:
    session.flush()
    settle_states(session, ids)
    compose.recompose(session, ids, utc_now())


def _ids(session: Session, platform: Platform) -> list[int]:
    """The listings that a record of the platform stands behind, and the platform's own."""
    found = set(session.scalars(standing_ids(Record.platform_id == platform.id)))
    return sorted(found | ({platform.initiative_id} if platform.initiative_id is not None else set()))


def _rows(session: Session, ids: Sequence[int], states: Collection[InitiativeState]) -> list[Initiative]:
    """The listings of these ids that are in one of the states, by id."""
    found: list[Initiative] = []
    for some in compose.batched(ids):
        query = select(Initiative).where(Initiative.id.in_(some), Initiative.state.in_(states))
        found += session.scalars(query.order_by(Initiative.id))
    return found


def is_published() -> ColumnElement[bool]:
    return Initiative.state == InitiativeState.PUBLISHED


def is_waiting() -> ColumnElement[bool]:
    return (Initiative.state == InitiativeState.NEW) & ~is_withdrawn()
