"""What curators do to listings: publish, refuse, and say fields over the sources; audited, refused by name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import N_, BadState, BadValue, NotFound, VersionConflict
from platforma.catalogue.listings import compose, field_values, matching, visibility
from platforma.catalogue.models import Initiative, InitiativeState, Outbox, Value
from platforma.catalogue.states import InitiativeAction, initiative_after

HIDDEN = N_("Its platform was refused or has left: approve the platform first")


def publish(session: Session, *, public_id: str, actor: str, version: int | None = None) -> None:
    """Make a new, refused or archived listing public; a new one that is certainly the same as a public one is joined with it.

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
        matching.match_new(session, [row.id], now=utc_now())
        compose.recompose(session, [row.id], utc_now())


def refuse(session: Session, *, public_id: str, actor: str, reason: str, version: int | None = None) -> None:
    """Keep a listing from the public, with a reason. Raises NotFound, VersionConflict, BadState, and BadValue without one."""
    if not reason.strip():
        raise BadValue("reason", N_("Say why, in a sentence"))
    row = find_initiative(session, public_id, InitiativeAction.REFUSE, version)
    set_state(session, row, InitiativeAction.REFUSE, actor, reason.strip())


def set_value(
    session: Session,
    *,
    public_id: str,
    field: str,
    lang: str,
    value: Any,
    actor: str,
    version: int,
    layer: str = "curator",
) -> None:
    """Say a field's value over the sources (an empty one takes it away); it stands until it is released.

    Raises BadValue, and VersionConflict when the listing was changed since `version`.
    """
    row = find_initiative(session, public_id, InitiativeAction.EDIT, version)
    checked = field_values.checked(field, lang, value)
    former = _value(session, row, field, lang, layer)
    records = compose.records_behind(session, [row.id])[row.id]
    seen = compose.source_value(records, field, lang)
    if former is None:
        session.add(
            Value(
                initiative_id=row.id,
                field=field,
                lang=lang,
                layer=layer,
                value=checked,
                by=actor,
                source_value_seen=seen,
            )
        )
    before = former.value if former else _shown(row, field, lang)
    if former is not None:
        former.value, former.by, former.at, former.source_value_seen = checked, actor, utc_now(), seen
    _after_edit(session, row, actor, "set", {field: before, "lang": lang}, {field: checked, "lang": lang})


def release_value(session: Session, *, public_id: str, field: str, lang: str, actor: str, version: int) -> None:
    """Take back what a curator said of a field, so that the source's value shows again. Raises NotFound."""
    row = find_initiative(session, public_id, InitiativeAction.EDIT, version)
    former = _ours(session, row, field, lang)
    session.delete(former)
    _after_edit(session, row, actor, "release", {field: former.value, "lang": lang}, None)


def keep_value(session: Session, *, public_id: str, field: str, lang: str, actor: str, version: int) -> None:
    """Keep ours though the source says something new: the conflict is settled until the source changes again."""
    row = find_initiative(session, public_id, InitiativeAction.EDIT, version)
    former = _ours(session, row, field, lang)
    records = compose.records_behind(session, [row.id])[row.id]
    former.source_value_seen = compose.source_value(records, field, lang)
    record_event(session, actor=actor, action="keep", object_type="initiative", object_id=public_id, after={field: former.value})


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
    """Go to the state that the action leads to, let the index know, and write it down. Raises BadState."""
    before = {"state": row.state}
    row.state, row.reason, row.changed_at = initiative_after(row.state, action), reason, utc_now()
    session.add(Outbox(initiative_id=row.id))
    after = {"state": row.state} | ({"reason": reason} if reason else {})
    record_event(session, **_about(row), actor=actor, action=str(action), before=before, after=after)


def _about(row: Initiative) -> dict[str, str]:
    return {"object_type": "initiative", "object_id": row.public_id}


def _after_edit(session: Session, row: Initiative, actor: str, action: str, before: Any, after: Any) -> None:
    session.flush()
    session.expire(row, ["values"])
    compose.recompose(session, [row.id], utc_now())
    row.changed_at = utc_now()
    record_event(session, **_about(row), actor=actor, action=action, before=before, after=after)


def _value(session: Session, row: Initiative, field: str, lang: str, layer: str) -> Value | None:
    query = select(Value).where(Value.initiative_id == row.id, Value.field == field, Value.lang == lang, Value.layer == layer)
    return session.scalar(query)


def _ours(session: Session, row: Initiative, field: str, lang: str) -> Value:
    value = _value(session, row, field, lang, "curator")
    if value is None:
        raise NotFound(f"{field} has no value of ours")
    return value


def _shown(row: Initiative, field: str, lang: str) -> Any:
    return row.composed["texts"].get(field, {}).get(lang) if lang else row.composed["fields"].get(field)
