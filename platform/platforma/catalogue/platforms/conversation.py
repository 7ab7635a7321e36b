"""What curators and partners write to each other about a platform: questions, refusals, answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from platforma.catalogue.enums import MessageKind
from platforma.catalogue.errors import BadState, BadValue
from platforma.catalogue.models import PartnerMessage
from vocabulary.messages import N_

MAX_CHARACTERS = 2_000
EMPTY = N_("Write a text, in at most %(limit)s characters")
GOES_ON = N_("The partner has answered already; nothing has been changed.")


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `by` is the address of its writer's account, `at` in UTC."""

    kind: MessageKind
    by: str
    text: str
    at: datetime

    @property
    def is_partners(self) -> bool:
        """Whether the partner's side wrote it."""
        return self.kind == MessageKind.ANSWER


def write(session: Session, *, platform_id: str, kind: MessageKind, by: str, text: str) -> int:
    """Store a message; return its id. Raises BadValue for a text that is empty or too long."""
    if not text.strip() or len(text.strip()) > MAX_CHARACTERS:
        raise BadValue("text", EMPTY, limit=MAX_CHARACTERS)
    row = PartnerMessage(platform_id=platform_id, kind=kind, by=by, text=text.strip())
    session.add(row)
    session.flush()
    return row.id


def messages(session: Session, platform_id: str) -> Sequence[Message]:
    """The conversation about a platform, the oldest first."""
    query = select(PartnerMessage).where(PartnerMessage.platform_id == platform_id).order_by(PartnerMessage.id)
    return [Message(MessageKind(row.kind), row.by, row.text, row.at) for row in session.scalars(query)]


def take_back(session: Session, platform_id: str, message_id: int) -> None:
    """Delete a message that nobody was mailed yet. Raises BadState where the conversation has gone on since."""
    later = select(PartnerMessage.id).where(PartnerMessage.platform_id == platform_id, PartnerMessage.id > message_id)
    if session.scalar(later.limit(1)) is not None:
        raise BadState(GOES_ON)
    session.execute(delete(PartnerMessage).where(PartnerMessage.id == message_id))
