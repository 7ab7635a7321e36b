"""Delivering what is queued: claimed in one transaction, sent outside of any, marked in another.

No mail goes twice. A delivery claims a mail for CLAIMED_FOR and talks to the server without a transaction. When the server has
taken sender and recipient, the claim becomes `sending`, committed, and only then the mail itself is handed over. So

- a worker that is killed before that sent nothing: the claim runs out, and the mail is tried again;
- a worker that is killed after it may have sent it: the mail becomes `uncertain`, is never sent again by itself, and the
  desk lists it for a person who can ask whether it arrived; so does one whose connection broke while it was handed over;
- of two deliveries of one mail the second finds it claimed; one that slept longer than its claim finds it lost, and stops.

What is refused for good (an answer of 5xx to the recipient or to the content) is given up at once; all else is tried again,
after a minute, two, four, up to an hour, for three days (mails.TRIED_FOR). A server that is away ends the round: the next one
is within a minute, and begins with another mail. What was given up stands on the desk.
"""

from __future__ import annotations

import logging
import random
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.models import Mail, MailState
from platforma.catalogue.people import tokens
from platforma.mail import smtp
from platforma.mail.mail_queue import text_of
from platforma.secret_key import derived_secret, secret_key
from platforma.settings import Settings

log = logging.getLogger(__name__)
BATCH = 50
CLAIMED_FOR = timedelta(minutes=15)
"""Longer than any conversation with a server takes, each step of which has a timeout."""
FIRST_PAUSE, MAX_PAUSE = timedelta(minutes=1), timedelta(hours=1)
JITTER = 0.25
"""A pause is longer by up to this share of it, so that mails that failed together are not tried together."""
LOCAL_DOMAIN = "platforma.localhost"


class ClaimLost(Exception):
    """Another delivery has taken the mail since, or a person decided about it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail in the hand of one delivery; `holder` is random. `message` is None where none can be made for that address."""

    mail_id: int
    holder: str
    to: str
    attempts: int
    give_up_at: datetime
    secret_name: str | None
    message: EmailMessage | None


def deliver_due(database: Database, settings: Settings) -> int:
    """Deliver what is due, as far as the server takes it; how many mails went."""
    delivery = Delivery(database, settings, secret_key(settings))
    delivery.give_up_uncertain()
    sent = 0
    for mail_id in delivery.due():
        try:
            sent += delivery.deliver(mail_id)
        except smtp.ServerAway:
            break
    return sent


@dataclass(frozen=True, slots=True)
class Delivery:
    """Deliveries over one database, one mail after the other."""

    database: Database
    settings: Settings
    key: bytes

    def due(self) -> list[int]:
        """The ids of what may be sent now, the longest due first."""
        with self.database.reading() as session:
            query = select(Mail.id).where(*_is_free()).order_by(Mail.due_at, Mail.id)
            return list(session.scalars(query.limit(BATCH)))

    def give_up_uncertain(self) -> None:
        """Mark what a delivery that is gone may have sent or not."""
        is_lost = Mail.state == MailState.SENDING, Mail.claimed_until <= utc_now()
        with self.database.writing() as session:
            values: dict[str, Any] = {"state": MailState.UNCERTAIN, "ended_at": utc_now()}
            session.execute(update(Mail).where(*is_lost).values(values))

    def deliver(self, mail_id: int) -> bool:
        """Send one mail; False when it was not, or another delivery has it. Raises ServerAway, with the mail put off."""
        claim = self._claim(mail_id)
        if claim is None:
            return False
        try:
            self._send(claim)
        except ClaimLost:
            return False
        except smtp.MailRefused as error:
            self._end(claim, MailState.FAILED, str(error))
        except smtp.OutcomeUnknown as error:
            self._end(claim, MailState.UNCERTAIN, str(error))
        except smtp.MailDeferred as error:
            self._put_off(claim, str(error))
            if isinstance(error, smtp.ServerAway):
                raise
        else:
            self._end(claim, MailState.SENT, None)
            return True
        return False

    def _claim(self, mail_id: int) -> Claim | None:
        """Take the mail in hand, committed; None when another delivery was faster."""
        holder, until = secrets.token_hex(16), utc_now() + CLAIMED_FOR
        with self.database.writing() as session:
            values: dict[str, Any] = {"claimed_by": holder, "claimed_until": until, "attempts": Mail.attempts + 1}
            if not _changed(session, (Mail.id == mail_id, *_is_free()), values):
                return None
            mail = session.get_one(Mail, mail_id)
            if mail.secret_name:
                tokens.start_validity(session, self.key, mail.secret_name)
            message = message_of(mail, self.settings, self.key)
            return Claim(mail_id, holder, envelope(mail.to), mail.attempts, mail.give_up_at, mail.secret_name, message)

    def _send(self, claim: Claim) -> None:
        """Hand the mail over, outside of any transaction. Raises MailError, ClaimLost."""
        if claim.message is None:
            raise smtp.MailRefused("no mail can be made for this address")
        if self.settings.mail_url:
            smtp.send(self.settings.mail_url, claim.message, to=claim.to, before_data=lambda: self._begin(claim))
            return
        self._begin(claim)
        folder = self.settings.data_dir / "mails"
        path = folder / f"{claim.mail_id:06d}.eml"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bytes(claim.message))
        except OSError as error:
            raise smtp.ServerAway(str(error)) from error
        log.info("PLATFORMA_MAIL_URL is not set; the mail is in %s", path)

    def _begin(self, claim: Claim) -> None:
        """Write down that from now on the mail may have been sent. Raises ClaimLost."""
        values: dict[str, Any] = {"state": MailState.SENDING, "claimed_until": utc_now() + CLAIMED_FOR}
        with self.database.writing() as session:
            if not _changed(session, (*_is_held(claim), Mail.state == MailState.WAITING), values):
                raise ClaimLost(claim.mail_id)

    def _end(self, claim: Claim, state: MailState, error: str | None) -> None:
        if error is not None:
            log.warning("mail %s is %s (attempt %s): %s", claim.mail_id, state, claim.attempts, error)
        values: dict[str, Any] = {"state": state, "error": error, "ended_at": utc_now(), "claimed_until": None}
        with self.database.writing() as session:
            if _changed(session, _is_held(claim), values) and state == MailState.SENT and claim.secret_name:
                tokens.mark_mailed(session, self.key, claim.secret_name)

    def _put_off(self, claim: Claim, error: str) -> None:
        now = utc_now()
        if now >= claim.give_up_at:
            self._end(claim, MailState.FAILED, error)
            return
        log.warning("mail %s waits (attempt %s): %s", claim.mail_id, claim.attempts, error)
        due_at = min(now + pause(claim.attempts, random.random()), claim.give_up_at)  # noqa: S311 - no secret
        values: dict[str, Any] = {
            "state": MailState.WAITING,
            "error": error,
            "due_at": due_at,
            "claimed_until": None,
            "ended_at": None,
        }
        with self.database.writing() as session:
            _changed(session, _is_held(claim), values)


def pause(attempts: int, chance: float) -> timedelta:
    """How long to wait after so many attempts; `chance` is from 0 up to 1."""
    doubled = FIRST_PAUSE * (1 << min(attempts - 1, 10))
    return min(doubled, MAX_PAUSE) * (1 + JITTER * chance)


def message_of(mail: Mail, settings: Settings, key: bytes) -> EmailMessage | None:
    """The mail as it is sent, with the secret of its link and one Message-ID at every attempt; None for an impossible address."""
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = settings.mail_from, envelope(mail.to), mail.subject
    except (ValueError, LookupError, AttributeError):  # what the email package raises for some addresses
        return None
    unique = derived_secret(key, f"mail:{mail.id}:{mail.created_at.isoformat()}")
    message["Date"], message["Message-ID"] = format_datetime(utc_now()), f"<{unique}@{mail_domain(settings)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text_of(mail, key))
    message["Content-Language"] = mail.lang  # after the content, which takes away all headers of its kind
    return message


def envelope(address: str) -> str:
    """The address with its domain in ASCII, as every server takes it."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{_ascii(domain) or domain}"


def mail_domain(settings: Settings) -> str:
    """The domain of our Message-IDs: the sender's, else the site's; one that is this machine's alone where neither is public."""
    sender = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    for name in (sender, urlsplit(settings.base_url).hostname or ""):
        domain = _ascii(name)
        if re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?", domain):
            return domain
    return LOCAL_DOMAIN


def _ascii(name: str) -> str:
    try:
        return name.strip().rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        return ""


def _is_free() -> tuple[ColumnElement[bool], ...]:
    now = utc_now()
    is_unclaimed = or_(Mail.claimed_until.is_(None), Mail.claimed_until <= now)
    return Mail.state == MailState.WAITING, Mail.due_at <= now, is_unclaimed


def _is_held(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    return Mail.id == claim.mail_id, Mail.claimed_by == claim.holder


def _changed(session: Session, which: tuple[ColumnElement[bool], ...], values: dict[str, Any]) -> bool:
    """Change the mail if it is still so; whether it was."""
    return session.connection().execute(update(Mail).where(*which).values(values)).rowcount == 1
