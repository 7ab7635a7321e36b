"""Visibility: which listings are published and hidden together with the platforms that their records are from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.listings import compose, duplicates, groups, judgements
from platforma.catalogue.listings.settling import settle_states
from platforma.catalogue.models import Event, Initiative, InitiativeState, Platform, PlatformState, Record
from platforma.catalogue.states import PUBLIC_PLATFORMS, SHOWN_STATES, WITHDRAWN_PLATFORMS, InitiativeAction, initiative_after

_member = aliased(Initiative)
"""A listing itself, or one that was merged into it."""
_joined = aliased(Initiative)
EACH_BY_ITSELF = 0
"""An offset that lets PostgreSQL look up each listing in an index; else it would read all records first, to look there."""


def ids_with_record(*conditions: ColumnElement[bool]) -> Select[int]:
    """Ids of the unmerged listings of which a record (of their own, or of a listing merged into them) meets the conditions."""
    query = select(groups.head_id(_member)).join(Record, Record.initiative_id == _member.id)
    return query.join(Platform, Platform.id == Record.platform_id).where(*conditions)


def shared_ids(session: Session, platform_id: str) -> list[int]:
    """Ids of the unmerged listings that this platform lists, and another one too."""
    of_others = ids_with_record(Record.platform_id != platform_id)
    own = ids_with_record(Record.platform_id == platform_id).where(groups.head_id(_member).in_(of_others))
    return sorted(set(session.scalars(own)))


def is_withdrawn() -> ColumnElement[bool]:
    """Condition on Initiative: the listing is hidden with its platforms, each of which was refused or has left.

    The listing of a platform itself is also hidden while that is proposed again: approving the platform publishes it.
    """
    others = [state for state in PlatformState if state not in WITHDRAWN_PLATFORMS]
    is_hidden = _has_record(WITHDRAWN_PLATFORMS) & ~_has_record(others)
    return is_hidden | _is_platform((*WITHDRAWN_PLATFORMS, PlatformState.PROPOSED))


def is_trusted(session: Session, platform: Platform) -> bool:
    """Whether new listings of the platform are published at once; of a paused platform, whether they were before the pause."""
    if platform.state != PlatformState.PAUSED:
        return platform.state == PlatformState.TRUSTED
    approvals = select(Event.after).where(Event.object_type == "platform", Event.object_id == platform.id)
    last = session.scalar(approvals.where(Event.action == "approve").order_by(Event.id.desc()).limit(1))
    return last is None or last.get("state") != PlatformState.PROBATION


def withdraw(session: Session, platform: Platform) -> None:
    """Hide the listings of a platform that is no longer public, except those that another public platform has, too."""
    session.flush()
    ids = listing_ids(session, platform)
    for batch in groups.batched(ids):
        states = groups.platform_states_behind(session, batch)
        hidden = [row for row in _rows(session, batch, SHOWN_STATES) if states.get(row.id, set()).isdisjoint(PUBLIC_PLATFORMS)]
        for row in hidden:
            row.state = initiative_after(row.state, InitiativeAction.WITHDRAW)
        groups.let_joined_follow(session, [row.id for row in hidden], SHOWN_STATES, InitiativeState.NEW)
    _settle_and_compose(session, ids)


def admit(session: Session, platform: Platform, *, with_new: bool) -> None:
    """Publish the listings of a platform that were public before and, with `with_new`, those that wait for a decision.

    Those that are certainly the same as public ones are joined with them. Listings that a curator refused stay refused, and
    those that one took off the site wait.
    """
    session.flush()
    groups.lock_groups(session)
    ids, now = listing_ids(session, platform), utc_now()
    waiting = _rows(session, ids, (InitiativeState.NEW,))
    published_at = _first_published(session, [row.id for row in waiting])
    unpublished = _unpublished(session, [row.public_id for row in waiting if row.id in published_at])
    admitted = [row for row in waiting if row.public_id not in unpublished and (with_new or row.id in published_at)]
    for row in admitted:
        row.state = initiative_after(row.state, InitiativeAction.ADMIT)
        row.published_at = row.published_at or published_at.get(row.id, now)
    _admit_joined(session, [row.id for row in admitted], with_new=with_new)
    session.flush()
    duplicates.look(session, [row.id for row in admitted], now=now)
    _settle_and_compose(session, ids)


def _admit_joined(session: Session, head_ids: Sequence[int], *, with_new: bool) -> None:
    """Let the joined listings that were public before, or all that wait, be public as well if they are ever parted."""
    for batch in groups.batched(head_ids):
        is_waiting_apart = Initiative.merged_into_id.in_(batch), Initiative.state_apart == InitiativeState.NEW
        for row in session.scalars(select(Initiative).where(*is_waiting_apart)):
            if with_new or row.published_at:
                row.state_apart = InitiativeState.PUBLISHED


def _first_published(session: Session, head_ids: Sequence[int]) -> dict[int, datetime]:
    """When a listing of each head's group was public first; heads of whose groups none ever was are not among them."""
    first: dict[int, datetime] = {}
    for batch in groups.batched(head_ids):
        for id, rows in groups.members(session, batch).items():
            if instants := [row.published_at for row in rows if row.published_at]:
                first[id] = min(instants)
    return first


def _unpublished(session: Session, public_ids: Sequence[str]) -> set[str]:
    """Those of the listings that a person took off the site, and whose state nobody has changed since."""
    last: dict[str, bool] = {}
    for batch in groups.batched(public_ids):
        query = select(Event.object_id, Event.action, Event.actor, Event.after)
        query = query.where(Event.object_type == "initiative", Event.object_id.in_(batch)).order_by(Event.id)
        for id, action, actor, after in session.execute(query):
            if "state" in (after or {}):
                last[id] = action == InitiativeAction.WITHDRAW and not actor.startswith(judgements.RULES)
    return {id for id, is_by_person in last.items() if is_by_person}


def _settle_and_compose(session: Session, ids: Sequence[int]) -> None:
    session.flush()
    settle_states(session, ids)
    compose.recompose(session, ids, utc_now())


def listing_ids(session: Session, platform: Platform) -> list[int]:
    """Ids of the listings that the platform has a record of, and of the one that stands for the platform's own."""
    ids = set(session.scalars(ids_with_record(Record.platform_id == platform.id)))
    own = [platform.initiative_id] if platform.initiative_id is not None else []
    return sorted(ids | set(groups.heads(session, own).values()))


def _rows(session: Session, ids: Sequence[int], states: Collection[InitiativeState]) -> list[Initiative]:
    """The listings of these ids that are in one of the states, by id."""
    rows: list[Initiative] = []
    for batch in groups.batched(ids):
        query = select(Initiative).where(Initiative.id.in_(batch), Initiative.state.in_(states))
        rows += session.scalars(query.order_by(Initiative.id))
    return rows


def is_published() -> ColumnElement[bool]:
    """Condition on Initiative: visitors see it as a listing among others; the mere name of a platform is none."""
    return (Initiative.state == InitiativeState.PUBLISHED) & Initiative.is_only_name.is_(False)


def is_published_by_age() -> ColumnElement[bool]:
    """The same for a query in the order of publishing, which SQLite would else sort anew instead of reading it from the index."""
    others = [state for state in InitiativeState if state != InitiativeState.PUBLISHED]
    return Initiative.state.not_in(others) & Initiative.is_only_name.is_not(True)


def is_waiting() -> ColumnElement[bool]:
    """Condition on Initiative: the listing is new and not hidden with its platforms."""
    return (Initiative.state == InitiativeState.NEW) & ~is_withdrawn()


def is_asked() -> ColumnElement[bool]:
    """Condition on Initiative: the listing is new, and a curator is asked of it.

    Those of platforms that are only proposed are decided on together with their platform. Each new listing is looked up in
    indexes, so that it does not matter how many listings are published.
    """
    unasked = [state for state in PlatformState if state not in PUBLIC_PLATFORMS]
    return (Initiative.state == InitiativeState.NEW) & (_has_platform(PUBLIC_PLATFORMS) | ~_has_platform(unasked))


def _has_platform(states: Collection[PlatformState]) -> ColumnElement[bool]:
    """Condition on Initiative: a platform in one of these states has a record of it, or is what it is about."""
    return _has_record(states) | _is_platform(states)


def _has_record(states: Collection[PlatformState]) -> ColumnElement[bool]:
    """Condition on Initiative: a platform in one of these states has a record of it, or of a listing joined with it."""
    platforms = select(Platform.id).where(Platform.state.in_(states))
    of_platform = select(Record.id).where(Record.platform_id.in_(platforms)).offset(EACH_BY_ITSELF)
    of_joined = of_platform.join(_joined, _joined.id == Record.initiative_id).where(_joined.merged_into_id == Initiative.id)
    return of_platform.where(Record.initiative_id == Initiative.id).exists() | of_joined.exists()


def _is_platform(states: Collection[PlatformState]) -> ColumnElement[bool]:
    """Condition on Initiative: a platform in one of these states is what it is about."""
    of_listing = select(Platform.id).where(Platform.initiative_id == Initiative.id, Platform.state.in_(states))
    return of_listing.offset(EACH_BY_ITSELF).exists()
