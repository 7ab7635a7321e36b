"""Restoring listings: what rules joined because of a decision is parted again, then each listing stands as before."""

from __future__ import annotations

from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.decisions import rows, snapshots
from platforma.catalogue.listings import by_rule, compose
from platforma.catalogue.models import Decision, Initiative, Outbox


def restore_listings(session: Session, decision: Decision, actor: str) -> dict[snapshots.Place, object]:
    """Restore all rows of a decision and return them. Raises BadState where one was changed since, or a rule's word was."""
    before, after = rows.objects_of(session, decision.id)
    found = snapshots.check_unchanged(session, after)
    for id in reversed(decision.details.get(rows.JUDGEMENTS, [])):
        by_rule.take_back(session, id, actor)
    snapshots.restore(found, before)
    session.flush()
    listings = [row for row in found.values() if isinstance(row, Initiative)]
    for row in listings:
        row.changed_at = utc_now()
        session.add(Outbox(initiative_id=row.id))
    compose.recompose(session, [row.id for row in listings], utc_now())
    session.flush()
    return found
