"""One listing of a bulk change: what is done to it, and what gives it back what stood before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState
from platforma.catalogue.listings import by_rule, edits, groups, listing_queries, settling
from platforma.catalogue.listings.layers import CURATOR_ELSEWHERE, shown_value
from platforma.catalogue.models import BulkChange, Event, Initiative, InitiativeState, Outbox, Value
from platforma.catalogue.shapes import FieldValue
from platforma.catalogue.states import SHOWN_STATES, InitiativeAction, initiative_after
from vocabulary.messages import N_

CHANGED_SINCE = N_("%(who)s has changed it since, so it stays as it is")
Before = dict[str, Any]
"""What stood: of a field `value` and `stood`, whether a curator had said it, and in CONTESTED by a value's row id since when
sources said something else; of a state `state`, `reason` and `was_public`, in
JOINED the row ids of the listings that were joined with it, each with its state apart, in JUDGEMENTS the ids of what rules
judged because of the change, and in PLATFORMS the states of the platforms that have it."""
JOINED, JUDGEMENTS, PLATFORMS, CONTESTED = "joined", "judgements", "platforms", "contested"


class BulkAction(StrEnum):
    """What can be done to many listings at once."""

    ADD_THEME = "add_theme"
    REMOVE_THEME = "remove_theme"
    SET_THEME = "set_theme"
    ADD_SECTOR = "add_sector"
    REMOVE_SECTOR = "remove_sector"
    SET_SECTOR = "set_sector"
    SET_KIND = "set_kind"
    SET_COUNTRY = "set_country"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    REFUSE = "refuse"


DIMENSIONS = {action: str(action).partition("_")[2] for action in BulkAction if "_" in action}
"""The dimension of the vocabulary of which an action takes a term, for those that set a field."""
FIELDS = {"theme": "themes", "sector": "sectors", "kind": "kind", "country": "country"}
STATE_ACTIONS = {
    BulkAction.PUBLISH: InitiativeAction.PUBLISH,
    BulkAction.UNPUBLISH: InitiativeAction.WITHDRAW,
    BulkAction.REFUSE: InitiativeAction.REFUSE,
}
ALREADY = {
    BulkAction.PUBLISH: InitiativeState.PUBLISHED,
    BulkAction.UNPUBLISH: InitiativeState.NEW,
    BulkAction.REFUSE: InitiativeState.REFUSED,
}
"""The state in which there is nothing to do."""


def change(session: Session, bulk: BulkChange, row: Initiative) -> Before | None:
    """Do to a listing what a bulk change does; return what stood before, None where there was nothing to do.

    Raises BadState and BadValue where it cannot be done.
    """
    action = BulkAction(bulk.action)
    return _change_state(session, bulk, row, action) if action in STATE_ACTIONS else _change_field(session, bulk, row, action)


def undo(session: Session, bulk: BulkChange, row: Initiative, before: Before, event_id: int) -> None:
    """Give a listing back what stood before a bulk change. Raises BadState where a person has changed the same since,
    and where the listing was joined or removed.
    """
    action, actor = BulkAction(bulk.action), bulk.undone_by or ""
    is_state = action in STATE_ACTIONS
    names = {"state"} if is_state else {"country", "countries"} if action is BulkAction.SET_COUNTRY else {_field(action)}
    for id in reversed(by_rule.standing(session, before.get(JUDGEMENTS, []))):
        by_rule.take_back(session, id, actor)
    initiative_after(row.state, InitiativeAction.EDIT)
    if who := _changed_by(session, row.public_id, event_id, names):
        raise BadState(CHANGED_SINCE, who=who)
    if is_state:
        _restore_state(session, row, before, actor)
        return
    edit = edits.Edit(row.public_id, _field(action), "", actor, row.version)
    if before["stood"]:
        edits.set_value(session, edit, before["value"])
    else:
        edits.release_value(session, edit)
    _restore_waits(session, row, before)


def _change_state(session: Session, bulk: BulkChange, row: Initiative, action: BulkAction) -> Before | None:
    if row.state == ALREADY[action]:
        return None
    before: Before = {"state": row.state, "reason": row.reason, "was_public": row.published_at is not None}
    before[PLATFORMS] = _platform_states(session, row)
    before[JOINED] = [[joined.id, joined.state_apart] for joined in _joined(session, row)]
    if action is BulkAction.PUBLISH:
        newest = by_rule.newest_judgement(session)
        edits.publish(session, public_id=row.public_id, actor=bulk.actor)
        session.flush()
        before[JUDGEMENTS] = by_rule.judged_since(session, newest, [row.id])
    elif action is BulkAction.REFUSE:
        edits.refuse(session, public_id=row.public_id, actor=bulk.actor, reason=bulk.value)
    else:
        found = edits.find_initiative(session, row.public_id, STATE_ACTIONS[action])
        edits.set_state(session, found, STATE_ACTIONS[action], bulk.actor, reason=None)
        groups.let_joined_follow(session, [row.id], SHOWN_STATES, row.state)
    return before


def _change_field(session: Session, bulk: BulkChange, row: Initiative, action: BulkAction) -> Before | None:
    initiative_after(row.state, InitiativeAction.EDIT)
    field = _field(action)
    shown = shown_value(row.composed, field, "")
    wanted = _wanted(action, shown, bulk.value)
    if wanted == shown or (not wanted and not shown):
        return None
    lines = listing_queries.values_of(session, row.public_id)
    own = [line for line in lines if line.field == field and line.author == "curator" and line.by != CURATOR_ELSEWHERE]
    contested = {str(value.id): value.contested_at.isoformat() for value in _values(session, row) if value.contested_at}
    edits.set_value(session, edits.Edit(row.public_id, field, "", bulk.actor, row.version), wanted)
    return {"stood": bool(own), "value": own[0].value if own else None, CONTESTED: contested}


def _restore_waits(session: Session, row: Initiative, before: Before) -> None:
    """Let what sources say against values of a listing wait as long as it did before, where it waits again."""
    session.flush()
    for value in _values(session, row):
        since = before.get(CONTESTED, {}).get(str(value.id))
        if since and value.contested_at is not None:
            value.contested_at = datetime.fromisoformat(since)


def _values(session: Session, row: Initiative) -> list[Value]:
    return groups.values_behind(session, [row.id]).get(row.id, [])


def _field(action: BulkAction) -> str:
    return FIELDS[DIMENSIONS[action]]


def _wanted(action: BulkAction, shown: FieldValue, term: str) -> FieldValue:
    """What the field is to be, where this is shown of it."""
    name = str(action)
    if action in (BulkAction.SET_KIND, BulkAction.SET_COUNTRY):
        return term
    entries = cast(list[str], shown or [])
    if name.startswith("set"):
        return [term]
    others = [entry for entry in entries if entry != term]
    return (entries if term in entries else [*entries, term]) if name.startswith("add") else others


def _changed_by(session: Session, public_id: str, event_id: int, names: Collection[str]) -> str:
    """Who, of people and not of rules, has changed one of these fields after an event; an empty text for nobody."""
    query = select(Event).where(Event.object_type == "initiative", Event.object_id == public_id, Event.id > event_id)
    for event in session.scalars(query.order_by(Event.id.desc())):
        touched = {*(event.before or ()), *(event.after or ())}
        if "@" in event.actor and touched & set(names):
            return event.actor
    return ""


def _restore_state(session: Session, row: Initiative, before: Before, actor: str) -> None:
    """Give a listing its former state, even one to which no decision leads, and those still joined with it theirs.

    What happened to its platforms and records meanwhile has its effect. Raises BadState where it is about to be removed.
    """
    edits.check_stays(session, row)
    former = row.state
    row.state, row.reason, row.changed_at = InitiativeState(before["state"]), before["reason"], utc_now()
    row.published_at = row.published_at if before["was_public"] else None
    apart = dict(before.get(JOINED, []))
    for joined in _joined(session, row):
        joined.state_apart = apart.get(joined.id, joined.state_apart)
    session.add(Outbox(initiative_id=row.id))
    record_event(
        session, actor=actor, action="restore", object_type="initiative", object_id=row.public_id,
        before={"state": former}, after={"state": row.state},
    )  # fmt: skip
    session.flush()
    is_as_before = before.get(PLATFORMS) == _platform_states(session, row)
    (settling.settle_states if is_as_before else settling.settle_parted)(session, [row.id])


def _platform_states(session: Session, row: Initiative) -> list[str]:
    """The states of the platforms that have a listing: a person may have made it public whatever they are."""
    return sorted(map(str, groups.platform_states_behind(session, [row.id]).get(row.id, ())))


def _joined(session: Session, row: Initiative) -> list[Initiative]:
    """The listings that are joined with one that stands, by age."""
    return [member for member in groups.members(session, [row.id])[row.id] if member is not row]
