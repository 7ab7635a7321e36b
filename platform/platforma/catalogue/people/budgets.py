"""Budgets of links: how many may be asked for within an hour, by purpose, by the asking network and by the address.

The purposes never share one: whatever is proposed, signing in has its own. Networks and addresses are kept as keyed
hashes, for a day.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.models import LinkRequest
from platforma.catalogue.people.tokens import CONFIRM_PLATFORM, SIGN_IN
from platforma.secret_key import derived_secret

HOUR = timedelta(hours=1)
KEPT = timedelta(days=1)


class Exceeded(StrEnum):
    """Whose budget is used up."""

    RECIPIENT = "recipient"
    SENDER = "sender"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Budget:
    """The most links within an hour to one address, for one network, and in all (None: no such limit)."""

    recipient: int
    sender: int
    all: int | None


BUDGETS = {SIGN_IN: Budget(5, 20, None), CONFIRM_PLATFORM: Budget(5, 20, 200)}


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a link: `sender` is a network address, `recipient` the mail address that the link would go to."""

    purpose: str
    sender: str
    recipient: str
    key: bytes

    @property
    def hashes(self) -> tuple[str, str]:
        """The keyed hashes of sender and recipient."""
        recipient = f"recipient:{self.recipient.strip().lower()}"
        return derived_secret(self.key, f"sender:{network(self.sender)}"), derived_secret(self.key, recipient)


def spend(session: Session, asking: Asking) -> Exceeded | None:
    """Count the request; where a budget is used up, say whose instead, and count nothing."""
    exceeded = _exceeded(session, asking)
    if exceeded is None:
        sender, recipient = asking.hashes
        session.add(LinkRequest(purpose=asking.purpose, sender=sender, recipient=recipient, at=utc_now()))
    return exceeded


def network(address: str) -> str:
    """What stands for one asking party: an IPv4 address, or the /64 of an IPv6 one; the text itself where it is neither."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))


def prune_requests(session: Session, now: datetime) -> None:
    """Forget requests that count no more."""
    session.execute(delete(LinkRequest).where(LinkRequest.at < now - KEPT))


def _exceeded(session: Session, asking: Asking) -> Exceeded | None:
    budget, (sender, recipient) = BUDGETS[asking.purpose], asking.hashes
    if _spent(session, asking.purpose, LinkRequest.recipient == recipient) >= budget.recipient:
        return Exceeded.RECIPIENT
    if _spent(session, asking.purpose, LinkRequest.sender == sender) >= budget.sender:
        return Exceeded.SENDER
    if budget.all is not None and _spent(session, asking.purpose) >= budget.all:
        return Exceeded.ALL
    return None


def _spent(session: Session, purpose: str, *which: ColumnElement[bool]) -> int:
    recent = LinkRequest.purpose == purpose, LinkRequest.at > utc_now() - HOUR
    return session.scalar(select(func.count()).select_from(LinkRequest).where(*recent, *which)) or 0
