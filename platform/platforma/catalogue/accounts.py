"""Accounts: one-time links instead of passwords; tokens and sessions are kept only as their SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from platforma.catalogue.errors import BadToken, TooMany
from platforma.catalogue.events import note
from platforma.catalogue.models import Role, SignedIn, Token, User
from platforma.catalogue.types import utc_now
from platforma.settings import Settings

SIGN_IN, CONFIRM_PLATFORM = "sign_in", "confirm_platform"
SIGN_IN_VALID = timedelta(minutes=30)
CONFIRM_VALID = timedelta(days=3)
SESSION_VALID = timedelta(days=14)
MOST_TOKENS_AN_HOUR = 5
MOST_TOKENS_AN_HOUR_IN_ALL = 200


def add_user(session: Session, *, email: str, role: Role, actor: str) -> User:
    """The account of an address, made when missing, with this role."""
    known = find_user(session, email)
    if known is None:
        known = User(email=email.strip().lower(), role=role)
        session.add(known)
        session.flush()
        note(session, actor=actor, action="add", object_type="user", object_id=str(known.id), after={"role": role})
    known.role, known.closed_at = role, None
    return known


def find_user(session: Session, email: str) -> User | None:
    """The open account of an address; None where there is none."""
    return session.scalar(select(User).where(User.email == email.strip().lower(), User.closed_at.is_(None)))


def close_account(session: Session, *, user_id: int, actor: str) -> None:
    """Close an account and end all its sessions and links."""
    session.get_one(User, user_id).closed_at = utc_now()
    session.execute(delete(SignedIn).where(SignedIn.user_id == user_id))
    session.execute(delete(Token).where(Token.user_id == user_id))
    note(session, actor=actor, action="close", object_type="user", object_id=str(user_id))


def issue_token(
    session: Session, *, purpose: str, valid_for: timedelta, payload: Mapping[str, Any], user_id: int | None = None
) -> str:
    """A new one-time secret. Raises TooMany when `payload["email"]` had enough within the hour, or all had."""
    _refuse_flood(session, payload.get("email"))
    token = secrets.token_urlsafe(32)
    row = Token(hash=_hash(token), purpose=purpose, user_id=user_id, payload=dict(payload))
    row.expires_at = utc_now() + valid_for
    session.add(row)
    return token


def issue_sign_in(session: Session, *, user_id: int) -> str:
    """A sign-in secret for an account."""
    person = session.get_one(User, user_id)
    return issue_token(session, purpose=SIGN_IN, valid_for=SIGN_IN_VALID, payload={"email": person.email}, user_id=user_id)


def read_token(session: Session, token: str, purpose: str) -> Token:
    """An unused, timely token of the purpose, without using it up. Raises BadToken."""
    row = session.get(Token, _hash(token))
    if row is None or row.purpose != purpose or row.used_at is not None or row.expires_at < utc_now():
        raise BadToken(purpose)
    return row


def use_token(session: Session, token: str, purpose: str) -> Token:
    """The token, used up. Raises BadToken."""
    row = session.get(Token, _hash(token), with_for_update=True)
    read_token(session, token, purpose)
    assert row is not None
    row.used_at = utc_now()
    return row


def open_session(session: Session, user_id: int) -> str:
    """Sign a person in: the secret of the new session, for the cookie."""
    secret = secrets.token_urlsafe(32)
    session.add(SignedIn(hash=_hash(secret), user_id=user_id, expires_at=utc_now() + SESSION_VALID))
    return secret


def signed_in(session: Session, secret: str) -> User | None:
    """Who a session's secret belongs to; None when it ended or the account was closed."""
    query = select(SignedIn).where(SignedIn.hash == _hash(secret), SignedIn.expires_at > utc_now())
    row = session.scalar(query)
    return row.user if row is not None and row.user.closed_at is None else None


def sign_out(session: Session, secret: str) -> None:
    """End a session."""
    session.execute(delete(SignedIn).where(SignedIn.hash == _hash(secret)))


def sign_in_link(settings: Settings, token: str, lang: str) -> str:
    """The address that a sign-in mail carries."""
    return f"{settings.base_url}/{lang}/sign-in/{token}"


def _refuse_flood(session: Session, email: str | None) -> None:
    recent = Token.created_at > utc_now() - timedelta(hours=1)
    in_all = session.scalar(select(func.count()).select_from(Token).where(recent)) or 0
    payload_email = Token.payload["email"].as_string()
    same = select(func.count()).select_from(Token).where(recent, Token.used_at.is_(None), payload_email == (email or ""))
    if in_all >= MOST_TOKENS_AN_HOUR_IN_ALL or (session.scalar(same) or 0) >= MOST_TOKENS_AN_HOUR:
        raise TooMany("links sent; wait an hour")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
