"""What those who answer for platforms are mailed of how these are read: who wants what, and whose weekly mail is due.

The contact of a platform gets a mail each week, unless they chose otherwise; any other member gets what they choose. A person is
an address: who answers for several platforms gets one mail about all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import is_due
from platforma.catalogue.enums import DigestFrequency, PartnerMail, PlatformState
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.models import Membership, PartnerReader, Platform, User
from platforma.catalogue.people.digest_times import FARTHEST_DIGEST, next_digest_at
from vocabulary.languages import DEFAULT_LANGUAGE

PURPOSE = "partner_mail"
TOLD_ABOUT = tuple(state for state in PlatformState if state not in (PlatformState.REFUSED, PlatformState.LEFT))
"""The states of platforms of which their partners are told."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may be mailed of their platforms; see models.PartnerReader."""

    email: str
    public_id: str
    lang: str
    wish: PartnerMail
    due_at: datetime
    told_at: datetime

    @property
    def secret_name(self) -> str:
        """The name that the secret of the link that ends these mails derives from."""
        return f"{PURPOSE}:{self.public_id}"


def wish_of(session: Session, email: str) -> PartnerMail | None:
    """What somebody chose or was given as the contact of a platform; None for somebody who is mailed nothing so far."""
    row = session.get(PartnerReader, email.lower())
    return PartnerMail(row.wish) if row else None


def choose(session: Session, *, email: str, wish: PartnerMail, now: datetime, zone: str) -> None:
    """Mail somebody this from now on. The choice is audited; the same again changes nothing."""
    row = session.get(PartnerReader, email.lower(), with_for_update=True)
    before = PartnerMail(row.wish) if row else PartnerMail.NONE
    if row is None:
        row = _new_reader(session, email, now, zone)
    if PartnerMail.NONE in (before, wish):
        row.told_at = now
    row.wish = wish
    if before != wish:
        change = {"before": {"partner_mail": before}, "after": {"partner_mail": wish}}
        record_event(session, actor=row.email, action="partner_mail", object_type="reader", object_id=row.public_id, **change)


def add_contacts(session: Session, now: datetime, zone: str) -> None:
    """Give each contact of a platform who chose nothing yet a mail each week."""
    known = select(PartnerReader.email)
    email = func.lower(Platform.contact_email)
    contacts = select(email).where(Platform.contact_email != "", Platform.state.in_(TOLD_ABOUT), email.not_in(known)).distinct()
    for one in session.scalars(contacts.order_by(email)).all():
        _new_reader(session, one, now, zone)


def contact_reader(session: Session, platform: Platform, now: datetime, zone: str) -> None:
    """Make sure that the contact of a platform is somebody who is mailed each week, or what they chose."""
    email = (platform.contact_email or "").lower()
    if email and session.get(PartnerReader, email) is None:
        _new_reader(session, email, now, zone)


def readers_of(session: Session, platform: Platform, *wishes: PartnerMail) -> Sequence[Reader]:
    """Those who are mailed about a platform and wish one of these: its contact and its members, by address."""
    members = select(User.email).join(Membership, Membership.user_id == User.id)
    members = members.where(Membership.platform_id == platform.id, User.closed_at.is_(None))
    is_meant = or_(PartnerReader.email == (platform.contact_email or "").lower(), PartnerReader.email.in_(members))
    rows = session.scalars(select(PartnerReader).where(is_meant, PartnerReader.wish.in_(wishes)).order_by(PartnerReader.email))
    return [_reader(session, row) for row in rows]


def due_readers(session: Session, now: datetime) -> Sequence[Reader]:
    """Those whose weekly mail is due, by address."""
    is_wanted = is_due(PartnerReader.due_at, now, FARTHEST_DIGEST), PartnerReader.wish != PartnerMail.NONE
    return [
        _reader(session, row) for row in session.scalars(select(PartnerReader).where(*is_wanted).order_by(PartnerReader.email))
    ]


def platforms_of(session: Session, email: str) -> Sequence[Platform]:
    """The platforms of which an address is the contact, or for which its account answers, by title."""
    query = select(Platform).where(_is_theirs(email), Platform.state.in_(TOLD_ABOUT))
    return session.scalars(query.order_by(Platform.title, Platform.id)).all()


def reader_of(session: Session, public_id: str) -> Reader | None:
    """The person of the id in a link; None where there is none."""
    row = session.scalar(select(PartnerReader).where(PartnerReader.public_id == public_id))
    return _reader(session, row) if row else None


def take_turn(session: Session, reader: Reader, *, next_at: datetime, now: datetime) -> bool:
    """Move a person's next weekly mail, and note that they are told until now; False where another process has done so."""
    is_unmoved = PartnerReader.email == reader.email, PartnerReader.due_at == reader.due_at, PartnerReader.wish == reader.wish
    statement = update(PartnerReader).where(*is_unmoved).values(due_at=next_at, told_at=now)
    return session.connection().execute(statement).rowcount == 1


def _is_theirs(email: str) -> ColumnElement[bool]:
    own: Select[str | None] = select(Membership.platform_id).join(User, User.id == Membership.user_id)
    own = own.where(User.email == email, User.closed_at.is_(None))
    return or_(func.lower(Platform.contact_email) == email, Platform.id.in_(own))


def _new_reader(session: Session, email: str, now: datetime, zone: str) -> PartnerReader:
    due_at = next_digest_at(now, DigestFrequency.WEEKLY, zone)
    row = PartnerReader(email=email.lower(), public_id=new_public_id(), wish=PartnerMail.WEEKLY, due_at=due_at, told_at=now)
    session.add(row)
    session.flush()
    return row


def _reader(session: Session, row: PartnerReader) -> Reader:
    return Reader(row.email, row.public_id, _lang(session, row.email), PartnerMail(row.wish), row.due_at, row.told_at)


def _lang(session: Session, email: str) -> str:
    """The language of a person: that of the platforms of which they are the contact, else of their account."""
    query = select(Platform.contact_lang).where(func.lower(Platform.contact_email) == email, Platform.contact_lang.is_not(None))
    lang = session.scalar(query.order_by(Platform.title, Platform.id).limit(1))
    return lang or session.scalar(select(User.lang).where(User.email == email)) or DEFAULT_LANGUAGE
