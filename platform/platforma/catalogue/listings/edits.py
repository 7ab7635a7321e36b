"""What curators do to listings: publish, refuse, and set fields over what the sources say. Each change is an event.

Whoever has claimed a listing sets fields by the same functions, in a layer below the curators'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, BadValue, NotFound, VersionConflict
from platforma.catalogue.listings import compose, conflicts, duplicates, field_rules, groups, visibility
from platforma.catalogue.listings.conflicts import Sources
from platforma.catalogue.listings.layers import BY_PLATFORM, CLAIM, Key, is_same, origin_key, shown_value, strongest
from platforma.catalogue.listings.listing import LIST_FIELDS
from platforma.catalogue.models import Initiative, InitiativeState, Outbox, Record, Value
from platforma.catalogue.pending import is_removed_soon
from platforma.catalogue.shapes import FieldValue
from platforma.catalogue.states import InitiativeAction, initiative_after
from vocabulary.messages import N_

_EMPTY: Mapping[str, FieldValue] = {"lat": None, "lon": None} | {field: [] for field in LIST_FIELDS}
"""What an emptied field holds; a field of text holds an empty one."""
HIDDEN = N_("Its platform was refused or has left: approve the platform first")
REMOVED_SOON = N_("This listing is about to be removed for good: undo that first")


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose word an edit is, by its layer; a new value is of the listing with this row id, None for the one that is shown."""

    layer: str
    initiative_id: int | None = None


CURATORS = Voice("curator")


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of one field of a listing.

    `lang` is the BCP 47 tag of a text field, empty for other fields. `actor` is the editor's e-mail address, `version` the
    version of the listing that the editor has read, None where that does not matter. `kept` is what else the `before` of its
    event keeps.
    """

    public_id: str
    field: str
    lang: str
    actor: str
    version: int | None = None
    kept: Mapping[str, object] = dataclass_field(default_factory=dict)
    voice: Voice = CURATORS


def publish(session: Session, *, public_id: str, actor: str, version: int | None = None) -> None:
    """Publish a new, refused or archived listing; a new one that is certainly the same as a public one is joined with it.

    Raises NotFound, VersionConflict, and BadState where its state or that of its platforms does not allow it,
    or its removal waits.
    """
    groups.lock_groups(session)
    row = find_initiative(session, public_id, InitiativeAction.PUBLISH, version)
    if session.scalar(select(Initiative.id).where(Initiative.id == row.id, visibility.is_withdrawn())) is not None:
        raise BadState(HIDDEN)
    check_stays(session, row)
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


def set_values(
    session: Session,
    row: Initiative,
    actor: str,
    values: Mapping[Key, FieldValue],
    action: str,
    voice: Voice = CURATORS,
) -> None:
    """Set checked values of several fields of a locked listing over the sources, in one event. Raises BadValue for no title."""
    if not values:
        return
    group = _Group.of(session, row)
    countries = group.own_value(Edit(row.public_id, "countries", "", actor, voice=voice))
    if ("country", "") in values and ("countries", "") not in values and countries is not None:
        former = row.composed["fields"].get("country")
        others = [code for code in cast(list[str], countries.value) if code != former]
        values = {**values, ("countries", ""): compose.with_seat(cast(str, values["country", ""]), others)}
    before = {origin_key(*key): shown_value(row.composed, *key) for key in values}
    for key, value in values.items():
        group.lay(session, Edit(row.public_id, *key, actor, voice=voice), value)
    _recompose(session, row)
    _check_title(row)
    after = {origin_key(*key): value for key, value in values.items()}
    _record(session, row, actor, action, before=before, after=after)


def lay_values(session: Session, row: Initiative, actor: str, values: Mapping[Key, FieldValue], action: str) -> None:
    """Let a locked listing show these values, in one event: those that the sources say by themselves are released to them, the
    others become a curator's. Raises BadValue for no title."""
    group = _Group.of(session, row)
    differing = {key: value for key, value in values.items() if not is_same(shown_value(row.composed, *key), value)}
    before = {key: shown_value(row.composed, *key) for key in differing}
    for key, value in differing.items():
        edit = Edit(row.public_id, *key, actor)
        former = group.own_value(edit)
        if former is not None and is_same(group.shown_without_curators(edit), value):
            for released in group.released_with(former):
                session.delete(released)
        else:
            group.lay(session, edit, _EMPTY.get(edit.field, "") if value is None else value)
    _recompose(session, row)
    _check_title(row)
    after = {origin_key(*key): shown_value(row.composed, *key) for key in differing}
    if differing:
        _record(session, row, actor, action, before={origin_key(*key): was for key, was in before.items()}, after=after)


def set_value(session: Session, edit: Edit, value: object) -> None:
    """Set a field's value over the sources (an empty value hides the field); it stays until it is released.

    Of joined listings, the value of the one that speaks of the field is changed. Raises NotFound, BadState, VersionConflict
    when the listing was changed since `edit.version`, and BadValue.
    """
    row = find_initiative(session, edit.public_id, InitiativeAction.EDIT, edit.version)
    checked = field_rules.checked(edit.field, edit.lang, value)
    before = _Group.of(session, row).lay(session, edit, checked)
    before = shown_value(row.composed, edit.field, edit.lang) if before is None else before
    _recompose(session, row)
    after = {edit.field: checked, "lang": edit.lang}
    _record(session, row, edit.actor, "set", before={edit.field: before, "lang": edit.lang, **edit.kept}, after=after)


def release_value(session: Session, edit: Edit) -> None:
    """Delete what people said of a field in the strongest layer, so that the weaker layers and the sources show again.

    Of joined listings, what was said of each goes. Raises NotFound where there is no such listing or value, also for values
    that follow a platform, BadState, VersionConflict, and BadValue where nothing else gives the listing a title.
    """
    row = find_initiative(session, edit.public_id, InitiativeAction.EDIT, edit.version)
    group = _Group.of(session, row)
    former = group.value(edit)
    if former.by == BY_PLATFORM:
        raise NotFound(f"{edit.field} follows the platform")
    before = {edit.field: former.value, "lang": edit.lang}
    for value in group.released_with(former):
        session.delete(value)
    _recompose(session, row)
    _check_title(row)
    after = {edit.field: shown_value(row.composed, edit.field, edit.lang), "lang": edit.lang}
    _record(session, row, edit.actor, "release", before={**before, **edit.kept}, after=after)


def take_value(session: Session, edit: Edit, platform_id: str) -> None:
    """Take what a platform says of a field now: by releasing it where the sources then show that, else as a value of ours.

    Raises NotFound where the platform says nothing of it, and what `set_value` and `release_value` raise.
    """
    row = find_initiative(session, edit.public_id, InitiativeAction.EDIT, edit.version)
    group = _Group.of(session, row)
    said = group.sources.said(edit.field, edit.lang)
    if platform_id not in said:
        raise NotFound(f"{platform_id} says nothing of {edit.field}")
    if group.shown_without_curators(edit) == said[platform_id]:
        release_value(session, edit)
    else:
        set_value(session, edit, said[platform_id])


def drop_claim(session: Session, *, public_id: str, initiative_id: int, actor: str, action: str, reason: str = "") -> None:
    """Delete all that a claim of the listing with this row id said, in one event, so that what is below shows again.

    `public_id` is that of the listing which is shown. Raises NotFound.
    """
    row = session.scalar(select(Initiative).where(Initiative.public_id == public_id).with_for_update())
    if row is None:
        raise NotFound(public_id)
    said = _Group.of(session, row).values
    dropped = [value for value in said if value.layer == CLAIM and value.initiative_id == initiative_id]
    keys = [(value.field, value.lang) for value in dropped]
    before = {origin_key(*key): shown_value(row.composed, *key) for key in keys}
    for value in dropped:
        session.delete(value)
    _recompose(session, row)
    after = {origin_key(*key): shown_value(row.composed, *key) for key in keys}
    _record(session, row, actor, action, before=before, after=after | ({"reason": reason} if reason else {}))


def keep_value(session: Session, edit: Edit, platform_id: str | None = None, *, for_good: bool = False) -> None:
    """Keep what people say of a field against what a platform says now, or against what all say (None).

    The conflict is settled until that platform says something else; `for_good`: until the value is released. Raises NotFound
    where there is no such listing or value, BadState and VersionConflict.
    """
    row = find_initiative(session, edit.public_id, InitiativeAction.EDIT, edit.version)
    group = _Group.of(session, row)
    value = group.value(edit)
    value.seen = conflicts.seen_after_keeping(value, group.sources, platform_id)
    value.is_kept_for_good = value.is_kept_for_good or for_good
    session.flush()
    conflicts.note(group.values, group.standing, group.sources, utc_now())
    after = {edit.field: value.value, "lang": edit.lang}
    before = {**after, **edit.kept} if edit.kept else None
    _record(session, row, edit.actor, "keep_for_good" if for_good else "keep", before=before, after=after)


@dataclass(frozen=True, slots=True)
class _Group:
    """What a listing is made of, with all that it was joined with: records, what people said, and of that what stands."""

    head_id: int
    records: Sequence[Record]
    values: Sequence[Value]

    @classmethod
    def of(cls, session: Session, row: Initiative) -> _Group:
        records, values = groups.records_behind(session, [row.id]), groups.values_behind(session, [row.id])
        return cls(row.id, records[row.id], values.get(row.id, []))

    @property
    def standing(self) -> list[Value]:
        return groups.standing_values(self.head_id, self.values)

    @property
    def sources(self) -> Sources:
        return compose.sources_of(self.records)

    def value(self, edit: Edit) -> Value:
        """The value of the edit's field that is shown. Raises NotFound where people said nothing of it."""
        value = strongest(self.standing).get((edit.field, edit.lang))
        if value is None:
            raise NotFound(f"{edit.field} has no value of ours")
        return value

    def own_value(self, edit: Edit) -> Value | None:
        """The value of the edit's field in the layer of whoever edits."""
        meant = edit.field, edit.lang, edit.voice.layer
        return next((value for value in self.standing if (value.field, value.lang, value.layer) == meant), None)

    def speaker_id(self, edit: Edit) -> int:
        """The listing of which a new value is said: the one that speaks of what the field is about already."""
        about = groups.subject(edit.field), edit.lang, edit.voice.layer
        speakers = (value.initiative_id for value in self.standing if groups.seat(value) == about)
        return next(speakers, edit.voice.initiative_id or self.head_id)

    def released_with(self, former: Value) -> list[Value]:
        """The values that go with one that is released: those that would else be shown in its place."""
        standing = self.standing
        return [
            value
            for value in self.values
            if groups.seat(value) == groups.seat(former) and (value.field == former.field or value not in standing)
        ]

    def lay(self, session: Session, edit: Edit, value: FieldValue) -> FieldValue:
        """Lay a value over the others of its layer and below; return what it replaces there, None where there was none.

        Nobody is asked whether what a claim says still holds: whom it is about says so.
        """
        former = self.own_value(edit)
        replaced = None if former is None else former.value
        if former is None:
            layer = edit.voice.layer
            former = Value(initiative_id=self.speaker_id(edit), field=edit.field, lang=edit.lang, layer=layer)
            former.is_kept_for_good = layer == CLAIM
            session.add(former)
        former.value, former.by, former.at = value, edit.actor, utc_now()
        former.seen = self.sources.said(edit.field, edit.lang)
        return replaced

    def shown_without_curators(self, edit: Edit) -> FieldValue:
        """What is shown of the edit's field once what curators said of it is released."""
        former = self.own_value(edit)
        released = self.released_with(former) if former is not None else []
        remaining = [value for value in self.standing if value not in released]
        return shown_value(compose.compose(self.records, remaining), edit.field, edit.lang)


def find_initiative(session: Session, public_id: str, action: InitiativeAction, version: int | None = None) -> Initiative:
    """The listing, locked, where its state allows the action. Raises NotFound, BadState, VersionConflict."""
    row = session.scalar(select(Initiative).where(Initiative.public_id == public_id).with_for_update())
    if row is None:
        raise NotFound(public_id)
    initiative_after(row.state, action)
    if version is not None and row.version != version:
        raise VersionConflict(public_id)
    return row


def check_stays(session: Session, row: Initiative) -> None:
    """Raise BadState where a listing is about to be removed for good."""
    if session.scalar(select(Initiative.id).where(Initiative.id == row.id, is_removed_soon())) is not None:
        raise BadState(REMOVED_SOON)


def set_state(session: Session, row: Initiative, action: InitiativeAction, actor: str, reason: str | None) -> None:
    """Change the state as the action does, queue the listing for the index, and record the event. Raises BadState."""
    set_states(session, [row], action, actor, reason)


def set_states(session: Session, rows: Sequence[Initiative], action: InitiativeAction, actor: str, reason: str | None) -> None:
    """Do so with many listings; the statements do not grow with their number. Raises BadState."""
    now = utc_now()
    for row in rows:
        before = {"state": row.state}
        row.state, row.reason, row.changed_at = initiative_after(row.state, action), reason, now
        session.add(Outbox(initiative_id=row.id))
        after = {"state": row.state} | ({"reason": reason} if reason else {})
        _record(session, row, actor, str(action), before=before, after=after)
    if rows and action in (InitiativeAction.PUBLISH, InitiativeAction.REFUSE):
        groups.let_joined_follow(session, [row.id for row in rows], list(InitiativeState), rows[0].state)


def _check_title(row: Initiative) -> None:
    if not row.composed["texts"].get("title"):
        raise BadValue("title", field_rules.NO_TITLE)


def _recompose(session: Session, row: Initiative) -> None:
    """Compose a listing anew after an edit of its values."""
    session.flush()
    for member in groups.members(session, [row.id])[row.id]:
        session.expire(member, ["values"])
    compose.recompose(session, [row.id], utc_now())
    row.changed_at = utc_now()


def _record(session: Session, row: Initiative, actor: str, action: str, **change: Mapping[str, object] | None) -> None:
    """Record an event of a listing; `change` is its `before` and `after`."""
    record_event(session, actor=actor, action=action, object_type="initiative", object_id=row.public_id, **change)
