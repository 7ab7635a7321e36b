"""Delivering queued mails: each is claimed in one transaction, sent outside of any, and marked in another.

No mail is sent twice. A delivery claims a mail for CLAIM_DURATION and talks to the server without a transaction. When the
server has accepted sender and recipient, the mail becomes `sending`, committed, and only then it is handed over. So

- a worker that is killed before that sent nothing: the claim expires, and the mail is tried again;
- a worker that is killed after that may have sent the mail: the mail becomes `uncertain`, is not sent again by itself, and
  the desk lists it for a person who can ask whether it arrived; likewise when the connection broke during the hand-over;
- a second delivery finds the mail claimed, and leaves it; a delivery that took longer than its claim loses it, and stops.

What is refused for good (an answer of 5xx to the recipient or to the content) is given up at once; all else is tried again,
after one minute, two, four, up to an hour, for three days (mail_queue.RETRY_FOR). An unavailable server ends the round; the
next round is within a minute, and begins with another recipient. What one recipient is sent comes as it was written, except
that a mail which the server does not take yet holds up no later one. The desk lists what was given up.
"""

from __future__ import annotations

import logging
import random
import re
import secrets
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.column_types import is_due, utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.models import Mail, MailState
from platforma.catalogue.people import tokens
from platforma.mail import smtp
from platforma.mail.html_body import html_body
from platforma.mail.mail_queue import body_with_secret, unsubscribe_url_with_secret
from platforma.secret_key import derived_secret, secret_key
from platforma.settings import Settings

log = logging.getLogger(__name__)
BATCH = 50
CLAIM_DURATION = timedelta(minutes=15)
"""Longer than any conversation with a server takes, each step of which has a timeout."""
MIN_BACKOFF, MAX_BACKOFF = timedelta(minutes=1), timedelta(hours=1)
FARTHEST_ATTEMPT = 2 * MAX_BACKOFF
"""Farther ahead no mail is due."""
MAX_JITTER_SHARE = 0.25
"""The backoff is longer by up to this share, so that mails that failed together are not tried together."""
LOCAL_DOMAIN = "platforma.localhost"
ONE_CLICK = "List-Unsubscribe=One-Click"
"""What mail programs post to the address in List-Unsubscribe (RFC 8058)."""


class ClaimLost(Exception):
    """Another delivery has taken the mail, or a person has decided about it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail that one delivery holds; `holder` is random. `to` is the address in ASCII, `queued_to` as it is in the queue.
    `message` is None when none can be made for that address."""

    mail_id: int
    holder: str
    to: str
    queued_to: str
    attempts: int
    give_up_at: datetime
    secret_name: str | None
    message: EmailMessage | None


def deliver_due(database: Database, settings: Settings) -> int:
    """Deliver the mails that are due, until the server is unavailable; return how many were sent."""
    delivery = Delivery(database, settings, secret_key(settings))
    delivery.mark_uncertain()
    sent = 0
    for mail_id in delivery.due_ids():
        try:
            sent += delivery.deliver(mail_id)
        except smtp.ServerUnavailable:
            break
    return sent


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivers the mails of one database, one after the other; `key` is the installation's secret key."""

    database: Database
    settings: Settings
    key: bytes

    def due_ids(self) -> list[int]:
        """Ids of the mails that may be sent now, the longest due first, of one recipient as they were written; at most BATCH."""
        with self.database.reading() as session:
            found = session.execute(select(Mail.id, Mail.to).where(*_is_free()).order_by(Mail.due_at, Mail.id)).all()
        by_recipient: defaultdict[str, list[int]] = defaultdict(list)
        for id, to in found:
            by_recipient[to].append(id)
        in_order = {to: iter(sorted(ids)) for to, ids in by_recipient.items()}
        return [next(in_order[to]) for _id, to in found[:BATCH]]

    def mark_uncertain(self) -> None:
        """Mark as uncertain what a delivery began to send and did not finish in the time of its claim."""
        has_expired = Mail.state == MailState.SENDING, is_due(Mail.claimed_until, utc_now(), 2 * CLAIM_DURATION)
        with self.database.writing() as session:
            values: dict[str, object] = {"state": MailState.UNCERTAIN, "ended_at": utc_now()}
            session.execute(update(Mail).where(*has_expired).values(values))

    def deliver(self, mail_id: int) -> bool:
        """Send one mail; return whether it was sent. Raises ServerUnavailable, with the mail postponed."""
        claim = self._claim(mail_id)
        if claim is None:
            return False
        try:
            self._send(claim)
        except ClaimLost:
            return False
        except smtp.MailRefused as error:
            self._finish(claim, MailState.FAILED, str(error))
        except smtp.OutcomeUnknown as error:
            self._finish(claim, MailState.UNCERTAIN, str(error))
        except smtp.MailDeferred as error:
            is_for_all = isinstance(error, smtp.ServerUnavailable)
            self._postpone(claim, str(error), with_newer=is_for_all)
            if is_for_all:
                raise
        else:
            self._finish(claim, MailState.SENT, None)
            return True
        return False

    def _claim(self, mail_id: int) -> Claim | None:
        """Claim the mail and commit; None when another delivery has it, or it is not due any more."""
        holder, until = secrets.token_hex(16), utc_now() + CLAIM_DURATION
        with self.database.writing() as session:
            values: dict[str, object] = {"claimed_by": holder, "claimed_until": until, "attempts": Mail.attempts + 1}
            if not _update_mail(session, (Mail.id == mail_id, *_is_free()), values):
                return None
            mail = session.get_one(Mail, mail_id)
            if mail.secret_name:
                tokens.start_validity(session, self.key, mail.secret_name)
            message = build_message(mail, self.settings, self.key)
            to = envelope_address(mail.to)
            return Claim(mail_id, holder, to, mail.to, mail.attempts, mail.give_up_at, mail.secret_name, message)

    def _send(self, claim: Claim) -> None:
        """Hand the mail to the server, outside of any transaction; write it to a file where no server is set, or where the
        installation does not mail this address.

        Raises MailError and ClaimLost.
        """
        if claim.message is None:
            raise smtp.MailRefused("no mail can be made for this address")
        if self.settings.mail_url and self.settings.may_mail(claim.to):
            smtp.send(self.settings.mail_url, claim.message, to=claim.to, before_data=lambda: self._mark_sending(claim))
            return
        self._mark_sending(claim)
        folder = self.settings.data_dir / "mails"
        path = folder / f"{claim.mail_id:06d}.eml"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bytes(claim.message))
        except OSError as error:
            raise smtp.ServerUnavailable(str(error)) from error
        setting = (
            "PLATFORMA_MAIL_ONLY_TO does not name its address" if self.settings.mail_url else "PLATFORMA_MAIL_URL is not set"
        )
        log.info("%s; the mail is in %s", setting, path)

    def _mark_sending(self, claim: Claim) -> None:
        """Commit that from now on the mail may have been sent. Raises ClaimLost."""
        values: dict[str, object] = {"state": MailState.SENDING, "claimed_until": utc_now() + CLAIM_DURATION}
        with self.database.writing() as session:
            if not _update_mail(session, (*_is_claimed_by(claim), Mail.state == MailState.WAITING), values):
                raise ClaimLost(claim.mail_id)

    def _finish(self, claim: Claim, state: MailState, error: str | None) -> None:
        """Mark the mail as sent, failed or uncertain, unless the claim was lost."""
        if error is not None:
            log.warning("mail %s is %s (attempt %s): %s", claim.mail_id, state, claim.attempts, error)
        values: dict[str, object] = {"state": state, "error": error, "ended_at": utc_now(), "claimed_until": None}
        with self.database.writing() as session:
            if _update_mail(session, _is_claimed_by(claim), values) and state == MailState.SENT and claim.secret_name:
                tokens.mark_mailed(session, self.key, claim.secret_name)

    def _postpone(self, claim: Claim, error: str, *, with_newer: bool) -> None:
        """Let the mail wait for its backoff, also newer ones to its recipient if `with_newer`; give it up after RETRY_FOR."""
        now = utc_now()
        if now >= claim.give_up_at:
            self._finish(claim, MailState.FAILED, error)
            return
        log.warning("mail %s waits (attempt %s): %s", claim.mail_id, claim.attempts, error)
        due_at = min(now + backoff(claim.attempts, random.random()), claim.give_up_at)  # noqa: S311 - no secret
        values: dict[str, object] = {
            "state": MailState.WAITING,
            "error": error,
            "due_at": due_at,
            "claimed_until": None,
            "ended_at": None,
        }
        with self.database.writing() as session:
            if _update_mail(session, _is_claimed_by(claim), values) and with_newer:
                is_newer = (
                    Mail.id > claim.mail_id,
                    Mail.to == claim.queued_to,
                    Mail.due_at < due_at,
                    Mail.state == MailState.WAITING,
                )
                session.execute(update(Mail).where(*is_newer).values(due_at=due_at))


def backoff(attempts: int, chance: float) -> timedelta:
    """How long to wait after so many attempts, with jitter; `chance` is a random number from 0 up to 1."""
    doubled = MIN_BACKOFF * (1 << min(attempts - 1, 10))
    return min(doubled, MAX_BACKOFF) * (1 + MAX_JITTER_SHARE * chance)


def build_message(mail: Mail, settings: Settings, key: bytes) -> EmailMessage | None:
    """The mail as plain text and as HTML, with the secret of its link and the same Message-ID at every attempt.

    None for an impossible address. A digest has the headers by which mail programs unsubscribe (RFC 2369, RFC 8058).
    """
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = settings.mail_from, envelope_address(mail.to), mail.subject
        if [one.addr_spec for one in message["To"].addresses] != [envelope_address(mail.to)]:
            return None  # several addresses, or names beside one: nobody but the recipient may stand there
    except (ValueError, LookupError, AttributeError):  # what the email package raises for some addresses
        return None
    unique = derived_secret(key, f"mail:{mail.id}:{mail.created_at.isoformat()}")
    message["Date"], message["Message-ID"] = format_datetime(utc_now()), f"<{unique}@{message_id_domain(settings)}>"
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe_url := unsubscribe_url_with_secret(mail, key):
        message["List-Unsubscribe"], message["List-Unsubscribe-Post"] = f"<{unsubscribe_url}>", ONE_CLICK
    text = body_with_secret(mail, key)
    message.set_content(text)
    message.add_alternative(html_body(settings, text, subject=mail.subject, lang=mail.lang), subtype="html")
    message["Content-Language"] = mail.lang  # after the content, which takes away all headers of its kind
    return message


def envelope_address(address: str) -> str:
    """The address with its domain in ASCII (IDNA), as every server takes it."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{_ascii(domain) or domain}"


def message_id_domain(settings: Settings) -> str:
    """The domain of our Message-IDs: that of the sender, else of the site, else LOCAL_DOMAIN."""
    sender = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    for name in (sender, urlsplit(settings.base_url).hostname or ""):
        domain = _ascii(name)
        if re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?", domain):
            return domain
    return LOCAL_DOMAIN


def _ascii(name: str) -> str:
    """The name of a host in ASCII, lower-case; empty for none."""
    try:
        return name.strip().rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        return ""


def _is_free() -> tuple[ColumnElement[bool], ...]:
    """Conditions on a mail that may be sent now, whatever the clock was when it was written, postponed or claimed.

    One that was postponed is tried with a newer one to the same recipient, so that they come as they were written.
    """
    newer = aliased(Mail)
    has_newer = select(newer.id).where(newer.to == Mail.to, newer.id > Mail.id, *_is_due(newer)).exists()
    is_waiting, is_unclaimed, is_now = _is_due(Mail)
    return is_waiting, is_unclaimed, or_(is_now, and_(Mail.attempts > 0, has_newer))


def _is_due(mail: type[Mail]) -> tuple[ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]:
    now = utc_now()
    is_unclaimed = or_(mail.claimed_until.is_(None), is_due(mail.claimed_until, now, 2 * CLAIM_DURATION))
    was_due_ahead = and_(mail.created_at > now, mail.due_at <= mail.created_at)
    return mail.state == MailState.WAITING, is_unclaimed, or_(is_due(mail.due_at, now, FARTHEST_ATTEMPT), was_due_ahead)


def _is_claimed_by(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    return Mail.id == claim.mail_id, Mail.claimed_by == claim.holder


def _update_mail(session: Session, conditions: tuple[ColumnElement[bool], ...], values: dict[str, object]) -> bool:
    """Change the mail if these conditions still hold; return whether they did."""
    return session.connection().execute(update(Mail).where(*conditions).values(values)).rowcount == 1
