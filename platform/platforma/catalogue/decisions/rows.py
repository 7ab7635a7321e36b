"""Storing decisions: one row each, with what it is about and what stood before and after."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.decisions import claims
from platforma.catalogue.decisions.snapshots import Place, Snapshot
from platforma.catalogue.models import Decision, DecisionObject, Mail
from platforma.catalogue.pending import UNDO_WINDOW

MAILS, JUDGEMENTS = "mails", "judgements"
"""Keys of a decision's details: ids of the mails that wait, and of what rules judged because of it."""


def store(
    session: Session,
    *,
    kind: str,
    verb: str,
    actor: str,
    subjects: Collection[Place],
    before: Snapshot,
    after: Snapshot,
    waits: bool = False,
    details: Mapping[str, Any] | None = None,
) -> Decision:
    """Store a decision about its subjects, which nobody looks at any more; of all other rows only those that it has changed.

    `waits`: its effect is due later.
    """
    now = utc_now()
    decision = Decision(kind=kind, verb=verb, by=actor, at=now, due_at=now + UNDO_WINDOW if waits else None)
    decision.details = dict(details or {})
    session.add(decision)
    session.flush()
    places = [place for place in after if place in subjects or before.get(place) != after[place]]
    values = [
        {
            "decision_id": decision.id, "kind": kind, "object_id": id, "is_subject": (kind, id) in subjects,
            "before": before.get((kind, id), {}), "after": after[kind, id],
        }
        for kind, id in places
    ]  # fmt: skip
    if values:
        session.execute(insert(DecisionObject), values)
    claims.settle(session, subjects, actor)
    return decision


def hold_back(decision: Decision, mail: Mail, session: Session) -> None:
    """Let a mail that follows from a decision wait until this cannot be undone any more."""
    decision.due_at = decision.due_at or decision.at + UNDO_WINDOW
    mail.due_at = decision.due_at
    session.flush()
    decision.details = decision.details | {MAILS: [*decision.details.get(MAILS, []), mail.id]}


def objects_of(session: Session, decision_id: int) -> tuple[Snapshot, Snapshot]:
    """What stood before and after a decision."""
    rows = session.scalars(select(DecisionObject).where(DecisionObject.decision_id == decision_id)).all()
    return {(row.kind, row.object_id): row.before for row in rows}, {(row.kind, row.object_id): row.after for row in rows}


def standing_of(session: Session, kind: str, object_id: str) -> Decision | None:
    """The newest decision about an object whose effect still waits; None without one."""
    query = select(Decision).join(DecisionObject, DecisionObject.decision_id == Decision.id)
    query = query.where(DecisionObject.kind == kind, DecisionObject.object_id == object_id, DecisionObject.is_subject)
    query = query.where(Decision.undone_at.is_(None), Decision.done_at.is_(None), Decision.due_at.is_not(None))
    return session.scalar(query.order_by(Decision.id.desc()).limit(1))
