"""The queue of mails in the database, and what the desk decides about undelivered ones; delivery.py sends them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from unicodedata import category

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.desk.queues import is_undelivered
from platforma.catalogue.errors import BadState
from platforma.catalogue.models import Mail, MailState
from platforma.secret_key import derived_secret
from vocabulary.messages import N_

PLACEHOLDER = "~secret~"
"""Stands in the body for the secret of its link until the mail is sent; needs no quoting in an address."""
FURTHER_PLACEHOLDER = "~secret{}~"
"""Stands for the secret of a further link, with its number from 2 on."""
MAX_SUBJECT_CHARACTERS = 150
FORMAT, BREAKS = "Cf", ("Cc", "Cs", "Zl", "Zp")
"""Categories of Unicode: formats, such as those that turn the direction of writing; controls, halves of pairs and line breaks."""
RETRY_FOR = timedelta(days=3)
"""How long a mail is tried before it is given up."""
KEEP_FOR = timedelta(days=30)
"""How long a mail is kept after it was sent or given up."""
UNDELIVERED = (MailState.FAILED, MailState.UNCERTAIN)


def queue_mail(
    session: Session,
    *,
    to: str,
    lang: str,
    subject: str,
    body: str,
    secret_name: str | None = None,
    unsubscribe_url: str | None = None,
    more_secrets: Sequence[str] = (),
) -> Mail:
    """Queue a plain-text mail and return its row. Line breaks in address and subject are removed, so that no header can be added.

    Body and `unsubscribe_url` hold PLACEHOLDER in place of the secret of their link, which is derived from `secret_name`; and
    FURTHER_PLACEHOLDER with its number in place of each of `more_secrets`.
    """
    now = utc_now()
    mail = Mail(to="".join(to.split()), lang=lang, subject=subject_line(subject), body=body, secret_name=secret_name)
    mail.unsubscribe_url, mail.more_secrets = unsubscribe_url, list(more_secrets) or None
    mail.due_at, mail.give_up_at = now, now + RETRY_FOR
    session.add(mail)
    return mail


def subject_line(text: str) -> str:
    """The text in one line of at most MAX_SUBJECT_CHARACTERS, without unseen characters, which may turn the order of others."""
    line = " ".join("".join(" " if category(one) in BREAKS else one for one in text if category(one) != FORMAT).split())
    return line if len(line) <= MAX_SUBJECT_CHARACTERS else line[: MAX_SUBJECT_CHARACTERS - 1].rstrip() + "…"


def body_with_secret(mail: Mail, key: bytes) -> str:
    """The body as it is sent, with the secret of its link."""
    return _with_secret(mail.body, mail, key)


def unsubscribe_url_with_secret(mail: Mail, key: bytes) -> str | None:
    """The address that ends mails of this kind, as it is sent; None for mails that answer what their recipient did."""
    return _with_secret(mail.unsubscribe_url, mail, key) if mail.unsubscribe_url else None


def retry_waiting(session: Session, *, to: str, purpose: str) -> bool:
    """Let a waiting mail with a link of this purpose be tried now; False when none waits for the address."""
    is_meant = Mail.to == to, Mail.state == MailState.WAITING, Mail.secret_name.startswith(f"{purpose}:", autoescape=True)
    return session.connection().execute(update(Mail).where(*is_meant).values(due_at=utc_now())).rowcount > 0


def undelivered(session: Session) -> list[Mail]:
    """Mails that were given up or are uncertain; the newest first. Digests are left out: nobody has to decide about them."""
    query = select(Mail).where(is_undelivered()).order_by(Mail.ended_at.desc(), Mail.id.desc())
    return list(session.scalars(query))


def retry(session: Session, *, mail_id: int, actor: str) -> None:
    """Try an undelivered mail again, for RETRY_FOR. Raises BadState when it is not undelivered any more."""
    mail, now = _undelivered(session, mail_id), utc_now()
    record_event(session, actor=actor, action="retry", object_type="mail", object_id=str(mail_id), before={"state": mail.state})
    mail.state, mail.attempts, mail.due_at, mail.give_up_at = MailState.WAITING, 0, now, now + RETRY_FOR
    mail.claimed_by = mail.claimed_until = mail.ended_at = None


def dismiss(session: Session, *, mail_id: int, actor: str) -> None:
    """Delete an undelivered mail. Raises BadState when it is not undelivered any more."""
    mail = _undelivered(session, mail_id)
    record_event(session, actor=actor, action="dismiss", object_type="mail", object_id=str(mail_id), before={"state": mail.state})
    session.delete(mail)


def prune_mails(session: Session, now: datetime) -> None:
    """Delete mails that were sent or given up longer than KEEP_FOR ago."""
    session.execute(delete(Mail).where(Mail.ended_at < now - KEEP_FOR))


def _with_secret(text: str, mail: Mail, key: bytes) -> str:
    for number, name in enumerate(mail.more_secrets or (), 2):
        text = text.replace(FURTHER_PLACEHOLDER.format(number), derived_secret(key, name))
    return text.replace(PLACEHOLDER, derived_secret(key, mail.secret_name)) if mail.secret_name else text


def _undelivered(session: Session, mail_id: int) -> Mail:
    mail = session.get(Mail, mail_id, with_for_update=True)
    if mail is None or mail.state not in UNDELIVERED:
        raise BadState(N_("Somebody has already decided on this e-mail, or it was sent"))
    return mail
