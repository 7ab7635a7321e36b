"""Mail: queued as rows, delivered over SMTP, or written to files where no server is set."""

from __future__ import annotations

import logging
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.database import Database
from platforma.catalogue.models import Mail
from platforma.catalogue.types import utc_now
from platforma.settings import Settings

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 20
MOST_ATTEMPTS = 10
BATCH = 50


def queue_mail(session: Session, *, to: str, lang: str, subject: str, body: str) -> None:
    """Send a plain-text mail soon. Line breaks in address or subject are taken out, so that no header can be added."""
    one_line = " ".join(subject.split())
    session.add(Mail(to="".join(to.split()), lang=lang, subject=one_line, body=body))


def deliver_due(database: Database, settings: Settings) -> int:
    """Deliver what waits, one mail a transaction; how many went. A server that refuses is tried again later."""
    with database.reading() as session:
        waiting = select(Mail.id).where(Mail.sent_at.is_(None), Mail.attempts < MOST_ATTEMPTS).order_by(Mail.id)
        ids = list(session.scalars(waiting.limit(BATCH)))
    return sum(_deliver(database, settings, mail_id) for mail_id in ids)


def _deliver(database: Database, settings: Settings, mail_id: int) -> bool:
    with database.writing() as session:
        mail = session.get_one(Mail, mail_id, with_for_update=True)
        if mail.sent_at is not None:
            return False
        mail.attempts += 1
        try:
            _send(_message(mail, settings), settings, mail_id)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("mail %s waits (attempt %s): %s", mail_id, mail.attempts, error)
            return False
        mail.sent_at = utc_now()
        return True


def _message(mail: Mail, settings: Settings) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, mail.to, mail.subject
    message["Date"], message["Message-ID"] = format_datetime(utc_now()), make_msgid(domain="platforma.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    message["Content-Language"] = mail.lang  # after the content, which takes away all headers of its kind
    return message


def _send(message: EmailMessage, settings: Settings, mail_id: int) -> None:
    if settings.mail_url:
        _send_by_smtp(message, settings.mail_url)
        return
    folder = settings.data_dir / "mails"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{mail_id:06d}.eml"
    path.write_bytes(bytes(message))
    log.info("PLATFORMA_MAIL_URL is not set; the mail is in %s", path)


def _send_by_smtp(message: EmailMessage, url: str) -> None:
    """smtp:// (with STARTTLS where the server offers it) or smtps://, with an optional user and password."""
    parts = urlsplit(url)
    host, context = parts.hostname or "localhost", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    with server:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
