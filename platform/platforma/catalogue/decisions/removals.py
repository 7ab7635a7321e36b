"""Decisions to remove a listing for good: it is hidden at once, and erased once this cannot be undone any more."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.decisions import regrouping, rows, snapshots
from platforma.catalogue.errors import NotFound
from platforma.catalogue.listings import edits, groups, removal
from platforma.catalogue.models import Decision, Initiative, InitiativeState
from platforma.catalogue.pending import REMOVAL
from platforma.catalogue.states import SHOWN_STATES, InitiativeAction

KIND = REMOVAL
VERB = "remove"
LISTING, REASON = "listing", "reason"
"""Keys of a decision's details: the public id of the listing to remove, and why."""


def decide(session: Session, *, public_id: str, actor: str, reason: str) -> Decision:
    """Hide a listing, and let its removal wait. Raises NotFound, and BadState for one that is joined or (to be) removed."""
    groups.lock_groups(session)
    row = edits.find_initiative(session, public_id, InitiativeAction.SUPPRESS)
    edits.check_stays(session, row)
    before = snapshots.of_listings(session, [row.id])
    if row.state in (*SHOWN_STATES, InitiativeState.NEW):
        edits.set_state(session, row, InitiativeAction.REFUSE, actor, reason)
    session.flush()
    return rows.store(
        session, kind=KIND, verb=VERB, actor=actor, subjects={("initiative", public_id)}, before=before,
        after=snapshots.of_listings(session, [row.id]), waits=True, details={LISTING: public_id, REASON: reason},
    )  # fmt: skip


def undo(session: Session, decision: Decision, actor: str) -> None:
    """Let the listing stand as before. Raises BadState where it was changed since."""
    groups.lock_groups(session)
    regrouping.restore_listings(session, decision, actor)


def carry_out(session: Session, decision: Decision, secret_key: bytes) -> None:
    """Remove the listing for good, or the one that it was joined with since. Raises NotFound and BadState."""
    public_id = decision.details[LISTING]
    row = session.scalar(select(Initiative).where(Initiative.public_id == public_id))
    if row is None:
        raise NotFound(public_id)
    head, reason = groups.head(session, row), decision.details[REASON]
    removal.suppress(session, public_id=head.public_id, actor=decision.by, reason=reason, key=secret_key)
