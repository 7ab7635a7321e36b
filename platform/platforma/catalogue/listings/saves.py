"""Saving a form with all fields of a listing: only what a person changed is set, and nothing that changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadValue, CatalogueError, NotFound
from platforma.catalogue.listings import edits, field_rules, form_texts, groups, judgements, listing_queries
from platforma.catalogue.listings.edits import CURATORS, Voice
from platforma.catalogue.listings.layers import Key, origin_key, shown_value
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.relations import Relations, relations_of
from platforma.catalogue.models import Initiative, JudgementVerdict
from platforma.catalogue.shapes import FieldValue
from platforma.catalogue.states import InitiativeAction
from vocabulary.messages import N_

TOGETHER: Mapping[str, Sequence[str]] = {
    "lat": form_texts.DEGREES,
    "lon": form_texts.DEGREES,
    "end_date": ("start_date", "end_date"),
}
"""Fields of which one can be wrong because of the others."""
PART_OF = "part-of"
OWNER_EDIT = "owner_edit"
"""The action of the event when whoever claimed a listing changes it."""
DECIDED = N_("The curators set this; write to them if it is wrong")
ITSELF = N_("A listing cannot be part of itself")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form brings of a field: its text, and the mark (see form_texts) of the text that it showed when it was opened.

    `is_confirmed`: it is to be a person's value also where it is what the sources say.
    """

    field: str
    lang: str
    text: str
    seen: str
    is_confirmed: bool = False

    @property
    def key(self) -> Key:
        return self.field, self.lang

    @property
    def is_changed(self) -> bool:
        """Whether the person typed something else than the form showed, or confirmed it."""
        return self.is_confirmed or form_texts.mark(self.field, self.text) != self.seen


class BadValues(CatalogueError):
    """Some fields cannot take what was typed; `reasons` has a BadValue for each, by field and language."""

    def __init__(self, reasons: Mapping[Key, BadValue]) -> None:
        super().__init__("; ".join(str(reason) for reason in reasons.values()))
        self.reasons = reasons


class FieldsChanged(CatalogueError):
    """Fields that a person changed show something else than when the form was opened; `keys` are their fields and languages."""

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__(", ".join(origin_key(*key) for key in keys))
        self.keys = keys


@dataclass(frozen=True, slots=True)
class Tried:
    """What saving a form would make of a listing: the changed fields, and the listing with its relations."""

    changed: Sequence[Key]
    listing: Listing
    relations: Relations


def save(
    session: Session, public_id: str, actor: str, typed: Sequence[Typed], voice: Voice = CURATORS, version: int | None = None
) -> list[Key]:
    """Set the fields that a person changed in a form, all or none of them; return which those are.

    A field that was left as it was stays the sources', and so does one that shows already what was typed. Raises NotFound,
    BadState, BadValues, also for what is a curator's where somebody else edits, FieldsChanged where a changed field showed
    something else by now, and VersionConflict.
    """
    row = edits.find_initiative(session, public_id, InitiativeAction.EDIT, version)
    changed = [one for one in typed if one.is_changed and (one.is_confirmed or _text_shown(row, one) != _text_typed(one))]
    values = _checked(row, changed)
    _check_layer(session, row, voice, values)
    if stale := [one.key for one in changed if form_texts.mark(one.field, _text_shown(row, one)) != one.seen]:
        raise FieldsChanged(stale)
    edits.set_values(session, row, actor, values, "edit" if voice == CURATORS else OWNER_EDIT, voice)
    return [one.key for one in changed]


def save_with_part(
    session: Session, public_id: str, actor: str, typed: Sequence[Typed], part_of: str, voice: Voice = CURATORS
) -> list[Key]:
    """The same, and judge the listing to be a part of another one, by its public id; empty for none.

    Raises also BadValue of the field PART_OF where that is the listing itself, and NotFound.
    """
    if not part_of:
        return save(session, public_id, actor, typed, voice)
    groups.lock_groups(session)
    changed = save(session, public_id, actor, typed, voice)
    whole = listing_queries.listing_for_desk(session, part_of)
    if whole.public_id == public_id:
        raise BadValue(PART_OF, ITSELF)
    judgements.judge(session, public_id, whole.public_id, JudgementVerdict.PART_OF, judgements.Word(actor, utc_now()))
    return changed


def attempt(
    session: Session, public_id: str, actor: str, typed: Sequence[Typed], part_of: str = "", voice: Voice = CURATORS
) -> Tried:
    """What `save_with_part` would make of the listing; nothing of it is stored, and the session has ended. Raises the same."""
    changed = save_with_part(session, public_id, actor, typed, part_of, voice)
    session.flush()
    listing, relations = listing_queries.listing_for_desk(session, public_id), relations_of(session, public_id)
    session.rollback()
    if isinstance(listing, listing_queries.Moved):
        raise NotFound(public_id)
    return Tried(changed, listing, relations)


def _check_layer(session: Session, row: Initiative, voice: Voice, values: Mapping[Key, FieldValue]) -> None:
    """Raise BadValues for what a curator has decided, where somebody else edits."""
    if voice == CURATORS:
        return
    decided = {
        (groups.subject(line.field), line.lang)
        for line in listing_queries.values_of(session, row.public_id)
        if line.author == "curator"
    }
    if refused := [key for key in values if (groups.subject(key[0]), key[1]) in decided]:
        raise BadValues({key: BadValue(key[0], DECIDED) for key in refused})


def _text_shown(row: Initiative, typed: Typed) -> str:
    return form_texts.text_of(typed.field, shown_value(row.composed, *typed.key))


def _text_typed(typed: Typed) -> str:
    return form_texts.as_typed(typed.field, typed.text)


def _checked(row: Initiative, typed: Sequence[Typed]) -> dict[Key, FieldValue]:
    """The typed values in their stored form, by field and language. Raises BadValues."""
    values: dict[Key, FieldValue] = {}
    reasons: dict[Key, BadValue] = {}
    for one in typed:
        try:
            values[one.key] = field_rules.checked(*one.key, one.text)
        except BadValue as error:
            reasons[one.key] = error
    fields = {**row.composed["fields"], **{field: value for (field, lang), value in values.items() if not lang}}
    for contradiction in field_rules.contradictions(fields):
        if any(one.field in TOGETHER[contradiction.field] for one in typed):
            reasons.setdefault((contradiction.field, ""), contradiction)
    if reasons:
        raise BadValues(reasons)
    return values
