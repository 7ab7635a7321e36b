"""Corrections: what visitors report about listings and platforms and ask of the curators, from the form to the answer.

Whoever gives an address confirms it by a link; until then the message is stored with the link. A message without an address
is open at once. Address and texts are erased FORGET_AFTER a curator has answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import CorrectionState, CorrectionTopic
from platforma.catalogue.errors import BadState, NotFound
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.listings import groups, listing_queries
from platforma.catalogue.models import Correction, Event, Initiative
from platforma.catalogue.people import tokens
from platforma.catalogue.platforms import platform_queries
from platforma.catalogue.states import DECIDED
from platforma.catalogue.visitors import held_back
from platforma.settings import Settings

FORGET_AFTER = timedelta(days=30)
"""How long after the answer the address and the texts of a message are stored."""
KEPT_AS_IT_WAS = ("keep", "keep_for_good")
"""Actions on a field of a listing that change nothing in what it shows."""
STATUS = "report"
"""The purpose of the secret in the link to a message's page."""


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    """What a visitor sends, in their language. `listing_id` or `platform_id` is a public id; both are empty for a message about
    the directory. `field` is empty where none was named, and so is `email`. `doubt` is what was doubtful about how it was sent
    (see held_back), empty for nothing."""

    listing_id: str
    topic: str
    field: str
    text: str
    email: str
    lang: str
    platform_id: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message. `listing_id` is the public id of the listing that it is about, or of the one that this was joined with
    since; `platform_id` is the id of the platform; both are None where it is about the directory."""

    id: int
    public_id: str
    listing_id: str | None
    platform_id: str | None
    topic: CorrectionTopic
    field: str
    text: str
    email: str | None
    lang: str
    state: CorrectionState
    answer: str
    created_at: datetime
    closed_at: datetime | None

    def answer_by(self, settings: Settings) -> datetime:
        """Until when the sender is promised an answer, in UTC."""
        is_removal = self.topic == CorrectionTopic.REMOVAL
        return self.created_at + timedelta(days=settings.removal_answer_days if is_removal else settings.answer_days)

    @property
    def secret_name(self) -> str:
        """The name that the secret of the link to this message's page derives from."""
        return f"{STATUS}:{self.public_id}"


@dataclass(frozen=True, slots=True)
class OpenMessages:
    """How many messages wait for a curator, and how many of them ask for a removal."""

    all: int
    removals: int


def issue_request(session: Session, request: CorrectionRequest, *, key: bytes) -> str:
    """Store a message until its address is confirmed; return the name from which the secret of the link derives."""
    return tokens.issue_mailed_token(session, purpose=tokens.CONFIRM_REPORT, key=key, payload=asdict(request))


def read_request(session: Session, secret: str) -> CorrectionRequest:
    """The message that a link confirms. Raises BadToken."""
    return CorrectionRequest(**tokens.read_token(session, secret, tokens.CONFIRM_REPORT).payload)


def confirm(session: Session, secret: str) -> Message | None:
    """Use the link up and open its message; None where it is held back.

    Raises BadToken; NotFound or Suppressed where its subject is not public any more.
    """
    token = tokens.use_token(session, secret, tokens.CONFIRM_REPORT)
    request, token.payload = CorrectionRequest(**token.payload), {}
    return receive(session, request)


def receive(session: Session, request: CorrectionRequest) -> Message | None:
    """Open a message, or hold it back and return None. Raises NotFound and Suppressed."""
    doubt = "" if request.topic == CorrectionTopic.REMOVAL else request.doubt or held_back.doubt_of_text(session, request.text)
    if doubt:
        payload = asdict(request)
        held_back.hold(session, kind=held_back.MESSAGE, payload=payload, reason=doubt, text=request.text, email=request.email)
        return None
    return enter(session, request)


def enter(session: Session, request: CorrectionRequest) -> Message:
    """Open a message; one that is open already with the same words is not opened twice. Raises NotFound and Suppressed."""
    initiative_id = _initiative_id(session, request.listing_id) if request.listing_id else None
    platform_id = platform_queries.platform_card(session, request.platform_id).id if request.platform_id else None
    values: dict[str, str | int | None] = {"topic": request.topic, "field": request.field, "text": request.text}
    values |= {"email": request.email or None, "initiative_id": initiative_id, "platform_id": platform_id}
    is_same = [getattr(Correction, name) == value for name, value in values.items()]
    row = session.scalar(select(Correction).where(Correction.state == CorrectionState.OPEN, *is_same).limit(1))
    if row is None:
        row = Correction(public_id=new_public_id(), lang=request.lang, **values)
        session.add(row)
        session.flush()
    return _messages(session, [row])[0]


def message_of(session: Session, public_id: str) -> Message | None:
    """The message of this number; None where there is none."""
    row = session.scalar(select(Correction).where(Correction.public_id == public_id))
    return _messages(session, [row])[0] if row is not None else None


def message(session: Session, id: int) -> Message:
    """The message of this row id. Raises NotFound."""
    row = session.get(Correction, id)
    if row is None:
        raise NotFound(str(id))
    return _messages(session, [row])[0]


def open_messages(session: Session, *, limit: int, offset: int = 0) -> list[Message]:
    """The messages that wait for a curator: wishes for removal first, then the oldest first."""
    is_removal = case((Correction.topic == CorrectionTopic.REMOVAL, 0), else_=1)
    query = select(Correction).where(Correction.state == CorrectionState.OPEN).order_by(is_removal, Correction.id)
    return _messages(session, session.scalars(query.limit(limit).offset(offset)).all())


def closed_messages(session: Session, *, limit: int) -> list[Message]:
    """The messages that were answered last, the newest answer first."""
    query = select(Correction).where(Correction.state != CorrectionState.OPEN)
    rows = session.scalars(query.order_by(Correction.closed_at.desc(), Correction.id.desc()).limit(limit)).all()
    return _messages(session, rows)


def open_counts(session: Session) -> OpenMessages:
    """How many messages wait for a curator."""
    is_removal = case((Correction.topic == CorrectionTopic.REMOVAL, 1), else_=0)
    query = select(func.count(), func.coalesce(func.sum(is_removal), 0)).where(Correction.state == CorrectionState.OPEN)
    return OpenMessages(*session.execute(query).one())


def close(session: Session, *, id: int, state: CorrectionState, answer: str, actor: str) -> Message:
    """Answer a message. Raises NotFound, and BadState for one that was answered already."""
    row = session.get(Correction, id, with_for_update=True)
    if row is None:
        raise NotFound(str(id))
    if row.state != CorrectionState.OPEN:
        raise BadState(DECIDED)
    row.state, row.answer, row.closed_at = state, answer, utc_now()
    after = {"state": state, "topic": row.topic}
    record_event(session, actor=actor, action="answer", object_type="correction", object_id=row.public_id, after=after)
    session.flush()
    return _messages(session, [row])[0]


def changed_fields(session: Session, message: Message) -> list[str]:
    """The names of what people changed in the listing between the message and its answer, sorted; some are no fields."""
    if message.listing_id is None or message.closed_at is None:
        return []
    is_of_listing = Event.object_type == "initiative", Event.object_id == message.listing_id
    is_between = Event.at >= message.created_at, Event.at <= message.closed_at
    is_change = Event.actor.contains("@"), Event.action.not_in(KEPT_AS_IT_WAS)
    rows = session.execute(select(Event.before, Event.after).where(*is_of_listing, *is_between, *is_change))
    return sorted({name for row in rows for values in row for name in values or {}})


def forget_answered(session: Session, now: datetime) -> None:
    """Erase the addresses and the texts of messages that were answered more than FORGET_AFTER ago."""
    is_old = Correction.closed_at < now - FORGET_AFTER
    session.execute(update(Correction).where(is_old).values(email=None, text="", answer=""))


def _initiative_id(session: Session, public_id: str) -> int:
    """The row id of a public listing, or of the one that it was merged into. Raises NotFound and Suppressed."""
    found = listing_queries.listing(session, public_id)
    return session.scalars(select(Initiative.id).where(Initiative.public_id == found.public_id)).one()


def _messages(session: Session, rows: Sequence[Correction]) -> list[Message]:
    ids = [row.initiative_id for row in rows if row.initiative_id is not None]
    shown = aliased(Initiative)
    is_shown = shown.id == groups.head_id()
    found = session.execute(select(Initiative.id, shown.public_id).join(shown, is_shown).where(Initiative.id.in_(ids)))
    listings = {row.id: row.public_id for row in found}
    return [_message(row, listings.get(row.initiative_id or 0)) for row in rows]


def _message(row: Correction, listing_id: str | None) -> Message:
    return Message(
        id=row.id,
        public_id=row.public_id,
        listing_id=listing_id,
        platform_id=row.platform_id,
        topic=CorrectionTopic(row.topic),
        field=row.field,
        text=row.text,
        email=row.email,
        lang=row.lang,
        state=CorrectionState(row.state),
        answer=row.answer,
        created_at=row.created_at,
        closed_at=row.closed_at,
    )
