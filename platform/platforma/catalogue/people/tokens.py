"""Tokens of one-time links. Of a token's secret only the SHA-256 is stored.

A mailed token has a random public name, and its secret derives from this name and the installation's secret key. The secret
is written into the mail only while it is sent, so that nobody can sign in with what the rows of the token and the mail hold.
The lifetime of a mailed token starts when the first mail with it is sent: a link that waited for a mail server still works.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadToken
from platforma.catalogue.models import Token
from platforma.secret_key import derived_secret

SIGN_IN, CONFIRM_PLATFORM, CONFIRM_SEARCH = "sign_in", "confirm_platform", "confirm_search"
CONFIRM_REPORT, CONFIRM_ADDITION = "confirm_report", "confirm_addition"
CONFIRM_CONTACT, INVITE, CLAIM = "confirm_contact", "invite", "claim"
CONFIRM_TABLE = "confirm_table"
LIFETIMES = {
    SIGN_IN: timedelta(minutes=30),
    CONFIRM_PLATFORM: timedelta(days=3),
    CONFIRM_SEARCH: timedelta(days=3),
    CONFIRM_REPORT: timedelta(days=3),
    CONFIRM_ADDITION: timedelta(days=3),
    CONFIRM_CONTACT: timedelta(days=3),
    INVITE: timedelta(days=3),
    CLAIM: timedelta(days=3),
    CONFIRM_TABLE: timedelta(days=3),
}
MIN_REUSE_TIME = timedelta(minutes=10)
"""A sign-in link is sent once more only while it is valid for longer than this; else a new one is sent."""
RETENTION = timedelta(days=30)
"""How long a token is stored after it was used or expired."""


def issue_token(session: Session, *, purpose: str, payload: Mapping[str, object], user_id: int | None = None) -> str:
    """Issue a token for a link that is shown at once and never mailed; return its random secret."""
    secret = secrets.token_urlsafe(32)
    session.add(_token(secret, purpose, payload, user_id))
    return secret


def issue_mailed_token(
    session: Session, *, purpose: str, key: bytes, payload: Mapping[str, object], user_id: int | None = None
) -> str:
    """Issue a token for a link to be mailed; return the name from which its secret derives (see mail_queue.queue_mail)."""
    name = f"{purpose}:{secrets.token_urlsafe(16)}"
    token = _token(derived_secret(key, name), purpose, payload, user_id)
    token.name = name
    session.add(token)
    return name


def reusable_token_name(session: Session, user_id: int) -> str | None:
    """The name of a mailed sign-in token that is valid for more than MIN_REUSE_TIME; None where the person has none."""
    is_usable = Token.used_at.is_(None), Token.expires_at > utc_now() + MIN_REUSE_TIME, Token.name.is_not(None)
    query = select(Token.name).where(Token.user_id == user_id, Token.purpose == SIGN_IN, *is_usable)
    return session.scalar(query.order_by(Token.expires_at.desc()).limit(1))


def read_token(session: Session, secret: str, purpose: str) -> Token:
    """The token of a secret, without using it up. Raises BadToken unless it is unused, not expired and of the purpose."""
    return _checked(session.get(Token, hash_of(secret)), purpose)


def use_token(session: Session, secret: str, purpose: str) -> Token:
    """Use up the token of a secret, and return it. Raises BadToken as read_token does."""
    token = _checked(session.get(Token, hash_of(secret), with_for_update=True), purpose)
    token.used_at = utc_now()
    return token


def revoke_tokens(session: Session, user_id: int) -> None:
    """Delete all tokens of an account."""
    session.execute(delete(Token).where(Token.user_id == user_id))


def start_validity(session: Session, key: bytes, name: str) -> None:
    """Start the lifetime of a mailed token, before a mail with it is sent; do nothing where one was sent before."""
    purpose = name.partition(":")[0]
    if purpose in LIFETIMES:
        is_unsent = Token.hash == _hash_of_name(key, name), Token.mailed_at.is_(None), Token.used_at.is_(None)
        session.execute(update(Token).where(*is_unsent).values(expires_at=utc_now() + LIFETIMES[purpose]))


def mark_mailed(session: Session, key: bytes, name: str) -> None:
    """Note that a mail with the token was sent, so that its lifetime is not started again."""
    is_unsent = Token.hash == _hash_of_name(key, name), Token.mailed_at.is_(None)
    session.execute(update(Token).where(*is_unsent).values(mailed_at=utc_now()))


def prune_tokens(session: Session, now: datetime) -> None:
    """Delete tokens that were used, or expired, more than RETENTION ago."""
    session.execute(delete(Token).where(or_(Token.used_at < now - RETENTION, Token.expires_at < now - RETENTION)))


def hash_of(secret: str) -> str:
    """The hex SHA-256 of a secret, which is stored in its place."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _hash_of_name(key: bytes, name: str) -> str:
    return hash_of(derived_secret(key, name))


def _token(secret: str, purpose: str, payload: Mapping[str, object], user_id: int | None) -> Token:
    token = Token(hash=hash_of(secret), purpose=purpose, user_id=user_id, payload=dict(payload))
    token.expires_at = utc_now() + LIFETIMES[purpose]
    return token


def _checked(token: Token | None, purpose: str) -> Token:
    if token is None or token.purpose != purpose or token.used_at is not None or token.expires_at <= utc_now():
        raise BadToken(purpose)
    return token
