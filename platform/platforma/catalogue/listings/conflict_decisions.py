"""Decisions about conflicts, each of which can be undone: what stood is kept in the event of the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, NotFound
from platforma.catalogue.listings import compose, edits, groups, listing_queries
from platforma.catalogue.listings.edits import Edit
from platforma.catalogue.listings.layers import shown_value
from platforma.catalogue.listings.listing_queries import ValueLine
from platforma.catalogue.models import Event, Initiative, Value
from platforma.catalogue.states import DECIDED, InitiativeAction

STOOD = "stood"
"""Key of an event's `before`: the values of people that stood when the conflict was decided."""
TAKE, KEEP, KEEP_FOR_GOOD = "take", "keep", "keep_for_good"
ACTIONS = (TAKE, KEEP, KEEP_FOR_GOOD)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision about a field of a listing: who made it and when (UTC). `action` is that of its event (see edits.py)."""

    event_id: int
    public_id: str
    field: str
    lang: str
    action: str
    by: str
    at: datetime


def decide(session: Session, edit: Edit, action: str, platform_id: str) -> int:
    """Take what a platform newly says (TAKE), or keep ours against all that say something new; return the event's id.

    Raises NotFound, VersionConflict, and BadState where nobody is asked of the field any more, or not against that platform.
    """
    row = edits.find_initiative(session, edit.public_id, InitiativeAction.EDIT, edit.version)
    line = value_line(session, edit.public_id, edit.field, edit.lang)
    asked = [news.platform_id for news in line.news] if line is not None else []
    if not asked or (action == TAKE and platform_id not in asked):
        raise BadState(DECIDED)
    stood = [_to_json(value) for value in _values_of_subject(session, row, edit.field, edit.lang)]
    noted = replace(edit, kept={STOOD: stood})
    if action == TAKE:
        edits.take_value(session, noted, platform_id)
    else:
        edits.keep_value(session, noted, for_good=action == KEEP_FOR_GOOD)
    session.flush()
    return session.scalars(_events_of(edit.public_id).limit(1)).one().id


def undo(session: Session, event_id: int, actor: str) -> Decision:
    """Let everything stand that stood before a decision, so that the field is asked of again as it was; return the decision.

    Raises NotFound, and BadState where the field was changed since, or the listing can no more be changed.
    """
    event = session.get(Event, event_id)
    made = _decision(event) if event is not None else None
    if event is None or made is None:
        raise NotFound(f"no decision about a conflict is {event_id}")
    row = edits.find_initiative(session, made.public_id, InitiativeAction.EDIT)
    if last_change(session, made.public_id, made.field, made.lang) != made:
        raise BadState(DECIDED)
    before = shown_value(row.composed, made.field, made.lang)
    for value in _values_of_subject(session, row, made.field, made.lang):
        session.delete(value)
    session.flush()
    for stored in (event.before or {})[STOOD]:  # type: ignore[attr-defined] # written by `decide`
        session.add(_from_json(stored))
    session.flush()
    session.expire(row, ["values"])
    compose.recompose(session, [row.id], utc_now())
    row.changed_at = utc_now()
    session.flush()
    change = [{made.field: shown, "lang": made.lang} for shown in (before, shown_value(row.composed, made.field, made.lang))]
    record_event(
        session, actor=actor, action="set", object_type="initiative", object_id=made.public_id, before=change[0], after=change[1]
    )
    return made


def decision(session: Session, event_id: int) -> Decision | None:
    """The decision of an event that can be undone; None where there is none, or the field was changed since."""
    event = session.get(Event, event_id)
    made = _decision(event) if event is not None else None
    is_last = made is not None and last_change(session, made.public_id, made.field, made.lang) == made
    return made if is_last else None


def last_change(session: Session, public_id: str, field: str, lang: str) -> Decision | None:
    """The newest change of a field by a person, whatever it was; None before the first."""
    for event in session.scalars(_events_of(public_id)):
        changed = [_subject_of(name, change) for change in (event.before, event.after) if change for name in change]
        if (groups.subject(field), lang) in changed:
            return Decision(event.id, public_id, field, lang, event.action, event.actor, event.at)
    return None


def _subject_of(name: str, change: Mapping[str, Any]) -> tuple[str, str]:
    """What a name in an event is about, and its language: both are in the name where several fields changed at once."""
    field, _slash, lang = name.partition("/")
    return groups.subject(field), lang or change.get("lang", "")


def value_line(session: Session, public_id: str, field: str, lang: str) -> ValueLine | None:
    """A person's value of a field with what sources newly say; None where people say nothing of it. Raises NotFound."""
    lines = listing_queries.values_of(session, public_id)
    return next((line for line in lines if (line.field, line.lang) == (field, lang)), None)


def _events_of(public_id: str) -> Select[Event]:
    is_of_listing = Event.object_type == "initiative", Event.object_id == public_id
    return select(Event).where(*is_of_listing).order_by(Event.id.desc())


def _decision(event: Event) -> Decision | None:
    """A decision that can be undone, by its event; None for other events."""
    before: Mapping[str, Any] = event.before or {}
    if STOOD not in before:
        return None
    field = next(name for name in before if name not in (STOOD, "lang"))
    return Decision(event.id, event.object_id, field, before.get("lang", ""), event.action, event.actor, event.at)


def _values_of_subject(session: Session, row: Initiative, field: str, lang: str) -> Sequence[Value]:
    """What people say of a field of a listing's group, and of those that are one thing with it, in each layer."""
    values = groups.values_behind(session, [row.id]).get(row.id, [])
    about = groups.subject(field), lang
    return [value for value in values if (groups.subject(value.field), value.lang) == about]


def _to_json(value: Value) -> dict[str, Any]:
    return {
        "listing": value.initiative_id, "field": value.field, "lang": value.lang, "value": value.value, "layer": value.layer,
        "by": value.by, "at": value.at.isoformat(), "seen": dict(value.seen or {}), "for_good": value.is_kept_for_good,
        "since": value.contested_at.isoformat() if value.contested_at else None,
    }  # fmt: skip


def _from_json(stored: Mapping[str, Any]) -> Value:
    since = stored["since"]
    return Value(
        initiative_id=stored["listing"], field=stored["field"], lang=stored["lang"], value=stored["value"],
        layer=stored["layer"], by=stored["by"], at=datetime.fromisoformat(stored["at"]), seen=stored["seen"],
        is_kept_for_good=stored["for_good"], contested_at=datetime.fromisoformat(since) if since else None,
    )  # fmt: skip
