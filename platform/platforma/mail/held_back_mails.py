"""What was held back as advertising and is none goes on as if it had just been confirmed, with the receipt to its sender."""

from __future__ import annotations

from sqlalchemy.orm import Session

from platforma.catalogue.visitors import additions, corrections, held_back
from platforma.catalogue.visitors.corrections import CorrectionRequest
from platforma.mail import addition_mails, correction_mails
from platforma.settings import Settings


def let_go(settings: Settings, session: Session, held_id: int, *, actor: str) -> None:
    """Let one go on. Raises NotFound; and NotFound or Suppressed where a message's subject is not public any more."""
    kind, payload = held_back.let_go(session, id=held_id, actor=actor)
    if kind == held_back.ADDITION:
        addition_mails.queue_receipt(settings, session, additions.enter_sent(session, payload))
    else:
        message = corrections.enter(session, CorrectionRequest(**payload))
        correction_mails.queue_receipt(settings, session, message)
