"""Undoing decisions, and carrying out what waited until they could not be undone any more."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.decisions import crawls, listings, mappings, messages, platforms, removals, rows
from platforma.catalogue.errors import BadState, NotFound
from platforma.catalogue.models import Decision, DecisionObject, Mail, MailState
from platforma.catalogue.pending import TAKING_IN
from vocabulary.messages import N_

log = logging.getLogger(__name__)
UNDONE = N_("%(who)s has undone this already (%(when)s); nothing has been changed.")
TOO_LATE = N_("This could be undone until %(when)s: its mail is out, or it was carried out. Nothing has been changed.")
FAILED = "failed"
"""Key of a decision's details: why what it decided could not be carried out."""
_UNDO: dict[str, Callable[[Session, Decision, str], None]] = {
    listings.KIND: listings.undo,
    platforms.KIND: platforms.undo,
    crawls.KIND: lambda session, decision, _actor: crawls.undo(session, decision),
    messages.KIND: messages.undo,
    mappings.KIND: mappings.undo,
    removals.KIND: removals.undo,
}


class _Undone(Exception):
    """Somebody has undone the decision, or another worker has carried it out, while this one was about to."""


def undo(session: Session, decision_id: int, *, actor: str) -> Decision:
    """Undo a decision: what stood before stands again, and its mail is not sent.

    Raises NotFound, and BadState where it was undone already, is carried out, or something else was changed since.
    """
    decision = session.get(Decision, decision_id)
    if decision is None:
        raise NotFound(str(decision_id))
    _check(decision)
    _UNDO[decision.kind](session, decision, actor)
    session.refresh(decision, with_for_update=True)
    _check(decision)
    _withhold_mails(session, decision)
    decision.undone_at, decision.undone_by = utc_now(), actor
    is_subject = DecisionObject.decision_id == decision_id, DecisionObject.is_subject
    for row in session.scalars(select(DecisionObject).where(*is_subject)):
        before, after = ({"state": one["state"]} if "state" in one else None for one in (row.after, row.before))
        record_event(
            session, actor=actor, action="undo", object_type=row.kind, object_id=row.object_id, before=before, after=after
        )  # fmt: skip
    session.flush()
    return decision


def due(database: Database, now: datetime) -> list[int]:
    """The ids of the decisions whose effect is due, by age."""
    is_waiting = Decision.due_at <= now, Decision.done_at.is_(None), Decision.undone_at.is_(None)
    with database.reading() as session:
        return list(session.scalars(select(Decision.id).where(*is_waiting).order_by(Decision.id)))


def carry_out_due(database: Database, secret_key: bytes) -> int:
    """Carry out the decisions whose time for undoing is over, each in a transaction of its own; return how many.

    What cannot be carried out any more, because something else happened meanwhile, is noted and logged.
    """
    ids = due(database, utc_now())
    for id in ids:
        try:
            with database.writing() as session:
                _carry_out(session, session.get_one(Decision, id), secret_key)
        except _Undone:
            continue
        except (BadState, NotFound) as error:
            log.warning("decision %s cannot be carried out: %s", id, error)
            with database.writing() as session:
                decision = session.get_one(Decision, id, with_for_update=True)
                decision.details, decision.done_at = decision.details | {FAILED: str(error)}, utc_now()
    return len(ids)


def _carry_out(session: Session, decision: Decision, secret_key: bytes) -> None:
    """Do what waited. Its rows are locked first, and the decision after them, as undoing does."""
    if decision.kind == crawls.KIND and decision.verb == TAKING_IN:
        crawls.carry_out(session, decision, secret_key)
    elif decision.verb == removals.VERB:
        removals.carry_out(session, decision, secret_key)
    crawls.drop_discarded(session, decision)
    session.refresh(decision, with_for_update=True)
    if decision.undone_at is not None or decision.done_at is not None:
        raise _Undone
    decision.done_at = utc_now()


def _check(decision: Decision) -> None:
    """Raise BadState where a decision cannot be undone any more."""
    if decision.undone_at is not None:
        raise BadState(UNDONE, who=decision.undone_by, when=decision.undone_at)
    if decision.done_at is not None or (decision.due_at is not None and decision.due_at <= utc_now()):
        raise BadState(TOO_LATE, when=decision.due_at)


def _withhold_mails(session: Session, decision: Decision) -> None:
    """Delete the mails that wait for a decision. Raises BadState where one is under way or out."""
    ids = decision.details.get(rows.MAILS, [])
    waits: ColumnElement[bool] = Mail.state == MailState.WAITING
    is_free = or_(Mail.claimed_until.is_(None), Mail.claimed_until <= utc_now())
    if session.connection().execute(delete(Mail).where(Mail.id.in_(ids), waits, is_free)).rowcount < len(ids):
        raise BadState(TOO_LATE, when=decision.due_at)
