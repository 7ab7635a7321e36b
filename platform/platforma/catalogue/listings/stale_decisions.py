"""What curators decide on listings that may be out of date, and how each decision is taken back. Each is an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import InitiativeState, WebsiteState
from platforma.catalogue.errors import BadState
from platforma.catalogue.listings import edits, groups, stale
from platforma.catalogue.listings.stale import Cause
from platforma.catalogue.models import Confirmation, Event, Initiative, Website
from platforma.catalogue.states import InitiativeAction
from vocabulary.messages import N_

KEEP, UNPUBLISH, ASK, TAKE_BACK = "stale_keep", "stale_unpublish", "stale_ask", "stale_undo"
DECISIONS = (KEEP, UNPUBLISH, ASK)
DECIDED = N_("This does not wait for a decision any more; nothing has been changed")
NOT_ASKED = N_(
    "The organisation cannot be asked: it has no address, had a letter lately, or wants none; nothing has been changed"
)
CHANGED = N_("This was changed since, so it cannot be taken back here; decide again on the page of the listing")
_OF_WEBSITE = ("state", "since", "settled_at", "reason", "values", "known")
_OF_CONFIRMATION = ("confirmed_at", "confirmed_by", "ended_at", "gone_settled_at", "asked_at")

_INSTANTS = ("since", "settled_at", "confirmed_at", "ended_at", "gone_settled_at", "asked_at")


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that was made: its event's id, the listing's public id, what and by whom."""

    id: int
    public_id: str
    action: str
    by: str
    at: datetime


def keep(session: Session, *, public_id: str, cause: str, actor: str) -> int:
    """Say that a listing is fine as it is: nobody is asked again for this cause until something changes. Return the event's id.

    Raises NotFound, and BadState where the item does not wait any more.
    """
    row, now = _waiting(session, public_id, cause), utc_now()
    before = _standing(session, row)
    confirm(session, row.id, actor, now)
    confirmation, website = _confirmation(session, row.id), stale.website_of(session, row.id)
    if cause == Cause.GONE:
        confirmation.gone_settled_at = now
    elif website is not None and cause in (Cause.DEAD, Cause.SILENT):
        website.settled_at = now
    elif website is not None and cause in (Cause.PARKED, Cause.OTHER):
        website.known, website.state, website.since, website.settled_at = website.seen, WebsiteState.ALIVE, now, now
        website.reason, website.values = None, {}
    return _note(session, row, KEEP, actor, before)


def unpublish(session: Session, *, public_id: str, cause: str, actor: str, reason: str) -> int:
    """Take a listing off the site, with a reason. Return the event's id. Raises NotFound, BadState and BadValue."""
    row = _waiting(session, public_id, cause)
    before = _standing(session, row)
    edits.refuse(session, public_id=public_id, actor=actor, reason=reason)
    return _note(session, row, UNPUBLISH, actor, before)


def ask(session: Session, *, public_id: str, cause: str, actor: str) -> tuple[int, int]:
    """Note that the organisation is asked: the listing waits again after some weeks, or with the answer. Return the ids of the
    event and of the listing's row. Raises NotFound and BadState."""
    row = _waiting(session, public_id, cause)
    before = _standing(session, row)
    _confirmation(session, row.id).asked_at = utc_now()
    return _note(session, row, ASK, actor, before), row.id


def take_back(session: Session, event_id: int, *, actor: str) -> Decision:
    """Take a decision back: all is as it was before it, but a letter that was sent. Raises BadState where something has changed
    since."""
    event = session.get(Event, event_id)
    if event is None or event.action not in DECISIONS or event.before is None or event.after is None:
        raise BadState(CHANGED)
    row = session.scalar(select(Initiative).where(Initiative.public_id == event.object_id).with_for_update())
    if row is None or _standing(session, row) != event.after:
        raise BadState(CHANGED)
    if event.action == UNPUBLISH:
        edits.publish(session, public_id=row.public_id, actor=actor)
    else:
        _restore(session, row, event.before)
    _note(session, row, TAKE_BACK, actor, event.after)
    return _decision(event)


def decision(session: Session, event_id: int) -> Decision | None:
    """A decision by its event; None for any other event."""
    event = session.get(Event, event_id)
    return _decision(event) if event is not None and event.action in DECISIONS else None


def last_decision(session: Session, public_id: str) -> Decision | None:
    """What was decided last on a listing: for who comes second."""
    is_decision = Event.action.in_((*DECISIONS, str(InitiativeAction.REFUSE)))
    query = select(Event).where(Event.object_type == "initiative", Event.object_id == public_id, is_decision)
    event = session.scalar(query.order_by(Event.id.desc()).limit(1))
    return _decision(event) if event is not None else None


def confirm(session: Session, initiative_id: int, by: str, now: datetime) -> None:
    """Note that a listing is right as it is; a former answer that it no longer exists does not hold any more."""
    row = _confirmation(session, initiative_id)
    row.confirmed_at, row.confirmed_by, row.ended_at = now, by, None


def note_end(session: Session, initiative_id: int, now: datetime) -> None:
    """Note that the organisation says that the listing no longer exists: a curator is asked, nothing else happens."""
    row = _confirmation(session, initiative_id)
    row.ended_at = row.ended_at or now


def _waiting(session: Session, public_id: str, cause: str) -> Initiative:
    """The listing of an item that waits, locked. Raises NotFound and BadState."""
    groups.lock_groups(session)
    row = edits.find_initiative(session, public_id, InitiativeAction.EDIT)
    if row.state != InitiativeState.PUBLISHED or stale.item(session, public_id, cause) is None:
        raise BadState(DECIDED)
    return row


def _confirmation(session: Session, initiative_id: int) -> Confirmation:
    row = session.get(Confirmation, initiative_id)
    if row is None:
        row = Confirmation(initiative_id=initiative_id)
        session.add(row)
    return row


def _standing(session: Session, row: Initiative) -> dict[str, object]:
    """What decisions change, as JSON."""
    confirmation, website = session.get(Confirmation, row.id), stale.website_of(session, row.id)
    return {
        "state": str(row.state),
        "confirmation": {name: _json(getattr(confirmation, name, None)) for name in _OF_CONFIRMATION},
        "website": {name: _json(getattr(website, name)) for name in _OF_WEBSITE} if website else None,
    }


def _restore(session: Session, row: Initiative, before: Mapping[str, Any]) -> None:
    if any(before["confirmation"].values()):
        _set(_confirmation(session, row.id), before["confirmation"])
    elif (confirmation := session.get(Confirmation, row.id)) is not None:
        session.delete(confirmation)
    website = stale.website_of(session, row.id)
    if website is not None and before["website"] is not None:
        _set(website, before["website"])


def _set(row: Confirmation | Website, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        is_instant = value is not None and name in _INSTANTS
        setattr(row, name, datetime.fromisoformat(value) if is_instant else value)


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _note(session: Session, row: Initiative, action: str, actor: str, before: Mapping[str, object]) -> int:
    """Record the event of a decision, and return its id."""
    session.flush()
    after = _standing(session, row)
    record_event(
        session, actor=actor, action=action, object_type="initiative", object_id=row.public_id, before=before, after=after
    )
    session.flush()
    return session.scalars(select(Event.id).where(Event.object_id == row.public_id).order_by(Event.id.desc()).limit(1)).one()


def _decision(event: Event) -> Decision:
    return Decision(event.id, event.object_id, event.action, event.actor, event.at)
