"""Accounts and sessions. People sign in by one-time links (see tokens); of a session's secret only the SHA-256 is stored."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, NotFound
from platforma.catalogue.models import Passkey, Role, User, UserSession
from platforma.catalogue.people import tokens
from vocabulary.languages import DEFAULT_LANGUAGE
from vocabulary.messages import N_

SESSION_LIFETIME = timedelta(days=14)
STAFF = (Role.CURATOR, Role.ADMIN)
"""The roles that decide at the desk."""
DESK_ROLES = (Role.READER, *STAFF)
"""The roles that see the desk; readers change nothing there."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account; instants are UTC. `lang` is the language of its last sign-in, `closed_at` None while the account is open."""

    id: int
    email: str
    role: Role
    lang: str
    created_at: datetime
    closed_at: datetime | None

    @property
    def is_staff(self) -> bool:
        """Whether the person may decide at the desk."""
        return self.closed_at is None and self.role in STAFF

    @property
    def may_open_desk(self) -> bool:
        """Whether the person may see the desk."""
        return self.closed_at is None and self.role in DESK_ROLES


def add_user(
    session: Session, *, email: str, role: Role, actor: str, lang: str = DEFAULT_LANGUAGE, even_last_admin: bool = False
) -> User:
    """Give an address an account with this role: make it when missing, reopen it when closed. Changes are audited.

    Raises BadState where the last admin would become something else, unless `even_last_admin`.
    """
    is_account = User.email == _normalised(email)
    _lock_admins_first(session, is_account)
    user = session.scalar(select(User).where(is_account).with_for_update())
    if user is None:
        user = User(email=_normalised(email), role=role, lang=lang)
        session.add(user)
        session.flush()
        _record_change(session, actor, "add", user, after={"role": role})
    elif user.closed_at is not None:
        _record_change(session, actor, "reopen", user, before={"role": user.role}, after={"role": role})
    elif user.role != role:
        _keep_an_admin(session, user, even_last_admin=even_last_admin)
        _record_change(session, actor, "role", user, before={"role": user.role}, after={"role": role})
    user.role, user.closed_at = role, None
    return user


def find_user(session: Session, email: str) -> Account | None:
    """The open account of an address; None where there is none."""
    account = account_of(session, email)
    return account if account is not None and account.closed_at is None else None


def nobody(email: str) -> Account:
    """An account that there is not, whose id is 0."""
    return Account(0, _normalised(email), Role.PARTNER, DEFAULT_LANGUAGE, utc_now(), None)


def staff(session: Session) -> list[User]:
    """The open accounts that may decide at the desk, the oldest first."""
    is_staff = User.role.in_(STAFF), User.closed_at.is_(None)
    return list(session.scalars(select(User).where(*is_staff).order_by(User.id)))


def account_of(session: Session, email: str) -> Account | None:
    """The account of an address, open or closed; None where there never was one."""
    user = session.scalar(select(User).where(User.email == _normalised(email)))
    return _account(user) if user is not None else None


def account_by_id(session: Session, user_id: int) -> Account:
    """The account with this id, open or closed. Raises NotFound."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(f"there is no account {user_id}")
    return _account(user)


def all_accounts(session: Session) -> list[Account]:
    """All accounts: the open ones by address, then the closed ones by address."""
    users = session.scalars(select(User).order_by(User.closed_at.is_not(None), User.email))
    return [_account(user) for user in users]


def close_account(session: Session, *, user_id: int, actor: str, even_last_admin: bool = False) -> None:
    """Close an account, end its sessions and links, and forget its passkeys.

    Raises NotFound, and BadState where it is closed already, or the last admin's and not `even_last_admin`.
    """
    _lock_admins_first(session, User.id == user_id)
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound(f"there is no account {user_id}")
    if user.closed_at is not None:
        raise BadState(N_("The account of %(email)s is closed already"), email=user.email)
    _keep_an_admin(session, user, even_last_admin=even_last_admin)
    user.closed_at = utc_now()
    session.execute(delete(UserSession).where(UserSession.user_id == user_id))
    session.execute(delete(Passkey).where(Passkey.user_id == user_id))
    tokens.revoke_tokens(session, user_id)
    _record_change(session, actor, "close", user, before={"role": user.role})


def staff_count(session: Session) -> int:
    """How many open accounts may decide at the desk."""
    query = select(func.count()).select_from(User).where(User.role.in_(STAFF), User.closed_at.is_(None))
    return session.scalar(query) or 0


def issue_sign_in(session: Session, *, user_id: int) -> str:
    """Issue a sign-in link that is shown at once, and return its secret. No rate limit counts for it."""
    user = session.get_one(User, user_id)
    return tokens.issue_token(session, purpose=tokens.SIGN_IN, payload={"email": user.email}, user_id=user_id)


def open_session(session: Session, user_id: int) -> str:
    """Start a session of a person; return its secret, for the cookie."""
    secret = secrets.token_urlsafe(32)
    session.add(UserSession(hash=tokens.hash_of(secret), user_id=user_id, expires_at=utc_now() + SESSION_LIFETIME))
    return secret


def sign_in(session: Session, link_secret: str, *, lang: str) -> tuple[str, Account | None]:
    """Use a sign-in link up and remember the person's language.

    Returns the secret of the new session and whose it is: None when the account was closed. Raises BadToken.
    """
    link = tokens.use_token(session, link_secret, tokens.SIGN_IN)
    secret = open_session(session, link.user_id or 0)
    user = _session_user(session, secret)
    if user is None:
        return secret, None
    user.lang = lang
    return secret, _account(user)


def session_account(session: Session, secret: str) -> Account | None:
    """The account of a session, by its secret; None where the session has ended or the account is closed."""
    user = _session_user(session, secret)
    return _account(user) if user is not None else None


def sign_out(session: Session, secret: str) -> None:
    """End a session, by its secret."""
    session.execute(delete(UserSession).where(UserSession.hash == tokens.hash_of(secret)))


def prune_sessions(session: Session, now: datetime) -> None:
    """Delete sessions that expired more than tokens.RETENTION ago."""
    session.execute(delete(UserSession).where(UserSession.expires_at < now - tokens.RETENTION))


def _keep_an_admin(session: Session, user: User, *, even_last_admin: bool) -> None:
    """Raise BadState where the account is the only open one of an admin.

    Of two changes at once, the second waits for the first.
    """
    admins = _lock_admins(session)
    if admins == [user.id] and not even_last_admin:
        raise BadState(N_("%(email)s is the last admin; make another account an admin first"), email=user.email)


def _lock_admins_first(session: Session, is_account: ColumnElement[bool]) -> None:
    """Where an account that is to be locked is an admin's, lock those of all admins before it, so that of two admins who change
    each other one waits, and neither is stopped by a deadlock."""
    if session.scalar(select(User.role).where(is_account)) == Role.ADMIN:
        _lock_admins(session)


def _lock_admins(session: Session) -> Sequence[int]:
    """The ids of the open accounts of admins, whose rows are locked, in one order."""
    is_admin = User.role == Role.ADMIN, User.closed_at.is_(None)
    return session.scalars(select(User.id).where(*is_admin).order_by(User.id).with_for_update()).all()


def _normalised(email: str) -> str:
    return email.strip().lower()


def _session_user(session: Session, secret: str) -> User | None:
    query = select(UserSession).where(UserSession.hash == tokens.hash_of(secret), UserSession.expires_at > utc_now())
    row = session.scalar(query)
    return row.user if row is not None and row.user.closed_at is None else None


def _account(user: User) -> Account:
    return Account(user.id, user.email, user.role, user.lang, user.created_at, user.closed_at)


def _record_change(session: Session, actor: str, action: str, user: User, **values: dict[str, str]) -> None:
    record_event(session, actor=actor, action=action, object_type="user", object_id=str(user.id), **values)
