"""What members of the staff are mailed of the desk: who wants what, and whose weekly mail is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.enums import DeskMail
from platforma.catalogue.models import User
from platforma.catalogue.people import accounts
from platforma.catalogue.people.digest_times import FARTHEST_DIGEST

PURPOSE, URGENT = "desk_mail", "desk_urgent"
"""The purposes of links: to end all mails of the desk, and only those that come at once."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A member of the staff who is mailed each week; `due_at` is the instant of the next mail, None before the first turn."""

    id: int
    email: str
    lang: str
    due_at: datetime | None

    @property
    def secret_name(self) -> str:
        """The name that the secret of the link that ends these mails derives from."""
        return f"{PURPOSE}:{self.id}:{self.email}"


class UrgentReader(Reader):
    """The same person, for the link that ends only the mails that come at once."""

    @property
    def secret_name(self) -> str:
        """The name that the secret of that link derives from."""
        return f"{URGENT}:{self.id}:{self.email}"


Find = Callable[[Session, str], Reader | None]
"""Finds the person of the number in a link."""


def urgent_secret_name(user: User) -> str:
    """The same of an account."""
    return UrgentReader(user.id, user.email, user.lang, user.desk_mail_due_at).secret_name


def choice_of(session: Session, user_id: int) -> DeskMail:
    """What a person wants to be mailed."""
    return DeskMail(session.get_one(User, user_id).desk_mail)


def choose(session: Session, *, user_id: int, choice: DeskMail) -> None:
    """Mail a person this from now on. The choice is audited; the same again changes nothing."""
    user = session.get_one(User, user_id, with_for_update=True)
    if user.desk_mail != choice:
        change = {"before": {"desk_mail": user.desk_mail}, "after": {"desk_mail": choice}}
        record_event(session, actor=user.email, action="desk_mail", object_type="user", object_id=str(user_id), **change)
        user.desk_mail = choice


def told_at_once(session: Session) -> list[User]:
    """The members of the staff who are mailed at once what is urgent, the oldest account first."""
    return [user for user in accounts.staff(session) if user.desk_mail == DeskMail.AT_ONCE]


def due_readers(session: Session, now: datetime) -> list[Reader]:
    """Those whose weekly mail is due, or who have had no turn yet; the oldest account first."""
    wanting = (user for user in accounts.staff(session) if user.desk_mail != DeskMail.NONE)
    return [_reader(user) for user in wanting if _is_turn(user.desk_mail_due_at, now)]


def _is_turn(due_at: datetime | None, now: datetime) -> bool:
    return due_at is None or not now < due_at <= now + FARTHEST_DIGEST


def reader_of(session: Session, number: str) -> Reader | None:
    """The person of the number in a link; None where there is no account, or it is closed."""
    user = session.get(User, int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None
    return _reader(user) if user is not None and user.closed_at is None else None


def urgent_reader_of(session: Session, number: str) -> UrgentReader | None:
    """The same for the link of mails at once."""
    reader = reader_of(session, number)
    return UrgentReader(reader.id, reader.email, reader.lang, reader.due_at) if reader else None


def take_turn(session: Session, reader: Reader, next_at: datetime) -> bool:
    """Move a person's next weekly mail; False where another process has done so."""
    is_unmoved = User.desk_mail_due_at.is_(None) if reader.due_at is None else User.desk_mail_due_at == reader.due_at
    statement = update(User).where(User.id == reader.id, is_unmoved).values(desk_mail_due_at=next_at)
    return session.connection().execute(statement).rowcount == 1


def _reader(user: User) -> Reader:
    return Reader(user.id, user.email, user.lang, user.desk_mail_due_at)
