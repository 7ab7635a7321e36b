"""Versions of a listing: what people made of it by each of their edits, read from its events, compared and restored.

A version is what the fields said that people have ever changed. What the sources say of the others is not kept, and a
restored version leaves it alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.errors import NotFound, VersionConflict
from platforma.catalogue.listings import chosen_values, edits
from platforma.catalogue.listings.layers import Key, is_same, shown_value
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from platforma.catalogue.models import Event, Initiative
from platforma.catalogue.shapes import FieldValue
from platforma.catalogue.states import InitiativeAction

EDITING = ("set", "release", "edit", "restore", "owner_edit", "end_claim", chosen_values.CHOOSE, chosen_values.TAKEN_BACK)
"""Actions of events that change fields."""
FIRST = 0
"""The id of the version that was before people changed anything."""
Values = Mapping[Key, FieldValue]


@dataclass(frozen=True, slots=True)
class Version:
    """A listing after one edit, by the id of its event. `values` are those of all fields that people have ever changed, `changed`
    those that this edit was about. The FIRST version has neither an actor nor an instant; else `at` is in UTC."""

    id: int
    at: datetime | None
    actor: str
    action: str
    changed: Sequence[Key]
    values: Values

    def differing(self, other: Version) -> list[Key]:
        """The fields of which two versions say something else, in the order of fields and languages."""
        keys = sorted(self.values.keys() | other.values.keys())
        return [key for key in keys if not is_same(self.values.get(key), other.values.get(key))]


def versions_of(session: Session, public_id: str) -> list[Version]:
    """All versions of a listing, the newest first, the FIRST at the end; none of a listing that nobody has edited.

    Raises NotFound.
    """
    row = session.scalar(select(Initiative).where(Initiative.public_id == public_id))
    if row is None:
        raise NotFound(public_id)
    is_meant = Event.object_type == "initiative", Event.object_id == public_id, Event.action.in_(EDITING)
    events = list(session.scalars(select(Event).where(*is_meant).order_by(Event.id)))
    now = {key: shown_value(row.composed, *key) for event in events for key in _keys(event)}
    values = [{key: _value_after(events, count, key, now[key]) for key in now} for count in range(len(events) + 1)]
    found = [
        Version(event.id, event.at, event.actor, event.action, _keys(event), after)
        for event, after in zip(events, values[1:], strict=True)
    ]
    return [*reversed(found), Version(FIRST, None, "", "", (), values[0])] if found else []


def restore(session: Session, *, public_id: str, version_id: int, newest_id: int, actor: str) -> None:
    """Let a listing say again what it said in a version, as a new edit; `newest_id` is the newest version that the person saw.

    What the sources say by themselves is left to them. Raises NotFound, BadState, BadValue, and VersionConflict where somebody
    has edited the listing since.
    """
    row = edits.find_initiative(session, public_id, InitiativeAction.EDIT)
    versions = versions_of(session, public_id)
    version = next((one for one in versions if one.id == version_id), None)
    if version is None:
        raise NotFound(f"{public_id} has no version {version_id}")
    if versions[0].id != newest_id:
        raise VersionConflict(public_id)
    edits.lay_values(session, row, actor, version.values, "restore")


def _value_after(events: Sequence[Event], count: int, key: Key, now: FieldValue) -> FieldValue:
    """What a field said after the first so many events: what the last of these made of it, else what the next one found there,
    else what it says now. A release of an older version does not tell what it left."""
    for event in reversed(events[:count]):
        if key in _said(event.after):
            return _said(event.after)[key]
        if key in _said(event.before):
            break
    return next((_said(event.before)[key] for event in events[count:] if key in _said(event.before)), now)


def _keys(event: Event) -> list[Key]:
    return sorted({*_said(event.before), *_said(event.after)})


def _said(change: Mapping[str, object] | None) -> dict[Key, FieldValue]:
    """What one side of an event says of fields: either of one, with its language, or of several by the keys of origins."""
    lang = str((change or {}).get("lang") or "")
    said: dict[Key, FieldValue] = {}
    for name, value in (change or {}).items():
        field, _, tag = name.partition("/")
        if field in (*TEXT_FIELDS, *PLAIN_FIELDS, *LIST_FIELDS):
            said[field, (tag or lang) if field in TEXT_FIELDS else ""] = cast(FieldValue, value)
    return said
