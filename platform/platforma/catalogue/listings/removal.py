"""Removal of a listing for good, at the request of those it is about."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crawlers import record as crawled
from platforma.catalogue.listings import compose, erasure, suppression
from platforma.catalogue.listings.edits import find_initiative, set_state
from platforma.catalogue.states import InitiativeAction


def suppress(session: Session, *, public_id: str, actor: str, reason: str, key: bytes) -> None:
    """Remove a listing for good: its texts, records, values and history go, and no crawl brings it back."""
    row = find_initiative(session, public_id, InitiativeAction.SUPPRESS)
    records = compose.records_behind(session, [row.id])[row.id]
    pairs = [(record.platform_id, crawled.Record.from_json(record.payload)) for record in records]
    suppression.remember(session, key, pairs, reason=reason, by=actor)
    erasure.erase(session, row, records)
    row.reason = reason
    set_state(session, row, InitiativeAction.SUPPRESS, actor, reason)
