"""Decisions on visitors' messages: done, refused, or done by removing the listing. The mail and the removal wait."""

from __future__ import annotations

from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.decisions import removals, rows, snapshots
from platforma.catalogue.enums import CorrectionState
from platforma.catalogue.errors import NotFound
from platforma.catalogue.models import Correction, Decision
from platforma.catalogue.visitors import corrections
from platforma.catalogue.visitors.corrections import Message

KIND = "message"
REMOVE = removals.VERB
VERBS = ("done", "refuse", REMOVE)


def decide(
    session: Session, *, message_id: int, verb: str, answer: str, actor: str, removal_reason: str = ""
) -> tuple[Decision, Message]:
    """Answer a message. With REMOVE its listing is removed for good, for `removal_reason`, once this cannot be undone any more.

    Raises NotFound, also where there is no listing to remove, and BadState for a message that was answered already.
    """
    row = session.get(Correction, message_id, with_for_update=True)
    if row is None:
        raise NotFound(str(message_id))
    before = snapshots.of_rows("correction", [row])
    state = CorrectionState.REFUSED if verb == "refuse" else CorrectionState.DONE
    message = corrections.close(session, id=message_id, state=state, answer=answer, actor=actor)
    details = {}
    if verb == REMOVE:
        if message.listing_id is None:
            raise NotFound(str(message_id))
        details = {removals.LISTING: message.listing_id, removals.REASON: removal_reason}
    decision = rows.store(
        session, kind=KIND, verb=verb, actor=actor, subjects={("correction", str(message_id))}, before=before,
        after=snapshots.of_rows("correction", [row]), waits=verb == REMOVE or bool(row.email), details=details,
    )  # fmt: skip
    return decision, message


def undo(session: Session, decision: Decision, actor: str) -> None:
    """Open a message again, without its answer. Raises BadState where somebody changed it since."""
    before, after = rows.objects_of(session, decision.id)
    found = snapshots.check_unchanged(session, after)
    snapshots.restore(found, before)
    for row in found.values():
        row.answer = ""
        record_event(session, actor=actor, action="reopen", object_type="correction", object_id=row.public_id)
