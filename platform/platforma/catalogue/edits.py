"""What curators do to listings: publish, refuse, and say fields over the sources; audited, refused by name."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue import compose
from platforma.catalogue.errors import N_, BadState, BadValue, NotFound, VersionConflict
from platforma.catalogue.events import note
from platforma.catalogue.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from platforma.catalogue.models import Initiative, InitiativeState, Outbox, Value
from platforma.catalogue.types import utc_now
from vocabulary import load

LISTED = {"kind": "kind", "country": "country", "countries": "country", "sectors": "sector", "themes": "theme"}
"""Fields whose values are ids of a vocabulary's dimension."""
LONGEST_TEXT = 20_000
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
DECIDED = N_("This was decided on already; nothing has been changed")
REMOVED = N_("This listing was removed for good; nothing can be changed any more")


def publish(session: Session, *, public_id: str, actor: str, version: int | None = None) -> None:
    """Make a new, refused or archived listing public. Raises NotFound, VersionConflict, BadState."""
    row = find_initiative(session, public_id, version)
    if row.state not in (InitiativeState.NEW, InitiativeState.REFUSED, InitiativeState.ARCHIVED):
        raise BadState(REMOVED if row.state == InitiativeState.SUPPRESSED else DECIDED)
    row.published_at = row.published_at or utc_now()
    set_state(session, row, InitiativeState.PUBLISHED, actor, "publish", reason=None)


def refuse(session: Session, *, public_id: str, actor: str, reason: str, version: int | None = None) -> None:
    """Keep a listing from the public, with a reason. Raises BadValue without one, and BadState for one that was removed."""
    if not reason.strip():
        raise BadValue("reason", N_("Say why, in a sentence"))
    row = _editable(session, public_id, version)
    set_state(session, row, InitiativeState.REFUSED, actor, "refuse", reason.strip())


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
    row = _editable(session, public_id, version)
    checked = _checked(field, lang, value)
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
    row = _editable(session, public_id, version)
    former = _ours(session, row, field, lang)
    session.delete(former)
    _after_edit(session, row, actor, "release", {field: former.value, "lang": lang}, None)


def keep_value(session: Session, *, public_id: str, field: str, lang: str, actor: str, version: int) -> None:
    """Keep ours though the source says something new: the conflict is settled until the source changes again."""
    row = _editable(session, public_id, version)
    former = _ours(session, row, field, lang)
    records = compose.records_behind(session, [row.id])[row.id]
    former.source_value_seen = compose.source_value(records, field, lang)
    note(session, actor=actor, action="keep", object_type="initiative", object_id=public_id, after={field: former.value})


def find_initiative(session: Session, public_id: str, version: int | None) -> Initiative:
    row = session.scalar(select(Initiative).where(Initiative.public_id == public_id).with_for_update())
    if row is None:
        raise NotFound(public_id)
    if version is not None and row.version != version:
        raise VersionConflict(public_id)
    return row


def _editable(session: Session, public_id: str, version: int | None) -> Initiative:
    """The listing, unless it was removed for good. Raises NotFound, VersionConflict, BadState."""
    row = find_initiative(session, public_id, version)
    if row.state == InitiativeState.SUPPRESSED:
        raise BadState(REMOVED)
    return row


def set_state(session: Session, row: Initiative, state: InitiativeState, actor: str, action: str, reason: str | None) -> None:
    before = {"state": row.state}
    row.state, row.reason, row.changed_at = state, reason, utc_now()
    session.add(Outbox(initiative_id=row.id))
    after = {"state": state} | ({"reason": reason} if reason else {})
    note(session, **_about(row), actor=actor, action=action, before=before, after=after)


def _about(row: Initiative) -> dict[str, str]:
    return {"object_type": "initiative", "object_id": row.public_id}


def _after_edit(session: Session, row: Initiative, actor: str, action: str, before: Any, after: Any) -> None:
    session.flush()
    session.expire(row, ["values"])
    compose.recompose(session, [row.id], utc_now())
    row.changed_at = utc_now()
    note(session, **_about(row), actor=actor, action=action, before=before, after=after)


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


def _checked(field: str, lang: str, value: Any) -> Any:
    """The value as it is stored, or BadValue with a reason for people."""
    fits = LANGUAGE_TAG.fullmatch(lang) if field in TEXT_FIELDS else not lang
    if field not in (*TEXT_FIELDS, *PLAIN_FIELDS, *LIST_FIELDS) or not fits:
        raise BadValue(field, N_("There is no such field"))
    if field in LISTED:
        _check_ids(field, value)
    elif isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise BadValue(field, N_("The text is too long"))
    if field == "title" and not str(value).strip():
        raise BadValue(field, N_("A listing needs a title"))
    if field == "website" and value and urlsplit(value).scheme not in ("http", "https"):
        raise BadValue(field, N_("An address begins with https:// or http://"))
    if field == "email" and value and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        raise BadValue(field, N_("This is not an e-mail address"))
    return value.strip() if isinstance(value, str) else value


def _check_ids(field: str, value: Any) -> None:
    ids = load().ids(LISTED[field])
    chosen = value if isinstance(value, list) else [value] if value else []
    if isinstance(value, list) != (field in LIST_FIELDS) and value:
        raise BadValue(field, N_("Choose from the list"))
    if not set(chosen) <= ids:
        raise BadValue(field, N_("Choose from the list"))
