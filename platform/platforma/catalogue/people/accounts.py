"""Accounts: one-time links instead of passwords; sessions are rows, kept as the SHA-256 of their secret."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import N_, BadState, NotFound
from platforma.catalogue.models import Role, User, UserSession
from platforma.catalogue.people import tokens
from vocabulary.languages import DEFAULT_LANGUAGE

SESSION_VALID = timedelta(days=14)
STAFF = (Role.CURATOR, Role.ADMIN)
"""Whom the desk is open to."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account. `lang` is the language of its last sign-in; `closed_at` is None while the account is open."""

    id: int
    email: str
    role: Role
    lang: str
    created_at: datetime
    closed_at: datetime | None

    @property
    def is_staff(self) -> bool:
        """Whether the desk is open to the person."""
        return self.closed_at is None and self.role in STAFF


def add_user(session: Session, *, email: str, role: Role, actor: str, lang: str = DEFAULT_LANGUAGE) -> User:
    """The account of an address with this role: made when missing, opened when closed. What changes is audited."""
    user = session.scalar(select(User).where(User.email == _plain(email)).with_for_update())
    if user is None:
        user = User(email=_plain(email), role=role, lang=lang)
        session.add(user)
        session.flush()
        _note(session, actor, "add", user, after={"role": role})
    elif user.closed_at is not None:
        _note(session, actor, "reopen", user, before={"role": user.role}, after={"role": role})
    elif user.role != role:
        _note(session, actor, "role", user, before={"role": user.role}, after={"role": role})
    user.role, user.closed_at = role, None
    return user


def find_user(session: Session, email: str) -> Account | None:
    """The open account of an address; None where there is none."""
    account = account_of(session, email)
    return account if account is not None and account.closed_at is None else None


def staff(session: Session) -> list[User]:
    """Everybody with an open account for the desk, the oldest account first."""
    is_staff = User.role.in_(STAFF), User.closed_at.is_(None)
    return list(session.scalars(select(User).where(*is_staff).order_by(User.id)))


def account_of(session: Session, email: str) -> Account | None:
    """The account of an address, open or closed; None where there never was one."""
    user = session.scalar(select(User).where(User.email == _plain(email)))
    return _account(user) if user is not None else None


def all_accounts(session: Session) -> list[Account]:
    """Every account: the open ones by address, then the closed ones."""
    users = session.scalars(select(User).order_by(User.closed_at.is_not(None), User.email))
    return [_account(user) for user in users]


def close_account(session: Session, *, user_id: int, actor: str) -> None:
    """Close an account and end all its sessions and links. Raises NotFound, BadState when it is closed already."""
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound(f"there is no account {user_id}")
    if user.closed_at is not None:
        raise BadState(N_("The account of %(email)s is closed already"), email=user.email)
    user.closed_at = utc_now()
    session.execute(delete(UserSession).where(UserSession.user_id == user_id))
    tokens.end_tokens(session, user_id)
    _note(session, actor, "close", user, before={"role": user.role})


def staff_count(session: Session) -> int:
    """How many open accounts the desk is open to."""
    query = select(func.count()).select_from(User).where(User.role.in_(STAFF), User.closed_at.is_(None))
    return session.scalar(query) or 0


def issue_sign_in(session: Session, *, user_id: int) -> str:
    """The secret of a new sign-in link that is shown at once: it is never refused, whatever was asked for by others."""
    person = session.get_one(User, user_id)
    return tokens.issue_token(session, purpose=tokens.SIGN_IN, payload={"email": person.email}, user_id=user_id)


def open_session(session: Session, user_id: int) -> str:
    """Sign a person in: the secret of the new session, for the cookie."""
    secret = secrets.token_urlsafe(32)
    session.add(UserSession(hash=tokens.hash_of(secret), user_id=user_id, expires_at=utc_now() + SESSION_VALID))
    return secret


def sign_in(session: Session, link_secret: str, *, lang: str) -> tuple[str, Account | None]:
    """Use a sign-in link up and remember the person's language.

    Returns the secret of the new session and whose it is: None when the account was closed. Raises BadToken.
    """
    link = tokens.use_token(session, link_secret, tokens.SIGN_IN)
    secret = open_session(session, link.user_id or 0)
    user = _user_of(session, secret)
    if user is None:
        return secret, None
    user.lang = lang
    return secret, _account(user)


def signed_in(session: Session, secret: str) -> Account | None:
    """Whose session a secret opens; None when it ended or the account was closed."""
    user = _user_of(session, secret)
    return _account(user) if user is not None else None


def sign_out(session: Session, secret: str) -> None:
    """End a session."""
    session.execute(delete(UserSession).where(UserSession.hash == tokens.hash_of(secret)))


def prune_sessions(session: Session, now: datetime) -> None:
    """Forget sessions that ran out more than thirty days ago."""
    session.execute(delete(UserSession).where(UserSession.expires_at < now - tokens.KEPT))


def _plain(email: str) -> str:
    return email.strip().lower()


def _user_of(session: Session, secret: str) -> User | None:
    query = select(UserSession).where(UserSession.hash == tokens.hash_of(secret), UserSession.expires_at > utc_now())
    row = session.scalar(query)
    return row.user if row is not None and row.user.closed_at is None else None


def _account(user: User) -> Account:
    return Account(user.id, user.email, user.role, user.lang, user.created_at, user.closed_at)


def _note(session: Session, actor: str, action: str, user: User, **values: dict[str, str]) -> None:
    record_event(session, actor=actor, action=action, object_type="user", object_id=str(user.id), **values)
