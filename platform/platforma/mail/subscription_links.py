"""Links of digests that need no account: signed, and invalid once the subscriber has ended them."""

from __future__ import annotations

import hmac

from sqlalchemy.orm import Session

from platforma.catalogue.errors import BadToken
from platforma.catalogue.people import subscriptions
from platforma.catalogue.people.subscriptions import Subscription
from platforma.mail.mail_queue import PLACEHOLDER
from platforma.secret_key import derived_secret


def subscriber_token(key: bytes, public_id: str) -> str:
    """The token in a subscriber's links: the public id and a signature."""
    return f"{public_id}-{derived_secret(key, subscriptions.secret_name(public_id))}"


def mailed_token(public_id: str) -> str:
    """The same for the body and the headers of a queued mail, whose signature is put in when it is sent."""
    return f"{public_id}-{PLACEHOLDER}"


def subscription_of_token(key: bytes, session: Session, token: str) -> Subscription:
    """The subscriber whose searches a link opens. Raises BadToken, also when the subscriber has ended them."""
    found = subscriptions.subscription_of(session, token.partition("-")[0])
    if found is None or not hmac.compare_digest(subscriber_token(key, found.public_id).encode(), token.encode()):
        raise BadToken(subscriptions.DIGESTS)
    return found
