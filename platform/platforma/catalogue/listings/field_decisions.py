"""What a curator decides about one field beside the form: release it, or take or keep it against what a platform says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from platforma.catalogue.errors import VersionConflict
from platforma.catalogue.listings import edits, form_texts, listing_queries, said
from platforma.catalogue.states import InitiativeAction

TOGETHER = {"country": ("country", "countries"), "countries": ("country", "countries")}
"""Fields that are released together, since they are one thing to a person."""


@dataclass(frozen=True, slots=True)
class FieldDecision:
    """A decision; `platform_id` and `mark` (see form_texts) tell against what a platform says, empty for `release`."""

    what: Literal["release", "take", "keep", "keep_for_good"]
    edit: edits.Edit
    platform_id: str = ""
    mark: str = ""


def decide_field(session: Session, decision: FieldDecision) -> None:
    """Carry out a decision; one that was carried out already changes nothing, since forms are sent twice.

    Raises NotFound, BadState, BadValue where no title would be left, and VersionConflict where the platform says something
    else by now.
    """
    edit = decision.edit
    edits.find_initiative(session, edit.public_id, InitiativeAction.EDIT)
    if decision.what == "release":
        _release(session, edit)
        return
    if decision.mark != _mark_of(session, decision):
        raise VersionConflict(edit.public_id)
    values = {(line.field, line.lang): line for line in listing_queries.values_of(session, edit.public_id)}
    line = values.get((edit.field, edit.lang))
    if line is None or decision.platform_id not in {news.platform_id for news in line.news}:
        return
    if decision.what == "take":
        edits.take_value(session, edit, decision.platform_id)
    else:
        edits.keep_value(session, edit, decision.platform_id, for_good=decision.what == "keep_for_good")


def _release(session: Session, edit: edits.Edit) -> None:
    standing = {
        (line.field, line.lang) for line in listing_queries.values_of(session, edit.public_id) if not line.follows_platform
    }
    for field in TOGETHER.get(edit.field, (edit.field,)):
        if (field, edit.lang) in standing:
            edits.release_value(session, edits.Edit(edit.public_id, field, edit.lang, edit.actor))


def _mark_of(session: Session, decision: FieldDecision) -> str:
    """The mark of what the platform says of the field now."""
    edit = decision.edit
    by_platform = {one.platform_id: one.value for one in said.said_of(session, edit.public_id).get((edit.field, edit.lang), ())}
    return form_texts.mark(edit.field, form_texts.text_of(edit.field, by_platform.get(decision.platform_id)))
