"""Decisions whose effect waits: until it is carried out, what they are about waits for nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, SQLColumnExpression, String, cast, select

from platforma.catalogue.models import Crawl, Decision, DecisionObject, Initiative

UNDO_WINDOW = timedelta(minutes=10)
"""How long a mail, an ingest or an erasure waits after the decision from which it follows, so that this can be undone."""
TAKING_IN = "accept"
"""The verb of the decision to take in a held crawl."""
REMOVAL = "removal"
"""The kind of the decision to remove a listing for good."""


def is_taken_in_soon() -> ColumnElement[bool]:
    """Condition on Crawl: somebody decided to take it in, and the worker will."""
    return _is_subject_of("crawl", cast(Crawl.id, String), Decision.verb == TAKING_IN, Decision.done_at.is_(None))


def is_removed_soon() -> ColumnElement[bool]:
    """Condition on Initiative: somebody decided to remove it for good, and the worker will."""
    return _is_subject_of("initiative", Initiative.public_id, Decision.kind == REMOVAL, Decision.done_at.is_(None))


def is_told_later(now: datetime) -> ColumnElement[bool]:
    """Condition on Initiative: what was decided of it can still be undone, so that nobody is told of it yet."""
    return _is_subject_of("initiative", Initiative.public_id, Decision.due_at > now)


def _is_subject_of(kind: str, object_id: SQLColumnExpression[str], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    query = select(DecisionObject.decision_id).join(Decision, Decision.id == DecisionObject.decision_id)
    query = query.where(
        DecisionObject.kind == kind, DecisionObject.object_id == object_id, Decision.undone_at.is_(None), *conditions
    )
    return query.exists()
