"""Removal of a listing for good (suppression), at the request of the people whom it is about."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crawlers import record as crawled
from platforma.catalogue.listings import erasure, groups, left_out, suppression
from platforma.catalogue.listings.edits import find_initiative, set_state
from platforma.catalogue.states import InitiativeAction


def suppress(session: Session, *, public_id: str, actor: str, reason: str, key: bytes) -> None:
    """Erase a listing's texts, records, values and history, and keep later crawls, and those that wait, from bringing it back.

    `key` is the secret key of the stored hashes. Raises NotFound and BadState.
    """
    left_out.lock_stages(session)
    groups.lock_groups(session)
    row = find_initiative(session, public_id, InitiativeAction.SUPPRESS)
    records = groups.records_behind(session, [row.id])[row.id]
    pairs = [(record.platform_id, crawled.Record.from_json(record.payload)) for record in records]
    suppression.add_suppressions(session, key, pairs, reason=reason, by=actor, public_id=public_id)
    erasure.erase(session, row, records)
    left_out.clear_stages(session, suppression.SuppressionList(session, key))
    row.reason = reason
    set_state(session, row, InitiativeAction.SUPPRESS, actor, reason)
