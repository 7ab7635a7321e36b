"""Passkeys, with which people sign in beside the mailed link, and the challenges that a device signs.

A challenge is random, says until when it is valid, and carries a keyed hash, so that making one stores nothing. It is stored
when it is used up, until it has expired.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, BadToken, NotFound
from platforma.catalogue.models import Passkey, Token
from platforma.catalogue.people.accounts import Account, open_session, session_account
from platforma.catalogue.people.tokens import hash_of
from platforma.secret_key import derived_secret
from vocabulary.messages import N_

SIGNING_IN = "passkey_use"
CHALLENGE_LIFETIME = timedelta(minutes=30)
MAX_PASSKEYS = 10
MAX_NAME_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What a device gave when it made a passkey; see models.Passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class KnownPasskey:
    """A passkey of a person; instants are UTC, `used_at` is None before the first use."""

    id: int
    user_id: int
    name: str
    credential_id: bytes
    public_key: bytes
    sign_count: int
    created_at: datetime
    used_at: datetime | None


def adding(user_id: int) -> str:
    """The purpose of a challenge with which this person adds a passkey."""
    return f"passkey_add:{user_id}"


def new_challenge(key: bytes, purpose: str) -> bytes:
    """A challenge for this purpose, valid for CHALLENGE_LIFETIME and once."""
    start = f"{secrets.token_urlsafe(24)}.{int((utc_now() + CHALLENGE_LIFETIME).timestamp())}"
    return f"{start}.{_seal(key, purpose, start)}".encode()


def use_challenge(session: Session, key: bytes, purpose: str, challenge: bytes) -> None:
    """Use a challenge up. Raises BadToken unless it is ours, for this purpose, not expired and unused."""
    start, _, seal = challenge.decode("ascii", "replace").rpartition(".")
    if not hmac.compare_digest(seal.encode(), _seal(key, purpose, start).encode()):
        raise BadToken(purpose)
    expires_at, now = datetime.fromtimestamp(int(start.rpartition(".")[2]), UTC), utc_now()
    if expires_at <= now:
        raise BadToken(purpose)
    used = Token(hash=hash_of(start), purpose=purpose.partition(":")[0], payload={}, expires_at=expires_at, used_at=now)
    try:
        with session.begin_nested():
            session.add(used)
    except IntegrityError:
        raise BadToken(purpose) from None


def passkeys_of(session: Session, user_id: int) -> list[KnownPasskey]:
    """The passkeys of a person, the oldest first."""
    return [_known(row) for row in session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id))]


def find_passkey(session: Session, credential_id: bytes) -> KnownPasskey | None:
    """The passkey by the id that its device gave it; None where there is none, or its account is closed."""
    row = session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))
    return _known(row) if row is not None and row.user.closed_at is None else None


def add_passkey(session: Session, *, account: Account, new: NewPasskey, name: str) -> None:
    """Give a person another passkey. Raises BadState beyond MAX_PASSKEYS, or where somebody has this one already."""
    if len(passkeys_of(session, account.id)) >= MAX_PASSKEYS:
        raise BadState(N_("You have %(count)s passkeys; remove one first"), count=MAX_PASSKEYS)
    row = Passkey(user_id=account.id, credential_id=new.credential_id, public_key=new.public_key)
    row.sign_count, row.name = new.sign_count, name[:MAX_NAME_CHARACTERS]
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise BadState(N_("This passkey is known already")) from None
    _record(session, account, "add-passkey", after={"name": row.name})


def rename_passkey(session: Session, *, account: Account, id: int, name: str) -> None:
    """Give one of a person's passkeys another name. Raises NotFound."""
    row = _own(session, account, id)
    before, row.name = row.name, name[:MAX_NAME_CHARACTERS]
    _record(session, account, "rename-passkey", before={"name": before}, after={"name": row.name})


def remove_passkey(session: Session, *, account: Account, id: int) -> None:
    """Remove one of a person's passkeys; nobody signs in with it any more. Raises NotFound."""
    row = _own(session, account, id)
    session.delete(row)
    _record(session, account, "remove-passkey", before={"name": row.name})


def sign_in(session: Session, passkey: KnownPasskey, *, sign_count: int, lang: str) -> tuple[str, Account | None]:
    """Note the use of a passkey and the person's language; return the secret of the new session and whose it is."""
    row = session.get_one(Passkey, passkey.id)
    row.sign_count, row.used_at, row.user.lang = sign_count, utc_now(), lang
    secret = open_session(session, passkey.user_id)
    return secret, session_account(session, secret)


def _seal(key: bytes, purpose: str, start: str) -> str:
    return derived_secret(key, f"{purpose}:{start}")


def _own(session: Session, account: Account, id: int) -> Passkey:
    row = session.get(Passkey, id)
    if row is None or row.user_id != account.id:
        raise NotFound(f"{account.email} has no passkey {id}")
    return row


def _known(row: Passkey) -> KnownPasskey:
    return KnownPasskey(
        row.id, row.user_id, row.name, row.credential_id, row.public_key, row.sign_count, row.created_at, row.used_at
    )


def _record(session: Session, account: Account, action: str, **values: dict[str, str]) -> None:
    record_event(session, actor=account.email, action=action, object_type="user", object_id=str(account.id), **values)
