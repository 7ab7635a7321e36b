"""Rate limits of links: how many may be asked for within an hour, by purpose, by the sender's network and by the recipient; and
how many of all purposes an address is sent in a day.

Each purpose has limits of its own: proposals never use up what signing in needs. Networks and addresses are stored as keyed
hashes, for a day.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.models import LinkRequest
from platforma.catalogue.people.tokens import (
    CLAIM,
    CONFIRM_ADDITION,
    CONFIRM_CONTACT,
    CONFIRM_PLATFORM,
    CONFIRM_REPORT,
    CONFIRM_SEARCH,
    CONFIRM_TABLE,
    INVITE,
    SIGN_IN,
)
from platforma.secret_key import derived_secret

WINDOW = timedelta(hours=1)
RETENTION = timedelta(days=1)
MAX_CLOCK_DIFFERENCE = timedelta(minutes=5)
"""By so much the clocks of two sites may differ."""


class ExceededLimit(StrEnum):
    """Which of the limits is exceeded: that of the recipient, that of the sender's network, or that of the purpose in all."""

    RECIPIENT = "recipient"
    SENDER = "sender"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The maximum number of links within WINDOW to one recipient, for one network, and in all (None: no limit)."""

    recipient: int
    sender: int
    all: int | None


UNSIGNED_REPORT = "report"
"""A report without an address, which is sent to no one: it is counted by the listing that it is about."""
LOOK = "look"
"""A first look at a site, which is sent to no one: it is counted by the site's host."""
TABLE = "table"
"""The check of a table, which is sent to no one: it is counted by the platform, or by the table's own content."""
RATE_LIMITS = {
    SIGN_IN: RateLimit(5, 20, None),
    CONFIRM_PLATFORM: RateLimit(5, 20, 200),
    CONFIRM_SEARCH: RateLimit(5, 20, 200),
    CONFIRM_REPORT: RateLimit(5, 20, 200),
    CONFIRM_ADDITION: RateLimit(5, 20, 200),
    CONFIRM_CONTACT: RateLimit(5, 20, 200),
    INVITE: RateLimit(5, 20, 200),
    CLAIM: RateLimit(5, 20, 200),
    UNSIGNED_REPORT: RateLimit(10, 10, 200),
    LOOK: RateLimit(20, 12, 120),
    CONFIRM_TABLE: RateLimit(5, 20, 200),
    TABLE: RateLimit(20, 40, 300),
}
MAILS_A_DAY = 12
"""So many links of all kinds an address is sent in RETENTION; links to sign in come besides, so that nobody is locked out."""
MAILED = tuple(purpose for purpose in RATE_LIMITS if purpose not in (SIGN_IN, UNSIGNED_REPORT, LOOK))


@dataclass(frozen=True, slots=True)
class LinkAttempt:
    """One request for a link: `sender` is a network address, `recipient` the mail address that the link would go to."""

    purpose: str
    sender: str
    recipient: str
    key: bytes

    @property
    def hashes(self) -> tuple[str, str]:
        """The keyed hashes of the sender's network and of the recipient."""
        recipient = f"recipient:{self.recipient.strip().lower()}"
        return derived_secret(self.key, f"sender:{network(self.sender)}"), derived_secret(self.key, recipient)


def count_attempt(session: Session, attempt: LinkAttempt) -> ExceededLimit | None:
    """Count the attempt and return None; return the limit that it exceeds, and count nothing, where there is one."""
    exceeded = _exceeded_limit(session, attempt)
    if exceeded is None:
        sender, recipient = attempt.hashes
        session.add(LinkRequest(purpose=attempt.purpose, sender=sender, recipient=recipient, at=utc_now()))
    return exceeded


def network(address: str) -> str:
    """The network of an address: an IPv4 address itself, the /64 of an IPv6 address; a text that is neither, unchanged."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))


def prune_attempts(session: Session, now: datetime) -> None:
    """Delete attempts that are older than RETENTION."""
    session.execute(delete(LinkRequest).where(LinkRequest.at < now - RETENTION))


def _exceeded_limit(session: Session, attempt: LinkAttempt) -> ExceededLimit | None:
    limit, (sender, recipient) = RATE_LIMITS[attempt.purpose], attempt.hashes
    if _count(session, attempt.purpose, LinkRequest.recipient == recipient) >= limit.recipient:
        return ExceededLimit.RECIPIENT
    if attempt.purpose in MAILED and _mails_of_a_day(session, recipient) >= MAILS_A_DAY:
        return ExceededLimit.RECIPIENT
    if _count(session, attempt.purpose, LinkRequest.sender == sender) >= limit.sender:
        return ExceededLimit.SENDER
    if limit.all is not None and _count(session, attempt.purpose) >= limit.all:
        return ExceededLimit.ALL
    return None


def _mails_of_a_day(session: Session, recipient: str) -> int:
    is_mail = LinkRequest.recipient == recipient, LinkRequest.purpose.in_(MAILED), _is_since(RETENTION)
    return session.scalar(select(func.count()).select_from(LinkRequest).where(*is_mail)) or 0


def _is_since(window: timedelta) -> ColumnElement[bool]:
    """Condition: within the window until now; what a clock that was wrong wrote for later counts for nothing."""
    now = utc_now()
    return and_(LinkRequest.at > now - window, LinkRequest.at <= now + MAX_CLOCK_DIFFERENCE)


def _count(session: Session, purpose: str, *conditions: ColumnElement[bool]) -> int:
    """How many attempts of a purpose were counted within WINDOW, of those that meet the conditions."""
    is_recent = LinkRequest.purpose == purpose, _is_since(WINDOW)
    return session.scalar(select(func.count()).select_from(LinkRequest).where(*is_recent, *conditions)) or 0
