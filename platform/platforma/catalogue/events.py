"""The audit: one event for every change."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from platforma.catalogue.models import Event


def note(
    session: Session,
    *,
    actor: str,
    action: str,
    object_type: str,
    object_id: str,
    before: Any = None,
    after: Any = None,
) -> None:
    """Write down who did what; `before` and `after` are JSON values."""
    session.add(Event(actor=actor, action=action, object_type=object_type, object_id=object_id, before=before, after=after))
