"""One-time links: kept as the SHA-256 of their secret; what a mailed one needs to be made anew is of no use without the key.

A link that goes by mail has a random public name; its secret derives from that name and the installation's key, and is
written into the mail only while it is sent. So neither the row of the link nor the row of the mail lets anybody in.
A link begins to grow old when the first mail with it goes: one that waited for a mail server still works.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadToken
from platforma.catalogue.models import Token
from platforma.secret_key import derived_secret

SIGN_IN, CONFIRM_PLATFORM = "sign_in", "confirm_platform"
LIFETIMES = {SIGN_IN: timedelta(minutes=30), CONFIRM_PLATFORM: timedelta(days=3)}
MIN_REUSE_TIME = timedelta(minutes=10)
"""A sign-in link that has no more than this left is not sent once more; a new one is."""
RETENTION = timedelta(days=30)


def issue_token(session: Session, *, purpose: str, payload: Mapping[str, Any], user_id: int | None = None) -> str:
    """A new random secret for a link that is shown at once and never mailed."""
    secret = secrets.token_urlsafe(32)
    _add(session, secret, purpose, None, payload, user_id)
    return secret


def issue_mailed_token(
    session: Session, *, purpose: str, key: bytes, payload: Mapping[str, Any], user_id: int | None = None
) -> str:
    """A new token for a link to be mailed: the name from which its secret derives (see mails.queue_mail)."""
    name = f"{purpose}:{secrets.token_urlsafe(16)}"
    _add(session, derived_secret(key, name), purpose, name, payload, user_id)
    return name


def reusable_token_name(session: Session, user_id: int) -> str | None:
    """The name of a mailed sign-in link that the person can still use for more than MIN_REUSE_TIME; None without one."""
    is_usable = Token.used_at.is_(None), Token.expires_at > utc_now() + MIN_REUSE_TIME, Token.name.is_not(None)
    query = select(Token.name).where(Token.user_id == user_id, Token.purpose == SIGN_IN, *is_usable)
    return session.scalar(query.order_by(Token.expires_at.desc()).limit(1))


def read_token(session: Session, secret: str, purpose: str) -> Token:
    """An unused, timely token of the purpose, without using it up. Raises BadToken."""
    return _checked(session.get(Token, hash_of(secret)), purpose)


def use_token(session: Session, secret: str, purpose: str) -> Token:
    """The token, used up. Raises BadToken."""
    row = _checked(session.get(Token, hash_of(secret), with_for_update=True), purpose)
    row.used_at = utc_now()
    return row


def revoke_tokens(session: Session, user_id: int) -> None:
    """End all links of an account."""
    session.execute(delete(Token).where(Token.user_id == user_id))


def start_validity(session: Session, key: bytes, name: str) -> None:
    """Before a mail with the link goes: let the link's time begin now, unless an earlier mail with it went."""
    purpose = name.partition(":")[0]
    if purpose in LIFETIMES:
        is_fresh = Token.hash == _hash_of_name(key, name), Token.mailed_at.is_(None), Token.used_at.is_(None)
        session.execute(update(Token).where(*is_fresh).values(expires_at=utc_now() + LIFETIMES[purpose]))


def mark_mailed(session: Session, key: bytes, name: str) -> None:
    """After a mail with the link went: its time runs."""
    session.execute(
        update(Token).where(Token.hash == _hash_of_name(key, name), Token.mailed_at.is_(None)).values(mailed_at=utc_now())
    )


def prune_tokens(session: Session, now: datetime) -> None:
    """Forget tokens that were used, or ran out, more than RECORD_ONLY_FIELDS ago."""
    session.execute(delete(Token).where(or_(Token.used_at < now - RETENTION, Token.expires_at < now - RETENTION)))


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _hash_of_name(key: bytes, name: str) -> str:
    return hash_of(derived_secret(key, name))


def _add(session: Session, secret: str, purpose: str, name: str | None, payload: Mapping[str, Any], user_id: int | None) -> None:
    row = Token(hash=hash_of(secret), purpose=purpose, name=name, user_id=user_id, payload=dict(payload))
    row.expires_at = utc_now() + LIFETIMES[purpose]
    session.add(row)


def _checked(row: Token | None, purpose: str) -> Token:
    if row is None or row.purpose != purpose or row.used_at is not None or row.expires_at <= utc_now():
        raise BadToken(purpose)
    return row
