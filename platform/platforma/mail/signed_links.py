"""Links that stand for an account: a public id, and a secret that proves that we gave the link away.

The secret derives from a name and is put into a mail when that is sent (see mail_queue.py). The name says what the link is
for, so that a link to one sort of page opens no other.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Protocol, TypeVar

from platforma.catalogue.errors import BadToken
from platforma.mail.mail_queue import FURTHER_PLACEHOLDER, PLACEHOLDER
from platforma.secret_key import derived_secret


class Linked(Protocol):
    """What such a link leads to."""

    @property
    def secret_name(self) -> str:
        """The name that the secret of its link derives from."""


L = TypeVar("L", bound=Linked)


def signed_token(key: bytes, public_id: str, secret_name: str) -> str:
    """The token in a link: the public id and the secret."""
    return f"{public_id}-{derived_secret(key, secret_name)}"


def mailed_token(public_id: str, number: int = 1) -> str:
    """The same for the body and the headers of a queued mail, whose secret is put in when it is sent.

    `number` tells which of the mail's secrets: its first, or one of Mail.more_secrets, from 2 on.
    """
    return f"{public_id}-{PLACEHOLDER if number == 1 else FURTHER_PLACEHOLDER.format(number)}"


def public_id_of(token: str) -> str:
    """The public id in a token; whether we gave the token away is not checked."""
    return token.partition("-")[0]


def is_signed(key: bytes, token: str, secret_name: str) -> bool:
    """Whether the secret in a token is the one of this name."""
    return hmac.compare_digest(token.encode(), signed_token(key, public_id_of(token), secret_name).encode())


def linked(key: bytes, token: str, find: Callable[[str], L | None]) -> L:
    """What a link leads to; `find` looks it up by its public id. Raises BadToken."""
    found = find(public_id_of(token))
    if found is None or not is_signed(key, token, found.secret_name):
        raise BadToken(public_id_of(token))
    return found
