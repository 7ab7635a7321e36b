"""Which link a sign-in mail carries: a new one, the last one once more, or none because a mail with it waits already."""

from __future__ import annotations

from sqlalchemy.orm import Session

from platforma.catalogue.people import accounts, tokens
from platforma.catalogue.people.accounts import Account
from platforma.mail.mail_queue import queue_mail, retry_waiting


def queue_sign_in_link(
    session: Session, email: str, *, key: bytes, lang: str, subject: str, body: str, is_within_limits: bool
) -> None:
    """Let a mail with a sign-in link wait, where the address has an open account and a link is to be sent.

    For an address without one the same is done and taken back, so that it takes as long.
    """
    account = accounts.find_user(session, email)
    with session.begin_nested() as step:
        meant = account or accounts.nobody(email)
        name = _secret_name(session, meant, key=key, is_within_limits=is_within_limits)
        if name:
            queue_mail(session, to=meant.email, lang=lang, subject=subject, body=body, secret_name=name)
        session.flush()
        if account is None:
            step.rollback()


def _secret_name(session: Session, account: Account, *, key: bytes, is_within_limits: bool) -> str | None:
    """What the secret of the link to be mailed derives from; None where no mail is to be queued. For accounts.nobody the same is
    done, and is to be taken back.

    A link that still works is mailed once more as long as the rate limits allow; beyond them it is in the person's mail
    already. Whoever has no working link gets one however often links were asked for: in the mail that waits, or in a new one.
    """
    name = tokens.reusable_token_name(session, account.id)
    if name is not None:
        return name if is_within_limits else None
    if retry_waiting(session, to=account.email, purpose=tokens.SIGN_IN):
        return None
    payload = {"email": account.email}
    return tokens.issue_mailed_token(session, purpose=tokens.SIGN_IN, key=key, payload=payload, user_id=account.id or None)
