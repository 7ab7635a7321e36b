"""Settling: a listing's state follows the records behind it, where no person decides."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.listings import compose, groups
from platforma.catalogue.models import Initiative, InitiativeState, Record, RecordState
from platforma.catalogue.states import PUBLIC_PLATFORMS, SHOWN_STATES, InitiativeAction, initiative_after

RULE = "rule:sources"
"""Who did it, in the history: no person."""


def settle_states(session: Session, head_ids: Collection[int]) -> None:
    """Archive public listings of which all records are archived, and return archived listings of which one is not.

    A record in its grace period is not archived, nor is a group with a listing that no source ever had, such as a platform's own.
    """
    for ids in groups.batched(sorted(head_ids)):
        records, without = groups.records_behind(session, ids), groups.members_without_records(session, ids)
        query = select(Initiative).where(Initiative.id.in_(ids), Initiative.state.in_(SHOWN_STATES))
        for row in session.scalars(query.order_by(Initiative.id)):
            _settle_by_records(session, row, records.get(row.id, ()), can_be_gone=row.id not in without)


def settle_parted(session: Session, head_ids: Collection[int]) -> None:
    """Settle listings that were joined until now: what happened to their records and platforms meanwhile has its effect."""
    for ids in groups.batched(sorted(head_ids)):
        records, without = groups.records_behind(session, ids), groups.members_without_records(session, ids)
        states = groups.platform_states_behind(session, ids)
        query = select(Initiative).where(Initiative.id.in_(ids), Initiative.state.in_(SHOWN_STATES))
        for row in session.scalars(query.order_by(Initiative.id)):
            platforms = states.get(row.id)
            if platforms and platforms.isdisjoint(PUBLIC_PLATFORMS):
                _change(session, row, InitiativeAction.WITHDRAW)
                groups.let_joined_follow(session, [row.id], SHOWN_STATES, row.state)
            else:
                _settle_by_records(session, row, records.get(row.id, ()), can_be_gone=row.id not in without)


def return_listing(session: Session, row: Initiative) -> None:
    """Return an archived listing, with those joined with it."""
    _change(session, row, InitiativeAction.RETURN)
    groups.let_joined_follow(session, [row.id], (InitiativeState.ARCHIVED,), row.state)


def _change(session: Session, row: Initiative, action: InitiativeAction) -> None:
    """Change the state as the action does, and record that a rule did so."""
    before, row.state = row.state, initiative_after(row.state, action)
    record_event(
        session, actor=RULE, action=str(action), object_type="initiative", object_id=row.public_id,
        before={"state": before}, after={"state": row.state},
    )  # fmt: skip


def _settle_by_records(session: Session, row: Initiative, records: Collection[Record], *, can_be_gone: bool) -> None:
    states = {record.state for record in compose.public_records(records)}
    is_gone, is_archived = states == {RecordState.ARCHIVED}, row.state == InitiativeState.ARCHIVED
    if is_gone and can_be_gone and not is_archived:
        _change(session, row, InitiativeAction.ARCHIVE)
        groups.let_joined_follow(session, [row.id], (InitiativeState.PUBLISHED,), row.state)
    elif is_archived and states and not is_gone:
        return_listing(session, row)
