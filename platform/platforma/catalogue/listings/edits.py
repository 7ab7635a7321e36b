"""What curators do to listings: publish, refuse, and set fields over what the sources say. Each change is an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, BadValue, NotFound, VersionConflict
from platforma.catalogue.listings import compose, duplicates, field_rules, groups, visibility
from platforma.catalogue.models import Initiative, InitiativeState, Outbox, Value
from platforma.catalogue.shapes import FieldValue
from platforma.catalogue.states import InitiativeAction, initiative_after
from vocabulary.messages import N_

HIDDEN = N_("Its platform was refused or has left: approve the platform first")


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of one field of a listing.

    `lang` is the BCP 47 tag of a text field, empty for other fields. `actor` is the editor's e-mail address, `version` the
    version of the listing that the editor has read.
    """

    public_id: str
    field: str
    lang: str
    actor: str
    version: int


def publish(session: Session, *, public_id: str, actor: str, version: int | None = None) -> None:
    """Publish a new, refused or archived listing; a new one that is certainly the same as a public one is joined with it.

    Raises NotFound, VersionConflict, and BadState where its state or that of its platforms does not allow it.
    """
    row = find_initiative(session, public_id, InitiativeAction.PUBLISH, version)
    if session.scalar(select(Initiative.id).where(Initiative.id == row.id, visibility.is_withdrawn())) is not None:
        raise BadState(HIDDEN)
    was_new = row.state == InitiativeState.NEW
    row.published_at = row.published_at or utc_now()
    set_state(session, row, InitiativeAction.PUBLISH, actor, reason=None)
    if was_new:
        session.flush()
        duplicates.look(session, [row.id], now=utc_now())
        compose.recompose(session, [row.id], utc_now())


def refuse(session: Session, *, public_id: str, actor: str, reason: str, version: int | None = None) -> None:
    """Refuse a listing with a reason. Raises NotFound, VersionConflict, BadState, and BadValue without a reason."""
    if not reason.strip():
        raise BadValue("reason", N_("Say why, in a sentence"))
    row = find_initiative(session, public_id, InitiativeAction.REFUSE, version)
    set_state(session, row, InitiativeAction.REFUSE, actor, reason.strip())


def set_value(session: Session, edit: Edit, value: object) -> None:
    """Set a field's value over the sources (an empty value hides the field); it stays until it is released.

    Raises NotFound, BadState, VersionConflict when the listing was changed since `edit.version`, and BadValue.
    """
    row = find_initiative(session, edit.public_id, InitiativeAction.EDIT, edit.version)
    checked = field_rules.checked(edit.field, edit.lang, value)
    former = _curators_value(session, row, edit)
    source_value = _source_value(session, row, edit)
    if former is None:
        before = compose.shown_value(row.composed, edit.field, edit.lang)
        session.add(
            Value(
                initiative_id=row.id,
                field=edit.field,
                lang=edit.lang,
                layer="curator",
                value=checked,
                by=edit.actor,
                source_value_seen=source_value,
            )
        )
    else:
        before = former.value
        former.value, former.by, former.at, former.source_value_seen = checked, edit.actor, utc_now(), source_value
    _recompose(session, row)
    after = {edit.field: checked, "lang": edit.lang}
    _record(session, row, edit.actor, "set", before={edit.field: before, "lang": edit.lang}, after=after)


def release_value(session: Session, edit: Edit) -> None:
    """Delete the curator's value of a field, so that the weaker layers and the sources show again.

    Raises NotFound where there is no such listing or value, BadState and VersionConflict.
    """
    row = find_initiative(session, edit.public_id, InitiativeAction.EDIT, edit.version)
    former = _existing_curators_value(session, row, edit)
    before = {edit.field: former.value, "lang": edit.lang}
    session.delete(former)
    _recompose(session, row)
    _record(session, row, edit.actor, "release", before=before)


def keep_value(session: Session, edit: Edit) -> None:
    """Keep the curator's value against what the source says now: the conflict is settled until the source changes again.

    Raises NotFound where there is no such listing or value, BadState and VersionConflict.
    """
    row = find_initiative(session, edit.public_id, InitiativeAction.EDIT, edit.version)
    former = _existing_curators_value(session, row, edit)
    former.source_value_seen = _source_value(session, row, edit)
    _record(session, row, edit.actor, "keep", after={edit.field: former.value})


def find_initiative(session: Session, public_id: str, action: InitiativeAction, version: int | None = None) -> Initiative:
    """The listing, locked, where its state allows the action. Raises NotFound, BadState, VersionConflict."""
    row = session.scalar(select(Initiative).where(Initiative.public_id == public_id).with_for_update())
    if row is None:
        raise NotFound(public_id)
    initiative_after(row.state, action)
    if version is not None and row.version != version:
        raise VersionConflict(public_id)
    return row


def set_state(session: Session, row: Initiative, action: InitiativeAction, actor: str, reason: str | None) -> None:
    """Change the state as the action does, queue the listing for the index, and record the event. Raises BadState."""
    before = {"state": row.state}
    row.state, row.reason, row.changed_at = initiative_after(row.state, action), reason, utc_now()
    if action in (InitiativeAction.PUBLISH, InitiativeAction.REFUSE):
        groups.let_joined_follow(session, [row.id], list(InitiativeState), row.state)
    session.add(Outbox(initiative_id=row.id))
    after = {"state": row.state} | ({"reason": reason} if reason else {})
    _record(session, row, actor, str(action), before=before, after=after)


def _recompose(session: Session, row: Initiative) -> None:
    """Compose a listing anew after an edit of its values."""
    session.flush()
    session.expire(row, ["values"])
    compose.recompose(session, [row.id], utc_now())
    row.changed_at = utc_now()


def _record(session: Session, row: Initiative, actor: str, action: str, **change: Mapping[str, object] | None) -> None:
    """Record an event of a listing; `change` is its `before` and `after`."""
    record_event(session, actor=actor, action=action, object_type="initiative", object_id=row.public_id, **change)


def _curators_value(session: Session, row: Initiative, edit: Edit) -> Value | None:
    is_field = Value.initiative_id == row.id, Value.field == edit.field, Value.lang == edit.lang
    return session.scalar(select(Value).where(*is_field, Value.layer == "curator"))


def _existing_curators_value(session: Session, row: Initiative, edit: Edit) -> Value:
    value = _curators_value(session, row, edit)
    if value is None:
        raise NotFound(f"{edit.field} has no value of ours")
    return value


def _source_value(session: Session, row: Initiative, edit: Edit) -> FieldValue:
    """What the sources say of the field now."""
    records = groups.records_behind(session, [row.id])[row.id]
    return compose.source_value(records, edit.field, edit.lang)
